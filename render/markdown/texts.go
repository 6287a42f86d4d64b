package markdown

import (
	"strings"

	"imscope/correlate/story"
	"imscope/render/report"
	"imscope/render/words"
)

// maxMessage and maxTexts bound the texts of messages in bytes: GitHub takes 65,536 characters in one comment, and the page
// of package html has them all.
const (
	maxMessage = 4 << 10
	maxTexts   = 24 << 10
)

// choose picks the messages of de-registrations whose texts there is room for, each on its first hop: those of the most
// interesting ones first.
func (t *teller) choose() {
	t.texts = map[*story.Event][]string{}
	if t.msgs == nil {
		return
	}
	for _, i := range words.ByInterest(t.user.Deregistrations, t.user.Findings, maxDeregs) {
		steps := t.user.Deregistrations[i].Steps
		for j := range steps {
			e := &steps[j]
			if len(e.Hops) == 0 {
				continue
			}
			m := t.msgs.Find(e, &e.Hops[0])
			if m == nil {
				continue
			}
			lines := messageLines(m)
			size := 0
			for _, l := range lines {
				size += len(l) + 1
			}
			if t.used+size > maxTexts {
				lines = nil
			} else {
				t.used += size
			}
			t.texts[e] = lines
		}
	}
}

// messages writes the texts of a de-registration's messages that were picked.
func (t *teller) messages(d *story.Deregistration) {
	open, left := false, 0
	for i := range d.Steps {
		e := &d.Steps[i]
		lines, found := t.texts[e]
		if len(lines) == 0 {
			if found {
				left++
			}
			continue
		}
		if !open {
			open = true
			t.fold("Messages")
		}
		h := &e.Hops[0]
		t.para("**", inFrame(h.Frame), "** ", text(t.nodes.Name(h.From)), " → ", text(t.nodes.Name(h.To)), " ", text(words.Brief(e.Summary)))
		t.fence("text", lines)
	}
	if !open {
		return
	}
	if left > 0 {
		t.para("… ", count(left, "more message"), "; the HTML report has them.")
	}
	t.end()
}

// messageLines gives a message line by line, escaped and cut.
func messageLines(m *report.Message) []string {
	var out []string
	size := 0
	for _, l := range m.Lines() {
		s := strings.Repeat("  ", l.Depth)
		if l.Name != "" {
			s += l.Name + ": "
		}
		s = block(s + l.Value)
		if size += len(s); size > maxMessage {
			out = append(out, "… cut for this report")
			break
		}
		out = append(out, s)
	}
	return out
}
