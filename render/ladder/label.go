package ladder

import (
	"cmp"
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
		forms = shorter(strings.Replace(full, " DIAMETER_SUCCESS", "", 1)) // 2001 says it
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
		forms = append(forms, of, answer)
		if list := strings.Fields(answer); len(list) > 2 {
			forms = append(forms, list[0]+" "+list[1])
		}
		forms = append(forms, strconv.Itoa(e.Status))
	default:
		forms = shorter(full)
		if e.Method != "" && forms[len(forms)-1] != e.Method {
			forms = append(forms, e.Method)
		}
	}
	if r.Later && !r.Remark() {
		forms = later(e, forms)
	}
	return forms
}

// later picks what names a message: the request with its number if it has one, the answer without its request.
func later(e *story.Event, forms []string) []string {
	switch {
	case Cx(e):
		return []string{cmp.Or(e.Method, forms[len(forms)-1])}
	case e.Status != 0:
		for i, f := range forms {
			if !strings.HasSuffix(f, ")") && !strings.Contains(f, "), ") {
				return forms[i:]
			}
		}
	}
	name := forms[len(forms)-1]
	word, _, _ := strings.Cut(strings.TrimPrefix(words.Brief(e.Summary), name+" "), " ")
	word = strings.TrimSuffix(word, ",")
	if _, err := strconv.ParseUint(word, 10, 32); err == nil {
		return []string{name + " " + word, name}
	}
	return []string{name}
}

// shorter leaves away for whom a message is, what stands behind commas, then all but two words, then all but one.
func shorter(s string) []string {
	forms := []string{s}
	if what, whom, ok := strings.Cut(s, " for "); ok {
		if uri, rest, ok := strings.Cut(whom, " "); ok && strings.Contains(uri, ":") {
			s = what + " " + rest
			forms = append(forms, s)
		}
	}
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
