package svg

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"imscope/correlate/story"
	"imscope/decode/problem"
	"imscope/render"
	"imscope/render/ladder"
	"imscope/render/words"
)

// row draws one arrow with what stands beside it; alone reports a sign without words.
func (p *plan) row(c *canvas, r *row, told map[Note]bool) (alone bool) {
	link := ""
	if p.Link != nil {
		link = p.Link(r.Step, &r.Hop)
	}
	element := "g"
	attrs := []attr{class(look(r))}
	if link != "" {
		element = "a"
		attrs = append(attrs, str("href", link))
	}
	if r.Hop.Frame != 0 {
		attrs = append(attrs, str("data-f", strconv.FormatUint(uint64(r.Hop.Frame), 10)))
	}
	c.open(element, attrs...)
	c.say("title", p.describe(r))
	x, y := at(2, r.top)
	last := p.width - 4
	if len(p.x) > 0 {
		last = p.x[len(p.x)-1] + 30
	}
	w, h := size(last-2, rowHeight)
	c.leaf("rect", class("hit"), x, y, w, h, num("rx", 3))
	ty := r.top + arrowAt + 3.5
	x, y = at(p.moments, ty)
	c.say("text", p.moment(r.Hop.Time), class("d e"), x, y)
	if r.Hop.Frame != 0 {
		x, y = at(p.gutter-2, ty)
		c.say("text", words.Frame(r.Hop.Frame), class("d e"), x, y)
	}
	if r.Remark() {
		p.remark(c, r)
	} else {
		p.arrow(c, r)
	}
	c.close(element)
	return p.notes(c, r, told)
}

// moment words when a row was.
func (p *plan) moment(ns int64) string {
	if ns == 0 {
		return ""
	}
	if p.Base == 0 {
		return render.UTC(ns).Format("15:04:05.000")
	}
	s := render.Duration(ns - p.Base)
	if ns >= p.Base {
		s = "+" + s
	}
	return s
}

// describe words a row in full, for pointers and screen readers.
func (p *plan) describe(r *row) string {
	var b strings.Builder
	b.WriteString(words.Frame(r.Hop.Frame))
	if !r.Remark() {
		b.WriteString(" " + p.Nodes.Name(r.Hop.From) + " → " + p.Nodes.Name(r.Hop.To))
	}
	b.WriteString(" " + words.Brief(r.Step.Summary))
	if m := p.moment(r.Hop.Time); m != "" {
		b.WriteString(", " + m)
	}
	if r.Hop.Path != "" {
		b.WriteString(", in " + r.Hop.Path)
	}
	if n := len(r.Repeats); n > 0 {
		b.WriteString(", repeated " + render.Number(n) + "×: " + words.Frames(r.Frames()[1:], 12))
	}
	return strings.TrimSpace(b.String())
}

// look gives a row its classes.
func look(r *row) string {
	e := r.Step
	cl := "hop"
	switch {
	case ladder.Cx(e):
		cl += " cx"
		if ladder.Answer(e) {
			cl += " op"
			if e.Cx != nil && !e.Cx.Succeeded() {
				cl += " fail"
			}
		}
	case e.Status >= 300 && e.Kind == story.KindChallenge:
		cl += " op chal"
	case e.Status >= 300:
		cl += " op fail"
	case e.Status >= 100:
		cl += " op good"
	case e.Kind == story.KindDeregister:
		cl += " dereg"
	}
	if r.Later {
		cl += " later"
	}
	return cl
}

// arrow draws a hop.
func (p *plan) arrow(c *canvas, r *row) {
	y := r.top + arrowAt
	x1, x2 := p.x[r.From], p.x[r.To]
	open := strings.Contains(look(r), " op")
	if r.From == r.To {
		c.leaf("path", class("ar"), str("d", path("M", x1, y-5, "h", 22.0, "v", 8.0, "h", -20.0+headLength/2)))
		c.leaf("path", class("hd"), str("d", head(x1, y+3, -1, open)))
	} else {
		dir := 1.0
		if x2 < x1 {
			dir = -1
		}
		end := x2 - dir*1
		stop := end
		if !open {
			stop = end - dir*(headLength-2)
		}
		c.leaf("path", class("ar"), str("d", path("M", x1, y, "H", stop)))
		c.leaf("path", class("hd"), str("d", head(end, y, dir, open)))
	}
	label, again := p.label(r)
	left, right := p.x[0]-overhang, p.x[len(p.x)-1]+overhang
	if len(p.x) == 1 {
		right = left + 300
	}
	room := right - left - textWidth(again, textSize)
	label = fit(label, textSize, room)
	w := textWidth(label, textSize) + textWidth(again, textSize)
	mid := (x1 + x2) / 2
	mid = max(left+w/2, min(mid, right-w/2))
	tx, ty := at(mid, y-6)
	c.open("text", class("lb m"), tx, ty)
	c.text(label)
	if again != "" {
		c.say("tspan", again, class("again"))
	}
	c.close("text")
}

