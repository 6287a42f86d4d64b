package story

import (
	"cmp"
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/identity"
	"imscope/decode/diameter"
	"imscope/decode/reginfo"
)

const stateFull = reginfo.StateFull

// registered is one identity under one private identity: what the HSS and application servers know of.
type registered struct {
	impi, aor string
	charts    []*chart
}

// identities draws the lanes of those who know identities and no contacts, each beside the S-CSCF's.
func (b *believer) identities() {
	if len(b.cx) > 0 || len(b.toAS) > 0 {
		b.drawIdentities()
	}
	b.disagreements = joined(b.disagreements)
	slices.SortStableFunc(b.disagreements, func(a, b Disagreement) int { return cmp.Compare(a.From, b.From) })
}

func (b *believer) drawIdentities() {
	list := b.named[:0]
	for _, c := range b.charts {
		for _, aor := range c.aors {
			i := slices.IndexFunc(list, func(r registered) bool { return r.aor == aor && identity.SameIMPI(r.impi, c.impi) })
			if i < 0 {
				i = len(list)
				list = append(list, registered{impi: c.impi, aor: aor})
			}
			r := &list[i]
			r.impi, r.charts = cmp.Or(r.impi, c.impi), b.hints.chartPtr.Add(r.charts, c)
		}
	}
	b.named, b.groups = list, b.groups[:0]
	for i := range list {
		r := &list[i]
		// Where other private identities have contacts under it as well, nobody knows whom an AS means.
		shared := false
		for j := range list {
			shared = shared || j != i && list[j].aor == r.aor
		}
		parties := b.knowing(r, shared)
		b.segs, b.cuts = b.segs[:0], b.cuts[:0]
		b.any(r)
		b.cuts = append(b.cuts, len(b.segs))
		from := len(b.segs)
		for _, p := range parties[1:] {
			b.segments(p, r.aor)
			b.cuts = append(b.cuts, len(b.segs))
		}
		if len(b.segs) == from {
			continue
		}
		at := slices.IndexFunc(b.groups, func(g group) bool {
			return g.impi == r.impi && b.sameLanes(g) && slices.EqualFunc(g.parties, parties, func(a, b *party) bool { return a.name == b.name })
		})
		if at >= 0 {
			b.groups[at].aors = b.hints.keys.Add(b.groups[at].aors, r.aor)
			continue
		}
		b.newGroup(r.impi, r.aor, parties)
	}
	for i := range b.groups {
		b.draw(Lane{IMPI: b.groups[i].impi}, &b.groups[i])
	}
}

// knowing lists the S-CSCF and those who know of an identity.
func (b *believer) knowing(r *registered, shared bool) []*party {
	hss := b.party(PartyHSS, "HSS")
	b.hss(hss, r)
	parties := b.hints.partyPtr.Add(b.hints.partyPtr.Add(nil, b.party(PartySCSCF, b.scscf)), hss)
	if !shared {
		parties = b.thirdParty(parties, r)
	}
	for _, p := range parties {
		p.sort()
	}
	return parties
}

// laid is the registrar's lane of an identity of a contact.
func (b *believer) laid(c *chart, aor string) []Segment {
	for _, p := range c.parties {
		if p.role == PartySCSCF {
			return b.segments(p, aor)
		}
	}
	return nil
}

// any works out the registrar's lane of an identity: registered while one of its contacts is.
func (b *believer) any(r *registered) {
	if len(r.charts) == 1 {
		b.laid(r.charts[0], r.aor)
		return
	}
	from := len(b.segs)
	lanes := b.hints.lanes.Some(len(r.charts))
	edges := b.edges[:0]
	for i, c := range r.charts {
		lanes[i] = b.hints.segments.Copy(b.laid(c, r.aor))
		b.segs = b.segs[:from]
		if identity.Emergency(c.key) {
			doubted(lanes[i])
		}
		for j := range lanes[i] {
			edges = append(edges, lanes[i][j].From)
		}
	}
	slices.Sort(edges)
	b.edges = edges
	b.at = append(b.at[:0], make([]int, len(lanes))...) // index of the segment after the present one
	for _, at := range slices.Compact(edges) {
		// Of those that say the same, the one that began last is why.
		var pick *Segment
		for i, lane := range lanes {
			for b.at[i] < len(lane) && lane[b.at[i]].From <= at {
				b.at[i]++
			}
			if b.at[i] == 0 {
				continue
			}
			s := &lane[b.at[i]-1]
			if pick == nil || weight(s.State) > weight(pick.State) || s.State == pick.State && s.From > pick.From {
				pick = s
			}
		}
		n := len(b.segs)
		if pick == nil || n > from && b.segs[n-1].State == pick.State {
			continue
		}
		if n > from {
			b.segs[n-1].To = at
		}
		s := *pick
		s.From, s.To = at, b.stop
		b.segs = append(b.segs, s)
	}
}

// doubted makes nothing of a contact's being registered: for an emergency registration neither HSS nor application servers
// need take the user for registered (TS 24.229 5.4.8, TS 29.228 6.1.3).
func doubted(lane []Segment) {
	for i := range lane {
		if lane[i].State == BeliefRegistered {
			lane[i].State, lane[i].Why = BeliefUnknown, "an emergency registration"
		}
	}
}

// weight says which belief of two contacts counts for their identity.
func weight(state string) int {
	switch state {
	case BeliefRegistered:
		return 2
	case BeliefUnknown:
		return 1
	}
	return 0
}

