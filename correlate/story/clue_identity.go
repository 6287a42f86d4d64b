package story

import (
	"cmp"
	"slices"
	"strconv"

	"imscope/correlate/fact"
	"imscope/decode/diameter"
	"imscope/decode/reginfo"
)

const stateFull = reginfo.StateFull

// registered is one identity under one private identity: what the HSS and application servers know of.
type registered struct {
	impi, aor string
	charts    []*chart
	shared    bool // other private identities have contacts under it as well
}

// identities draws the lanes of those who know identities and no contacts, each beside the S-CSCF's.
func (b *believer) identities() {
	var list []*registered
	for _, c := range b.charts {
		for _, aor := range c.aors {
			i := slices.IndexFunc(list, func(r *registered) bool { return r.aor == aor && sameIMPI(r.impi, c.impi) })
			if i < 0 {
				i = len(list)
				list = append(list, &registered{impi: c.impi, aor: aor})
			}
			r := list[i]
			r.impi, r.charts = cmp.Or(r.impi, c.impi), append(r.charts, c)
		}
	}
	for _, r := range list {
		r.shared = slices.ContainsFunc(list, func(o *registered) bool { return o != r && o.aor == r.aor })
	}
	type group struct {
		impi    string
		aors    []string
		parties []*party
		lanes   [][]Segment
	}
	var groups []*group
next:
	for _, r := range list {
		hss := &party{role: PartyHSS, name: "HSS"}
		b.hss(hss, r)
		parties := []*party{{role: PartySCSCF, name: b.scscf}, hss}
		if !r.shared {
			parties = append(parties, b.thirdParty(r)...)
		}
		lanes := make([][]Segment, len(parties))
		known := false
		for i, p := range parties[1:] {
			lanes[i+1] = b.segments(p, r.aor)
			known = known || len(lanes[i+1]) > 0
		}
		if !known {
			continue
		}
		lanes[0] = b.any(r)
		for _, g := range groups {
			if g.impi == r.impi && slices.EqualFunc(g.lanes, lanes, sameLane) && slices.EqualFunc(g.parties, parties, func(a, b *party) bool { return a.name == b.name }) {
				g.aors = append(g.aors, r.aor)
				continue next
			}
		}
		groups = append(groups, &group{r.impi, []string{r.aor}, parties, lanes})
	}
	for _, g := range groups {
		b.draw(Lane{IMPI: g.impi, AORs: b.spelled(g.aors)}, g.parties, g.lanes)
	}
	b.out.Disagreements = joined(b.out.Disagreements)
	slices.SortStableFunc(b.out.Disagreements, func(a, b Disagreement) int { return cmp.Compare(a.From, b.From) })
}

// any is the registrar's lane of an identity: registered while one of its contacts is.
func (b *believer) any(r *registered) []Segment {
	if len(r.charts) == 1 {
		return r.charts[0].laid[r.aor]
	}
	var edges []int64
	for _, c := range r.charts {
		for _, s := range c.laid[r.aor] {
			edges = append(edges, s.From)
		}
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	var out []Segment
	now := make([]int, len(r.charts)) // index of the segment after the present one
	for _, at := range edges {
		// Of those that say the same, the one that began last is why.
		var pick *Segment
		for i, c := range r.charts {
			lane := c.laid[r.aor]
			for now[i] < len(lane) && lane[now[i]].From <= at {
				now[i]++
			}
			if now[i] == 0 {
				continue
			}
			s := &lane[now[i]-1]
			if pick == nil || weight(s.State) > weight(pick.State) || s.State == pick.State && s.From > pick.From {
				pick = s
			}
		}
		n := len(out)
		if pick == nil || n > 0 && out[n-1].State == pick.State {
			continue
		}
		if n > 0 {
			out[n-1].To = at
		}
		s := *pick
		s.From, s.To = at, b.stop
		out = append(out, s)
	}
	return out
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
		return sameIMPI(s.impi, impi) && slices.Contains(s.keys, x) && slices.Contains(s.keys, y)
	})
}

// hss takes what the HSS is told and decides.
func (b *believer) hss(p *party, r *registered) {
	for _, c := range b.cx {
		if !c.Answer.Seen() || !sameIMPI(c.UserName, r.impi) {
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
		case c.Name == "RTR":
			k.state, k.why = BeliefNot, "its own RTR"
		case c.Name == "SAR":
			k.why = "SAR " + diameter.ServerAssignmentTypeName(c.AssignmentType)
			switch c.AssignmentType {
			case diameter.AssignRegistration, diameter.AssignReRegistration:
				k.state = BeliefRegistered
			case diameter.AssignUnregisteredUser, diameter.AssignTimeoutDeregistration, diameter.AssignUserDeregistration,
				diameter.AssignTimeoutDeregistrationStore, diameter.AssignUserDeregistrationStore,
				diameter.AssignAdministrativeDeregistration, diameter.AssignDeregistrationTooMuchData:
				k.state = BeliefNot
			}
		}
		if k.state != "" {
			p.learn(k)
		}
	}
}

// thirdParty takes what the S-CSCF registers the user with application servers for (TS 24.229 5.4.1.7).
func (b *believer) thirdParty(r *registered) []*party {
	var out []*party
	for i := range b.u.Timeline {
		e := &b.u.Timeline[i]
		x := e.Exchange
		if x == nil || x.Register == nil || !x.Register.ThirdParty || e.Status != 0 || !b.related(r.impi, x.To.Key, r.aor) {
			continue
		}
		final := x.Final()
		if final == nil || final.Status >= 300 || !x.Request.Seen() {
			continue
		}
		name := b.label(x.Request.Last().Dst)
		at := slices.IndexFunc(out, func(p *party) bool { return p.name == name })
		if at < 0 {
			at = len(out)
			out = append(out, &party{role: PartyAS, name: name})
		}
		h := final.First()
		k := clue{time: h.Time, frame: h.Frame, state: BeliefNot, why: "third-party REGISTER with expires " + strconv.FormatInt(x.Register.Expires, 10)}
		if x.Register.Expires != 0 {
			k.state = BeliefRegistered
			if x.Register.Expires > 0 {
				k.until, k.grant = h.Time+x.Register.Expires*second, x.Register.Expires
			}
		}
		out[at].learn(k)
	}
	return out
}
