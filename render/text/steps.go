package text

import (
	"slices"
	"strings"

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

// exchange is a request with its answer, where the answer needs no line of its own.
type exchange struct {
	*story.Event
	answer *story.Event
}

// folded puts answers to their requests: those of the HSS, and 2xx to what is no REGISTER of the user.
// Whatever failed, challenged or registered keeps its line.
func folded(events []story.Event) []exchange {
	out := make([]exchange, 0, len(events))
	open := map[any]int{} // by exchange: index into out
	for i := range events {
		e := &events[i]
		var key any
		plainAnswer := false
		switch {
		case e.Exchange != nil:
			key, plainAnswer = e.Exchange, e.Kind == story.KindResponse && e.Status >= 200 && e.Status < 300
		case e.Cx != nil:
			key, plainAnswer = e.Cx, true
		}
		if key != nil {
			if at, ok := open[key]; ok {
				delete(open, key)
				if plainAnswer && e.Repeats == 0 && e.Status == 0 == (e.Cx != nil) {
					out[at].answer = e
					continue
				}
			} else if e.Status == 0 {
				open[key] = len(out)
			}
		}
		out = append(out, exchange{Event: e})
	}
	return out
}

// step makes a line of an exchange; when is its first column, base what the hops' times are told from.
func (n *nodes) step(e exchange, when span, base int64) step {
	s := step{when: line{when}, frame: line{frame(e.Frame)}, path: n.path(e), what: line{say(role(e.Event), brief(e.Summary))}}
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
	if a := e.answer; a != nil {
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

// brief leaves out the name of a header whose value speaks for itself.
func brief(summary string) string { return strings.Replace(summary, "Subscription-State: ", "", 1) }

// role gives an event the look of its meaning.
func role(e *story.Event) style.Role {
	switch e.Kind {
	case story.KindFailure:
		return style.Bad
	case story.KindExpiry:
		return style.Warn
	case story.KindRegistered, story.KindDeregister:
		switch {
		case e.Status >= 200:
			return style.Good
		case e.Kind == story.KindDeregister:
			return style.Removed
		}
	}
	return style.Plain
}

// path folds the hops of an event into the way that its message took: "UE → P-CSCF → S-CSCF". A hop that
// was captured twice does not count; forks give further ways after a comma; a question to the HSS that
// was answered is "I-CSCF ⇄ HSS".
func (n *nodes) path(e exchange) line {
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
		arrow := " → "
		if len(w) == 3 && w[0] == w[2] {
			arrow, w = " ⇄ ", w[:2]
		} else if len(w) == 2 && e.answer != nil && e.Cx != nil {
			arrow = " ⇄ "
		}
		for j, label := range w {
			if j > 0 {
				l = append(l, say(style.Faint, arrow))
			}
			l = append(l, say(style.Node, n.name(label)))
		}
	}
	return l
}
