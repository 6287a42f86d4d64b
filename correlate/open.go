package correlate

import (
	"slices"

	"imscope/correlate/fact"
	"imscope/decode"
)

// open is an exchange that further hops may belong to.
type open struct {
	owned
	x      *fact.Exchange // in a Live, else nil
	state  fact.State
	about  fact.Name // of a REGISTER its private identity, of a call whom it is for
	traits fact.Traits
}

// begin opens the exchange of a message that belongs to none that is known.
func (e *Engine) begin(d *fact.Draft, rec *decode.Record) *open {
	e.facts.Base(d, rec.SIP)
	o := e.exchanges.put(d.Key, open{traits: d.Traits, about: aboutWhom(d)}, rec.Time)
	if e.log == nil {
		o.x = new(fact.Exchange)
	}
	o.u = e.owner(d, rec.SIP.IsRequest)
	o.kept = o.u != nil && o.u.room() || o.u == nil && rec.SIP.IsRequest && e.strayOf(d) != nil
	e.document(d)
	return o
}

// aboutWhom names what is looked at once more when an exchange goes on.
func aboutWhom(d *fact.Draft) fact.Name {
	if d.Traits.Is(fact.IsCall) {
		return d.To
	}
	return d.IMPI
}

// keep adds an entry to an exchange. Its sections are given where they may be shared with earlier ones of the user.
func (e *Engine) keep(o *open, head, body []byte, list []fact.Section) {
	if e.log == nil {
		o.x.Take(slices.Concat(head, body), e.facts.Words, &e.room)
		return
	}
	addTo(e, &e.exchanges, &o.owned, head, body, list)
}

// exchange gives what is known of an exchange. It is valid until the next call.
func (e *Engine) exchange(o *open) *fact.Exchange {
	if e.log == nil {
		return o.x
	}
	e.room.Reset()
	return o.in(e.log, e.exchanges.passing).Exchange(o.chain.Head, e.facts.Words, &e.room)
}

// earlier gives the hops of an exchange's request, or of its response with a status. It is valid until the next call.
func (e *Engine) earlier(o *open, request bool, status int) (hops []fact.Hop, statuses int) {
	if e.log == nil {
		return o.x.HopsOf(request, status), len(o.x.Responses)
	}
	e.hops, statuses = o.in(e.log, e.exchanges.passing).Hops(o.chain, request, status, e.hops[:0])
	return e.hops, statuses
}

// request takes the transmission of a request.
func (e *Engine) request(o *open, d *fact.Draft, rec *decode.Record, begins bool) {
	h := e.facts.Hop(rec, d.Top, d.Vias)
	n := fact.NewHop
	late := !begins && !o.state.Asked() // the response was captured before
	if late {
		e.facts.Read(d, rec.SIP)
		o.traits, o.about = d.Traits|o.traits&fact.FromProxy, aboutWhom(d)
	}
	message, sure := o.state.First(true, 0, &h)
	if message {
		e.counts.unique++
	}
	if !sure {
		earlier, _ := e.earlier(o, true, 0)
		n = e.facts.Mark(&h, earlier)
	}
	if o.state.Room() {
		head, body, list := e.facts.Request(&o.state, d, rec, &h, n)
		e.keep(o, head, body, list)
	}
	switch {
	case begins && o.u != nil:
		e.users.exchange(o.u, o, rec.Frame)
		o.u.heard(d.Traits)
	case begins && o.u == nil:
		if o.u = e.strayOf(d); o.u != nil {
			o.u.stray(o)
		}
	case late && o.u != nil:
		e.namedLate(o)
	case late:
		if o.u = e.owner(d, true); o.u != nil {
			if e.log != nil && o.u.room() {
				o.own(e.exchanges.passing, e.log)
			}
			e.users.exchange(o.u, o, rec.Frame)
		}
	}
	if late {
		e.document(d)
	}
	if n == fact.Retransmission {
		e.failing(o)
	}
	if e.count(n) {
		e.requestRoles(o, h)
	} else if n == fact.Copy {
		e.counts.sipCopies++
	}
}

// response takes the transmission of a response.
func (e *Engine) response(o *open, d *fact.Draft, rec *decode.Record, begins bool) {
	m := rec.SIP
	h := e.facts.Hop(rec, d.Top, d.Vias)
	n := fact.NewHop
	first, sure := o.state.First(false, m.Status, &h)
	full := false // for this hop
	if !sure {
		earlier, statuses := e.earlier(o, false, m.Status)
		first = len(earlier) == 0
		n = e.facts.Mark(&h, earlier)
		full = len(earlier) >= fact.MaxHops || first && statuses >= fact.MaxResponses
	}
	if first {
		e.facts.Read(d, m)
	}
	if !full {
		head, body, list := e.facts.Response(&o.state, d, rec, &h, first, begins)
		e.keep(o, head, body, list)
	}
	if begins && o.u != nil {
		e.users.exchange(o.u, o, rec.Frame)
	}
	if first {
		e.counts.unique++
		o.traits |= d.Traits & fact.FromProxy
		e.answered(o, d, m.Status)
		if unreached(m.Status) {
			e.failing(o)
		}
	}
	if e.count(n) {
		e.responseRoles(o, m.Status, h, first)
	} else if n == fact.Copy {
		e.counts.sipCopies++
	}
}

// document counts a reginfo document, and the problems of those that are there.
func (e *Engine) document(d *fact.Draft) {
	if d.Traits.Is(fact.HasDocument) {
		e.counts.documents++
	}
	for _, p := range d.Problems {
		e.counts.problems[p.ID]++
	}
}
