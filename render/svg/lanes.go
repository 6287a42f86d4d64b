package svg

import (
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"

	"imscope/render"
)

// Lanes is what each party believed over time: a lane for each party, time from left to right. The scale
// gives room to moments in which something changed and little to the hours between them.
type Lanes struct {
	Title    string
	Groups   []Group
	From, To int64   // ns; what lies outside is cut
	Events   []Event // across all lanes
	Width    float64 // 0 for DefaultWidth
}

// Group is the lanes of one thing that parties have a view of.
type Group struct {
	Title string // above its lanes
	Lanes []Lane
	Wrong []Wrong
}

// Lane is one party's view.
type Lane struct {
	Name   string // "S-CSCF"
	Detail string // "sip:…", smaller
	Spans  []Span
}

// Belief is what a party takes for true.
type Belief string

// The beliefs; they are names of the style sheet's classes as well.
const (
	Bound    Belief = "bound"    // the user is registered
	Unbound  Belief = "unbound"  // the user was registered and is not any more
	Doubtful Belief = "doubtful" // something is under way, or the party cannot know
	Unknown  Belief = "unknown"  // the capture does not show it
)

// Span is a belief from one moment to another.
type Span struct {
	From, To int64
	Belief   Belief
	Text     string // in the span, if there is room
	Short    string // else this
	Title    string // in full
	Link     string // "" for none
	Frame    uint32 // shows why; 0 for none
}

// Event is a moment that matters to all parties.
type Event struct {
	Time int64
	Name string // short: "D1"
	Text string
	Link string
}

// Wrong is a time in which parties of a group contradict each other.
type Wrong struct {
	From, To int64
	Text     string
}

// Measures of lanes in pixels.
const (
	laneNames  = 206.0
	laneHeight = 30.0
	laneBar    = 18.0
	laneHead   = 44.0
	laneFoot   = 30.0
	groupHead  = 28.0
	laneRight  = 16.0
)

// maxLanes bounds the lanes of a drawing: a user with more watchers than this has most of them in the
// same state.
const maxLanes = 40

// scale maps moments to places.
type scale struct {
	times []int64
	x     []float64
}

// newScale spreads moments over a width: a pause counts with its logarithm.
func newScale(times []int64, left, width float64) *scale {
	slices.Sort(times)
	times = slices.Compact(times)
	s := &scale{times: times, x: make([]float64, len(times))}
	total := 0.0
	for i := 1; i < len(times); i++ {
		// A difference may not fit where times of a capture are absurd; a float holds it all the same.
		gap := float64(times[i]) - float64(times[i-1])
		total += 0.25 + math.Log10(1+gap/1e6)
		s.x[i] = total
	}
	for i := range s.x {
		if total > 0 {
			s.x[i] = left + s.x[i]/total*width
		} else {
			s.x[i] = left
		}
	}
	return s
}

// at gives the place of a moment, between its neighbours where it is none of those known.
func (s *scale) at(t int64) float64 {
	i := sort.Search(len(s.times), func(i int) bool { return s.times[i] >= t })
	switch {
	case len(s.times) == 0:
		return 0
	case i == len(s.times):
		return s.x[i-1]
	case i == 0 || s.times[i] == t:
		return s.x[i]
	}
	part := (float64(t) - float64(s.times[i-1])) / (float64(s.times[i]) - float64(s.times[i-1]))
	return s.x[i-1] + part*(s.x[i]-s.x[i-1])
}

// Append draws the lanes for a page.
func (l *Lanes) Append(dst []byte) []byte { return l.draw(dst, false) }

// Alone draws the lanes as a file of its own.
func (l *Lanes) Alone() []byte { return l.draw(nil, true) }

