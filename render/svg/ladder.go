package svg

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/story"
	"imscope/decode/problem"
	"imscope/render"
	"imscope/render/words"
)

// Ladder is a flow of messages: a column for each node, an arrow for each hop.
type Ladder struct {
	Title string
	Steps []story.Event
	Nodes *words.Nodes
	// Base is the moment that times are told from; 0 tells the time of day.
	Base int64
	// Link gives the target of a hop's arrow, "" for none. Nil: no arrow is a link.
	Link func(step *story.Event, h *story.Hop) string
	// Notes stand beside the frames that they are about.
	Notes map[uint32][]Note
	// Width is how wide the drawing may become before columns stand closer; 0 for DefaultWidth.
	Width float64
	// MaxHops bounds the arrows; what is beyond is counted in a last line. 0 for DefaultHops.
	MaxHops int
}

// Note is a remark beside a frame.
type Note struct {
	Severity problem.Severity
	Text     string
	Link     string // "" for none
}

// Defaults and limits of ladders.
const (
	DefaultWidth = 1130.0
	DefaultHops  = 400
	// maxColumns bounds the nodes of one ladder: a drawing of more is wider than any screen. Hops of
	// further nodes are left out and counted.
	maxColumns = 24
)

// Measures of a ladder in pixels.
const (
	textSize   = 11.5
	smallSize  = 10.5
	gutter     = 118.0 // left of the first column: time and frame
	notes      = 210.0 // right of the last column
	widerNotes = 340.0 // more of it where the columns leave room
	nearest    = 104.0 // of two columns
	farthest   = 250.0
	heads      = 46.0
	rowHeight  = 31.0
	arrowAt    = 22.0 // below the top of its row
	breakSize  = 34.0
	headLength = 8.0
	margin     = 14.0
)

// breakAfter is the pause from which on the ladder says that time has passed. Signalling that belongs
// together answers within T1 (RFC 3261 17.1.1.1).
const breakAfter = int64(500e6)

// row is an arrow, or a remark across all columns where no message went.
type row struct {
	step     *story.Event
	number   int // of the step
	hop      story.Hop
	from, to int // columns; from < 0 for a remark
	later    bool
	repeats  []story.Hop
	pause    int64 // before it, where it is long
	top      float64
}

// plan is a ladder laid out.
type plan struct {
	*Ladder
	labels  []string
	x       []float64
	rows    []row
	width   float64
	left    int // hops that were not drawn
	columns int // nodes that were not drawn
}

// Append draws the ladder for a page.
func (l *Ladder) Append(dst []byte) []byte {
	p := l.plan()
	return p.draw(dst, p.rows, true, false)
}

// Alone draws the ladder as a file of its own.
func (l *Ladder) Alone() []byte {
	p := l.plan()
	return p.draw(nil, p.rows, true, true)
}

// Parts draws the ladder for a page as several drawings of at most so many rows, each with the names of
// the nodes above it, so that they stay in sight and a printer can break between them.
func (l *Ladder) Parts(rows int) [][]byte {
	p := l.plan()
	rows = max(rows, 1)
	var out [][]byte
	for start := 0; start < len(p.rows); {
		end := start + rows
		if len(p.rows)-end < rows/6 {
			end = len(p.rows) // a few rows are no drawing of their own
		}
		end = min(end, len(p.rows))
		out = append(out, p.draw(nil, p.rows[start:end], end == len(p.rows), false))
		start = end
	}
	return out
}

// plan decides what stands where.
func (l *Ladder) plan() *plan {
	p := &plan{Ladder: l}
	p.collect()
	p.arrange()
	return p
}

