package story

import (
	"cmp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/identity"
)

// registers takes what phones and proxies learn from REGISTERs and their answers.
func (b *believer) registers() {
	for _, r := range b.u.Registrations() {
		last := &r.Rounds[len(r.Rounds)-1]
		x := last.Exchange
		set := b.set(x)
		if !x.Request.Seen() && r.Outcome != Succeeded {
			continue
		}
		if x.Register.Star {
			for _, c := range b.charts {
				if c.owner == r.Origin || c.owner == "" && slices.ContainsFunc(c.aors, func(a string) bool { return slices.Contains(set, a) }) {
					b.register(c, r, last, set, 0, fact.Absent)
				}
			}
		}
		for _, v := range x.Register.Contacts {
			c := b.chart(v.Key)
			if c == nil {
				continue
			}
			asked := x.Register.EffectiveExpires(v)
			granted, listed := x.Register.Granted(v)
			if asked != 0 && r.Outcome == Succeeded && !listed && len(x.Register.Answer.Contacts) > 0 {
				continue // the registrar saved nothing for it
			}
			if granted == fact.Absent {
				granted = asked
			}
			b.register(c, r, last, set, asked, granted)
		}
	}
}

// register takes one registration's part about one contact; set is the identities that it is about, asked is 0
// for its removal.
func (b *believer) register(c *chart, r *Registration, o *Round, set []string, asked, granted int64) {
	x := o.Exchange
	c.impi = cmp.Or(r.IMPI, c.impi)
	var ue *party
	if !r.ByProxy {
		name := r.Origin
		if !x.Request.Seen() || x.Request.First().Vias > 1 {
			name = b.phone(c.uri)
		}
		c.owner = r.Origin
		ue = b.partyOf(c, PartyUE, name)
	}
	what := b.message(x)
	if asked == 0 {
		what = b.words(what, " with expires 0")
	}
	if ue != nil && r.Kind == RegistrationInitial {
		first := &r.Rounds[0]
		b.learn(ue, clue{time: r.Started, frame: first.Frame, state: BeliefNot, why: b.words("it begins with an initial ", b.message(first.Exchange)), set: set})
	}
	if r.Outcome != Succeeded {
		if ue != nil && asked == 0 {
			b.givenUp(ue, o, what, set)
		}
		return
	}
	k := clue{state: BeliefNot, why: b.words(b.number(int64(o.Status)), " to ", what), set: set}
	if asked != 0 && granted != 0 {
		k.state = BeliefRegistered
	}
	learn := func(p *party, at int64, frame uint32) {
		k := k
		k.time, k.frame = at, frame
		if k.state == BeliefRegistered && granted > 0 {
			k.until, k.grant = at+granted*second, granted
		}
		b.learn(p, k)
	}
	final := x.Final()
	if ue != nil {
		h, ok := b.arrival(x, final)
		switch {
		case ok:
			learn(ue, h.Time, h.Frame)
		case asked == 0 && o.TimerF < b.stop:
			b.learn(ue, clue{time: o.TimerF, frame: o.Frame, state: BeliefNot, why: b.words("no answer to ", what), set: set})
		}
	}
	if h, id, ok := b.passing(final); ok {
		p := b.partyOf(c, PartyPCSCF, b.label(id))
		p.blind = !b.seesBehind(id)
		learn(p, h.Time, h.Frame)
	}
}

// arrival gives the hop on which an answer got back to where the request came from. Where the capture
// does not hold the request, the answer's last hop must do.
func (b *believer) arrival(x *fact.Exchange, m *fact.Message) (fact.Hop, bool) {
	if !x.Request.Seen() {
		return m.Last(), true
	}
	src := x.Request.Hops[0].Src
	for i := range m.Hops {
		if b.same(m.Hops[i].Dst, src) {
			return m.Hops[i], true
		}
	}
	return fact.Hop{}, false
}

// passing gives the hop on which an answer came to a P-CSCF, or left it.
func (b *believer) passing(m *fact.Message) (h fact.Hop, id fact.NodeID, ok bool) {
	for i := range m.Hops {
		h := &m.Hops[i]
		if b.role(h.Dst) == fact.RolePCSCF {
			return *h, h.Dst, true
		}
		if b.role(h.Src) == fact.RolePCSCF {
			return *h, h.Src, true
		}
	}
	return h, 0, false
}