// related reports whether two identities are in one implicit registration set of a private identity.
func (b *believer) related(impi, x, y string) bool {
	if x == y {
		return true
	}
	return slices.ContainsFunc(b.scopes, func(s scope) bool {
		return identity.SameIMPI(s.impi, impi) && slices.Contains(s.keys, x) && slices.Contains(s.keys, y)
	})
}

// hss takes what the HSS is told and decides.
func (b *believer) hss(p *party, r *registered) {
	var rtr *clue // the last clue, where it is one
	for _, c := range b.cx {
		if !c.Answer.Seen() || !isFor(c, r.impi) {
			continue
		}
		if len(c.Public) > 0 && !slices.ContainsFunc(c.Public, func(u fact.URI) bool { return b.related(r.impi, u.Key, r.aor) }) {
			continue
		}
		h := c.Answer.First()
		k := clue{time: h.Time, frame: h.Frame}
		switch {
		case c.Name == "UAR" && c.Experimental == 2001:
			k.state, k.why = BeliefNot, "it answers first registration"
		case c.Name == "UAR" && c.Experimental == 5003:
			k.state, k.why = BeliefNot, "it answers identity not registered"
		case c.Name == "UAR" && c.AuthorizationType == diameter.AuthDeregistration && c.Succeeded():
			k.state, k.why = BeliefRegistered, "it lets the de-registration through"
		case !c.Succeeded():
			continue
		case c.Name == "RTR" && c.ReasonCode == diameter.ReasonNewServerAssigned:
			continue // it goes on at another S-CSCF
		case c.Name == "RTR":
			k.state, k.why = BeliefNot, "its own RTR"
		case c.Name == "SAR":
			k.why = b.words("SAR ", diameter.ServerAssignmentTypeName(c.AssignmentType))
			switch c.AssignmentType {
			case diameter.AssignRegistration, diameter.AssignReRegistration:
				k.state = BeliefRegistered
				if rtr != nil {
					rtr.time = min(rtr.time, k.time) // which the HSS sent before, whenever it is answered
				}
			case diameter.AssignUnregisteredUser, diameter.AssignTimeoutDeregistration, diameter.AssignUserDeregistration,
				diameter.AssignTimeoutDeregistrationStore, diameter.AssignUserDeregistrationStore,
				diameter.AssignAdministrativeDeregistration, diameter.AssignDeregistrationTooMuchData:
				k.state = BeliefNot
			}
		}
		if k.state != "" {
			b.learn(p, k)
			if rtr = nil; c.Name == "RTR" {
				rtr = &p.clues[len(p.clues)-1]
			}
		}
	}
}

// thirdParties finds what the S-CSCF registers the user with application servers for (TS 24.229 5.4.1.7).
func (b *believer) thirdParties() {
	for i := range b.u.Timeline {
		e := &b.u.Timeline[i]
		x := e.Exchange
		if x == nil || x.Register == nil || !x.Register.ThirdParty || e.Status != 0 {
			continue
		}
		if final := x.Final(); final != nil && final.Status < 300 && x.Request.Seen() {
			b.toAS = append(b.toAS, x)
		}
	}
}

// thirdParty adds the application servers that the S-CSCF registers an identity with.
func (b *believer) thirdParty(parties []*party, r *registered) []*party {
	others := len(parties)
	for _, x := range b.toAS {
		if !b.related(r.impi, x.To.Key, r.aor) {
			continue
		}
		name := b.label(x.Request.Last().Dst)
		at := slices.IndexFunc(parties[others:], func(p *party) bool { return p.name == name })
		if at < 0 {
			at = len(parties) - others
			parties = b.hints.partyPtr.Add(parties, b.party(PartyAS, name))
		}
		h := x.Final().First()
		k := clue{time: h.Time, frame: h.Frame, state: BeliefNot, why: b.words("third-party REGISTER with expires ", b.number(x.Register.Expires))}
		if x.Register.Expires != 0 {
			k.state = BeliefRegistered
			if x.Register.Expires > 0 {
				k.until, k.grant = h.Time+x.Register.Expires*second, x.Register.Expires
			}
		}
		b.learn(parties[others+at], k)
	}
	return parties
}

// farewells takes what third-party REGISTERs tell an application server that subscribes as well (TS 24.229 5.4.1.7): with
// expires 0, that no contact is left. One that registers anew names no contact.
func (b *believer) farewells() {
	b.thirdParties()
	for _, x := range b.toAS {
		name, h := b.label(x.Request.Last().Dst), x.Final().First()
		for _, c := range b.charts {
			i := slices.IndexFunc(c.parties, func(p *party) bool { return p.role == PartyAS && p.name == name })
			if i < 0 {
				continue
			}
			p := c.parties[i]
			k := clue{time: h.Time, frame: h.Frame, sent: x.Request.First().Time}
			switch {
			case x.Register.Expires == 0:
				k.state, k.why, k.mild, p.left = BeliefNot, "third-party REGISTER with expires 0", true, true
			case p.left:
				k.state, k.why, p.left = BeliefUnknown, "third-party REGISTER names no contact", false
			default:
				continue
			}
			for _, k.aor = range c.aors {
				if b.related(c.impi, x.To.Key, k.aor) {
					b.learn(p, k)
				}
			}
		}
	}
}