// collect makes rows of all hops, in order of their frames; retransmissions go to the hop that they
// repeat, and copies of a capture that saw a packet twice are left out.
func (p *plan) collect() {
	most := p.MaxHops
	if most <= 0 {
		most = DefaultHops
	}
	type link struct {
		step     int
		from, to string
	}
	first := map[link]int{}
	for i := range p.Steps {
		e := &p.Steps[i]
		if len(e.Hops) == 0 {
			p.rows = append(p.rows, row{step: e, number: i, hop: story.Hop{Frame: e.Frame, Time: e.Time}, from: -1})
			continue
		}
		later := false
		for _, h := range e.Hops {
			if h.Copy {
				continue
			}
			k := link{i, h.From, h.To}
			if at, ok := first[k]; ok && h.Repeat {
				p.rows[at].repeats = append(p.rows[at].repeats, h)
				continue
			}
			if len(p.rows) >= most {
				p.left++
				continue
			}
			if _, ok := first[k]; !ok {
				first[k] = len(p.rows)
			}
			p.rows = append(p.rows, row{step: e, number: i, hop: h, later: later})
			later = true
		}
	}
	// What only the clock did has its place in time; messages have theirs by frame.
	slices.SortStableFunc(p.rows, func(a, b row) int {
		if a.from < 0 || b.from < 0 {
			return cmp.Compare(a.hop.Time, b.hop.Time)
		}
		return cmp.Compare(a.hop.Frame, b.hop.Frame)
	})
	p.nodes()
}

// nodes finds the columns: by role, then in order of appearance.
func (p *plan) nodes() {
	seen := map[string]int{}
	see := func(label string) {
		if _, ok := seen[label]; !ok {
			seen[label] = len(seen)
			p.labels = append(p.labels, label)
		}
	}
	for _, r := range p.rows {
		if r.from >= 0 {
			see(r.hop.From)
			see(r.hop.To)
		}
	}
	slices.SortStableFunc(p.labels, func(a, b string) int {
		return cmp.Or(cmp.Compare(words.Rank(a), words.Rank(b)), cmp.Compare(seen[a], seen[b]))
	})
	if n := len(p.labels) - maxColumns; n > 0 {
		p.columns = n
		p.labels = p.labels[:maxColumns]
	}
	column := map[string]int{}
	for i, l := range p.labels {
		column[l] = i
	}
	kept := p.rows[:0]
	for _, r := range p.rows {
		if r.from >= 0 {
			from, ok := column[r.hop.From]
			to, ok2 := column[r.hop.To]
			if !ok || !ok2 {
				p.left++
				continue
			}
			r.from, r.to = from, to
		}
		kept = append(kept, r)
	}
	p.rows = kept
}

// arrange gives columns and rows their places.
func (p *plan) arrange() {
	room := p.Width
	if room <= 0 {
		room = DefaultWidth
	}
	right := 56.0
	if p.noted() {
		right = notes
	}
	gap := farthest
	if n := len(p.labels); n > 1 {
		gap = min(max((room-gutter-right-40)/float64(n-1), nearest), farthest)
	}
	p.x = make([]float64, len(p.labels))
	for i := range p.x {
		p.x[i] = gutter + 40 + float64(i)*gap
	}
	p.width = gutter + 40 + float64(max(len(p.labels)-1, 1))*gap + right
	if right == notes {
		p.width = min(max(p.width, room), p.width+widerNotes)
	}
	before := int64(0)
	for i := range p.rows {
		r := &p.rows[i]
		if before != 0 && r.hop.Time-before >= breakAfter {
			r.pause = r.hop.Time - before
		}
		before = r.hop.Time
	}
}

func (p *plan) noted() bool {
	for _, r := range p.rows {
		for _, f := range r.frames() {
			if len(p.Notes[f]) > 0 {
				return true
			}
		}
	}
	return false
}

// frames are the row's frame and those of its retransmissions.
func (r *row) frames() []uint32 {
	out := []uint32{r.hop.Frame}
	for _, h := range r.repeats {
		out = append(out, h.Frame)
	}
	return out
}

// stretch is the room that time takes before a row within a burst: little, but more where there was more
// to wait for.
func stretch(ns int64) float64 {
	const short = int64(4e6)
	if ns <= short {
		return 0
	}
	return min(4*math.Log2(float64(ns)/float64(short)), 28)
}

// draw draws some of the rows. tail adds what was left out.
func (p *plan) draw(dst []byte, rows []row, tail, alone bool) []byte {
	body, height := p.body(rows, tail, alone)
	c := &canvas{dst}
	c.begin("lad", p.Title, p.width, height, alone)
	c.b = append(c.b, body...)
	c.close("svg")
	if alone {
		c.b = append(c.b, '\n')
	}
	return c.b
}

// titleHeight is the room of the title of a ladder that stands alone.
const titleHeight = 26.0

