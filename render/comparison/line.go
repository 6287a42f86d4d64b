package comparison

import (
	"strings"

	"github.com/clipperhouse/displaywidth"

	"imscope/render"
	"imscope/render/style"
	"imscope/render/words"
)

// printer gathers the text.
type printer struct {
	b   []byte
	opt render.Options
}

// line writes a line, broken at spaces where it is wider than the page; what follows its first line is indented by hang.
// Spaces at the end of a line are left out, words without end are cut into lines.
func (p *printer) line(hang int, spans ...words.Word) {
	column, gap, most := 0, 0, p.opt.Columns()
	var role style.Role
	var same []byte // text of one role that is not yet written
	flush := func() {
		p.b = p.opt.Style.Append(p.b, role, string(same))
		same = same[:0]
	}
	next := func() {
		flush()
		p.b = append(append(p.b, '\n'), strings.Repeat(" ", hang)...)
		column, gap = hang, 0
	}
	put := func(s string) {
		same = append(append(same, strings.Repeat(" ", gap)...), s...)
		column, gap = column+gap+displaywidth.String(s), 0
	}
	for _, s := range spans {
		if s.Role != role {
			flush()
			role = s.Role
		}
		for text := render.Escape(s.Text); text != ""; {
			word := strings.TrimLeft(text, " ")
			gap += len(text) - len(word)
			end := strings.IndexByte(word, ' ')
			if end < 0 {
				end = len(word)
			}
			word, text = word[:end], word[end:]
			if column > hang && column+gap+displaywidth.String(word) > most {
				next()
			}
			for column+gap+displaywidth.String(word) > most {
				head := displaywidth.TruncateString(word, most-column-gap, "")
				if head == "" {
					break
				}
				put(head)
				next()
				word = word[len(head):]
			}
			if word != "" {
				put(word)
			}
		}
	}
	flush()
	p.b = append(p.b, '\n')
}

// padded fills text up to a width, and two columns between it and what follows.
func padded(role style.Role, text string, width int) words.Word {
	return words.Word{Role: role, Text: text + strings.Repeat(" ", max(width-columns(text), 0)+2)}
}

// columns is how wide text is on a terminal.
func columns(s string) int { return displaywidth.String(render.Escape(s)) }
