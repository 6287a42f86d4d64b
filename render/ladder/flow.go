package ladder

import (
	"cmp"
	"slices"

	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/words"
)

// Limits of a flow.
const (
	// MaxRows bounds the rows of a flow unless the caller says otherwise.
	MaxRows = 400
	// maxColumns bounds the nodes of a flow: more fit on no screen. Hops of further ones are counted only.
	maxColumns = 24
)

// Pause is the time without a message from which on a flow says that time has passed. Signalling that belongs
// together answers within T1 (RFC 3261 17.1.1.1).
const Pause = int64(500e6)

// Row is an arrow from one node to another, or a remark where no message went.
type Row struct {
	Step     *story.Event
	Hop      story.Hop
	From, To int         // columns; negative of a remark
	Later    bool        // not the first hop of its message
	Repeats  []story.Hop // retransmissions of this hop
	After    int64       // ns since the row before, negative if it is the earlier one; 0 of the first
}

// Remark reports whether no message went.
func (r *Row) Remark() bool { return r.From < 0 }

// Frames lists the frame of the row and those of its retransmissions.
func (r *Row) Frames() []uint32 {
	if r.Hop.Frame == 0 {
		return nil
	}
	out := []uint32{r.Hop.Frame}
	for _, h := range r.Repeats {
		out = append(out, h.Frame)
	}
	return out
}

// Flow is a sequence of messages, hop by hop.
type Flow struct {
	Labels []string // of the nodes, by column: by role, then in order of appearance
	Rows   []Row
	Left   int // hops that there is no room for; a remark stands where they would
	Nodes  int // nodes that there is no room for
}

// NewFlow makes a flow of steps with at most so many rows; 0 is MaxRows. Of more its beginning and its end are there.
// Retransmissions go to the hop that they repeat; what was captured a second time is left out.
func NewFlow(steps []story.Event, most int) *Flow {
	if most <= 0 {
		most = MaxRows
	}
	f := &Flow{}
	var remarks []Row
	type link struct {
		step     int
		from, to string
	}
	first := map[link]int{}
	for i := range steps {
		e := &steps[i]
		if len(e.Hops) == 0 {
			remarks = append(remarks, Row{Step: e, Hop: story.Hop{Frame: e.Frame, Time: e.Time}, From: -1, To: -1})
			continue
		}
		later := false
		for _, h := range e.Hops {
			if h.Copy {
				continue
			}
			k := link{i, h.From, h.To}
			at, seen := first[k]
			if seen && h.Repeat {
				f.Rows[at].Repeats = append(f.Rows[at].Repeats, h)
				continue
			}
			if !seen {
				first[k] = len(f.Rows)
			}
			f.Rows = append(f.Rows, Row{Step: e, Hop: h, Later: later})
			later = true
		}
	}
	slices.SortStableFunc(f.Rows, func(a, b Row) int { return cmp.Compare(a.Hop.Frame, b.Hop.Frame) })
	f.Rows = inTime(f.Rows, remarks)
	if n := len(f.Rows) - most; n > 0 {
		f.shorten(n + 1)
	}
	f.columns()
	for i := 1; i < len(f.Rows); i++ {
		f.Rows[i].After = f.Rows[i].Hop.Time - f.Rows[i-1].Hop.Time
	}
	return f
}

// inTime puts remarks among rows: what only the clock did has its place in time, messages have theirs by frame.
func inTime(rows, remarks []Row) []Row {
	if len(remarks) == 0 {
		return rows
	}
	out := make([]Row, 0, len(rows)+len(remarks))
	for i := len(rows) - 1; i >= 0 || len(remarks) > 0; {
		if n := len(remarks); n > 0 && (i < 0 || rows[i].Hop.Time <= remarks[n-1].Hop.Time) {
			out, remarks = append(out, remarks[n-1]), remarks[:n-1]
			continue
		}
		out = append(out, rows[i])
		i--
	}
	slices.Reverse(out)
	return out
}

// shorten leaves out so many rows in the middle, and puts a remark that says so in their place.
func (f *Flow) shorten(rows int) {
	from := (len(f.Rows) - rows + 1) / 2
	hops := 0
	for _, r := range f.Rows[from : from+rows] {
		if len(r.Step.Hops) > 0 {
			hops++
		}
	}
	gap := Row{Step: &story.Event{Summary: "… " + render.Count(hops, "message hop") + " left out"}, Hop: story.Hop{Time: f.Rows[from].Hop.Time}, From: -1, To: -1}
	f.Rows = slices.Replace(f.Rows, from, from+rows, gap)
	f.Left += hops
}

// columns finds the nodes and gives each row its place among them.
func (f *Flow) columns() {
	seen := map[string]int{}
	see := func(label string) {
		if _, ok := seen[label]; !ok {
			seen[label] = len(seen)
			f.Labels = append(f.Labels, label)
		}
	}
	for i := range f.Rows {
		if r := &f.Rows[i]; r.From >= 0 {
			see(r.Hop.From)
			see(r.Hop.To)
		}
	}
	if n := len(f.Labels) - maxColumns; n > 0 {
		f.Nodes, f.Labels = n, f.Labels[:maxColumns]
	}
	slices.SortStableFunc(f.Labels, func(a, b string) int {
		return cmp.Or(cmp.Compare(words.Rank(a), words.Rank(b)), cmp.Compare(seen[a], seen[b]))
	})
	column := map[string]int{}
	for i, l := range f.Labels {
		column[l] = i
	}
	kept := f.Rows[:0]
	for _, r := range f.Rows {
		if r.From < 0 { // a remark
			kept = append(kept, r)
			continue
		}
		from, ok := column[r.Hop.From]
		to, ok2 := column[r.Hop.To]
		if !ok || !ok2 {
			f.Left++
			continue
		}
		r.From, r.To = from, to
		kept = append(kept, r)
	}
	f.Rows = kept
}
