package text

import (
	"slices"

	"github.com/clipperhouse/displaywidth"

	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/style"
)

// step is one line of a flow: when, in which frame, from where over whom to where, what.
type step struct {
	when  line
	frame line
	path  line
	what  line
	tail  line // the later hops and the retransmissions
}

// maxHops is how many later hops of a message are listed with their times.
const maxHops = 6

// steps lays out events in columns. base is what times are told from; clock says that they are told
// as times of day instead.
func (p *page) steps(indent int, steps []step) {
	var when, frames, path int
	for _, s := range steps {
		when = max(when, s.when.width())
		frames = max(frames, s.frame.width())
		path = max(path, s.path.width())
	}
	// A path that would leave no room for what is said gets a line of its own.
	path = min(path, max(p.width*2/5, 24))
	left := indent + when + frames + 4
	for _, s := range steps {
		l := line{}.pad(when - s.when.width()).add(s.when...).add(plain("  ")).add(s.frame...).pad(when + frames + 4)
		text := left + path + 2
		if s.path.width() > path {
			p.wrapped(indent, left+4, append(l, s.path...))
			p.said(text, text, nil, s)
			continue
		}
		if len(s.path) > 0 {
			l = l.add(s.path...).pad(text - indent)
		}
		p.said(indent, text, l, s)
	}
}

// said finishes a step's line: what it says, then its tail, beside it if there is room, else below.
func (p *page) said(indent, text int, l line, s step) {
	parts := append(l, s.what...).wrap(p.width-indent, p.width-text)
	if len(s.tail) > 0 {
		left := indent
		if len(parts) > 1 {
			left = text
		}
		last := &parts[len(parts)-1]
		if left+last.width()+2+s.tail.width() <= p.width {
			*last = append(append(*last, plain("  ")), s.tail...)
		} else {
			parts = append(parts, s.tail.wrap(p.width-text, p.width-text)...)
		}
	}
	for i, part := range parts {
		if i == 0 {
			p.put(indent, part)
		} else {
			p.put(text, part)
		}
	}
}

// offset words a moment as the time since base: "+84 ms".
func offset(ns, base int64) span {
	if ns == 0 {
		return plain("")
	}
	d := render.Duration(ns - base)
	if ns >= base {
		d = "+" + d
	}
	return say(style.Faint, d)
}

// eventStep makes a step of an event; when is its first column, base what the hops' times are told from.
func eventStep(e *story.Event, when span, base int64) step {
	s := step{when: line{when}, frame: line{frame(e.Frame)}, path: path(e), what: line{say(role(e), e.Summary)}}
	var later, repeats line
	hops, nrepeats := 0, 0
	var last story.Hop
	var ways []string
	for i, h := range e.Hops {
		switch {
		case h.Repeat:
			nrepeats++
			last = h
			if nrepeats <= maxHops {
				repeats = append(repeats, plain(" "), frame(h.Frame))
			}
		case i > 0 && h.Frame != e.Frame:
			hops++
			if hops > maxHops {
				continue
			}
			if len(later) > 0 {
				later = append(later, say(style.Faint, ", "))
			}
			later = append(later, frame(h.Frame), plain(" "), offset(h.Time, base))
		}
		if h.Path != "" && !slices.Contains(ways, h.Path) {
			ways = append(ways, h.Path)
		}
	}
	if hops > maxHops {
		later = append(later, say(style.Faint, " and "+render.Number(hops-maxHops)+" more"))
	}
	s.tail = later
	if nrepeats > 0 {
		if len(s.tail) > 0 {
			s.tail = append(s.tail, say(style.Faint, "; "))
		}
		s.tail = append(s.tail, say(style.Warn, "repeated "+render.Number(nrepeats)+"×"))
		s.tail = append(s.tail, repeats...)
		if nrepeats > maxHops {
			s.tail = append(s.tail, say(style.Faint, " …"))
		}
		s.tail = append(s.tail, say(style.Faint, " until "), offset(last.Time, base))
	}
	if len(ways) > 0 {
		if len(s.tail) > 0 {
			s.tail = append(s.tail, say(style.Faint, "; "))
		}
		s.tail = append(s.tail, say(style.Faint, "in "), say(style.Faint, ways[0]))
		if len(ways) > 1 {
			s.tail = append(s.tail, say(style.Faint, " and "+render.Number(len(ways)-1)+" more"))
		}
	}
	return s
}

// role gives an event the look of its meaning.
func role(e *story.Event) style.Role {
	switch e.Kind {
	case story.KindFailure:
		return style.Bad
	case story.KindDeregister:
		return style.Removed
	case story.KindExpiry:
		return style.Warn
	case story.KindRegistered:
		return style.Good
	}
	return style.Plain
}

// path folds the hops of an event into the way that its message took: "UE → P-CSCF → S-CSCF". A copy of
// a hop that was seen twice does not count; forks give further ways after a comma; there and back is
// "I-CSCF ⇄ HSS".
func path(e *story.Event) line {
	var ways [][]string
	var seen [][2]string
	for _, h := range e.Hops {
		pair := [2]string{h.From, h.To}
		if h.Repeat || slices.Contains(seen, pair) {
			continue
		}
		seen = append(seen, pair)
		joined := false
		for i, w := range ways {
			switch {
			case w[len(w)-1] == h.From:
				ways[i], joined = append(w, h.To), true
			case w[0] == h.To:
				ways[i], joined = append([]string{h.From}, w...), true
			}
			if joined {
				break
			}
		}
		if !joined {
			ways = append(ways, []string{h.From, h.To})
		}
	}
	if len(ways) == 0 && (e.From != "" || e.To != "") {
		ways = [][]string{{e.From, e.To}}
	}
	var l line
	for i, w := range ways {
		if i > 0 {
			l = append(l, say(style.Faint, ", "))
		}
		if len(w) == 3 && w[0] == w[2] {
			l = append(l, say(style.Node, w[0]), say(style.Faint, " ⇄ "), say(style.Node, w[1]))
			continue
		}
		for j, n := range w {
			if j > 0 && (n != "" && w[j-1] != "" || j > 1) {
				l = append(l, say(style.Faint, " → "))
			}
			l = append(l, say(style.Node, n))
		}
	}
	return l
}

// columns counts the columns of a text that is a span already.
func columns(s span) int { return displaywidth.String(s.text) }
