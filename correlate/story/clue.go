package story

import (
	"cmp"
	"slices"
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
		if !x.Request.Seen() && r.Outcome != Succeeded {
			continue
		}
		if x.Register.Star {
			for _, c := range b.charts {
				if c.owner == r.Origin || c.owner == "" && slices.ContainsFunc(c.aors, func(a string) bool { return slices.Contains(b.set(x), a) }) {
					b.register(c, r, last, 0, fact.Absent)
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
			b.register(c, r, last, asked, granted)
		}
	}
}

// register takes one registration's part about one contact; asked is 0 for its removal.
func (b *believer) register(c *chart, r *Registration, o *Round, asked, granted int64) {
	x := o.Exchange
	set := b.set(x)
	c.impi = cmp.Or(r.IMPI, c.impi)
	var ue *party
	if !r.ByProxy {
		name := "UE"
		if x.Request.Seen() && x.Request.First().Vias <= 1 {
			name = r.Origin
		}
		c.owner = r.Origin
		ue = c.party(PartyUE, name)
	}
	what := "REGISTER " + strconv.FormatUint(uint64(o.CSeq), 10)
	if asked == 0 {
		what += " with expires 0"
	}
	if ue != nil && r.Kind == RegistrationInitial {
		first := &r.Rounds[0]
		ue.learn(clue{time: r.Started, frame: first.Frame, state: BeliefNot, why: "it begins with an initial " + message(first.Exchange), set: set})
	}
	if r.Outcome != Succeeded {
		if ue != nil && asked == 0 {
			b.givenUp(ue, o, what, set)
		}
		return
	}
	k := clue{state: BeliefNot, why: strconv.Itoa(o.Status) + " to " + what, set: set}
	if asked != 0 && granted != 0 {
		k.state = BeliefRegistered
	}
	learn := func(p *party, at int64, frame uint32) {
		k := k
		k.time, k.frame = at, frame
		if k.state == BeliefRegistered && granted > 0 {
			k.until, k.grant = at+granted*second, granted
		}
		p.learn(k)
	}
	final := x.Final()
	if ue != nil {
		h, ok := b.arrival(x, final)
		switch {
		case ok:
			learn(ue, h.Time, h.Frame)
		case asked == 0 && o.TimerF < b.stop:
			ue.learn(clue{time: o.TimerF, frame: o.Frame, state: BeliefNot, why: "no answer to " + what, set: set})
		}
	}
	if h, id, ok := b.passing(final); ok {
		learn(c.party(PartyPCSCF, b.label(id)), h.Time, h.Frame)
	}
}

// arrival gives the hop on which an answer got back to where the request came from. Where the capture
// does not hold the request, the answer's last hop must do.
func (b *believer) arrival(x *fact.Exchange, m *fact.Message) (fact.Hop, bool) {
	if !x.Request.Seen() {
		return m.Last(), true
	}
	for _, h := range m.Hops {
		if b.same(h.Dst, x.Request.First().Src) {
			return h, true
		}
	}
	return fact.Hop{}, false
}

// passing gives the hop on which an answer came to a P-CSCF, or left it.
func (b *believer) passing(m *fact.Message) (h fact.Hop, id fact.NodeID, ok bool) {
	for _, h := range m.Hops {
		if b.role(h.Dst) == fact.RolePCSCF {
			return h, h.Dst, true
		}
		if b.role(h.Src) == fact.RolePCSCF {
			return h, h.Src, true
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
			ue.learn(clue{time: o.TimerF, frame: o.Frame, state: BeliefNot, why: "no answer to " + what, set: set})
		}
	case o.Status == 408 || o.Status == 481 || o.Status >= 500 && o.Status < 600:
		if h, ok := b.arrival(o.Exchange, final); ok {
			ue.learn(clue{time: h.Time, frame: h.Frame, state: BeliefNot, why: strconv.Itoa(o.Status) + " to " + what, set: set})
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
		c := b.byKey[row.ContactKey]
		if c == nil {
			continue
		}
		p := c.party(PartySCSCF, name)
		aor := aorKey(row)
		if row.Registered == 0 {
			p.learn(clue{time: b.start, state: BeliefRegistered, why: "bound since an unknown time", aor: aor})
		} else {
			frame, why := b.saying(row.Registered, "bound")
			p.learn(clue{time: row.Registered, frame: frame, state: BeliefRegistered, why: why, aor: aor})
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
			p.learn(clue{time: row.Ended, frame: frame, state: BeliefNot, why: why, aor: aor})
		case row.Expires != 0 && row.Expires < b.stop:
			p.learn(clue{time: row.Expires, state: BeliefUnknown, why: "the granted time is over, no word since", aor: aor})
		}
	}
}

// saying finds the message that was sent at a moment and says what it is.
func (b *believer) saying(at int64, otherwise string) (frame uint32, what string) {
	events := b.u.Timeline
	i, _ := slices.BinarySearchFunc(events, at, func(e Event, at int64) int { return cmp.Compare(e.Time, at) })
	for ; i < len(events) && events[i].Time == at; i++ {
		switch x := events[i].Exchange; {
		case x == nil:
		case x.Register != nil && events[i].Status >= 200:
			return events[i].Frame, strconv.Itoa(events[i].Status) + " to " + message(x)
		case x.Notify != nil && events[i].Status == 0:
			return events[i].Frame, "its reginfo says so"
		}
	}
	return 0, otherwise
}

// watchers takes what documents tell those who got them.
func (b *believer) watchers() {
	for _, s := range b.u.Subscriptions {
		involved := make([]*party, 0, len(b.charts))
		owners := make([]bool, 0, len(b.charts))
		for _, c := range b.charts {
			p, owner := b.watcher(c, s)
			involved, owners = append(involved, p), append(owners, owner)
		}
		touched := make([]bool, len(b.charts))
		for _, d := range s.Documents {
			if d.Answer >= 200 && d.Answer < 300 && !(d.Stale && d.State != stateFull) {
				b.document(d, involved, owners, touched)
			}
		}
		for i, p := range involved {
			if !touched[i] || owners[i] {
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
// contact by REGISTER as well.
func (b *believer) watcher(c *chart, s *Subscription) (p *party, owner bool) {
	name := s.WatcherNode
	if name == "" || name == "?" {
		name = cmp.Or(s.WatcherURI, s.Watcher.Label())
	}
	switch s.Watcher {
	case WatcherUE:
		if b.mine(c, s) {
			for _, p := range c.parties {
				if p.role == PartyUE {
					return p, true
				}
			}
			return c.party(PartyUE, name), true
		}
	case WatcherPCSCF:
		for _, p := range c.parties {
			if p.role == PartyPCSCF && p.name == name {
				return p, true
			}
		}
	case WatcherAS:
		return c.party(PartyAS, name), false
	}
	return c.party(PartyWatcher, name), false
}

// mine reports whether a phone's subscription is that of the phone to which the contact belongs.
func (b *believer) mine(c *chart, s *Subscription) bool {
	key := identity.Contact(s.Contact)
	if b.byKey[key] != nil {
		return b.byKey[key] == c
	}
	host := identity.HostOf(key)
	if host == "" || host != identity.HostOf(c.key) {
		return false
	}
	for _, o := range b.charts {
		if o != c && identity.HostOf(o.key) == host {
			return o.owner == c.owner
		}
	}
	return true
}

// document takes what one document says, for the party of each chart.
func (b *believer) document(d *Document, parties []*party, owners []bool, touched []bool) {
	at := d.Time
	if d.Exchange != nil && d.Exchange.Request.Seen() {
		at = d.Exchange.Request.Last().Time
	}
	says := "reginfo " + d.version()
	learn := func(i int, aor, state, why string) {
		touched[i] = true
		parties[i].learn(clue{time: at, frame: d.Frame, state: state, why: says + why, aor: aor, mild: owners[i]})
	}
	type place struct {
		chart int
		aor   string
	}
	var listed []place
	var told []string // identities that the document tells of
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
						listed = append(listed, place{j, aor})
						learn(j, aor, BeliefNot, " says the identity is terminated")
					}
				}
			}
			continue
		}
		c := b.chart(cmp.Or(ch.ContactKey, identity.Contact(ch.Contact)))
		if c == nil {
			continue
		}
		j := slices.Index(b.charts, c)
		listed = append(listed, place{j, aor})
		switch {
		case ch.To == "active":
			learn(j, aor, BeliefRegistered, " says active")
		case ch.Event != "" && ch.Event != "unknown":
			learn(j, aor, BeliefNot, " says "+ch.Event)
		case ch.Kind == Removed:
			learn(j, aor, BeliefNot, " does not list it any more")
		default:
			learn(j, aor, BeliefNot, " says terminated")
		}
	}
	if d.State != stateFull {
		return
	}
	for j, c := range b.charts {
		for _, aor := range c.aors {
			if slices.Contains(told, aor) && !slices.Contains(listed, place{j, aor}) {
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
