package story

import "slices"

// disagree finds the spans of time in which some of these lanes say registered and others do not.
func (b *believer) disagree(lanes []Lane) {
	if len(lanes) < 2 {
		return
	}
	edges := b.edges[:0]
	for i := range lanes {
		for j := range lanes[i].Segments {
			edges = append(edges, lanes[i].Segments[j].From)
		}
	}
	edges = append(edges, b.stop)
	slices.Sort(edges)
	b.edges = edges
	edges = slices.Compact(edges)
	at := b.at[:0] // the segment of each lane, -1 before its first
	for range lanes {
		at = append(at, -1)
	}
	b.at = at
	open := b.open[:0] // one stretch of disagreement
	b.ats = b.ats[:0]
	for e := range len(edges) - 1 {
		from, to := edges[e], edges[e+1]
		for i := range lanes {
			s := lanes[i].Segments
			for at[i]+1 < len(s) && s[at[i]+1].From <= from {
				at[i]++
			}
		}
		if contradict(lanes, at) {
			n := len(b.ats)
			b.ats = append(b.ats, at...)
			open = append(open, span{from, to, b.ats[n:len(b.ats):len(b.ats)]})
			continue
		}
		b.tell(lanes, open)
		open, b.ats = open[:0], b.ats[:0]
	}
	b.tell(lanes, open)
	b.open = open
}

// span is a span of time in which nobody changed their mind.
type span struct {
	from, to int64
	at       []int // the segment of each lane
}

// contradict reports whether one lane says registered while another says it is not.
func contradict(lanes []Lane, at []int) bool {
	yes, no := false, false
	for i := range lanes {
		if at[i] >= 0 {
			yes = yes || lanes[i].Segments[at[i]].State == BeliefRegistered
			no = no || lanes[i].Segments[at[i]].State == BeliefNot
		}
	}
	return yes && no
}

// tell tells one stretch of disagreement unless it is no longer than messages, or clocks, may differ.
// Within it, spans too short to count go with the next one.
func (b *believer) tell(lanes []Lane, open []span) {
	if len(open) == 0 {
		return
	}
	begin, end := open[0].from, open[len(open)-1].to
	tolerance := settleTime
	for i := range lanes {
		if j := open[0].at[i]; j >= 0 && lanes[i].Segments[j].From == begin {
			tolerance = max(tolerance, lanes[i].Segments[j].slack)
		}
	}
	if end-begin < tolerance {
		return
	}
	from := begin
	last := -1 // of the disagreements, of this stretch
	for k, s := range open {
		if s.to-s.from < settleTime && k+1 < len(open) {
			continue
		}
		switch {
		case last >= 0 && (s.to-s.from < settleTime || sameViews(lanes, b.disagreements[last].Views, s.at)):
			b.disagreements[last].To = s.to
		case len(b.disagreements) >= maxDisagreements:
			b.out.Untold++
			return
		default:
			if last >= 0 {
				from = b.disagreements[last].To
			}
			last = len(b.disagreements)
			b.disagreements = append(b.disagreements, b.disagreement(lanes, from, s))
		}
	}
	if last >= 0 {
		d := &b.disagreements[last]
		d.To, d.Open = end, end == b.stop
	}
}

// disagreement describes what each party believes in a span.
func (b *believer) disagreement(lanes []Lane, from int64, s span) Disagreement {
	views := b.views[:0]
	d := Disagreement{From: from, To: s.to, Contact: lanes[0].Contact, IMPI: lanes[0].IMPI, AORs: lanes[0].AORs}
	newest := int64(-1)
	for i := range lanes {
		if s.at[i] < 0 {
			continue
		}
		l, g := &lanes[i], &lanes[i].Segments[s.at[i]]
		if g.State == BeliefUnknown {
			continue
		}
		views = append(views, View{Party: l.Party, Role: l.Role, State: g.State, Since: g.From, Frame: g.Frame, Why: g.Why})
		if g.From <= from && g.From > newest {
			newest, d.Frame = g.From, g.Frame
		}
	}
	d.Views, b.views = b.beliefs.views.Copy(views), views
	return d
}

// sameViews reports whether the parties believe the same in a span as in a disagreement before it.
func sameViews(lanes []Lane, views []View, at []int) bool {
	n := 0
	for i := range lanes {
		if at[i] < 0 || lanes[i].Segments[at[i]].State == BeliefUnknown {
			continue
		}
		if n >= len(views) || views[n].Party != lanes[i].Party || views[n].Role != lanes[i].Role || views[n].State != lanes[i].Segments[at[i]].State {
			return false
		}
		n++
	}
	return n == len(views)
}

// joined makes one of the disagreements about identities of one contact that are the same else.
func joined(list []Disagreement) []Disagreement {
	out := list[:0]
next:
	for _, d := range list {
		for i := range out {
			o := &out[i]
			if o.Contact == d.Contact && o.IMPI == d.IMPI && o.From == d.From && o.To == d.To && slices.Equal(o.Views, d.Views) {
				o.AORs = slices.Concat(o.AORs, d.AORs)
				continue next
			}
		}
		out = append(out, d)
	}
	return out
}
