package words

import (
	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/style"
)

// Belief words what a party believes.
func Belief(state string) Word {
	switch state {
	case story.BeliefRegistered:
		return Word{style.Good, state}
	case story.BeliefNot:
		return Word{style.Removed, state}
	}
	return Word{style.Faint, state}
}

// Camp is those parties of a disagreement that believe the same.
type Camp struct {
	State string
	Views []story.View
}

// Camps gives the two sides of a disagreement, those who take the contact for registered first.
func Camps(d *story.Disagreement) []Camp {
	camps := []Camp{{State: story.BeliefRegistered}, {State: story.BeliefNot}}
	for _, v := range d.Views {
		for i := range camps {
			if camps[i].State == v.State {
				camps[i].Views = append(camps[i].Views, v)
			}
		}
	}
	return camps
}

// Span words how long a disagreement lasts: "10:00:00 to 10:05:00, 5 min".
func Span(d *story.Disagreement, day int64) string {
	to := render.When(d.To, day)
	if d.Open {
		to = "the end"
	}
	return render.When(d.From, day) + " to " + to + ", " + render.Duration(d.To-d.From)
}

// Agreed is what is said of those who agree.
const Agreed = "On what is registered they agree at every moment, apart from the time that messages take: "

// Agreement names those who agree at every moment: "UE1, P-CSCF1, S-CSCF and HSS". It is empty where
// fewer than two are there to agree.
func Agreement(b *story.Beliefs, nodes *Nodes) []string {
	var list []string
	seen := map[string]bool{}
	for i := range b.Lanes {
		if name := nodes.Name(b.Lanes[i].Party); !seen[name] {
			seen[name] = true
			list = append(list, name)
		}
	}
	if len(list) < 2 {
		return nil
	}
	return list
}
