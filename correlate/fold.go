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
	// foldAfter is how many facts a user may gather before what is over is forgotten.
	foldAfter = 96
	// horizon is how long facts are kept at any rate: longer than any transaction and its
	// consequences last.
	horizon = 10 * 60 * int64(time.Second)
	// maxKeptContacts bounds the contacts of a user that are remembered for longer, maxKeptDialogs the subscriptions, each
	// far above what a user with many devices has; maxKeptPartials the documents of one since the last full one.
	maxKeptContacts = 256
	maxKeptDialogs  = 64
	maxKeptPartials = 64
	// unsaid is how long a subscription of unknown duration lasts: the default of the package, RFC 3680 4.4.
	unsaid = 3761 * int64(time.Second)
)

// crowded reports whether it is time to fold a user: not each time where much must be kept.
func crowded(u *user) bool {
	return len(u.in.Exchanges)+len(u.in.Cx) > max(foldAfter, min(u.kept+u.kept/2, maxFacts*3/4))
}

// fold forgets the facts of a user that are over and that nothing to come depends on, given the story that was just told.
// It gives the story that what stays tells: the same present, of a shorter past. What that story says is known, so that
// nothing of it is told for news.
func (l *Live) fold(u *user, s *story.User, now int64) *story.User {
	needed := l.needs(u, s, now)
	before := len(u.in.Exchanges) + len(u.in.Cx)
	i := 0
	u.in.Exchanges = slices.DeleteFunc(u.in.Exchanges, func(*fact.Exchange) bool { i++; return !needed[i-1] })
	u.in.Cx = slices.DeleteFunc(u.in.Cx, func(c *fact.Cx) bool { return now-c.FirstTime() > horizon })
	u.in.Strays = slices.DeleteFunc(u.in.Strays, func(x *fact.Exchange) bool { return now-x.FirstTime() > horizon })
	u.kept = len(u.in.Exchanges) + len(u.in.Cx)
	if u.kept == before {
		return s
	}
	l.Totals.Folded += uint64(before - u.kept)
	s, ctx := l.story(u)
	l.silent = true
	l.tellNews(u, s, ctx, now, nil)
	l.silent = false
	u.told.keep(l.pass)
	return s
}

// needs tells which exchanges of a user are needed: all that is recent; what bound the contacts that are bound, or were a
// moment ago; and of the subscriptions that live, or did a moment ago, the SUBSCRIBEs that count and the documents since the
// last full one.
func (l *Live) needs(u *user, s *story.User, now int64) []bool {
	recent := func(at int64) bool { return now-at <= horizon }
	contacts, dialogs := l.contactsOf(u, s, recent), dialogsOf(s, now, recent)
	x := u.in.Exchanges
	needed := make([]bool, len(x))
	for i := len(x) - 1; i >= 0; i-- {
		e := x[i]
		needed[i] = recent(lastTime(e))
		final := e.Final()
		ok := final != nil && final.Status < 300
		switch {
		case e.Register != nil && !e.Register.ThirdParty && ok:
			needed[i] = contacts.register(i, e) || needed[i]
		case e.Subscribe != nil || e.Notify != nil:
			if d := dialogs[e.CallID]; d != nil && d.wants(i, e, ok) {
				needed[i] = true
			}
			if e.Notify != nil && e.Notify.Document != nil {
				contacts.document(i, e.Notify.Document)
			}
		}
	}
	for _, c := range contacts.all {
		if !c.bound && c.mention >= 0 {
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

// contacts are those of which it is remembered how they were bound, while exchanges are met from the newest to the oldest.
type contacts struct {
	all     map[string]*contact // by key
	spoken  map[place]*spoken
	starred bool // the newest "Contact: *" that counts was met
}

type contact struct {
	ended   int64 // the earliest end that counts, MaxInt64 if there is none
	bound   bool  // a REGISTER that bound it was met
	mention int   // the newest document, or 200 to another's REGISTER, that names it; -1 if none
}

// place is a contact under an address-of-record, spoken which REGISTERs were met that speak of it.
type (
	place  struct{ aor, contact string }
	spoken struct{ bound, earlier, removed bool }
)

// contactsOf gives the contacts of a user that are bound, or were a moment ago.
func (l *Live) contactsOf(u *user, s *story.User, recent func(int64) bool) *contacts {
	out := &contacts{map[string]*contact{}, map[place]*spoken{}, false}
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
		c := out.all[b.ContactKey]
		if c == nil {
			if len(out.all) == maxKeptContacts {
				l.users.truncated(u)
				continue
			}
			c = &contact{end, false, -1}
			out.all[b.ContactKey] = c
		}
		c.ended = min(c.ended, end)
	}
	return out
}

// register meets a REGISTER that was accepted and reports whether it is needed: the newest that bound a contact, the newest
// before it ended, and a newer removal, which left it bound under another identity.
func (s *contacts) register(i int, e *fact.Exchange) (needed bool) {
	r := e.Register
	if r.Star && !s.starred {
		for _, c := range s.all {
			needed = needed || !c.bound
		}
		s.starred = true
	}
	for _, v := range r.Contacts {
		c := s.all[v.Key]
		if c == nil {
			continue
		}
		at := place{e.To.Key, v.Key}
		w := s.spoken[at]
		if w == nil {
			w = &spoken{}
			s.spoken[at] = w
		}
		if r.EffectiveExpires(v) == 0 {
			needed = needed || !w.bound && !w.removed
			w.removed = true
			continue
		}
		earlier := e.FirstTime() < c.ended
		needed = needed || !w.bound || earlier && !w.earlier
		w.bound, w.earlier, c.bound = true, w.earlier || earlier, true
	}
	for _, v := range r.Answer.Contacts {
		s.mention(i, v.Key)
	}
	return needed
}

// document meets a reginfo document.
func (s *contacts) document(i int, d *fact.Document) {
	for _, r := range d.Registrations {
		for _, c := range r.Contacts {
			s.mention(i, c.Key)
		}
	}
}

func (s *contacts) mention(i int, key string) {
	if c := s.all[key]; c != nil && c.mention < 0 {
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
			last = lastTime(sub.Exchanges[n-1])
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

// lastTime is when an exchange was last seen.
func lastTime(x *fact.Exchange) int64 {
	t := x.FirstTime()
	for i := range x.Responses {
		t = max(t, x.Responses[i].Last().Time)
	}
	return t
}

// sortFacts brings facts into the order of their first frames.
func sortFacts(in *story.Input) {
	byFrame := func(a, b *fact.Exchange) int { return cmp.Compare(a.FirstFrame(), b.FirstFrame()) }
	if !slices.IsSortedFunc(in.Exchanges, byFrame) {
		slices.SortStableFunc(in.Exchanges, byFrame)
	}
	byFrameCx := func(a, b *fact.Cx) int { return cmp.Compare(a.FirstFrame(), b.FirstFrame()) }
	if !slices.IsSortedFunc(in.Cx, byFrameCx) {
		slices.SortStableFunc(in.Cx, byFrameCx)
	}
}
