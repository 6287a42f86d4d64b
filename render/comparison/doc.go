// Package comparison writes what package compare found: as text for a terminal, as JSON, and as a page.
//
// # The contract of the JSON
//
// One object, schema imscope-compare/1. left and right say what is compared; steps[] are the rows in order, each with its
// kind (same, changed, left, right), the step on either side (null where there is none), differences[] (what, left,
// right; null where a side does not say it) and the time that either side took since the step before that both have.
// findings.left[] and findings.right[] are of one side alone.
package comparison

import (
	"strconv"
	"strings"

	"imscope/correlate/compare"
	"imscope/correlate/story"
	"imscope/render/words"
)

// Side is what a flow is of.
type Side struct {
	Captures []string
}

// Comparison is what is written.
type Comparison struct {
	*compare.Result
	LeftSide, RightSide Side
	Version             string

	named map[*story.User]*words.Nodes
}

// name says what a row is: a method, or an answer to one.
func name(w *compare.Row) string {
	e, f := w.Left, w.Right
	if e == nil {
		e = f
	}
	if f == nil {
		f = e
	}
	switch {
	case e.Method == "":
		return string(e.Kind)
	case e.Status == 0 && f.Status == 0:
		return e.Method
	case e.Status == f.Status:
		return strconv.Itoa(e.Status) + " to " + e.Method
	}
	return strconv.Itoa(e.Status) + " | " + strconv.Itoa(f.Status) + " to " + e.Method
}

// offset gives the time of an event since the flow's first step.
func offset(f *compare.Flow, e *story.Event) int64 {
	if len(f.Steps) == 0 {
		return 0
	}
	return e.Time - f.Steps[0].Event.Time
}

// span gives the time from the first step of a flow to its last.
func span(f *compare.Flow) int64 {
	if len(f.Steps) == 0 {
		return 0
	}
	return offset(f, f.Steps[len(f.Steps)-1].Event)
}

// parties says from whom to whom a step went.
func parties(e *story.Event) string {
	if e.From == "" && e.To == "" {
		return ""
	}
	return strings.TrimSpace(e.From + " → " + e.To)
}
