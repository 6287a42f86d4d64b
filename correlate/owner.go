package correlate

import (
	"hash/maphash"
	"strings"

	"imscope/correlate/fact"
	"imscope/decode"
)

// owner finds the user whom an exchange is about, nil for what is no registration business.
func (e *Engine) owner(x *fact.Exchange) *user {
	switch {
	case x.Register != nil:
		if x.Register.ThirdParty {
			return e.users.named(e.users.public(x.To))
		}
		u := e.users.named(e.users.public(x.To))
		return e.users.name(u, e.users.private(x.Register.IMPI), false)
	case x.Subscribe != nil:
		if !isReg(x.Subscribe.Event) {
			return nil
		}
		if u, ok := e.dialogs.get(maphash.String(e.seed, x.CallID)); ok {
			return u.find()
		}
		u := e.users.named(e.users.public(x.To))
		if u == nil {
			u = e.users.named(e.users.public(x.From))
		}
		if u != nil {
			e.dialogs.put(maphash.String(e.seed, x.CallID), u, e.end)
		}
		return u
	case x.Notify != nil:
		return e.notified(x)
	}
	return nil
}

// isReg reports whether an event package is the one for registrations.
func isReg(event string) bool { return event == "reg" || strings.HasPrefix(event, "reg.") }

// notified finds the user of a NOTIFY: by its dialog, else by who notifies about whom, else by the
// document.
func (e *Engine) notified(x *fact.Exchange) *user {
	n := x.Notify
	if !isReg(n.Event) && n.Document == nil {
		return nil
	}
	u, _ := e.dialogs.get(maphash.String(e.seed, x.CallID))
	if u != nil {
		u = u.find()
	}
	if u == nil && n.Document != nil {
		for _, r := range n.Document.Registrations {
			if u = e.users.known(e.users.public(r.AOR)); u != nil {
				break
			}
		}
	}
	if u == nil {
		u = e.users.named(e.users.public(x.From))
	}
	if n.Document != nil {
		for _, r := range n.Document.Registrations {
			u = e.users.name(u, e.users.public(r.AOR), true)
		}
	}
	if u == nil {
		u = e.users.named(e.users.public(x.To))
	}
	if u != nil && x.CallID != "" {
		if _, ok := e.dialogs.get(maphash.String(e.seed, x.CallID)); !ok {
			e.dialogs.put(maphash.String(e.seed, x.CallID), u, e.end)
		}
	}
	return u
}

// answered draws the conclusions from a response: a registrar that accepts says which names are one
// user's.
func (e *Engine) answered(o *open, status int) {
	if o.traits&isRegister == 0 || status < 200 || status >= 300 || o.u == nil {
		return
	}
	r := e.exchange(o).Register
	u := e.users.name(o.u, e.users.private(r.IMPI), true)
	if r.Binds() {
		u.find().gone = false
	}
	for _, a := range r.Answer.Associated {
		u = e.users.name(u, e.users.public(a), true)
	}
	o.u = u
}

// diameter takes a Diameter message and returns the user whom it is about, nil if nobody.
func (e *Engine) diameter(rec *decode.Record) *user {
	e.counts.diameter++
	m := rec.Diameter
	if !fact.IsCx(m) {
		return nil
	}
	key := e.facts.CxParse(m)
	o, ok := e.cx.get(key)
	if !ok {
		o = &openCx{x: e.facts.CxNew(m)}
		e.cx.put(key, o, rec.Time)
	}
	hop, n := e.facts.CxAdd(o.x, rec)
	if !e.count(n) {
		return o.u
	}
	e.cxRoles(o.x, hop, m.Request)
	had := o.u != nil
	o.u = e.cxOwner(o)
	if !had && o.u != nil {
		e.users.cx(o.u, o.x, rec.Frame)
	}
	return o.u
}

// cxOwner finds the user of a Cx transaction. A location query names a called party, who need not be
// a user of this capture.
func (e *Engine) cxOwner(o *openCx) *user {
	c, u := o.x, o.u
	if u != nil {
		u = u.find()
	}
	trust := c.Answer.Seen() && c.Succeeded()
	if c.Name == "LIR" {
		for _, p := range c.Public {
			if u == nil {
				u = e.users.known(e.users.public(p))
			}
		}
		return u
	}
	for _, p := range c.Public {
		u = e.users.name(u, e.users.public(p), trust)
	}
	u = e.users.name(u, e.users.private(c.UserName), trust)
	for _, p := range c.Profile {
		u = e.users.name(u, e.users.public(p), true)
	}
	return u
}
