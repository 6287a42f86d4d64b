package words

import (
	"slices"
	"strings"

	"imscope/correlate/story"
	"imscope/render/style"
)

// Exchange is a request with its answer, where the answer needs no line of its own.
type Exchange struct {
	*story.Event
	Answer *story.Event // nil for none
}

// Fold puts answers to their requests: those of the HSS, and 2xx to what is no REGISTER of the user.
// Whatever failed, challenged or registered keeps its line.
func Fold(events []story.Event) []Exchange {
	out := make([]Exchange, 0, len(events))
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
					out[at].Answer = e
					continue
				}
			} else if e.Status == 0 {
				open[key] = len(out)
			}
		}
		out = append(out, Exchange{Event: e})
	}
	return out
}

// Brief leaves out the name of a header whose value speaks for itself.
func Brief(summary string) string { return strings.Replace(summary, "Subscription-State: ", "", 1) }

// Look gives an event the role of its meaning.
func Look(e *story.Event) style.Role {
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

// Way is a chain of nodes that a message took.
type Way struct {
	Nodes []string // labels
	Back  bool     // the answer came back the same way
}

// Arrow is what stands between two nodes of the way.
func (w Way) Arrow() string {
	if w.Back {
		return " ⇄ "
	}
	return " → "
}

// Ways folds the hops of an event into the ways that its message took: "UE → P-CSCF → S-CSCF". A hop
// that was captured twice does not count; forks give further ways; a question to the HSS that was
// answered is "I-CSCF ⇄ HSS".
func Ways(e Exchange) []Way {
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
	out := make([]Way, 0, len(ways))
	for _, w := range ways {
		back := len(w) == 2 && e.Answer != nil && e.Cx != nil
		if len(w) == 3 && w[0] == w[2] {
			back, w = true, w[:2]
		}
		out = append(out, Way{w, back})
	}
	return out
}
