package ladder

import (
	"strconv"
	"strings"

	"imscope/correlate/story"
	"imscope/render/style"
	"imscope/render/words"
)

// Labels gives what may stand at an arrow, the fullest first, the shortest last. Later hops of a message are
// told by its name alone.
func Labels(r *Row) []string {
	e := r.Step
	full := words.Brief(e.Summary)
	var forms []string
	switch {
	case r.Remark():
		forms = []string{full}
	case Cx(e):
		forms = shorter(full)
	case e.Status != 0:
		head, rest, more := strings.Cut(full, ", ")
		answer, _, _ := strings.Cut(head, " to ")
		of := answer
		if e.Method != "" {
			of += " (" + e.Method + ")"
		}
		if more {
			forms = append(forms, of+", "+rest)
		}
		forms = append(forms, of, answer, strconv.Itoa(e.Status))
	default:
		forms = shorter(full)
		if e.Method != "" && forms[len(forms)-1] != e.Method {
			forms = append(forms, e.Method)
		}
	}
	if r.Later && !r.Remark() && len(forms) > 2 {
		forms = forms[len(forms)-2:]
		if e.Status != 0 && !Cx(e) {
			forms = forms[:1] // the reason phrase costs less than it tells
		}
	}
	return forms
}

// shorter leaves away what stands behind commas, then all but two words, then all but one.
func shorter(s string) []string {
	forms := []string{s}
	for {
		i := strings.LastIndex(s, ", ")
		if i < 0 {
			break
		}
		s = s[:i]
		forms = append(forms, s)
	}
	list := strings.Fields(s)
	for n := 2; n >= 1; n-- {
		if len(list) > n {
			forms = append(forms, strings.Join(list[:n], " "))
		}
	}
	return forms
}

// times says how often the hop was transmitted, "" for once.
func times(r *Row) string {
	switch n := len(r.Repeats); {
	case n > 0:
		return "×" + strconv.Itoa(n+1)
	case r.Hop.Repeat:
		return "again"
	}
	return ""
}

// look is the role of an arrow's meaning.
func look(e *story.Event) style.Role {
	switch {
	case Cx(e):
		if e.Cx != nil && Answer(e) && !e.Cx.Succeeded() {
			return style.Bad
		}
		return style.Diameter
	case e.Kind == story.KindChallenge:
		return style.Warn
	case e.Kind == story.KindResponse && e.Status >= 200 && e.Status < 300:
		return style.Good
	}
	return words.Look(e)
}

// Cx reports whether the message is a Diameter one.
func Cx(e *story.Event) bool { return e.Cx != nil || e.Kind == story.KindCx }

// Answer reports whether the message is a response or a Diameter answer.
func Answer(e *story.Event) bool {
	if Cx(e) {
		return strings.HasSuffix(e.Method, "A")
	}
	return e.Status != 0
}
