package comparison

import (
	"fmt"
	"strings"

	"imscope/correlate/compare"
	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/report"
	"imscope/render/words"
)

// maxVerdicts is how many verdicts on a side are told.
const maxVerdicts = 3

// verdicts gives what a report says first of a user.
func verdicts(u *story.User) []string {
	var out []string
	list, rest := (&report.User{User: u, Nodes: words.NodesOf(u)}).Verdicts(maxVerdicts)
	for _, v := range list {
		out = append(out, v.Sentence)
	}
	if rest != "" {
		out = append(out, "… "+rest+".")
	}
	return out
}

// took words the times of a row that one side was slower at.
func took(left, right int64) string {
	return "took " + render.Duration(left) + " on the left, " + render.Duration(right) + " on the right"
}

// since words a time since the beginning, exact where minutes have passed.
func since(ns int64) string {
	const minute = 60e9
	if ns < minute {
		return render.Duration(ns)
	}
	ms := ns / 1e6
	return fmt.Sprintf("%d:%02d:%02d.%03d", ms/3600_000, ms/60_000%60, ms/1000%60, ms%1000)
}

// quiet is how many rows without a difference stand in a row before they are folded.
const quiet = 4

// run is some rows, one behind the other.
type run struct {
	rows   []compare.Row
	folded bool // there is nothing to say of them
}

// runs splits rows at what is folded. The first and the last of rows without a difference stay.
func runs(rows []compare.Row, all bool) []run {
	var out []run
	shown := 0
	for i := 0; i < len(rows); i++ {
		n := 0
		for !all && i+n < len(rows) && silent(&rows[i+n]) {
			n++
		}
		if n > quiet {
			out = append(out, run{rows[shown : i+1], false}, run{rows[i+1 : i+n-1], true})
			shown = i + n - 1
			i = shown
		}
	}
	return append(out, run{rows[shown:], false})
}

// silent reports whether there is nothing to say of a row.
func silent(w *compare.Row) bool { return (w.Kind == compare.Same || w.Unseen) && !w.Slower }

// mark is the sign of a row, so that it does not depend on colour alone.
func mark(k compare.Kind, unseen bool) string {
	switch {
	case unseen:
		return "·"
	case k == compare.Changed:
		return "~"
	case k == compare.Left:
		return "−"
	case k == compare.Right:
		return "+"
	}
	return "="
}

// names joins the names of captures, each made by name.
func names(list []string, name func(string) string) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = name(s)
	}
	return strings.Join(out, ", ")
}
