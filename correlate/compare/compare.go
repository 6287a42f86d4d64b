package compare

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"imscope/correlate/fact"
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

// Difference is what two messages do not say alike. An empty side does not say it at all.
type Difference struct {
	What        string // header, "header;parameter", AVP
	Left, Right string
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
				row.LeftTook = x.Event.Time - left.Steps[since.left].Event.Time
				row.RightTook = y.Event.Time - right.Steps[since.right].Event.Time
				row.HasTook, row.Slower = true, remarkable(row.LeftTook, row.RightTook)
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

// steps compares two steps, with the ways that their messages took if they compare.
func steps(a, b *Step, ways bool) []Difference {
	var list []Difference
	add := func(what, left, right string) {
		if left != right {
			list = append(list, Difference{what, left, right})
		}
	}
	if ways {
		add("way", way(a.Event), way(b.Event))
	}
	if a.Event.Repeats > 0 != (b.Event.Repeats > 0) {
		add("retransmissions", fmt.Sprint(a.Event.Repeats), fmt.Sprint(b.Event.Repeats))
	}
	x, y, same := hopsOf(a, b)
	if x != nil {
		d := fields(x.fields, y.fields)
		if !same {
			d = slices.DeleteFunc(d, func(d Difference) bool { return onTheWay(d.What) })
		}
		list = append(list, d...)
	} else if a.Event.Status != b.Event.Status {
		add("Status", fmt.Sprint(a.Event.Status), fmt.Sprint(b.Event.Status))
	}
	if m, n := document(a.Event), document(b.Event); m != nil && n != nil {
		add("reginfo state", m.State.String(), n.State.String())
		add("reginfo content", contents(m), contents(n))
	}
	return list
}

// way names the parties of a message in the order in which it passed them.
func way(e *story.Event) string {
	var list []string
	for _, h := range e.Hops {
		if h.Repeat || h.Copy {
			continue
		}
		for _, label := range [...]string{h.From, h.To} {
			r := role(label)
			if r == "" {
				r = "node"
			}
			if len(list) == 0 || list[len(list)-1] != r {
				list = append(list, r)
			}
		}
	}
	return strings.Join(list, " → ")
}

// onTheWay reports whether a difference is of a header field that proxies change.
func onTheWay(what string) bool {
	for _, name := range [...]string{"Via", "Route", "Record-Route", "Path", "P-Visited-Network-ID", "P-Charging-", "P-Access-Network-Info", "Require", "Request-URI", "Authorization", "WWW-Authenticate", "Security-"} {
		if strings.HasPrefix(what, name) {
			return true
		}
	}
	return false
}

// hopsOf finds the texts of two steps between the same parties, the first ones where there are none such.
func hopsOf(a, b *Step) (x, y *text, same bool) {
	for i := range a.texts {
		for j := range b.texts {
			if s, t := &a.texts[i], &b.texts[j]; s.found && t.found && s.from == t.from && s.to == t.to {
				return s, t, true
			}
		}
	}
	for i := range a.texts {
		for j := range b.texts {
			if a.texts[i].found && b.texts[j].found {
				return &a.texts[i], &b.texts[j], false
			}
		}
	}
	return nil, nil, false
}

// document gives the reginfo document of a NOTIFY.
func document(e *story.Event) *fact.Document {
	if e.Exchange == nil || e.Exchange.Notify == nil || e.Status != 0 {
		return nil
	}
	return e.Exchange.Notify.Document
}

// contents says what a document lists: registrations by their state, and contacts by state and event.
func contents(d *fact.Document) string {
	counts := map[string]int{}
	for _, r := range d.Registrations {
		counts["registration "+r.State.String()]++
		for _, c := range r.Contacts {
			counts["contact "+c.State.String()+" "+c.Event.String()]++
		}
	}
	var list []string
	for k, n := range counts {
		list = append(list, fmt.Sprintf("%d %s", n, k))
	}
	slices.SortFunc(list, func(a, b string) int {
		return strings.Compare(a[strings.IndexByte(a, ' '):], b[strings.IndexByte(b, ' '):])
	})
	return strings.Join(list, ", ")
}

// fields compares the header fields of two messages, in the order of the left one.
func fields(left, right []Field) []Difference {
	var list []Difference
	for _, f := range left {
		g := named(right, f.Name)
		if g == nil {
			list = append(list, Difference{f.Name, values(f.Values), ""})
			continue
		}
		list = append(list, field(&f, g)...)
	}
	for _, g := range right {
		if named(left, g.Name) == nil {
			list = append(list, Difference{g.Name, "", values(g.Values)})
		}
	}
	return list
}

func named(list []Field, name string) *Field {
	for i := range list {
		if strings.EqualFold(list[i].Name, name) {
			return &list[i]
		}
	}
	return nil
}

// field compares the values of one header field.
func field(f, g *Field) []Difference {
	if f.set {
		return set(f, g)
	}
	var list []Difference
	if len(f.Values) != len(g.Values) {
		list = append(list, Difference{f.Name + " (values)", fmt.Sprint(len(f.Values)), fmt.Sprint(len(g.Values))})
	}
	for i := range min(len(f.Values), len(g.Values)) {
		name := f.Name
		if i > 0 {
			name = fmt.Sprintf("%s (%d)", f.Name, i+1)
		}
		v, w := f.Values[i], g.Values[i]
		if v.Main != w.Main && !about(v.Main, w.Main) {
			list = append(list, Difference{name, v.Main, w.Main})
		}
		list = append(list, parameters(name, v.Params, w.Params)...)
	}
	return list
}

// parameters compares the parameters of a value. A parameter may be there several times.
func parameters(name string, left, right []Param) []Difference {
	var list []Difference
	value := func(l []Param, n string) (v string, ok bool) {
		for _, p := range l {
			if p.Name == n {
				if ok {
					v += ", "
				}
				v, ok = v+p.Value, true
			}
		}
		if ok && v == "" {
			v = "there"
		}
		return v, ok
	}
	done := map[string]bool{}
	for _, l := range [...][]Param{left, right} {
		for _, p := range l {
			if done[p.Name] {
				continue
			}
			done[p.Name] = true
			a, _ := value(left, p.Name)
			b, _ := value(right, p.Name)
			if a != b && !about(a, b) {
				list = append(list, Difference{name + ";" + p.Name, a, b})
			}
		}
	}
	return list
}

// about reports whether two values are times that differ by less than a hundredth: what is left of an hour depends on
// when one looks.
func about(a, b string) bool {
	x, err := strconv.ParseInt(a, 10, 64)
	y, err2 := strconv.ParseInt(b, 10, 64)
	return err == nil && err2 == nil && x > 0 && y > 0 && max(x, y)-min(x, y) < max(x, y)/100
}

// set compares values whose order means nothing: those that one side has alone.
func set(f, g *Field) []Difference {
	a, b := sorted(f.Values), sorted(g.Values)
	only := func(l, other []string) string {
		return strings.Join(slices.DeleteFunc(slices.Clone(l), func(s string) bool { return slices.Contains(other, s) }), ", ")
	}
	l, r := only(a, b), only(b, a)
	if l == "" && r == "" {
		return nil
	}
	return []Difference{{f.Name, l, r}}
}

// values gives all values of a field as it is shown.
func values(list []Value) string {
	out := make([]string, 0, len(list))
	for _, v := range list {
		out = append(out, v.String())
	}
	return strings.Join(out, ", ")
}
