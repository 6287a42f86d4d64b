package correlate

import (
	"slices"

	"imscope/correlate/fact"
	"imscope/decode"
	"imscope/decode/diameter"
)

// openCx is a Cx transaction that further hops may belong to.
type openCx struct {
	owned
	x *fact.Cx // in a Live, else nil
}

// diameter takes a Diameter message and returns the user whom it is about, nil if nobody.
func (e *Engine) diameter(rec *decode.Record) *user {
	e.counts.diameter++
	m := rec.Diameter
	if m.IsRx() {
		e.rx.take(rec)
	}
	if !fact.IsCx(m) {
		return nil
	}
	key := e.facts.CxParse(m)
	o := e.cx.get(key)
	begins := o == nil
	if begins {
		o = e.cx.put(key, openCx{}, rec.Time)
		if e.log == nil {
			x := fact.NewCx()
			o.x = &x
		}
	}
	h := e.facts.Hop(rec, 0, 0)
	earlier := e.earlierCx(o, m.Request)
	n := e.facts.Mark(&h, earlier)
	if len(earlier) < fact.MaxHops {
		head, body := e.facts.CxEntry(rec, &h, begins, len(earlier) == 0)
		e.keepCx(o, head, body)
	}
	if !e.count(n) {
		return o.u
	}
	e.cxRoles(m, h)
	had := o.u != nil
	o.u = e.cxOwner(o)
	if !had && o.u != nil {
		if e.log != nil && o.u.transactions() < maxFacts {
			o.own(e.cx.passing, e.log)
		}
		e.users.transaction(o.u, o, rec.Frame)
	}
	return o.u
}

// keepCx adds an entry to a transaction.
func (e *Engine) keepCx(o *openCx, head, body []byte) {
	if e.log == nil {
		o.x.Take(slices.Concat(head, body), e.facts.Words, &e.room)
		return
	}
	addTo(e, &e.cx, &o.owned, head, body, nil)
}

// earlierCx gives the hops of a transaction's request or answer. It is valid until the next call.
func (e *Engine) earlierCx(o *openCx, request bool) []fact.Hop {
	switch {
	case e.log != nil:
		e.hops, _ = o.in(e.log, e.cx.passing).Hops(o.chain, request, 0, e.hops[:0])
		return e.hops
	case request:
		return o.x.Request.Hops
	}
	return o.x.Answer.Hops
}

// transaction gives what is known of a transaction. It is valid until the next call.
func (e *Engine) transaction(o *openCx) *fact.Cx {
	if e.log == nil {
		return o.x
	}
	e.room.Reset()
	return o.in(e.log, e.cx.passing).Transaction(o.chain.Head, e.facts.Words, &e.room)
}

// cxOwner finds the user of a Cx transaction. A location query names a called party, who need not be
// a user of this capture.
func (e *Engine) cxOwner(o *openCx) *user {
	c, u := e.transaction(o), o.u
	if u != nil {
		u = u.find()
	}
	trust := c.Answer.Seen() && c.Succeeded()
	if c.Name == "LIR" {
		for _, p := range c.Public {
			if u == nil {
				u = e.users.known(e.facts.Public(p))
			}
		}
		return u
	}
	for _, p := range c.Public {
		u = e.users.name(u, e.facts.Public(p), trust)
	}
	u = e.users.name(u, e.facts.Private(c.UserName), trust)
	for _, p := range c.Profile {
		u = e.users.name(u, e.facts.Public(p), true)
	}
	return u
}

// cxRoles learns from Cx: the I-CSCF asks who serves a user, the S-CSCF asks for vectors and reports
// assignments, the HSS answers and ends registrations (TS 29.228 6.1).
func (e *Engine) cxRoles(m *diameter.Message, h fact.Hop) {
	client, server := h.Src, h.Dst
	if !m.Request {
		client, server = h.Dst, h.Src
		e.facts.Nodes.Answer(client)
		e.facts.Nodes.Answer(server)
	}
	role := fact.RoleSCSCF
	switch m.Command {
	case diameter.CmdUAR, diameter.CmdLIR:
		role = fact.RoleICSCF
	case diameter.CmdRTR, diameter.CmdPPR:
		client, server = server, client
	}
	e.facts.Nodes.Vote(client, role)
	e.facts.Nodes.Vote(server, fact.RoleHSS)
}