// body draws some of the rows without the element around them and gives its height. tail adds what was
// left out, titled puts the title above.
func (p *plan) body(rows []row, tail, titled bool) ([]byte, float64) {
	c := &canvas{}
	y := heads + 8
	if titled {
		for _, line := range p.titleLines() {
			x, ty := at(margin, y-heads+12)
			c.say("text", line, class("h"), x, ty)
			y += 18
		}
		y += titleHeight - 18
	}
	top := y
	var breaks [][2]float64
	rows = slices.Clone(rows)
	for i := range rows {
		r := &rows[i]
		switch {
		case r.pause > 0:
			breaks = append(breaks, [2]float64{y, y + breakSize})
			y += breakSize
		case i > 0:
			y += stretch(r.hop.Time - rows[i-1].hop.Time)
		}
		r.top = y
		y += rowHeight
	}
	bottom := y + 8
	height := bottom + 6
	p.heads(c, top-heads)
	p.lifelines(c, top, bottom, breaks)
	for i := range rows {
		r := &rows[i]
		if r.pause > 0 {
			x, ty := at(gutter-8, r.top-breakSize/2+4)
			c.say("text", render.Duration(r.pause)+" later", class("d e"), x, ty)
		}
		p.row(c, r)
	}
	if tail && p.left > 0 {
		rest := "… " + render.Count(p.left, "more message hop") + " not drawn"
		if p.columns > 0 {
			rest += ", among them those of " + render.Count(p.columns, "further node")
		}
		x, ty := at(gutter, bottom+18)
		c.say("text", rest, class("d"), x, ty)
		height += 22
	}
	return c.b, height
}

// titleLines breaks the title at spaces into at most maxTitle lines.
func (p *plan) titleLines() []string {
	const (
		maxTitle = 3
		size     = 13.0
	)
	room := max(p.width, 480) - 2*margin
	var lines []string
	line := ""
	list := strings.Fields(p.Title)
	for i, w := range list {
		switch {
		case line == "":
			line = w
		case textWidth(line+" "+w, size*bold) <= room:
			line += " " + w
		case len(lines) == maxTitle-1:
			return append(lines, fit(line+" "+strings.Join(list[i:], " "), size*bold, room))
		default:
			lines, line = append(lines, fit(line, size*bold, room)), w
		}
	}
	return append(lines, fit(line, size*bold, room))
}

// heads names the columns.
func (p *plan) heads(c *canvas, y float64) {
	gap := nearest
	if len(p.x) > 1 {
		gap = p.x[1] - p.x[0]
	}
	for i, label := range p.labels {
		name := p.Nodes.Name(label)
		address := ""
		if words.Rank(label) < words.Rank("") {
			_, address, _ = strings.Cut(label, " ")
		}
		w := min(gap-10, 150)
		x, ry := at(p.x[i]-w/2, y)
		bw, bh := size(w, heads-8)
		c.open("g")
		c.say("title", label)
		c.leaf("rect", class("box"), x, ry, bw, bh, num("rx", 4))
		tx, ty := at(p.x[i], y+17)
		if address == "" {
			_, ty = at(0, y+24)
		}
		c.say("text", fit(name, 13, w-6), class("h m"), tx, ty)
		if address != "" {
			tx, ty = at(p.x[i], y+31)
			c.say("text", fit(address, smallSize, w-4), class("d m"), tx, ty)
		}
		c.close("g")
	}
}

// lifelines draws a line below each head, dotted where time passes.
func (p *plan) lifelines(c *canvas, top, bottom float64, breaks [][2]float64) {
	for _, x := range p.x {
		y := top - 8
		for _, b := range breaks {
			c.leaf("path", class("ll"), str("d", path("M", x, y, "V", b[0])))
			c.leaf("path", class("brk"), str("d", path("M", x, b[0], "V", b[1])))
			y = b[1]
		}
		c.leaf("path", class("ll"), str("d", path("M", x, y, "V", bottom)))
	}
}

