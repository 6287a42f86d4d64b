package svg

import (
	"strings"

	"imscope/render/style"
)

// rule is a line of the style sheet: $name stands for a tone's colour.
const sheet = `
.lad text,.lan text{font:11.5px system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans","DejaVu Sans",Arial,sans-serif;fill:$ink}
.lad .h,.lan .h{font-weight:600;font-size:13px}
.lad .d,.lan .d{font-size:10.5px;fill:$dim}
.lad .e,.lan .e{text-anchor:end}
.lad .m,.lan .m{text-anchor:middle}
.lad .ll{stroke:$lifeline;stroke-width:1;fill:none}
.lad .brk{stroke:$lifeline;stroke-width:1;stroke-dasharray:1 4;fill:none}
.lad .box{fill:$surface;stroke:$rule}
.lad .lb,.lan .lb{paint-order:stroke;stroke:$paper;stroke-width:4px;stroke-linejoin:round}
.lad .ar{stroke:$sip;stroke-width:1.6;fill:none}
.lad .hd{fill:$sip;stroke:none}
.lad .op .hd{fill:none;stroke:$sip;stroke-width:1.4}
.lad .good .ar,.lad .good .hd{stroke:$success}
.lad .chal .ar,.lad .chal .hd{stroke:$doubt}
.lad .fail .ar{stroke:$failure;stroke-width:2.4}
.lad .fail .hd{stroke:$failure}
.lad .cx .ar{stroke:$cx;stroke-dasharray:6 3}
.lad .cx .hd{fill:$cx;stroke:none}
.lad .cx.op .hd{fill:none;stroke:$cx}
.lad .good .lb{fill:$success}
.lad .chal .lb{fill:$doubt}
.lad .fail .lb{fill:$failure;font-weight:600}
.lad .cx .lb{fill:$cx}
.lad .dereg .lb{font-weight:600}
.lad .again{fill:$doubt;font-weight:600}
.lad .later .lb{fill:$dim}
.lad .hit{fill:$paper;fill-opacity:0}
.lad a:hover .hit,.lad a:focus .hit{fill:$picked;fill-opacity:1}
.lad a.picked .hit{fill:$picked;fill-opacity:1}
.lad a:focus{outline:none}
.lad a:focus .hit{stroke:$link;stroke-width:1.5}
.lad .clock{fill:$marked;stroke:$doubt}
.lad .nerror,.lan .nerror{fill:$failure;font-weight:600}
.lad .nwarning,.lan .nwarning{fill:$doubt;font-weight:600}
.lad .ninfo,.lan .ninfo{fill:$link}
.lan .gt{font-weight:600;fill:$dim}
.lan .row{stroke:$rule;stroke-width:1;fill:none}
.lan .tick{stroke:$rule;stroke-width:1;fill:none}
.lan .cut{stroke:$dim;stroke-width:1;fill:none}
.lan .bound{fill:$bound;stroke:$success;stroke-width:1}
.lan .unbound{fill:$unbound;stroke:$failure;stroke-width:1;stroke-dasharray:2 2}
.lan .doubtful{fill:$marked;stroke:$doubt;stroke-width:1;stroke-dasharray:5 3}
.lan .unknown{fill:none;stroke:$lifeline;stroke-width:1;stroke-dasharray:1 3}
.lan .wrong{fill:$failure;fill-opacity:.14;stroke:$failure;stroke-width:1;stroke-dasharray:4 2}
.lan .dot{fill:$ink}
.lan .act{stroke:$failure;stroke-width:1.4;fill:none}
`

// Style gives the rules that drawings of a page need. value turns a tone into what CSS is to say, such as
// a variable.
func Style(value func(style.Tone) string) string {
	s := strings.TrimPrefix(sheet, "\n")
	// Longer names first: none is the beginning of another one today, and nobody should have to know.
	for i := len(style.Tones()) - 1; i >= 0; i-- {
		t := style.Tones()[i]
		s = replaceName(s, "$"+t.String(), value(t))
	}
	return s
}

// replaceName replaces a name where it is not the beginning of a longer one.
func replaceName(s, name, by string) string {
	var b strings.Builder
	for {
		i := strings.Index(s, name)
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		end := i + len(name)
		b.WriteString(s[:i])
		if end < len(s) && s[end] >= 'a' && s[end] <= 'z' {
			b.WriteString(name)
		} else {
			b.WriteString(by)
		}
		s = s[end:]
	}
}

// aloneStyle is the style sheet of a drawing that stands alone: light, and dark on screens that are.
func aloneStyle() string {
	light := Style(func(t style.Tone) string { return t.Colour().Light })
	dark := Style(func(t style.Tone) string { return t.Colour().Dark })
	paper := style.Paper.Colour()
	return ".paper{fill:" + paper.Light + "}\n" + light +
		"@media screen and (prefers-color-scheme:dark){\n.paper{fill:" + paper.Dark + "}\n" + dark + "}\n"
}

// begin opens a drawing. alone makes it a file of its own with a paper behind it.
func (c *canvas) begin(kind, title string, width, height float64, alone bool) {
	w, h := size(width, height)
	attrs := []attr{class(kind), w, h, str("viewBox", path("0", "0", width, height)), str("role", "group"), str("aria-label", title)}
	if alone {
		c.raw(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
		attrs = append(attrs, str("xmlns", "http://www.w3.org/2000/svg"))
	}
	c.open("svg", attrs...)
	if alone {
		c.say("title", title)
		c.raw("<style>\n" + aloneStyle() + "</style>")
		c.leaf("rect", class("paper"), str("width", "100%"), str("height", "100%"))
	}
}