func (l *Lanes) draw(dst []byte, alone bool) []byte {
	width := l.Width
	if width <= 0 {
		width = DefaultWidth
	}
	groups, left := l.fitting()
	rest := ""
	if left > 0 {
		rest = "… " + render.Count(left, "more view") + " not drawn"
	}
	top := laneHead
	if alone {
		top += 26
	}
	bottom := top
	for i := range groups {
		bottom += groups[i].height()
	}
	height := bottom + laneFoot
	if rest != "" {
		height += 18
	}
	s := l.scale(groups, laneNames, width-laneNames-laneRight)
	c := &canvas{dst}
	c.begin("lan", l.Title, width, height, alone)
	if alone {
		x, y := at(margin, 20)
		c.say("text", fit(l.Title, 13, width-2*margin), class("h"), x, y)
	}
	l.axis(c, s, top, bottom)
	y := top
	for i := range groups {
		l.group(c, s, &groups[i], y)
		y += groups[i].height()
	}
	l.events(c, s, top, bottom)
	// Titles come last, so that no line runs through them.
	y = top
	for i := range groups {
		if groups[i].Title != "" {
			tx, ty := at(4, y+groupHead-8)
			c.say("text", fit(groups[i].Title, textSize*bold, width-20), class("gt lb"), tx, ty)
		}
		y += groups[i].height()
	}
	if rest != "" {
		x, y := at(margin, height-6)
		c.say("text", rest, class("d"), x, y)
	}
	c.close("svg")
	if alone {
		c.b = append(c.b, '\n')
	}
	return c.b
}

// fitting gives the groups with as many lanes as a drawing may have, and how many are left out.
func (l *Lanes) fitting() (groups []Group, left int) {
	room := maxLanes
	for _, g := range l.Groups {
		if n := len(g.Lanes) - room; n > 0 {
			left += n
			g.Lanes = g.Lanes[:room]
		}
		room -= len(g.Lanes)
		if len(g.Lanes) > 0 {
			groups = append(groups, g)
		}
	}
	return groups, left
}

// height is the room that a group takes.
func (g *Group) height() float64 {
	h := float64(len(g.Lanes)) * laneHeight
	if g.Title != "" {
		h += groupHead
	}
	return h
}

// group draws a group from y on.
func (l *Lanes) group(c *canvas, s *scale, g *Group, y float64) {
	if g.Title != "" {
		c.leaf("path", class("row"), str("d", path("M", 2.0, y+groupHead-1, "H", s.at(l.To)+laneRight/2)))
		y += groupHead
	}
	for _, w := range g.Wrong {
		x1, x2 := s.at(max(w.From, l.From)), s.at(min(w.To, l.To))
		if x2 < x1 {
			continue
		}
		x, ry := at(x1, y)
		bw, bh := size(max(x2-x1, 3), float64(len(g.Lanes))*laneHeight)
		c.open("g")
		c.say("title", w.Text)
		c.leaf("rect", class("wrong"), x, ry, bw, bh)
		c.close("g")
	}
	for i := range g.Lanes {
		l.lane(c, s, &g.Lanes[i], y+float64(i)*laneHeight)
	}
}

// scale knows every moment at which something changes.
func (l *Lanes) scale(groups []Group, left, width float64) *scale {
	times := []int64{l.From, l.To}
	add := func(t int64) {
		if t > l.From && t < l.To {
			times = append(times, t)
		}
	}
	for i := range groups {
		for _, lane := range groups[i].Lanes {
			for _, s := range lane.Spans {
				add(s.From)
				add(s.To)
			}
		}
	}
	for _, e := range l.Events {
		add(e.Time)
	}
	return newScale(times, left, width)
}

// tickAfter is the pause from which on a moment gets a time of its own below the lanes.
const tickAfter = int64(1e9)

// axis writes times below the lanes and how much time is left out between them.
func (l *Lanes) axis(c *canvas, s *scale, top, bottom float64) {
	free := -1000.0
	before := int64(0)
	last := len(s.times) - 1
	for i, t := range s.times {
		x := s.x[i]
		if i > 0 && t-s.times[i-1] < tickAfter && i < last {
			continue
		}
		if i > 0 {
			gap, room := t-s.times[i-1], x-s.x[i-1]
			text := render.Duration(gap)
			if gap >= tickAfter && room > textWidth(text, smallSize)+14 {
				mx := (x + s.x[i-1]) / 2
				c.leaf("path", class("cut"), str("d", path("M", mx-4, bottom+5, "L", mx, bottom-3, "M", mx, bottom+5, "L", mx+4, bottom-3)))
				tx, ty := at(mx, bottom+27)
				c.say("text", text, class("d m"), tx, ty)
			}
		}
		c.leaf("path", class("tick"), str("d", path("M", x, top-6, "V", bottom+4)))
		text := render.UTC(t).Format("15:04:05")
		if i == last && t-before < 10*tickAfter {
			text = "+" + render.Duration(t-before)
		}
		w := textWidth(text, smallSize)
		left, anchor := x-w/2, "d m"
		if i == last {
			left, anchor = x-w, "d e"
		}
		if left < free+8 {
			continue
		}
		free, before = left+w, t
		tx, ty := at(x, bottom+15)
		c.say("text", text, class(anchor), tx, ty)
	}
}

