package ladder

import (
	"strings"

	"imscope/render"
	"imscope/render/style"
	"imscope/render/words"
)

// Append draws the flow.
func (t *Text) Append(dst []byte) []byte {
	l := t.lay()
	c := &canvas{sheet: t.Opt.Style}
	lines := repeatHead // since the last head
	for i := range t.Flow.Rows {
		r := &t.Flow.Rows[i]
		if lines >= repeatHead && !l.list {
			dst = l.head(c, dst)
			lines = 0
		}
		if l.pause(i) {
			dst = l.later(c, dst, i)
			lines++
		}
		if title := t.Titles[r.Hop.Frame]; title != "" && !r.Later {
			c.clear(l.width)
			l.lifelines(c, "│")
			c.put(0, style.Heading, fit(clean("── "+title+" "), l.width))
			dst = c.append(dst)
			lines++
		}
		switch {
		case l.list:
			dst = l.item(c, dst, i)
		case r.Remark():
			dst = l.remark(c, dst, i)
		default:
			dst = l.arrow(c, dst, i)
		}
		lines++
	}
	if t.Flow.Left > 0 {
		c.clear(l.width)
		rest := "… " + render.Count(t.Flow.Left, "more message hop") + " not drawn"
		if t.Flow.Nodes > 0 {
			rest += ", among them those of " + render.Count(t.Flow.Nodes, "further node")
		}
		c.put(0, style.Faint, fit(rest, l.width))
		dst = c.append(dst)
	}
	return dst
}

// head names the nodes.
func (l *layout) head(c *canvas, dst []byte) []byte {
	c.clear(l.width)
	for i, name := range l.names {
		// A name may take half of the way to its neighbours.
		room := 2 * l.x[i]
		if i > 0 {
			room = l.x[i] - l.x[i-1]
		}
		if i < len(l.x)-1 {
			room = min(room, l.x[i+1]-l.x[i])
		}
		c.middle(l.x[i], style.Heading, fit(name, max(room-1, 1)))
	}
	dst = c.append(dst)
	c.clear(l.width)
	for _, x := range l.x {
		c.put(x-2, style.Faint, "──┬──")
	}
	return c.append(dst)
}

// lifelines draws the nodes' lines.
func (l *layout) lifelines(c *canvas, sign string) {
	for _, x := range l.x {
		c.put(x, style.Faint, sign)
	}
}

// later says that time has passed.
func (l *layout) later(c *canvas, dst []byte, i int) []byte {
	c.clear(l.width)
	l.lifelines(c, "┊")
	c.right(l.gutter-1, style.Faint, render.Duration(l.Flow.Rows[i].After)+" later")
	return c.append(dst)
}

// left writes time and frame of a row.
func (l *layout) left(c *canvas, i int) {
	r := &l.Flow.Rows[i]
	at := 0
	if l.clock {
		if r.Hop.Time != 0 {
			c.put(0, style.Faint, render.UTC(r.Hop.Time).Format("15:04:05.000"))
		}
		at = clockWidth + 2
	}
	if !l.pause(i) {
		c.right(at+l.delta, style.Faint, l.after(i))
	}
	at += l.delta + 2
	c.put(at, style.Plain, words.Frame(r.Hop.Frame))
	sign, role := l.mark(r)
	c.put(at+l.frames, role, sign)
}

// arrow draws a hop.
func (l *layout) arrow(c *canvas, dst []byte, i int) []byte {
	r := &l.Flow.Rows[i]
	role, forms := look(r.Step), cleaned(Labels(r))
	again := times(r)
	from, to := l.x[r.From], l.x[r.To]
	a, b := min(from, to), max(from, to)
	said := ""
	switch {
	case a == b:
		c.clear(l.width)
		l.lifelines(c, "│")
		l.left(c, i)
		end := l.right(r.To) - 2
		said = pick(forms, end-a-2-width(again)-1)
		at := c.put(a, role, "↺ "+said)
		l.repeats(c, at, again)
	case l.above:
		// The label stands above the arrow, over the lifelines, where the arrow begins or wherever it fits.
		end := l.width
		said = pick(forms, end-l.x[0]-1-width(again)-1)
		n := width(said)
		if again != "" {
			n += 1 + width(again)
		}
		c.clear(l.width)
		l.lifelines(c, "│")
		l.left(c, i)
		at := max(min((a+b)/2-n/2, end-n), l.x[0]+1)
		at = c.put(at, l.label(r, role), said)
		l.repeats(c, at, again)
		dst = c.append(dst)
		c.clear(l.width)
		l.lifelines(c, "│")
		l.shaft(c, a, b, from < to, r, role, "", "")
	default:
		c.clear(l.width)
		l.lifelines(c, "│")
		l.left(c, i)
		room := b - a - 1 - arrowEnds + 1
		if again != "" {
			room -= 1 + width(again)
		}
		said = pick(forms, room)
		l.shaft(c, a, b, from < to, r, role, said, again)
	}
	if l.detail > 0 {
		l.beside(c, r, forms[0], said)
	}
	return c.append(dst)
}

