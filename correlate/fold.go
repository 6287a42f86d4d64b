package correlate

import (
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/story"
	"imscope/decode/reginfo"
)

// fold forgets the facts of a user that are over and that nothing to come depends on. What stays
// tells the same present: the last REGISTER of each contact, of each subscription its SUBSCRIBEs that
// count and the documents since the last full one, and all that is recent.
func (l *Live) fold(u *user, now int64) {
	sortFacts(&u.in)
	old := func(at int64) bool { return now-at > horizon }
	x := u.in.Exchanges
	needed := make([]bool, len(x))
	contacts := map[string]bool{} // whose newest successful REGISTER was met
	dialogs := map[string]*dialog{}
	for i := len(x) - 1; i >= 0; i-- {
		e := x[i]
		needed[i] = !old(lastTime(e))
		final := e.Final()
		ok := final != nil && final.Status < 300
		switch {
		case e.Register != nil && !e.Register.ThirdParty && ok:
			for _, c := range e.Register.Contacts {
				needed[i] = needed[i] || !contacts[c.Key]
				contacts[c.Key] = true
			}
			needed[i] = needed[i] || e.Register.Star
		case e.Subscribe != nil || e.Notify != nil:
			d := dialogs[e.CallID]
			if d == nil {
				d = &dialog{first: -1}
				dialogs[e.CallID] = d
			}
			if d.wants(i, e, ok) {
				needed[i] = true
			}
		}
	}
	for _, d := range dialogs {
		if d.first >= 0 {
			needed[d.first] = true
		}
	}
	n := 0
	for i, e := range x {
		if needed[i] {
			x[n] = e
			n++
			continue
		}
		u.folded = max(u.folded, e.FirstFrame())
		l.Totals.Folded++
	}
	clear(x[n:])
	u.in.Exchanges = x[:n]
	u.in.Cx = slices.DeleteFunc(u.in.Cx, func(c *fact.Cx) bool {
		if !old(c.FirstTime()) {
			return false
		}
		u.folded = max(u.folded, c.FirstFrame())
		l.Totals.Folded++
		return true
	})
	u.in.Strays = slices.DeleteFunc(u.in.Strays, func(x *fact.Exchange) bool { return old(x.FirstTime()) })
	// What was emitted of the past is not made again: the frames of what is gone are behind folded.
	if len(u.emitted) > 4*foldAfter {
		u.emitted = nil
		u.folded = max(u.folded, u.told)
	}
}

// dialog is what is met of a subscription, from its newest exchange to its oldest.
type dialog struct {
	refreshed, notified bool // the newest SUBSCRIBE that was accepted, the newest NOTIFY
	full                bool // a full document: older ones do not count
	first               int  // the oldest SUBSCRIBE, -1 if none
}

// wants reports whether the subscription's state depends on this exchange.
func (d *dialog) wants(i int, e *fact.Exchange, ok bool) bool {
	if e.Subscribe != nil {
		d.first = i
		want := ok && !d.refreshed
		d.refreshed = d.refreshed || ok
		return want
	}
	want := !d.notified || e.Notify.Document != nil && !d.full
	d.notified = true
	d.full = d.full || e.Notify.Document != nil && e.Notify.Document.State == reginfo.StateFull
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
	byFrame := func(a, b *fact.Exchange) int { return int(int64(a.FirstFrame()) - int64(b.FirstFrame())) }
	if !slices.IsSortedFunc(in.Exchanges, byFrame) {
		slices.SortStableFunc(in.Exchanges, byFrame)
	}
	byFrameCx := func(a, b *fact.Cx) int { return int(int64(a.FirstFrame()) - int64(b.FirstFrame())) }
	if !slices.IsSortedFunc(in.Cx, byFrameCx) {
		slices.SortStableFunc(in.Cx, byFrameCx)
	}
}

// trimNodes forgets the addresses that no fact names any more, where there are many.
func (l *Live) trimNodes(many int) {
	if l.facts.Nodes.Len() < many {
		return
	}
	used := make([]bool, l.facts.Nodes.Len()+1)
	mark := func(m *fact.Message) {
		for _, h := range m.Hops {
			used[h.Src], used[h.Dst] = true, true
		}
	}
	exchange := func(x *fact.Exchange) {
		mark(&x.Request)
		for i := range x.Responses {
			mark(&x.Responses[i])
		}
	}
	for _, u := range l.users.all {
		for _, x := range u.in.Exchanges {
			exchange(x)
		}
		for _, c := range u.in.Cx {
			mark(&c.Request)
			mark(&c.Answer)
		}
	}
	for o := range l.exchanges.all {
		exchange(o.x)
	}
	for o := range l.cx.all {
		mark(&o.x.Request)
		mark(&o.x.Answer)
	}
	l.facts.Nodes.Free(used)
	clear(l.addrs)
}
