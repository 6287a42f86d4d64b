package story

import (
	"cmp"
	"slices"
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
	// mild clues end a belief, found one where there was none, or tell of a new lifetime of the contact, and change
	// nothing else: what a document says to a phone that knows better by its own REGISTERs.
	mild bool
	sent int64 // of what a registrar tells: when it did; 0 of what a party finds out by itself
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
	clues      []clue // by time once all are there
	// ended is when its last subscription ended, 0 while one is alive; valid iff watches.
	ended   int64
	watches bool
	blind   bool // a P-CSCF that may be told what the capture does not show
	left    bool // an AS that was told by third-party REGISTER that no contact is left
}

// chart is one contact with all who believe something of it.
type chart struct {
	key, uri string
	host     string   // of key
	aors     []string // keys
	impi     string
	instance string
	owner    string // label of its phone
	parties  []*party
	told     bool // a document speaks of it
}

// learn gives a party a clue.
func (b *believer) learn(p *party, c clue) { p.clues = b.hints.clues.Add(p.clues, c) }

// party makes a party.
func (b *believer) party(role, name string) *party {
	p := b.hints.parties.One()
	p.role, p.name = role, name
	return p
}

// partyOf finds or makes a party of a chart.
func (b *believer) partyOf(c *chart, role, name string) *party {
	for _, p := range c.parties {
		if p.role == role && p.name == name {
			return p
		}
	}
	p := b.party(role, name)
	c.parties = b.hints.partyPtr.Add(c.parties, p)
	return p
}

// sort brings the clues into the order of time.
func (p *party) sort() {
	byTime := func(a, b clue) int { return cmp.Compare(a.time, b.time) }
	for i := 1; i < len(p.clues); i++ {
		if p.clues[i].time < p.clues[i-1].time {
			slices.SortStableFunc(p.clues, byTime)
			return
		}
	}
}

// segments turns the clues of a party about one identity into what it believed, behind what b.segs holds
// already.
func (b *believer) segments(p *party, aor string) []Segment {
	out, from := b.segs, len(b.segs)
	state, until, grant := BeliefUnknown, int64(0), int64(0)
	enter := func(at int64, frame uint32, to, why string, slack int64) {
		at = max(at, b.start)
		if n := len(out); n > from {
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
			enter(until, 0, BeliefNot, b.words("the granted ", count(grant), " s ran out"), max(5*second, grant*second/8))
		}
	}
	var last *clue
	known := 0 // the newest lifetime that it has heard of
	for i := range p.clues {
		c := &p.clues[i]
		if !c.about(aor) {
			continue
		}
		last = c
		expire(c.time)
		of := b.held.lifetime(c)
		switch {
		case c.sent != 0 && state == BeliefRegistered && c.state != BeliefRegistered && of < known:
			continue // the end of an earlier lifetime, told late
		case c.mild && state == BeliefNot && (c.state != BeliefRegistered || of <= known):
			continue
		case c.mild && state == c.state:
		case c.state == BeliefRegistered:
			until, grant = c.until, c.grant
			if state != BeliefRegistered {
				enter(c.time, c.frame, c.state, c.why, 0)
			}
		case state != c.state:
			enter(c.time, c.frame, c.state, c.why, 0)
		}
		known = max(known, of)
	}
	if p.watches && p.ended != 0 && last != nil {
		// Its last document may still be on its way.
		at := max(p.ended, last.time)
		expire(at)
		if state == BeliefNot {
			at = b.held.next(at) // of which it will not hear
		}
		if state != BeliefUnknown && at != 0 {
			enter(at, 0, BeliefUnknown, "its subscription ended", 0)
		}
	}
	expire(b.stop - 1)
	if n := len(out); n > from {
		out[n-1].To = max(b.stop, out[n-1].From)
	}
	b.segs = out
	return out[from:]
}

// group is identities that fared alike, with what the parties believed of them.
type group struct {
	impi    string // of identities as such
	aors    []string
	parties []*party
	lanes   [][]Segment
}

// lay turns the charts into lanes, identities that fared alike together.
func (b *believer) lay() {
	for _, c := range b.charts {
		order(c.parties)
		for _, p := range c.parties {
			p.sort()
		}
		b.groups = b.groups[:0]
		for _, aor := range c.aors {
			b.hold(c, aor)
			b.believed(aor, c.parties)
			if at := slices.IndexFunc(b.groups, b.sameLanes); at >= 0 {
				b.groups[at].aors = b.hints.keys.Add(b.groups[at].aors, aor)
				continue
			}
			b.newGroup("", aor, c.parties)
		}
		b.held.reset()
		for i := range b.groups {
			b.draw(Lane{Contact: c.uri}, &b.groups[i])
		}
	}
}

// believed works out what parties believed of an identity: b.segs, of which b.cuts has the ends.
func (b *believer) believed(aor string, parties []*party) {
	b.segs, b.cuts = b.segs[:0], b.cuts[:0]
	for _, p := range parties {
		b.segments(p, aor)
		b.cuts = append(b.cuts, len(b.segs))
	}
}

// sameLanes reports whether a group believes what was just worked out.
func (b *believer) sameLanes(g group) bool {
	if len(g.lanes) != len(b.cuts) {
		return false
	}
	from := 0
	for i, to := range b.cuts {
		if !sameLane(g.lanes[i], b.segs[from:to]) {
			return false
		}
		from = to
	}
	return true
}

// newGroup makes a group of what was just worked out.
func (b *believer) newGroup(impi, aor string, parties []*party) {
	g := group{impi: impi, aors: b.hints.keys.Add(nil, aor), parties: parties, lanes: b.hints.lanes.Some(len(b.cuts))}
	from := 0
	for i, to := range b.cuts {
		g.lanes[i] = b.beliefs.segments.Copy(b.segs[from:to])
		from = to
	}
	b.groups = append(b.groups, g)
}

// draw puts out the lanes of one contact, or of the identities as such, and where they disagree.
func (b *believer) draw(l Lane, g *group) {
	l.AORs = b.spelled(g.aors)
	from := len(b.lanes)
	for i, p := range g.parties {
		if len(g.lanes[i]) > 0 {
			l.Party, l.Role, l.Segments = p.name, p.role, g.lanes[i]
			b.lanes = append(b.lanes, l)
		}
	}
	b.disagree(b.lanes[from:])
}

func sameLane(a, b []Segment) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].From != b[i].From || a[i].State != b[i].State {
			return false
		}
	}
	return true
}

// order puts parties into the order of the lanes.
func order(parties []*party) {
	slices.SortStableFunc(parties, func(a, b *party) int { return cmp.Compare(rank(a.role), rank(b.role)) })
}

// rank is the place of a role among the lanes.
func rank(role string) int {
	switch role {
	case PartyUE:
		return 0
	case PartyPCSCF:
		return 1
	case PartySCSCF:
		return 2
	case PartyHSS:
		return 3
	case PartyAS:
		return 4
	}
	return 5
}