// right is where the room of a node's line ends.
func (l *layout) right(column int) int {
	switch {
	case column+1 < len(l.x):
		return l.x[column+1]
	case l.detail > 0:
		return l.detail
	}
	return l.width
}

// label is the role of a label: later hops of a message stand back.
func (l *layout) label(r *Row, role style.Role) style.Role {
	if r.Later && (role == style.Plain || role == style.Good || role == style.Removed) {
		return style.Faint
	}
	return role
}

// shaft draws an arrow between two columns with a label in it.
func (l *layout) shaft(c *canvas, a, b int, forward bool, r *Row, role style.Role, label, again string) {
	c.put(a+1, role, line(shaft(r), b-a-1))
	if forward {
		c.put(b-1, role, "►")
	} else {
		c.put(a+1, role, "◄")
	}
	n := width(label)
	if again != "" {
		n += width(again)
		if label != "" {
			n++
		}
	}
	if n == 0 {
		return
	}
	at := a + 1 + (b-a-2-n)/2
	if !forward {
		at++
	}
	// Air around the label where the shaft stays visible on both sides.
	if n+2+arrowEnds-1 <= b-a-1 {
		c.put(at-1, style.Plain, line(" ", n+2))
	}
	if label != "" {
		at = c.put(at, l.label(r, role), label)
	}
	if again != "" {
		if label != "" {
			at = c.put(at, style.Plain, " ")
		}
		c.put(at, style.Warn, again)
	}
}

// repeats says behind a label how often.
func (l *layout) repeats(c *canvas, at int, again string) {
	if again != "" {
		c.put(at+1, style.Warn, again)
	}
}

// beside tells right of the ladder what a label had no room for.
func (l *layout) beside(c *canvas, r *Row, full, said string) {
	room := l.width - l.detail
	text := ""
	if !r.Later && said != full {
		text = strings.TrimPrefix(full, said)
		text = strings.TrimLeft(text, " ,-:")
		if len(text) == len(full) {
			text = full
		}
	}
	if r.Hop.Path != "" && !r.Later {
		if text != "" {
			text += ", "
		}
		text += "in " + clean(r.Hop.Path)
	}
	if n := len(r.Repeats); n > 0 {
		if text != "" {
			text += ", "
		}
		text += "again until +" + render.Duration(r.Repeats[n-1].Time-r.Hop.Time)
	}
	c.put(l.detail, style.Faint, fit(text, room))
}

// remark draws what happened without a message.
func (l *layout) remark(c *canvas, dst []byte, i int) []byte {
	c.clear(l.width)
	l.lifelines(c, "│")
	l.left(c, i)
	text := fit("╴ "+clean(words.Brief(l.Flow.Rows[i].Step.Summary))+" ╶", l.width-l.x[0]-1)
	at := max((l.x[0]+l.x[len(l.x)-1])/2-width(text)/2, l.x[0]+1)
	c.put(min(at, l.width-width(text)), words.Look(l.Flow.Rows[i].Step), text)
	return c.append(dst)
}

// item writes a hop as a line, where there is no room for columns.
func (l *layout) item(c *canvas, dst []byte, i int) []byte {
	r := &l.Flow.Rows[i]
	c.clear(l.width)
	l.left(c, i)
	at := l.gutter
	if !r.Remark() {
		longest := 0
		for _, n := range l.names {
			longest = max(longest, min(width(n), 15))
		}
		c.put(at, style.Node, fit(l.names[r.From], longest))
		at = c.put(at+longest, style.Faint, " "+shaft(r)+"► ")
		c.put(at, style.Node, fit(l.names[r.To], longest))
		at += longest + 2
	}
	again := times(r)
	room := l.width - at
	if again != "" {
		room -= 1 + width(again)
	}
	at = c.put(at, l.label(r, look(r.Step)), pick(cleaned(Labels(r)), room))
	l.repeats(c, at, again)
	return c.append(dst)
}

// pick gives the fullest form that fits, the shortest one cut if none does.
func pick(forms []string, columns int) string {
	for _, f := range forms {
		if width(f) <= columns {
			return f
		}
	}
	return fit(forms[len(forms)-1], columns)
}

func cleaned(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = clean(s)
	}
	return out
}
