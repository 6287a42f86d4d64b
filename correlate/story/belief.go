package story

import (
	"cmp"
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/identity"
)

const (
	// maxCharts bounds the contacts of one user whose lanes are drawn, the latest ones: a phone behind
	// a translator, or with new protected ports each time, has one for each registration.
	maxCharts = 64
	// maxDisagreements bounds those that are told of one user.
	maxDisagreements = 100
)

// clue is something that makes a party believe something.
type clue struct {
	time  int64
	frame uint32
	state string
	why   string
	aor   string   // key of the identity that it is about; "" for those of set
	set   []string // keys; nil for all
	until int64    // of BeliefRegistered: runs out; 0 for never
	grant int64    // seconds, of until
	// mild clues end a belief, or found one where there was none, and change nothing else: what a
	// document says to a phone that knows better by its own REGISTERs.
	mild bool
	// over ends what is known if it is that the contact is registered.
	over bool
}

func (c *clue) about(aor string) bool {
	if c.aor != "" {
		return c.aor == aor
	}
	return c.set == nil || slices.Contains(c.set, aor)
}

// party is one party of a chart.
type party struct {
	role, name string
	clues      []clue
	// ended is when its last subscription ended, 0 while one is alive; valid iff watches.
	ended   int64
	watches bool
}

func (p *party) learn(c clue) { p.clues = append(p.clues, c) }

// chart is one contact with all who believe something of it.
type chart struct {
	key, uri string
	aors     []string // keys
	impi     string
	owner    string // label of its phone
	parties  []*party
	laid     map[string][]Segment // registrar's lane by identity key
}

// party finds or makes a party.
func (c *chart) party(role, name string) *party {
	for _, p := range c.parties {
		if p.role == role && p.name == name {
			return p
		}
	}
	p := &party{role: role, name: name}
	c.parties = append(c.parties, p)
	return p
}

// believer collects the clues of one user.
type believer struct {
	dissector
	start, stop int64
	charts      []*chart
	byKey       map[string]*chart
	names       map[string]string // identity key → spelling
	scopes      []scope
	scscf       string // label of the registrar
	out         Beliefs
}

// scope is an implicit registration set as a 200 told it.
type scope struct {
	impi string
	keys []string
}

func newBeliever(u *User) *believer {
	b := &believer{dissector: dissector{u: u}, byKey: map[string]*chart{}, names: map[string]string{}}
	b.exchanges, b.cx = u.registers()
	b.start, b.stop = u.FirstTime, b.end()
	if u.Context != nil && u.Context.Start != 0 {
		b.start = min(u.Context.Start, b.start)
	}
	for i := range u.Bindings {
		row := &u.Bindings[i]
		c := b.byKey[row.ContactKey]
		if c == nil {
			c = &chart{key: row.ContactKey, uri: row.Contact}
			b.byKey[row.ContactKey] = c
			b.charts = append(b.charts, c)
		}
		if key := aorKey(row); !slices.Contains(c.aors, key) {
			c.aors = append(c.aors, key)
			b.names[key] = row.AOR
		}
	}
	if n := len(b.charts) - maxCharts; n > 0 {
		for _, c := range b.charts[:n] {
			delete(b.byKey, c.key)
		}
		b.charts, b.out.Dropped = b.charts[n:], n
	}
	for _, x := range b.exchanges {
		if a := x.Register.Answer.Associated; len(a) > 0 {
			b.scope(x.Register.IMPI, x.To.Key, a)
		}
	}
	return b
}

// aorKey gives the key of a binding's identity.
func aorKey(b *Binding) string { return cmp.Or(b.AORKey, b.AOR) }

// scope takes an implicit registration set.
func (b *believer) scope(impi, to string, associated []fact.URI) {
	for i := range b.scopes {
		s := &b.scopes[i]
		if s.impi == impi && s.keys[0] == to {
			for _, a := range associated {
				if !slices.Contains(s.keys, a.Key) {
					s.keys = append(s.keys, a.Key)
				}
			}
			return
		}
	}
	s := scope{impi, make([]string, 1, len(associated)+1)}
	s.keys[0] = to
	for _, a := range associated {
		if a.Key != to {
			s.keys = append(s.keys, a.Key)
		}
	}
	b.scopes = append(b.scopes, s)
}

// set gives the identities that a REGISTER is about.
func (b *believer) set(x *fact.Exchange) []string {
	for i := range b.scopes {
		if s := &b.scopes[i]; s.keys[0] == x.To.Key && (s.impi == x.Register.IMPI || x.Register.IMPI == "") {
			return s.keys
		}
	}
	return []string{x.To.Key}
}

