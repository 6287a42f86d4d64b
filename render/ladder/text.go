package ladder

import (
	"strings"

	"github.com/clipperhouse/displaywidth"

	"imscope/render"
	"imscope/render/style"
)

// maxText bounds one piece of text in bytes, because characters without a width could make it endless.
const maxText = 1000

// clean makes text, from the wire or not, fit for a terminal.
func clean(s string) string {
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "") + "…"
	}
	return render.Escape(s)
}

func width(s string) int { return displaywidth.String(s) }

// fit cuts text to a number of columns, with an ellipsis where something is missing.
func fit(s string, columns int) string {
	switch {
	case width(s) <= columns:
		return s
	case columns < 1:
		return ""
	}
	return displaywidth.TruncateString(s, columns-1, "") + "…"
}

// cell is one column of a line.
type cell struct {
	text string // "" behind a character of two columns
	role style.Role
}

// canvas is one line that is drawn over.
type canvas struct {
	cells []cell
	sheet style.Sheet
}

// clear empties the line.
func (c *canvas) clear(columns int) {
	c.cells = c.cells[:0]
	for range columns {
		c.cells = append(c.cells, cell{text: " "})
	}
}

// put draws text that clean has made harmless, as far as the line goes, and gives the column behind it.
func (c *canvas) put(at int, role style.Role, s string) int {
	g := displaywidth.StringGraphemes(s)
	for g.Next() {
		w := g.Width()
		switch {
		case w == 0:
			if at > 0 && at <= len(c.cells) {
				c.cells[at-1].text += g.Value()
			}
			continue
		case at < 0 || at+w > len(c.cells):
			return at
		}
		// Half of a character that is drawn over leaves a space.
		if at > 0 && c.cells[at].text == "" {
			c.cells[at-1].text = " "
		}
		c.cells[at] = cell{g.Value(), role}
		for i := 1; i < w; i++ {
			c.cells[at+i] = cell{role: role}
		}
		if at += w; at < len(c.cells) && c.cells[at].text == "" {
			c.cells[at].text = " "
		}
	}
	return at
}

// right draws text that ends before a column.
func (c *canvas) right(end int, role style.Role, s string) { c.put(max(end-width(s), 0), role, s) }

// middle draws text around a column.
func (c *canvas) middle(at int, role style.Role, s string) { c.put(max(at-width(s)/2, 0), role, s) }

// append writes the line.
func (c *canvas) append(dst []byte) []byte {
	end := len(c.cells)
	for end > 0 && c.cells[end-1].text == " " {
		end--
	}
	for i := 0; i < end; {
		role := c.cells[i].role
		var run []byte
		for ; i < end && (c.cells[i].role == role || c.cells[i].text == " "); i++ {
			run = append(run, c.cells[i].text...)
		}
		// Spaces between two runs need no colour.
		text := strings.TrimRight(string(run), " ")
		dst = c.sheet.Append(dst, role, text)
		dst = append(dst, run[len(text):]...)
	}
	return append(dst, '\n')
}

// wrap breaks a sentence at its spaces into lines of at most so many columns.
func wrap(s string, columns int) []string {
	var out []string
	line := ""
	for _, word := range strings.Fields(s) {
		if line != "" && width(line)+1+width(word) > columns {
			out = append(out, line)
			line = ""
		}
		for width(word) > columns {
			head := displaywidth.TruncateString(word, columns, "")
			if head == "" {
				break
			}
			out = append(out, head)
			word = word[len(head):]
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		out = append(out, line)
	}
	return out
}