// givenUp takes a removal that failed: a phone that hears nothing, or of a server in trouble, is gone
// all the same (TS 24.229 5.1.1.6), and so it is where the registrar does not know the contact.
func (b *believer) givenUp(ue *party, o *Round, what string, set []string) {
	switch final := o.Exchange.Final(); {
	case final == nil:
		if o.TimerF < b.stop {
			b.learn(ue, clue{time: o.TimerF, frame: o.Frame, state: BeliefNot, why: b.words("no answer to ", what), set: set})
		}
	case o.Status == 408 || o.Status == 481 || o.Status >= 500 && o.Status < 600:
		if h, ok := b.arrival(o.Exchange, final); ok {
			b.learn(ue, clue{time: h.Time, frame: h.Frame, state: BeliefNot, why: b.words(b.number(int64(o.Status)), " to ", what), set: set})
		}
	}
}

// registrar takes what the S-CSCF holds: the bindings as all evidence together tells them.
func (b *believer) registrar() {
	name := "registrar"
	for i := range b.u.Timeline {
		e := &b.u.Timeline[i]
		if e.Exchange == nil || !e.Exchange.Request.Seen() {
			continue
		}
		switch x := e.Exchange; {
		case x.Register != nil && e.Status >= 200 && e.Status < 300 && len(e.Hops) > 0 && !x.Register.ThirdParty:
			if m := x.Final(); b.role(m.First().Src) == fact.RoleSCSCF {
				name = b.label(m.First().Src)
			}
		case x.Notify != nil && b.role(x.Request.First().Src) == fact.RoleSCSCF:
			name = b.label(x.Request.First().Src)
		}
		if name != "registrar" {
			break
		}
	}
	b.scscf = name
	for i := range b.u.Bindings {
		row := &b.u.Bindings[i]
		at := b.chartIndex.find(b.chartKeys, row.ContactKey)
		if at < 0 {
			continue
		}
		p := b.partyOf(b.charts[at], PartySCSCF, name)
		aor := aorKey(row)
		if row.Registered == 0 {
			b.learn(p, clue{time: b.start, state: BeliefRegistered, why: "bound since an unknown time", aor: aor})
		} else {
			frame, why := b.saying(row.Registered, "bound")
			b.learn(p, clue{time: row.Registered, frame: frame, state: BeliefRegistered, why: why, aor: aor})
		}
		switch {
		case !row.Active:
			frame, why := b.saying(row.Ended, "ended")
			if row.EndedBy != nil {
				why = strings.TrimPrefix(row.EndedBy.Cause, "S-CSCF: ")
				if frame == 0 && row.EndedBy.Initiator != ByExpiry {
					frame = row.EndedBy.TriggerFrame
				}
			}
			b.learn(p, clue{time: row.Ended, frame: frame, state: BeliefNot, why: why, aor: aor})
			for _, o := range b.charts[at].parties {
				if o.blind {
					why := "the capture does not show what it is told"
					b.learn(o, clue{time: row.Ended, state: BeliefUnknown, why: why, aor: aor, mild: true, sent: row.Ended})
				}
			}
		case row.Expires != 0 && row.Expires < b.stop:
			b.learn(p, clue{time: row.Expires, state: BeliefUnknown, why: "the granted time is over, no word since", aor: aor})
		}
	}
}

// saying finds the message that was sent at a moment and says what it is.
func (b *believer) saying(at int64, otherwise string) (frame uint32, what string) {
	events := b.u.Timeline
	i := sort.Search(len(events), func(i int) bool { return events[i].Time >= at })
	for ; i < len(events) && events[i].Time == at; i++ {
		switch x := events[i].Exchange; {
		case x == nil:
		case x.Register != nil && events[i].Status >= 200:
			return events[i].Frame, b.words(b.number(int64(events[i].Status)), " to ", b.message(x))
		case x.Notify != nil && events[i].Status == 0:
			return events[i].Frame, "its reginfo says so"
		}
	}
	return 0, otherwise
}

// watchers takes what documents tell those who got them.
func (b *believer) watchers() {
	for _, s := range b.u.Subscriptions {
		contact, host := "", ""
		if s.Watcher == WatcherUE {
			contact, host = identity.Contact(s.Contact), identity.HostOf(s.Contact)
		}
		b.involved, b.owners, b.touched = b.involved[:0], b.owners[:0], b.touched[:0]
		for _, c := range b.charts {
			p, owner := b.watcher(c, s, contact, host)
			b.involved, b.owners, b.touched = append(b.involved, p), append(b.owners, owner), append(b.touched, false)
		}
		for _, d := range s.Documents {
			if d.Answer >= 200 && d.Answer < 300 && !(d.Stale && d.State != stateFull) {
				b.document(d)
			}
		}
		for i, p := range b.involved {
			if !b.touched[i] || b.owners[i] {
				continue
			}
			ended := s.Ended
			if s.State != "terminated" {
				ended = 0
			}
			if !p.watches || p.ended != 0 && (ended == 0 || ended > p.ended) {
				p.ended = ended
			}
			p.watches = true
		}
	}
	for _, c := range b.charts {
		c.parties = slices.DeleteFunc(c.parties, func(p *party) bool { return len(p.clues) == 0 })
	}
}

