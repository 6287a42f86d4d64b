package correlate

import (
	"cmp"
	"math"
	"slices"
	"time"

	"imscope/correlate/fact"
	"imscope/correlate/story"
	"imscope/decode/reginfo"
)

const (
	// maxKeptContacts bounds the contacts of a user that are remembered for longer, maxKeptDialogs the subscriptions, each
	// far above what a user with many devices has; maxKeptPartials the documents of one since the last full one.
	maxKeptContacts = 256
	maxKeptDialogs  = 64
	maxKeptPartials = 64
	// unsaid is how long a subscription of unknown duration lasts: the default of the package, RFC 3680 4.4.
	unsaid = 3761 * int64(time.Second)
)

// needed tells which exchanges of a user are: all that is recent; what bound the contacts that are bound, or were a
// moment ago; and of the subscriptions that live, or did a moment ago, the SUBSCRIBEs that count and the documents since the
// last full one.
func (l *Live) needed(u *user, s *story.User, now int64) []bool {
	recent := func(at int64) bool { return now-at <= horizon }
	bound, dialogs := l.boundOf(u, s, recent), dialogsOf(s, now, recent)
	x := u.in.Exchanges
	needed := make([]bool, len(x))
	for i := len(x) - 1; i >= 0; i-- {
		e := x[i]
		needed[i] = recent(e.LastTime())
		final := e.Final()
		ok := final != nil && final.Status < 300
		switch {
		case e.Register != nil && !e.Register.ThirdParty && ok:
			needed[i] = bound.register(i, e) || needed[i]
		case e.Subscribe != nil || e.Notify != nil:
			if d := dialogs[e.CallID]; d != nil && d.wants(i, e, ok) {
				needed[i] = true
			}
			if e.Notify != nil && e.Notify.Document != nil {
				bound.document(i, e.Notify.Document)
			}
		}
	}
	for _, c := range bound.contacts {
		if c.unshown() && c.mention >= 0 {
			needed[c.mention] = true
		}
	}
	for _, d := range dialogs {
		if d.first >= 0 {
			needed[d.first] = true
		}
	}
	return needed
}

// bound are the bindings of which it is remembered how they came to be, while exchanges are met from the newest to the
// oldest.
type bound struct {
	contacts map[string]*contact // by key
	starred  bool                // the newest "Contact: *" was met
}

type contact struct {
	rows    map[string]*row // by address-of-record
	removed map[string]bool // a removal under this address-of-record was met
	mention int             // the newest document, or 200 to another's REGISTER, that names it; -1 if none
}

// row is a contact under an address-of-record.
type row struct {
	ended          int64 // the earliest end that counts, MaxInt64 if there is none
	shown, earlier bool  // the newest REGISTER that bound it was met, and the newest before its end
}

// boundOf gives what is bound of a user, or was a moment ago.
func (l *Live) boundOf(u *user, s *story.User, recent func(int64) bool) *bound {
	out := &bound{contacts: map[string]*contact{}}
	for i := len(s.Bindings) - 1; i >= 0; i-- {
		b := &s.Bindings[i]
		end := int64(math.MaxInt64)
		if !b.Active {
			known := b.Ended
			if b.EndedBy != nil && b.EndedBy.Initiator == story.ByExpiry {
				known += slack(b)
			}
			if end = b.Ended; !recent(known) {
				continue
			}
		}
		c := out.contacts[b.ContactKey]
		if c == nil {
			if len(out.contacts) == maxKeptContacts {
				if b.Active {
					l.users.truncated(u)
				}
				continue
			}
			c = &contact{rows: map[string]*row{}, removed: map[string]bool{}, mention: -1}
			out.contacts[b.ContactKey] = c
		}
		r := c.rows[b.AORKey]
		if r == nil {
			r = &row{ended: end}
			c.rows[b.AORKey] = r
		}
		r.ended = min(r.ended, end)
	}
	return out
}

// unshown reports whether it is not known yet how a contact was bound under one of its addresses-of-record.
func (c *contact) unshown() bool {
	for _, r := range c.rows {
		if !r.shown {
			return true
		}
	}
	return false
}

// register meets a REGISTER that was accepted and reports whether it is needed: the newest that bound a row, the newest
// before the row ended, and the newest removal behind which a row lives on.
func (b *bound) register(i int, e *fact.Exchange) (needed bool) {
	reg := e.Register
	if reg.Star && !b.starred {
		b.starred = true
		for _, c := range b.contacts {
			needed = needed || c.unshown()
		}
	}
	for _, v := range reg.Contacts {
		c := b.contacts[v.Key]
		switch {
		case c == nil:
		case reg.EffectiveExpires(v) == 0:
			needed = needed || !c.removed[e.To.Key] && c.unshown()
			c.removed[e.To.Key] = true
		default:
			needed = c.binds(e.To.Key, e.FirstTime()) || needed
			for _, a := range reg.Answer.Associated {
				needed = c.binds(a.Key, e.FirstTime()) || needed
			}
		}
	}
	for _, v := range reg.Answer.Contacts {
		b.mention(i, v.Key)
	}
	return needed
}

// binds meets a REGISTER that bound a contact under an address-of-record.
func (c *contact) binds(aor string, at int64) (needed bool) {
	r := c.rows[aor]
	if r == nil {
		return false
	}
	earlier := at < r.ended
	needed = !r.shown || earlier && !r.earlier
	r.shown, r.earlier = true, r.earlier || earlier
	return needed
}

// document meets a reginfo document.
func (b *bound) document(i int, d *fact.Document) {
	for _, r := range d.Registrations {
		for _, c := range r.Contacts {
			b.mention(i, c.Key)
		}
	}
}

func (b *bound) mention(i int, key string) {
	if c := b.contacts[key]; c != nil && c.mention < 0 {
		c.mention = i
	}
}

// dialog is what is met of a subscription, from its newest exchange to its oldest.
type dialog struct {
	refreshed, notified bool // the newest SUBSCRIBE that was accepted, the newest NOTIFY
	full                bool // a full document: older ones do not count
	partials            int  // documents that are not
	first               int  // the oldest SUBSCRIBE, -1 if none
}

// dialogsOf gives the subscriptions that live, or did a moment ago: those that something came of lately first.
func dialogsOf(s *story.User, now int64, recent func(int64) bool) map[string]*dialog {
	type living struct {
		callID string
		last   int64
	}
	var list []living
	for _, sub := range s.Subscriptions {
		last := sub.Started
		if n := len(sub.Exchanges); n > 0 {
			last = sub.Exchanges[n-1].LastTime()
		}
		over := sub.State == "terminated" || sub.State == "rejected"
		switch {
		case recent(last), over && recent(sub.Ended), !over && (sub.Expires > now || now-last < unsaid):
			list = append(list, living{sub.CallID, last})
		}
	}
	if len(list) > maxKeptDialogs {
		slices.SortStableFunc(list, func(a, b living) int { return cmp.Compare(b.last, a.last) })
		list = list[:maxKeptDialogs]
	}
	out := map[string]*dialog{}
	for _, d := range list {
		out[d.callID] = &dialog{first: -1}
	}
	return out
}

// wants reports whether the subscription's state depends on this exchange.
func (d *dialog) wants(i int, e *fact.Exchange, ok bool) bool {
	if e.Subscribe != nil {
		d.first = i
		want := ok && !d.refreshed
		d.refreshed = d.refreshed || ok
		return want
	}
	document := e.Notify.Document != nil && !d.full && d.partials < maxKeptPartials
	want := !d.notified || document
	d.notified = true
	if document {
		d.partials++
		d.full = e.Notify.Document.State == reginfo.StateFull
	}
	return want
}
