package comparison

import (
	"cmp"
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

// fold says how rows of one kind are folded, of which there may be too many in a row to show them all.
type fold struct {
	what string // of the rows that are folded
	most int    // how many may stand in a row
	ends int    // how many stay at each end
}

// folds are the kinds of rows that are folded. Of what one side has alone more stays: six steps are a refresh with its news.
var folds = map[compare.Kind]fold{
	compare.Same:  {"without a difference", 4, 1},
	compare.Left:  {"on the left alone", 18, 6},
	compare.Right: {"on the right alone", 18, 6},
}

// run is some rows, one behind the other.
type run struct {
	rows   []compare.Row
	folded string // what they are, where they are folded; else ""
}

// runs splits rows at what is folded.
func runs(rows []compare.Row, all bool) []run {
	var out []run
	shown := 0
	for i := 0; i < len(rows) && !all; {
		k, n := kind(&rows[i]), 1
		for i+n < len(rows) && kind(&rows[i+n]) == k {
			n++
		}
		if f, ok := folds[k]; ok && n > f.most {
			out = append(out, run{rows[shown : i+f.ends], ""}, run{rows[i+f.ends : i+n-f.ends], f.what})
			shown = i + n - f.ends
		}
		i += n
	}
	return append(out, run{rows[shown:], ""})
}

// kind is that of a row, the same where there is nothing to say of it.
func kind(w *compare.Row) compare.Kind {
	switch {
	case silent(w):
		return compare.Same
	case w.Kind == compare.Same:
		return compare.Changed // slower
	case ends(cmp.Or(w.Left, w.Right)):
		return compare.Changed // what flows are compared for is not folded away
	}
	return w.Kind
}

// ends reports whether a step ends a registration.
func ends(e *story.Event) bool {
	return e.Kind == story.KindDeregister && e.Status == 0 || e.Cx != nil && e.Cx.Name == "RTR"
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