// chart finds the chart of a contact: by its key, else by the same place with another port if just one
// is there.
func (b *believer) chart(key string) *chart {
	if c := b.byKey[key]; c != nil {
		return c
	}
	var hit *chart
	for _, c := range b.charts {
		if identity.SamePlace(c.key, key) {
			if hit != nil {
				return nil
			}
			hit = c
		}
	}
	return hit
}

// segments turns the clues of a party about one identity into what it believed.
func (b *believer) segments(p *party, aor string) []Segment {
	var mine []clue
	for i := range p.clues {
		if p.clues[i].about(aor) {
			mine = append(mine, p.clues[i])
		}
	}
	slices.SortStableFunc(mine, func(a, b clue) int { return cmp.Compare(a.time, b.time) })
	if p.watches && p.ended != 0 && len(mine) > 0 {
		// Its last document may still be on its way.
		mine = append(mine, clue{time: max(p.ended, mine[len(mine)-1].time), over: true, why: "its subscription ended"})
	}
	var out []Segment
	state, until, grant := BeliefUnknown, int64(0), int64(0)
	enter := func(at int64, frame uint32, to, why string, slack int64) {
		at = max(at, b.start)
		if n := len(out); n > 0 {
			out[n-1].To = at
			if out[n-1].From == at {
				out = out[:n-1]
			}
		}
		state = to
		out = append(out, Segment{From: at, Frame: frame, State: to, Why: why, slack: slack})
	}
	expire := func(now int64) {
		if state == BeliefRegistered && until != 0 && until <= now {
			enter(until, 0, BeliefNot, "the granted "+count(grant)+" s ran out", max(5*second, grant*second/8))
		}
	}
	for _, c := range mine {
		expire(c.time)
		switch {
		case c.over:
			if state == BeliefRegistered {
				enter(c.time, c.frame, BeliefUnknown, c.why, 0)
			}
		case c.mild && (state == c.state || state == BeliefNot):
		case c.state == BeliefRegistered:
			until, grant = c.until, c.grant
			if state != BeliefRegistered {
				enter(c.time, c.frame, c.state, c.why, 0)
			}
		case state != c.state:
			enter(c.time, c.frame, c.state, c.why, 0)
		}
	}
	expire(b.stop - 1)
	if n := len(out); n > 0 {
		out[n-1].To = max(b.stop, out[n-1].From)
	}
	return out
}

// lay turns the charts into lanes, identities that fared alike together.
func (b *believer) lay() {
	for _, c := range b.charts {
		order(c.parties)
		c.laid = make(map[string][]Segment, len(c.aors))
		type group struct {
			aors  []string
			lanes [][]Segment
		}
		var groups []*group
	next:
		for _, aor := range c.aors {
			lanes := make([][]Segment, len(c.parties))
			for i, p := range c.parties {
				lanes[i] = b.segments(p, aor)
				if p.role == PartySCSCF {
					c.laid[aor] = lanes[i]
				}
			}
			for _, g := range groups {
				if slices.EqualFunc(g.lanes, lanes, sameLane) {
					g.aors = append(g.aors, aor)
					continue next
				}
			}
			groups = append(groups, &group{[]string{aor}, lanes})
		}
		for _, g := range groups {
			b.draw(Lane{Contact: c.uri, AORs: b.spelled(g.aors)}, c.parties, g.lanes)
		}
	}
}

func (b *believer) spelled(keys []string) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = cmp.Or(b.names[k], k)
	}
	return out
}

// draw puts out the lanes of one contact, or of the identities as such, and where they disagree.
func (b *believer) draw(l Lane, parties []*party, lanes [][]Segment) {
	from := len(b.out.Lanes)
	for i, p := range parties {
		if len(lanes[i]) > 0 {
			l.Party, l.Role, l.Segments = p.name, p.role, lanes[i]
			b.out.Lanes = append(b.out.Lanes, l)
		}
	}
	b.disagree(b.out.Lanes[from:])
}

func sameLane(a, b []Segment) bool {
	return slices.EqualFunc(a, b, func(a, b Segment) bool { return a.From == b.From && a.State == b.State })
}

// order puts parties into the order of the lanes.
func order(parties []*party) {
	rank := []string{PartyUE, PartyPCSCF, PartySCSCF, PartyHSS, PartyAS, PartyWatcher}
	slices.SortStableFunc(parties, func(a, b *party) int {
		return cmp.Compare(slices.Index(rank, a.role), slices.Index(rank, b.role))
	})
}
