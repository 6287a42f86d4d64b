package text

import (
	"strings"

	"github.com/clipperhouse/displaywidth"

	"imscope/render"
	"imscope/render/style"
)

// maxText bounds one piece of wire text in bytes. URIs of real networks stay below 200; what is longer
// is cut, because zero-width characters could make it endless without making it wide.
const maxText = 1000

// span is a piece of text in one look. Its text is escaped; spans are made by say alone.
type span struct {
	role  style.Role
	text  string
	solid bool // not to be broken at its spaces
}

// line is what stands on one line, or will once it is wrapped.
type line []span

// say makes a span. It is the one place where text, from the wire or not, is made harmless.
func say(role style.Role, text string) span {
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "") + "…"
	}
	return span{role: role, text: render.Escape(text)}
}

// solid makes a span that stays on one line if it can.
func solid(role style.Role, text string) span {
	s := say(role, text)
	s.solid = true
	return s
}

// plain makes a span without a look.
func plain(text string) span { return say(style.Plain, text) }

// width counts columns.
func (l line) width() int {
	n := 0
	for _, s := range l {
		n += displaywidth.String(s.text)
	}
	return n
}

// add appends spans.
func (l line) add(s ...span) line { return append(l, s...) }

// cut shortens a line to a number of columns, with an ellipsis where something is missing.
func (l line) cut(columns int) line {
	if l.width() <= columns {
		return l
	}
	if columns < 1 {
		return nil
	}
	out := make(line, 0, len(l))
	room := columns - 1
	for _, s := range l {
		w := displaywidth.String(s.text)
		if w < room || w == room && len(out) < len(l)-1 {
			out = append(out, s)
			room -= w
			continue
		}
		return append(out, span{role: s.role, text: displaywidth.TruncateString(s.text, room, "") + "…"})
	}
	return out
}

// pad fills a line up to a number of columns.
func (l line) pad(columns int) line {
	if n := columns - l.width(); n > 0 {
		return append(l, span{text: strings.Repeat(" ", n)})
	}
	return l
}

// word is a piece of a line that is not broken, with the space before it.
type word struct {
	space span // empty at the beginning
	parts line
}

// words takes a line apart at its spaces.
func (l line) words() []word {
	var words []word
	open := false // the last word may go on
	var space span
	for _, s := range l {
		for text := s.text; text != ""; {
			n := strings.IndexByte(text, ' ')
			if s.solid {
				n = len(text)
			}
			switch {
			case n == 0:
				n = len(text) - len(strings.TrimLeft(text, " "))
				space, open = span{role: s.role, text: space.text + text[:n]}, false
			default:
				if n < 0 {
					n = len(text)
				}
				if !open {
					words = append(words, word{space: space})
					space, open = span{}, true
				}
				last := &words[len(words)-1]
				last.parts = append(last.parts, span{role: s.role, text: text[:n]})
			}
			text = text[n:]
		}
	}
	return words
}

// wrap breaks a line at spaces into lines of at most first columns for the first and rest columns for
// the others. A word that fits nowhere is broken where the line ends.
func (l line) wrap(first, rest int) []line {
	if l.width() <= first {
		return []line{l}
	}
	var out []line
	cur, used, room := line(nil), 0, first
	flush := func() {
		out = append(out, cur)
		cur, used, room = nil, 0, rest
	}
	for _, w := range l.words() {
		n, gap := w.parts.width(), len(w.space.text)
		if used > 0 && used+gap+n > room {
			flush()
		}
		if used > 0 || len(out) == 0 && gap > 0 && n+gap <= room {
			cur = append(cur, w.space)
			used += gap
		}
		if n > room && used == 0 && n <= rest && len(out) == 0 {
			flush()
		}
		for _, s := range w.parts {
			for displaywidth.String(s.text) > room-used {
				head := displaywidth.TruncateString(s.text, room-used, "")
				if head == "" && used == 0 {
					break // a single character wider than the line
				}
				if head != "" {
					cur = append(cur, span{role: s.role, text: head})
				}
				s.text = s.text[len(head):]
				flush()
			}
			cur = append(cur, s)
			used += displaywidth.String(s.text)
		}
	}
	if len(cur) > 0 {
		out = append(out, cur)
	}
	return out
}