// label words what stands at an arrow, and how often that was transmitted.
func (p *plan) label(r *row) (label, again string) {
	label = words.Brief(r.Step.Summary)
	if r.Later {
		label = brief(r.Step)
	}
	if n := len(r.Repeats); n > 0 {
		again = "  ↻ " + render.Number(n) + "× until " + p.moment(r.Repeats[n-1].Time)
	} else if r.Hop.Repeat {
		again = "  ↻ repeated"
	}
	return label, again
}

// brief is what later hops of a message say: its name alone.
func brief(e *story.Event) string {
	if e.Status != 0 && e.Cx == nil {
		code, _, _ := strings.Cut(e.Summary, " ")
		return code
	}
	if e.Method != "" {
		return e.Method
	}
	name, _, _ := strings.Cut(e.Summary, " ")
	return name
}

// head draws an arrowhead at its tip.
func head(x, y, dir float64, open bool) string {
	back := x - dir*headLength
	if open {
		return path("M", back, y-4, "L", x, y, "L", back, y+4)
	}
	return path("M", x, y, "L", back, y-4, "L", back, y+4, "Z")
}

// remark draws what happened without a message.
func (p *plan) remark(c *canvas, r *row) {
	left, right := p.gutter+6, p.width-60
	if len(p.x) > 0 {
		left, right = p.x[0]-overhang, p.x[len(p.x)-1]+overhang
	}
	if right < left+200 {
		right = left + 200
	}
	x, y := at(left, r.top+4)
	w, h := size(right-left, rowHeight-8)
	c.leaf("rect", class("clock"), x, y, w, h, num("rx", 4))
	tx, ty := at((left+right)/2, r.top+rowHeight/2+4)
	c.say("text", fit(r.Step.Summary, textSize, right-left-12), class("m"), tx, ty)
}

// notes writes the remarks beside a row, the severest in words the first time, as a sign after that. alone reports a
// sign without words.
func (p *plan) notes(c *canvas, r *row, told map[Note]bool) (alone bool) {
	var list []Note
	for _, f := range r.Frames() {
		for _, n := range p.Notes[f] {
			if !slices.Contains(list, n) {
				list = append(list, n)
			}
		}
	}
	if len(list) == 0 {
		return false
	}
	slices.SortStableFunc(list, func(a, b Note) int {
		return cmp.Or(cmp.Compare(rank(told[a]), rank(told[b])), cmp.Compare(b.Severity, a.Severity))
	})
	left := p.beside()
	room := p.width - left - 6
	n := list[0]
	var parts []string
	if told[n] {
		alone = true
		parts = []string{mark(n.Severity)}
	} else {
		more := ""
		if len(list) > 1 {
			more = " and " + strconv.Itoa(len(list)-1) + " more"
		}
		parts = lines(mark(n.Severity)+" "+n.Text, smallSize*bold, room, 2)
		last := &parts[len(parts)-1]
		*last = fit(*last, smallSize*bold, room-textWidth(more, smallSize*bold)) + more
		told[n] = true
	}
	var all []string
	for _, n := range list {
		all = append(all, words.Severity(n.Severity).Text+": "+n.Text)
	}
	element, attrs := "g", []attr{class("nt")}
	if n.Link != "" {
		element = "a"
		attrs = append(attrs, str("href", n.Link))
	}
	c.open(element, attrs...)
	c.say("title", strings.Join(all, "; "))
	for i, part := range parts {
		tx, ty := at(left, r.top+arrowAt+3.5-6*float64(len(parts)-1)+12*float64(i))
		c.say("text", part, class("n"+words.Severity(n.Severity).Text), tx, ty)
	}
	c.close(element)
	return alone
}

// beside is where notes begin.
func (p *plan) beside() float64 {
	if n := len(p.x); n > 0 {
		return p.x[n-1] + 36
	}
	return p.gutter
}

// legend says what the signs of notes mean.
func legend(alone bool) string {
	var all []string
	for _, s := range []problem.Severity{problem.Error, problem.Warning, problem.Info} {
		all = append(all, mark(s)+" "+words.Severity(s).Text)
	}
	s := strings.Join(all, ", ")
	if alone {
		s += "; alone: named above"
	}
	return s
}

// rank puts what was told already last.
func rank(told bool) int {
	if told {
		return 1
	}
	return 0
}

// mark is a severity's sign: its shape tells it without colour.
func mark(s problem.Severity) string {
	switch s {
	case problem.Error:
		return "✖"
	case problem.Warning:
		return "▲"
	}
	return "●"
}