// lane draws one party.
func (l *Lanes) lane(c *canvas, s *scale, lane *Lane, y float64) {
	c.leaf("path", class("row"), str("d", path("M", 2.0, y+laneHeight, "H", s.at(l.To)+laneRight/2)))
	c.open("g")
	c.say("title", strings.TrimSpace(lane.Name+" "+lane.Detail))
	x, ty := at(4, y+19)
	if lane.Detail != "" {
		_, ty = at(0, y+13)
	}
	c.say("text", fit(lane.Name, 13*bold*wide, laneNames-12), class("h"), x, ty)
	if lane.Detail != "" {
		x, ty = at(4, y+25)
		c.say("text", fit(lane.Detail, smallSize*wide, laneNames-10), class("d"), x, ty)
	}
	c.close("g")
	for _, span := range lane.Spans {
		from, to := max(span.From, l.From), min(span.To, l.To)
		if to < from {
			continue
		}
		x1, x2 := s.at(from), s.at(to)
		element, attrs := "g", []attr(nil)
		if span.Link != "" {
			element = "a"
			attrs = append(attrs, str("href", span.Link))
		}
		if span.Frame != 0 {
			attrs = append(attrs, str("data-f", strconv.FormatUint(uint64(span.Frame), 10)))
		}
		c.open(element, attrs...)
		c.say("title", span.Title)
		x, ry := at(x1, y+(laneHeight-laneBar)/2)
		w, h := size(max(x2-x1, 2), laneBar)
		c.leaf("rect", class(string(span.Belief)), x, ry, w, h)
		text := span.Text
		if textWidth(text, smallSize) > x2-x1-6 {
			text = span.Short
		}
		if textWidth(text, smallSize) <= x2-x1-6 {
			tx, ty := at(x1+5, y+laneHeight/2+4)
			c.say("text", text, tx, ty)
		}
		c.close(element)
	}
}

// events draws what matters to all parties: a line across the lanes with its name above. Where there is no room for all names
// the later ones stand.
func (l *Lanes) events(c *canvas, s *scale, top, bottom float64) {
	names, anchors := make([]string, len(l.Events)), make([]string, len(l.Events))
	free := math.Inf(1)
	for i, e := range slices.Backward(l.Events) {
		name, anchor := fit(e.Name, textSize, 140), "nerror m"
		x, width := s.at(e.Time), textWidth(name, textSize)
		end := x + width/2
		if x > s.x[len(s.x)-1]-40 {
			anchor, end = "nerror e", x
		}
		if end <= free-6 && e.Time >= l.From && e.Time <= l.To {
			names[i], anchors[i], free = name, anchor, end-width
		}
	}
	for i, e := range l.Events {
		if e.Time < l.From || e.Time > l.To {
			continue
		}
		x := s.at(e.Time)
		element, attrs := "g", []attr(nil)
		if e.Link != "" {
			element = "a"
			attrs = append(attrs, str("href", e.Link))
		}
		c.open(element, attrs...)
		c.say("title", e.Text)
		c.leaf("path", class("act"), str("d", path("M", x, top-14, "V", bottom)))
		if names[i] != "" {
			tx, ty := at(x, top-19)
			c.say("text", names[i], class(anchors[i]), tx, ty)
		}
		c.close(element)
	}
}

// Swatch draws a small sample of a belief for a legend; "wrong" is a disagreement.
func Swatch(b Belief) []byte {
	c := &canvas{}
	w, h := size(26, 12)
	c.open("svg", class("lan sw"), w, h, str("aria-hidden", "true"))
	x, y := at(1, 1)
	rw, rh := size(24, 10)
	c.leaf("rect", class(string(b)), x, y, rw, rh)
	c.close("svg")
	return c.b
}
