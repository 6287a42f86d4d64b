package ladder

import (
	"slices"
	"strings"

	"imscope/correlate/finding"
	"imscope/decode/problem"
	"imscope/render"
	"imscope/render/style"
	"imscope/render/words"
)

// Widths of a ladder in columns.
const (
	clockWidth = len("15:04:05.000")
	minGap     = 11 // between two lifelines: "REGIST…" fits into an arrow
	tightGap   = 7  // where labels stand above their arrows
	wideGap    = 36 // more does not help the eye
	arrowEnds  = 4  // of a label within an arrow: a dash before it, a dash and the head behind it, a lifeline
	minDetail  = 18 // right of the ladder
	minName    = 5  // of a node
)

// Text draws a flow for a terminal.
type Text struct {
	Flow  *Flow
	Nodes *words.Nodes
	Opt   render.Options
	// Day is the day that need not be said.
	Day int64
	// Marks say what was wrong with frames.
	Marks map[uint32][]*finding.Finding
	// Titles stand above rows, by their steps' frames.
	Titles map[uint32]string
}

// layout is where everything stands.
type layout struct {
	*Text
	width  int
	clock  bool  // the time of day is told
	frames int   // width of the column of frames
	delta  int   // of the column of times since the row before
	gutter int   // left of the ladder
	x      []int // lifelines
	names  []string
	detail int  // begin of what is told beside the ladder, 0 for none
	above  bool // labels stand above their arrows
	list   bool // no ladder: a line for each hop
}

// lay decides where everything stands.
func (t *Text) lay() *layout {
	l := &layout{Text: t, width: t.Opt.Columns(), clock: true}
	for i := range t.Flow.Rows {
		r := &t.Flow.Rows[i]
		l.frames = max(l.frames, len(words.Frame(r.Hop.Frame)))
		if !l.pause(i) {
			l.delta = max(l.delta, len(l.after(i)))
		}
	}
	for _, n := range t.Flow.Labels {
		l.names = append(l.names, clean(t.Nodes.Name(n)))
	}
	if len(l.names) == 0 {
		l.list = true
		l.margin()
		return l
	}
	for _, above := range []bool{false, true} {
		for _, clock := range []bool{true, false} {
			l.clock, l.above = clock, above
			l.margin()
			if l.columns() {
				return l
			}
		}
	}
	l.list, l.clock = true, false
	l.margin()
	return l
}

// margin adds up what stands left of the ladder.
func (l *layout) margin() {
	l.gutter = l.delta + 2 + l.frames + 2 // with a column for the mark of a finding
	if l.clock {
		l.gutter += clockWidth + 2
	}
}

// columns tries to find room for the lifelines.
func (l *layout) columns() bool {
	n := len(l.names)
	longest := 0
	for _, name := range l.names {
		longest = max(longest, width(name))
	}
	least := minGap
	if l.above {
		least = tightGap
		longest = min(longest, max(tightGap-1, minName))
	}
	left := min(width(l.names[0]), longest)/2 + 1
	right := min(width(l.names[n-1]), longest)/2 + 2
	room := l.width - l.gutter - left - right
	gaps := make([]int, max(n-1, 0))
	sum := 0
	for i := range gaps {
		a, b := min(width(l.names[i]), longest), min(width(l.names[i+1]), longest)
		gaps[i] = max(least, (a+1)/2+(b+1)/2+1)
		sum += gaps[i]
	}
	if sum > room {
		return false
	}
	for _, full := range []bool{false, true} {
		wanted := l.wanted(gaps, full)
		// What is left goes where least is lacking first, so that as many labels as can be are whole.
		for sum < room {
			at := -1
			for i, g := range gaps {
				if d := wanted[i] - g; d > 0 && (at < 0 || d < wanted[at]-gaps[at]) {
					at = i
				}
			}
			if at < 0 {
				break
			}
			add := min(wanted[at]-gaps[at], room-sum)
			gaps[at] += add
			sum += add
		}
	}
	l.x = []int{l.gutter + left}
	for _, g := range gaps {
		l.x = append(l.x, l.x[len(l.x)-1]+g)
	}
	if at := l.x[n-1] + right + 1; !l.above && l.width-at >= minDetail {
		l.detail = at
	} else {
		l.detail = 0
	}
	return true
}

// wanted is how wide the gaps would be if labels fitted: in full, or enough of them to know the message.
func (l *layout) wanted(least []int, full bool) []int {
	out := slices.Clone(least)
	if l.above {
		for i := range out {
			out[i] = max(out[i], minGap)
		}
		return out
	}
	var wide []*Row
	need := func(r *Row) int {
		forms := Labels(r)
		form, air := forms[0], 4
		if !full {
			form, air = forms[max(len(forms)-2, 0)], 0
		}
		return min(width(clean(form))+width(times(r))+arrowEnds+air, wideGap)
	}
	for i := range l.Flow.Rows {
		r := &l.Flow.Rows[i]
		switch d := max(r.From, r.To) - min(r.From, r.To); {
		case r.Remark() || d == 0:
		case d == 1:
			at := min(r.From, r.To)
			out[at] = max(out[at], need(r))
		default:
			wide = append(wide, r)
		}
	}
	for _, r := range wide {
		from, to := min(r.From, r.To), max(r.From, r.To)
		sum := 0
		for _, g := range out[from:to] {
			sum += g
		}
		if lack := need(r) - sum; lack > 0 {
			out[from] += lack
		}
	}
	return out
}

// pause reports whether so much time has passed before a row that it gets a line of its own.
func (l *layout) pause(i int) bool { return l.Flow.Rows[i].After >= Pause }

// after words the time since the row before.
func (l *layout) after(i int) string {
	if i == 0 {
		return ""
	}
	d := render.Duration(l.Flow.Rows[i].After)
	if l.Flow.Rows[i].After >= 0 {
		d = "+" + d
	}
	return d
}

// mark is the sign of the severest finding of a row's frames.
func (l *layout) mark(r *Row) (string, style.Role) {
	var worst *finding.Finding
	for _, f := range r.Frames() {
		for _, x := range l.Marks[f] {
			if worst == nil || x.Severity > worst.Severity {
				worst = x
			}
		}
	}
	if worst == nil {
		return "", style.Plain
	}
	return Mark(worst.Severity), words.Severity(worst.Severity).Role
}

// Mark is a severity's sign: its shape tells it without colour.
func Mark(s problem.Severity) string {
	switch s {
	case problem.Error:
		return "✖"
	case problem.Warning:
		return "▲"
	}
	return "•"
}

// repeatHead is after how many lines the names of the nodes are said again.
const repeatHead = 45

// shaft is what an arrow is made of.
func shaft(r *Row) string {
	switch {
	case Cx(r.Step) && Answer(r.Step):
		return "╍"
	case Cx(r.Step):
		return "═"
	case Answer(r.Step):
		return "╌"
	}
	return "─"
}

// line repeats a sign.
func line(sign string, n int) string { return strings.Repeat(sign, max(n, 0)) }