// row draws one arrow with what stands beside it.
func (p *plan) row(c *canvas, r *row) {
	link := ""
	if p.Link != nil {
		link = p.Link(r.step, &r.hop)
	}
	element := "g"
	attrs := []attr{class(look(r))}
	if link != "" {
		element = "a"
		attrs = append(attrs, str("href", link))
	}
	if r.hop.Frame != 0 {
		attrs = append(attrs, str("data-f", strconv.FormatUint(uint64(r.hop.Frame), 10)), str("data-s", strconv.Itoa(r.number)))
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
	x, y = at(gutter-44, ty)
	c.say("text", p.moment(r.hop.Time), class("d e"), x, y)
	if r.hop.Frame != 0 {
		x, y = at(gutter-2, ty)
		c.say("text", words.Frame(r.hop.Frame), class("d e"), x, y)
	}
	if r.from < 0 {
		p.remark(c, r)
	} else {
		p.arrow(c, r)
	}
	c.close(element)
	p.notes(c, r)
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
	b.WriteString(words.Frame(r.hop.Frame))
	if r.from >= 0 {
		b.WriteString(" " + p.Nodes.Name(r.hop.From) + " → " + p.Nodes.Name(r.hop.To))
	}
	b.WriteString(" " + words.Brief(r.step.Summary))
	if m := p.moment(r.hop.Time); m != "" {
		b.WriteString(", " + m)
	}
	if r.hop.Path != "" {
		b.WriteString(", in " + r.hop.Path)
	}
	if n := len(r.repeats); n > 0 {
		b.WriteString(", repeated " + render.Number(n) + "×: " + words.Frames(r.frames()[1:], 12))
	}
	return strings.TrimSpace(b.String())
}

// look gives a row its classes.
func look(r *row) string {
	e := r.step
	cl := "msg"
	switch {
	case e.Cx != nil:
		cl += " cx"
		if e.Status == 0 && e.Method != "" && strings.HasSuffix(e.Method, "A") {
			cl += " op"
			if failed(e.Cx) {
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
	if r.later {
		cl += " later"
	}
	return cl
}

func failed(c *fact.Cx) bool { return c.Answer.Seen() && !c.Succeeded() }

// arrow draws a hop.
func (p *plan) arrow(c *canvas, r *row) {
	y := r.top + arrowAt
	x1, x2 := p.x[r.from], p.x[r.to]
	open := strings.Contains(look(r), " op")
	if r.from == r.to {
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
	label := words.Brief(r.step.Summary)
	if r.later {
		label = brief(r.step)
	}
	again := ""
	if n := len(r.repeats); n > 0 {
		again = "  ↻ " + render.Number(n) + "× until " + p.moment(r.repeats[n-1].Time)
	} else if r.hop.Repeat {
		again = "  ↻ repeated"
	}
	left, right := p.x[0]-20, p.x[len(p.x)-1]+20
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
	left, right := gutter+6, p.width-60
	if len(p.x) > 0 {
		left, right = p.x[0]-20, p.x[len(p.x)-1]+20
	}
	if right < left+200 {
		right = left + 200
	}
	x, y := at(left, r.top+4)
	w, h := size(right-left, rowHeight-8)
	c.leaf("rect", class("clock"), x, y, w, h, num("rx", 4))
	tx, ty := at((left+right)/2, r.top+rowHeight/2+4)
	c.say("text", fit(r.step.Summary, textSize, right-left-12), class("m"), tx, ty)
}

// notes writes the remarks beside a row.
func (p *plan) notes(c *canvas, r *row) {
	var list []Note
	for _, f := range r.frames() {
		for _, n := range p.Notes[f] {
			if !slices.Contains(list, n) {
				list = append(list, n)
			}
		}
	}
	if len(list) == 0 {
		return
	}
	slices.SortStableFunc(list, func(a, b Note) int { return cmp.Compare(b.Severity, a.Severity) })
	x := p.x
	left := gutter
	if len(x) > 0 {
		left = x[len(x)-1] + 36
	}
	room := p.width - left - 6
	n := list[0]
	text := mark(n.Severity) + " " + n.Text
	if len(list) > 1 {
		text = fit(text, smallSize, room-26) + " +" + strconv.Itoa(len(list)-1)
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
	tx, ty := at(left, r.top+arrowAt+3.5)
	c.say("text", fit(text, smallSize, room), class("n"+words.Severity(n.Severity).Text), tx, ty)
	c.close(element)
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
