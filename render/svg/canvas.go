package svg

import (
	"strconv"
	"strings"

	"github.com/clipperhouse/displaywidth"

	"imscope/render"
)

// canvas gathers a drawing's bytes.
type canvas struct{ b []byte }

// attr is an attribute of an element: a name with a number or a text.
type attr struct {
	name string
	n    float64
	text string
	word bool // text is the value, else n
}

func num(name string, n float64) attr  { return attr{name: name, n: n} }
func str(name, text string) attr       { return attr{name: name, text: text, word: true} }
func class(names ...string) attr       { return str("class", strings.TrimSpace(strings.Join(names, " "))) }
func at(x, y float64) (attr, attr)     { return num("x", x), num("y", y) }
func size(w, h float64) (attr, attr)   { return num("width", w), num("height", h) }
func (c *canvas) raw(s string)         { c.b = append(c.b, s...) }
func (c *canvas) close(element string) { c.raw("</" + element + ">") }

func (c *canvas) start(element string, attrs []attr) {
	c.b = append(c.b, '<')
	c.raw(element)
	for _, a := range attrs {
		if a.word && a.text == "" {
			continue
		}
		c.b = append(c.b, ' ')
		c.raw(a.name)
		c.raw(`="`)
		if a.word {
			c.text(a.text)
		} else {
			c.number(a.n)
		}
		c.b = append(c.b, '"')
	}
}

// open begins an element that close ends.
func (c *canvas) open(element string, attrs ...attr) {
	c.start(element, attrs)
	c.b = append(c.b, '>')
}

// leaf writes an element without content.
func (c *canvas) leaf(element string, attrs ...attr) {
	c.start(element, attrs)
	c.raw("/>")
}

// say writes an element that holds text alone.
func (c *canvas) say(element, text string, attrs ...attr) {
	c.open(element, attrs...)
	c.text(text)
	c.close(element)
}

// number writes a coordinate with one decimal at most, the same on every machine.
func (c *canvas) number(n float64) {
	c.b = strconv.AppendFloat(c.b, float64(int64(n*10+0.5))/10, 'f', -1, 64)
}

// text writes text harmless for XML and for eyes: markup, control characters and what turns the
// direction of writing are escaped.
func (c *canvas) text(s string) {
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "") + "…"
	}
	s = render.Escape(s)
	for {
		i := strings.IndexAny(s, `<>&"'`)
		if i < 0 {
			break
		}
		c.raw(s[:i])
		switch s[i] {
		case '<':
			c.raw("&lt;")
		case '>':
			c.raw("&gt;")
		case '&':
			c.raw("&amp;")
		case '"':
			c.raw("&#34;")
		case '\'':
			c.raw("&#39;")
		}
		s = s[i+1:]
	}
	c.raw(s)
}

// path makes the value of a path's d out of commands and coordinates.
func path(parts ...any) string {
	var c canvas
	for i, p := range parts {
		if i > 0 {
			c.b = append(c.b, ' ')
		}
		switch p := p.(type) {
		case string:
			c.raw(p)
		case float64:
			c.number(p)
		}
	}
	return string(c.b)
}

const (
	// maxText bounds one piece of text in bytes: no name of a real network comes near it.
	maxText = 1000
	// letter is the width of a column of text at 1 px of its size. Fonts differ; this is on the wide side.
	letter = 0.58
	// wide is how much wider text is in the widest of usual fonts, where it must not run into anything.
	wide = 1.1
	// bold is how much wider bold text is.
	bold = 1.16
)

// textWidth estimates how wide text is drawn.
func textWidth(s string, size float64) float64 {
	return float64(displaywidth.String(render.Escape(s))) * letter * size
}

// fit cuts text to a width, with an ellipsis where something is missing.
func fit(s string, size, width float64) string {
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "")
	}
	s = render.Escape(s)
	columns := int(width / (letter * size))
	if displaywidth.String(s) <= columns {
		return s
	}
	if columns < 2 {
		return "…"
	}
	return displaywidth.TruncateString(s, columns-1, "") + "…"
}

// lines breaks text at spaces into at most so many lines of a width; the last one is cut if there is more.
func lines(text string, size, width float64, most int) []string {
	var out []string
	line := ""
	list := strings.Fields(text)
	for i, w := range list {
		switch {
		case line == "":
			line = w
		case textWidth(line+" "+w, size) <= width:
			line += " " + w
		case len(out) == most-1:
			return append(out, fit(line+" "+strings.Join(list[i:], " "), size, width))
		default:
			out, line = append(out, fit(line, size, width)), w
		}
	}
	return append(out, fit(line, size, width))
}
