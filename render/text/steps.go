package text

import (
	"slices"

	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/style"
	"imscope/render/words"
)

// step is one line of a flow: when, in which frame, from where over whom to where, what.
type step struct {
	when  line
	frame line
	path  line
	what  line
	tail  line // the later hops, the retransmissions, the answer
}

// maxHops is how many later hops of a message are listed with their times.
const maxHops = 6

// steps lays out events in columns.
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
	text := left
	if path > 0 {
		text += path + 2
	}
	for _, s := range steps {
		l := line{}.pad(when - s.when.width()).add(s.when...).add(plain("  ")).add(s.frame...).pad(when + frames + 4)
		if s.path.width() > path {
			p.wrapped(indent, left+4, append(l, s.path...))
			p.said(text, text, nil, s)
			continue
		}
		p.said(indent, text, l.add(s.path...).pad(text-indent), s)
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

// step makes a line of an exchange; when is its first column, base what the hops' times are told from.
func (n *nodes) step(e words.Exchange, when span, base int64) step {
	s := step{when: line{when}, frame: line{frame(e.Frame)}, path: n.path(e), what: line{say(words.Look(e.Event), words.Brief(e.Summary))}}
	next := func(sep string) {
		if len(s.tail) > 0 {
			s.tail = append(s.tail, say(style.Faint, sep))
		}
	}
	hops, repeats := 0, 0
	var again line
	var last story.Hop
	var ways []string
	for i, h := range e.Hops {
		switch {
		case h.Repeat:
			last = h
			if repeats++; repeats <= maxHops {
				again = append(again, plain(" "), frame(h.Frame))
			}
		case i > 0 && h.Frame != e.Frame && !h.Copy:
			if hops++; hops <= maxHops {
				next(", ")
				s.tail = append(s.tail, frame(h.Frame), plain(" "), offset(h.Time, base))
			}
		}
		if h.Path != "" && !slices.Contains(ways, h.Path) {
			ways = append(ways, h.Path)
		}
	}
	if hops > maxHops {
		s.tail = append(s.tail, say(style.Faint, " and "+render.Number(hops-maxHops)+" more"))
	}
	if repeats > 0 {
		next("; ")
		s.tail = append(append(s.tail, say(style.Warn, "repeated "+render.Number(repeats)+"×")), again...)
		if repeats > maxHops {
			s.tail = append(s.tail, say(style.Faint, " …"))
		}
		s.tail = append(s.tail, say(style.Faint, " until "), offset(last.Time, base))
	}
	if a := e.Answer; a != nil {
		arrived := a.Time
		if len(a.Hops) > 0 {
			arrived = a.Hops[len(a.Hops)-1].Time
		}
		next("; ")
		look := style.Good
		if a.Cx != nil && !a.Cx.Succeeded() {
			look = style.Bad
		}
		s.tail = append(s.tail, say(style.Faint, "← "), say(look, a.Summary), plain(" "), frames(a.Frames, maxHops), plain(" "), offset(arrived, base))
	}
	if len(ways) > 0 {
		next("; ")
		s.tail = append(s.tail, say(style.Faint, "in "+ways[0]))
		if len(ways) > 1 {
			s.tail = append(s.tail, say(style.Faint, " and "+render.Number(len(ways)-1)+" more"))
		}
	}
	return s
}
