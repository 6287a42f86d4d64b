package correlate

import "imscope/correlate/fact"

// owner finds the user whom an exchange is about, nil for what is no registration business.
func (e *Engine) owner(d *fact.Draft, request bool) *user {
	switch t := d.Traits; {
	case t.Is(fact.IsThirdParty):
		return e.users.named(d.To)
	case t.Is(fact.IsRegister):
		return e.users.name(e.users.named(d.To), d.IMPI, false)
	case t.Is(fact.IsSubscribe):
		if u := e.dialogs.get(d.Dialog); u != nil {
			return (*u).find()
		}
		u := e.users.named(d.To)
		if u == nil {
			u = e.users.named(d.From)
		}
		if u != nil {
			e.dialogs.put(d.Dialog, u, e.end)
		}
		return u
	case t.Is(fact.IsNotify):
		return e.notified(d)
	case !request && d.Dialog != 0:
		// To a NOTIFY that the capture lost: that there was one is worth knowing.
		if u := e.dialogs.get(d.Dialog); u != nil {
			return (*u).find()
		}
	}
	return nil
}

// notified finds the user of a NOTIFY: by its dialog, else by who notifies about whom, else by the
// document.
func (e *Engine) notified(d *fact.Draft) *user {
	var u *user
	known := e.dialogs.get(d.Dialog)
	if known != nil {
		u = (*known).find()
	} else {
		for _, n := range d.Names {
			if u = e.users.known(n); u != nil {
				break
			}
		}
	}
	if u == nil {
		u = e.users.named(d.From)
	}
	for _, n := range d.Names {
		u = e.users.name(u, n, true)
	}
	if u == nil {
		u = e.users.named(d.To)
	}
	if u != nil && d.Dialog != 0 && known == nil {
		e.dialogs.put(d.Dialog, u, e.end)
	}
	return u
}

// answered draws the conclusions from a response: a registrar that accepts says which names are one
// user's.
func (e *Engine) answered(o *open, d *fact.Draft, status int) {
	if !o.traits.Is(fact.IsRegister) || status < 200 || status >= 300 || o.u == nil {
		return
	}
	e.accepted(o)
	for _, n := range d.Names {
		o.u = e.users.name(o.u, n, true)
	}
}

// accepted draws the conclusions from what a REGISTER asked for that a registrar accepted.
func (e *Engine) accepted(o *open) {
	o.u = e.users.name(o.u, o.about, true)
	if o.traits.Is(fact.Binds) {
		o.u.find().gone = false
	}
}

// namedLate takes the private identity of a REGISTER that was captured behind an answer to it, which has none.
func (e *Engine) namedLate(o *open) {
	if !o.traits.Is(fact.IsRegister) {
		return
	}
	if final := e.exchange(o).Final(); final != nil && final.Status < 300 {
		e.accepted(o)
	} else {
		o.u = e.users.name(o.u, o.about, false)
	}
}
