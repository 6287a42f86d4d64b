package compare

import (
	"maps"
	"slices"

	"imscope/correlate/finding"
	"imscope/correlate/story"
)

// Kind says what a row of a comparison is.
type Kind string

// Kinds of rows.
const (
	Same    Kind = "same"
	Changed Kind = "changed"
	Left    Kind = "left"  // a step of the left flow alone
	Right   Kind = "right" // a step of the right flow alone
)

// Row is a step of both flows, or of one that the other does not have.
type Row struct {
	Kind        Kind
	Left, Right *story.Event // nil where the flow does not have it
	Differences []Difference // of a changed step
	// LeftTook and RightTook are the times since the request, of an answer, and since the request before that both flows
	// have, of a request; valid iff HasTook.
	LeftTook, RightTook int64
	HasTook             bool
	Slower              bool // one of them took remarkably longer
	// Unseen says that the step was on links alone that the other captures do not show at all: that the other flow does
	// not have it says nothing.
	Unseen bool
}

// Result is a comparison.
type Result struct {
	Left, Right *Flow
	Rows        []Row
	// Findings of one side alone, by rule; a rule that fires on both sides says nothing of the difference.
	LeftFindings, RightFindings []finding.Finding
}

// Flows compares two flows with the findings of their users.
func Flows(left, right *Flow, leftFindings, rightFindings []finding.Finding) *Result {
	r := &Result{Left: left, Right: right,
		LeftFindings: without(leftFindings, rightFindings), RightFindings: without(rightFindings, leftFindings)}
	l, m := items(left.Steps), items(right.Steps)
	leftView, rightView := viewOf(left.Steps), viewOf(right.Steps)
	// Where the captures were taken at different places, the ways are different ones of course.
	ways := maps.Equal(leftView, rightView)
	before := pair{-1, -1} // the requests of the transaction before that both have
	for _, p := range align(l, m) {
		var a, b []int
		if p.left >= 0 {
			a = l[p.left].steps
		}
		if p.right >= 0 {
			b = m[p.right].steps
		}
		since := before
		for _, q := range paired(left.Steps, a, right.Steps, b) {
			switch {
			case q.left < 0:
				e := right.Steps[q.right].Event
				r.Rows = append(r.Rows, Row{Kind: Right, Right: e, Unseen: !leftView.shows(e)})
				continue
			case q.right < 0:
				e := left.Steps[q.left].Event
				r.Rows = append(r.Rows, Row{Kind: Left, Left: e, Unseen: !rightView.shows(e)})
				continue
			}
			x, y := &left.Steps[q.left], &right.Steps[q.right]
			row := Row{Kind: Same, Left: x.Event, Right: y.Event, Differences: steps(x, y, ways)}
			if len(row.Differences) > 0 {
				row.Kind = Changed
			}
			if since.left >= 0 {
				// Where one side has them in another order there is no time to compare.
				a, b := x.Event.Time-left.Steps[since.left].Event.Time, y.Event.Time-right.Steps[since.right].Event.Time
				if a >= 0 && b >= 0 {
					row.LeftTook, row.RightTook, row.HasTook, row.Slower = a, b, true, remarkable(a, b)
				}
			}
			if since == before {
				before = q
			}
			since = before // an answer counts from its request
			r.Rows = append(r.Rows, row)
		}
	}
	return r
}

// paired lines up the steps of two transactions: the requests, then the answers in their order.
func paired(left []Step, a []int, right []Step, b []int) []pair {
	var rows []pair
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case j == len(b):
			rows = append(rows, pair{a[i], -1})
			i++
		case i == len(a):
			rows = append(rows, pair{-1, b[j]})
			j++
		case isAnswer(left[a[i]].Event) == isAnswer(right[b[j]].Event):
			rows = append(rows, pair{a[i], b[j]})
			i, j = i+1, j+1
		case isAnswer(left[a[i]].Event): // its request is not seen
			rows = append(rows, pair{-1, b[j]})
			j++
		default:
			rows = append(rows, pair{a[i], -1})
			i++
		}
	}
	return rows
}

func isAnswer(e *story.Event) bool {
	return e.Status != 0 || e.Cx != nil && e.Method != e.Cx.Name
}

// view are the links that a flow shows, by the roles at their ends.
type view map[string]bool

func viewOf(list []Step) view {
	v := view{}
	for i := range list {
		for _, h := range list[i].Event.Hops {
			v[link(h)] = true
		}
	}
	return v
}

// link names the link of a hop, whichever way it goes.
func link(h story.Hop) string {
	a, b := role(h.From), role(h.To)
	return min(a, b) + "–" + max(a, b)
}

// shows reports whether an event could have been seen on any of the links. What no message made needs none.
func (v view) shows(e *story.Event) bool {
	return len(e.Hops) == 0 || slices.ContainsFunc(e.Hops, func(h story.Hop) bool { return v[link(h)] })
}

// Equal reports whether the flows have the same steps and all of them say the same, as far as both could be seen.
func (r *Result) Equal() bool {
	return !slices.ContainsFunc(r.Rows, func(w Row) bool { return w.Kind != Same && !w.Unseen }) && len(r.LeftFindings)+len(r.RightFindings) == 0
}

// Count counts the rows of a kind, without those that could not be seen.
func (r *Result) Count(k Kind) int {
	n := 0
	for i := range r.Rows {
		if r.Rows[i].Kind == k && !r.Rows[i].Unseen {
			n++
		}
	}
	return n
}

// Unseen counts the rows that the other captures could not have shown.
func (r *Result) Unseen() int {
	n := 0
	for i := range r.Rows {
		if r.Rows[i].Unseen {
			n++
		}
	}
	return n
}

// remarkable reports whether two times differ so much that a person would ask why: by more than 100 ms and more than
// double.
func remarkable(a, b int64) bool {
	const least = 100e6
	a, b = min(a, b), max(a, b)
	return b-a > least && b > 2*a
}

// without gives one finding of each rule that the other side does not have.
func without(list, other []finding.Finding) []finding.Finding {
	var out []finding.Finding
	has := func(l []finding.Finding, rule string) bool {
		return slices.ContainsFunc(l, func(f finding.Finding) bool { return f.Rule == rule })
	}
	for _, f := range list {
		if !has(other, f.Rule) && !has(out, f.Rule) {
			out = append(out, f)
		}
	}
	return out
}