// watcher finds the party of a chart that a subscription belongs to; owner says that it learns of the
// contact by REGISTER as well. contact is where a phone wants to be notified, host is that of it.
func (b *believer) watcher(c *chart, s *Subscription, contact, host string) (p *party, owner bool) {
	name := s.WatcherNode
	if name == "" || name == "?" {
		name = cmp.Or(s.WatcherURI, s.Watcher.Label())
		if s.Watcher == WatcherUE { // its URI is the user's own, and any of the phones may be it
			name = cmp.Or(s.Contact, name)
		}
	}
	switch s.Watcher {
	case WatcherUE:
		if b.mine(c, contact, host) {
			for _, p := range c.parties {
				if p.role == PartyUE {
					return p, true
				}
			}
			return b.partyOf(c, PartyUE, name), true
		}
	case WatcherPCSCF:
		for _, p := range c.parties {
			if p.role == PartyPCSCF && p.name == name {
				return p, true
			}
		}
	case WatcherAS:
		return b.partyOf(c, PartyAS, name), false
	}
	return b.partyOf(c, PartyWatcher, name), false
}

// mine reports whether a phone that wants to be notified at a contact (key) of this host is the one to which the chart's
// contact belongs.
func (b *believer) mine(c *chart, key, host string) bool {
	if host == "" || host != c.host {
		return false
	}
	if at := b.chartIndex.find(b.chartKeys, key); at >= 0 {
		return c.phoneOf(b.charts[at])
	}
	return !slices.ContainsFunc(b.charts, func(o *chart) bool { return o.host == host && !c.phoneOf(o) })
}

// phoneOf reports whether two contacts of one host are one phone's, as those of its emergency registration and of its usual
// one are: nothing says that they are two behind one translator.
func (c *chart) phoneOf(o *chart) bool {
	differ := func(x, y string) bool { return x != y && x != "" && y != "" }
	return c == o || !differ(c.owner, o.owner) && !differ(c.instance, o.instance) && identity.SameIMPI(c.impi, o.impi)
}

// listing is an identity of a chart that a document lists.
type listing struct {
	chart int
	aor   string
}

// document takes what one document says, for the party of each chart; told are the identities that it tells of.
func (b *believer) document(d *Document) {
	at := d.Time
	if d.Exchange != nil && d.Exchange.Request.Seen() {
		at = d.Exchange.Request.Last().Time
	}
	learn := func(i int, aor, state, why string) {
		b.touched[i], b.charts[i].told = true, true
		b.text = append(d.appendVersion(append(b.text[:0], "reginfo "...)), why...)
		k := clue{time: at, frame: d.Frame, state: state, why: b.phrases.of(b.text), aor: aor, mild: b.owners[i], sent: d.Time}
		b.learn(b.involved[i], k)
		for _, k.aor = range b.barred {
			if c := b.charts[i]; k.mild && slices.Contains(c.aors, k.aor) && b.related(c.impi, aor, k.aor) {
				b.learn(b.involved[i], k) // which fares as its set
			}
		}
	}
	listed, told := b.listed[:0], b.told[:0]
	for i := range d.Changes {
		ch := &d.Changes[i]
		aor := cmp.Or(ch.AORKey, ch.AOR)
		if !slices.Contains(told, aor) {
			told = append(told, aor)
		}
		if ch.Contact == "" && ch.ContactID == "" {
			if ch.To == "terminated" {
				for j, c := range b.charts {
					if slices.Contains(c.aors, aor) {
						listed = append(listed, listing{j, aor})
						learn(j, aor, BeliefNot, " says the identity is terminated")
					}
				}
			}
			continue
		}
		key := ch.ContactKey
		if key == "" {
			key = identity.Contact(ch.Contact)
		}
		c := b.chart(key)
		if c == nil {
			continue
		}
		j := slices.Index(b.charts, c)
		listed = append(listed, listing{j, aor})
		switch {
		case ch.To == "active":
			learn(j, aor, BeliefRegistered, " says active")
		case ch.Event != "" && ch.Event != "unknown":
			learn(j, aor, BeliefNot, b.words(" says ", ch.Event))
		case ch.Kind == Removed:
			learn(j, aor, BeliefNot, " does not list it any more")
		default:
			learn(j, aor, BeliefNot, " says terminated")
		}
	}
	b.listed, b.told = listed, told
	if d.State != stateFull {
		return
	}
	for j, c := range b.charts {
		for _, aor := range c.aors {
			if slices.Contains(told, aor) && !slices.Contains(listed, listing{j, aor}) {
				learn(j, aor, BeliefNot, " does not list it")
			}
		}
	}
}

// count spells a number with commas between the thousands.
func count(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
