package svg

import (
	"math"
	"slices"
	"strings"

	"imscope/correlate/story"
	"imscope/decode/problem"
	"imscope/render"
	"imscope/render/ladder"
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
	// MaxHops bounds the arrows; what is beyond is counted in a last line. 0 for ladder.MaxRows.
	MaxHops int
}

// Note is a remark beside a frame.
type Note struct {
	Severity problem.Severity
	Text     string
	Link     string // "" for none
}

// DefaultWidth of drawings, in pixels.
const DefaultWidth = 1130.0

// Measures of a ladder in pixels.
const (
	textSize   = 11.5
	smallSize  = 10.5
	timeRoom   = 74.0  // left of the first column: times, at least
	frameRoom  = 44.0  // between them and the first column: frames, at least
	notes      = 210.0 // right of the last column, at least
	nearest    = 104.0 // of two columns
	farthest   = 250.0
	heads      = 46.0
	rowHeight  = 31.0
	arrowAt    = 22.0 // below the top of its row
	overhang   = 20.0 // of labels beyond the outermost columns
	breakSize  = 34.0
	headLength = 8.0
	margin     = 14.0
)

const (
	// widestNotes is what notes take from the columns, widerNotes what they take of room that is left.
	widestNotes = 310.0
	widerNotes  = 260.0
)

// row is a row of the flow with its place.
type row struct {
	ladder.Row
	top float64
}

// plan is a ladder laid out.
type plan struct {
	*Ladder
	flow  *ladder.Flow
	rows  []row
	x     []float64 // of the columns
	width float64

	moments float64 // where times end
	gutter  float64 // where frames end, and columns begin
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
	p := &plan{Ladder: l, flow: ladder.NewFlow(l.Steps, l.MaxHops)}
	for i := range p.flow.Rows {
		p.rows = append(p.rows, row{Row: p.flow.Rows[i]})
	}
	room := p.Width
	if room <= 0 {
		room = DefaultWidth
	}
	p.margins()
	right := 84.0
	n := len(p.flow.Labels)
	noted := p.noted()
	if noted {
		right = min(max(room-p.gutter-40-nearest*float64(n-1), notes), widestNotes)
	}
	gap := farthest
	if n > 1 {
		// Wider than they need be, columns are far to read across; but words go before that.
		gap = min(max((room-p.gutter-right-40)/float64(n-1), nearest), max(farthest, p.widest()/float64(n-1)))
	}
	p.x = make([]float64, n)
	for i := range p.x {
		p.x[i] = p.gutter + 40 + float64(i)*gap
	}
	p.width = p.gutter + 40 + float64(max(n-1, 1))*gap + right
	if noted {
		p.width = min(max(p.width, room), p.width+widerNotes)
	}
	return p
}

// margins makes room for the widest time and the widest frame.
func (p *plan) margins() {
	const between = 16.0 // digits of wide fonts, and a space
	times, frames := timeRoom, frameRoom
	for i := range p.rows {
		h := &p.rows[i].Hop
		times = max(times, textWidth(p.moment(h.Time), smallSize))
		frames = max(frames, textWidth(words.Frame(h.Frame), smallSize)+between)
	}
	p.moments, p.gutter = times, times+frames
}

// widest is the room between the outermost columns in which no label is cut.
func (p *plan) widest() float64 {
	most := 0.0
	for i := range p.rows {
		if r := &p.rows[i]; !r.Remark() {
			label, again := p.label(r)
			most = max(most, textWidth(label, textSize)+textWidth(again, textSize)-2*overhang)
		}
	}
	return most
}

func (p *plan) noted() bool {
	for _, r := range p.rows {
		for _, f := range r.Frames() {
			if len(p.Notes[f]) > 0 {
				return true
			}
		}
	}
	return false
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
		case r.After >= ladder.Pause:
			breaks = append(breaks, [2]float64{y, y + breakSize})
			y += breakSize
		case i > 0:
			y += stretch(r.After)
		}
		r.top = y
		y += rowHeight
	}
	bottom := y + 8
	height := bottom + 6
	p.heads(c, top-heads)
	p.lifelines(c, top, bottom, breaks)
	told, alone := map[Note]bool{}, false
	for i := range rows {
		r := &rows[i]
		if r.After >= ladder.Pause {
			x, ty := at(p.gutter-8, r.top-breakSize/2+4)
			c.say("text", render.Duration(r.After)+" later", class("d e"), x, ty)
		}
		alone = p.row(c, r, told) || alone
	}
	if len(told) > 0 {
		for _, line := range lines(legend(alone), smallSize, p.width-p.beside()-6, 2) {
			x, ty := at(p.beside(), height+6)
			c.say("text", line, class("d"), x, ty)
			height += 13
		}
	}
	if tail && p.flow.Left > 0 {
		rest := "… " + render.Count(p.flow.Left, "more message hop") + " not drawn"
		if p.flow.Nodes > 0 {
			rest += ", among them those of " + render.Count(p.flow.Nodes, "further node")
		}
		x, ty := at(p.gutter, height+12)
		c.say("text", rest, class("d"), x, ty)
		height += 22
	}
	return c.b, height
}

// titleLines breaks the title at spaces into at most maxTitle lines.
func (p *plan) titleLines() []string {
	const maxTitle = 3
	return lines(p.Title, 13*bold, max(p.width, 480)-2*margin, maxTitle)
}

// heads names the columns.
func (p *plan) heads(c *canvas, y float64) {
	gap := nearest
	if len(p.x) > 1 {
		gap = p.x[1] - p.x[0]
	}
	for i, label := range p.flow.Labels {
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
