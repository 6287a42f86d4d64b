package markdown

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/ladder"
	"imscope/render/words"
)

// Limits of a diagram.
const (
	// maxDiagram is how long its text may become: Mermaid refuses more than 50,000 characters.
	maxDiagram = 45_000
	// maxArrows is how many messages it shows. More are drawn, but on no screen.
	maxArrows = 150
	// maxLabel bounds a label in characters.
	maxLabel = 60
	// fewNodes is up to how many nodes there is room for labels of one long line: a column becomes as wide as
	// the longest label between two neighbours, and the drawing is shrunk to the page. Of more nodes labels are
	// broken, and between neighbours a line has at most narrow characters: "SAR USER_DEREGISTRATION" is one.
	fewNodes = 4
	narrow   = 24
)

// sequence is a flow as a Mermaid sequence diagram.
type sequence struct {
	flow  *ladder.Flow
	nodes *words.Nodes
	base  int64 // times are told from it; 0 for the time of day
	marks map[uint32][]*finding.Finding
}

// lines gives the diagram's lines, and how many message hops it leaves out.
func (s *sequence) lines() (out []string, left int) {
	left = s.flow.Left
	if len(s.flow.Labels) == 0 {
		return nil, left
	}
	out = append(out, "sequenceDiagram")
	for i, l := range s.flow.Labels {
		name := s.nodes.Name(l)
		if name == "" {
			name = "?"
		}
		out = append(out, fmt.Sprintf("    participant n%d as %s", i, label(name, maxLabel)))
	}
	size := 0
	for _, l := range out {
		size += len(l) + 1
	}
	for i := range s.flow.Rows {
		r := &s.flow.Rows[i]
		var add []string
		if r.After >= ladder.Pause {
			add = append(add, s.note(render.Duration(r.After)+" later"))
		}
		if r.Remark() {
			add = append(add, s.note(words.Brief(r.Step.Summary)))
		} else {
			add = append(add, "    n"+strconv.Itoa(r.From)+arrow(r.Step)+"n"+strconv.Itoa(r.To)+": "+s.label(r))
		}
		for _, l := range add {
			size += len(l) + 1
		}
		if i >= maxArrows || size > maxDiagram {
			left += len(s.flow.Rows) - i
			break
		}
		out = append(out, add...)
	}
	return out, left
}

// note is a remark across all nodes.
func (s *sequence) note(text string) string {
	over := "n0"
	if n := len(s.flow.Labels); n > 1 {
		over += ",n" + strconv.Itoa(n-1)
	}
	return "    Note over " + over + ": " + label(text, 2*maxLabel)
}

// arrow tells requests, answers, failures and Cx apart: full or broken line, cross, open head.
func arrow(e *story.Event) string {
	switch {
	case ladder.Cx(e) && ladder.Answer(e):
		return "--)"
	case ladder.Cx(e):
		return "-)"
	case e.Kind == story.KindFailure:
		return "--x"
	case ladder.Answer(e):
		return "-->>"
	}
	return "->>"
}

// label says what an arrow is, in which frame, and when.
func (s *sequence) label(r *ladder.Row) string {
	most, rows, between := maxLabel, 1, " "
	if len(s.flow.Labels) > fewNodes {
		most, rows, between = min(narrow*max(r.To-r.From, r.From-r.To, 1), maxLabel), 2, "<br/>"
	}
	forms := ladder.Labels(r)
	what := forms[len(forms)-1:]
	for _, f := range forms {
		if l := broken(f, most); len(l) <= rows && !slices.ContainsFunc(l, func(s string) bool { return utf8.RuneCountInString(s) > most }) {
			what = l
			break
		}
	}
	out := ""
	for i, l := range what {
		if i > 0 {
			out += "<br/>"
		}
		out += label(l, most)
	}
	if n := len(r.Repeats); n > 0 {
		out += " ×" + strconv.Itoa(n+1)
	} else if r.Hop.Repeat {
		out += " again"
	}
	tail := ""
	if r.Hop.Frame != 0 {
		tail = strconv.FormatUint(uint64(r.Hop.Frame), 10)
	}
	if r.Hop.Time != 0 {
		at := offset(r.Hop.Time, s.base)
		if s.base == 0 {
			at = render.UTC(r.Hop.Time).Format("15:04:05.000")
		}
		if tail != "" {
			tail += ", "
		}
		tail += at
	}
	if tail != "" {
		out += between + "(" + tail + ")"
	}
	if m := s.mark(r); m != "" {
		out += " " + m
	}
	return out
}

// broken breaks a text at spaces into lines of at most so many characters; words may be longer.
func broken(s string, most int) []string {
	var out []string
	for _, w := range strings.Fields(s) {
		if n := len(out); n > 0 && utf8.RuneCountInString(out[n-1])+1+utf8.RuneCountInString(w) <= most {
			out[n-1] += " " + w
		} else {
			out = append(out, w)
		}
	}
	return out
}

// mark is the sign of the severest finding of a row's frames.
func (s *sequence) mark(r *ladder.Row) string {
	sign, worst := "", -1
	for _, f := range r.Frames() {
		for _, x := range s.marks[f] {
			if int(x.Severity) > worst {
				sign, worst = ladder.Mark(x.Severity), int(x.Severity)
			}
		}
	}
	return sign
}

// label makes text fit for a diagram. Letters, digits and a few signs stand for themselves, everything else
// becomes an entity of Mermaid's (#59;), so that it ends no statement, begins no comment, no directive, no formula
// and no markup.
func label(s string, most int) string {
	s = cut(s)
	if r := []rune(s); len(r) > most {
		s = string(r[:most-1]) + "…"
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == ' ' && i > 0, strings.ContainsRune("…×→", r):
			b.WriteRune(r)
		case strings.ContainsRune(".,:=/-+_()", r) && i > 0:
			b.WriteRune(r)
		default:
			b.WriteString("#" + strconv.Itoa(int(r)) + ";")
		}
	}
	return b.String()
}
