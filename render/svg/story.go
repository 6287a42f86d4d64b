package svg

import (
	"slices"
	"strings"

	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/words"
)

// Links gives the targets of what a drawing shows, "" for none. A nil function makes no links.
type Links struct {
	Frame          func(frame uint32) string
	Deregistration func(i int) string
}

// LanesOf makes the lanes of a user's story. ok is false where nothing is known.
func LanesOf(u *story.User, b *story.Beliefs, nodes *words.Nodes, links Links) (l *Lanes, ok bool) {
	l = &Lanes{Title: "What each party believed of " + u.ID}
	to := func(frame uint32) string {
		if links.Frame == nil || frame == 0 {
			return ""
		}
		return links.Frame(frame)
	}
	all := map[string][]string{} // identities of a contact
	at := map[string]int{}
	for i := range b.Lanes {
		lane := &b.Lanes[i]
		for _, a := range lane.AORs {
			if !slices.Contains(all[lane.Contact], a) {
				all[lane.Contact] = append(all[lane.Contact], a)
			}
		}
	}
	for _, lane := range merged(b.Lanes) {
		g, ok := at[lane.Contact]
		if !ok {
			g = len(l.Groups)
			at[lane.Contact] = g
			l.Groups = append(l.Groups, Group{Title: groupTitle(lane.Contact, all[lane.Contact])})
		}
		out := Lane{Name: nodes.Name(lane.Party)}
		switch {
		case len(lane.AORs) < len(all[lane.Contact]):
			out.Detail = strings.Join(lane.AORs, ", ")
		case lane.Role == story.PartyWatcher:
			out.Detail = "watcher"
		case lane.Role == story.PartyUE && out.Name != "UE":
			out.Detail = "its phone"
		}
		for _, s := range lane.Segments {
			if l.From == 0 || s.From < l.From {
				l.From = s.From
			}
			l.To = max(l.To, s.To)
			span := Span{From: s.From, To: s.To, Text: s.State, Link: to(s.Frame), Frame: s.Frame,
				Title: strings.TrimSpace(out.Name + ": " + s.State + ", " + nodes.In(s.Why) + " " + words.Frame(s.Frame))}
			span.Belief, span.Short = belief(s.State)
			out.Spans = append(out.Spans, span)
		}
		l.Groups[g].Lanes = append(l.Groups[g].Lanes, out)
	}
	for i := range b.Disagreements {
		d := &b.Disagreements[i]
		if g, ok := at[d.Contact]; ok {
			l.Groups[g].Wrong = append(l.Groups[g].Wrong, Wrong{From: d.From, To: d.To, Text: "they disagree for " + render.Duration(d.To-d.From)})
		}
	}
	if len(l.Groups) == 0 {
		return nil, false
	}
	for i, d := range u.Deregistrations {
		name := "de-registration"
		if len(u.Deregistrations) > 1 {
			name = "D" + render.Number(i+1)
		}
		e := Event{Time: d.Started, Name: name, Text: nodes.In(d.Verdict)}
		if links.Deregistration != nil {
			e.Link = links.Deregistration(i)
		}
		l.Events = append(l.Events, e)
	}
	return l, true
}

// merged puts lanes of one contact together in which a party believed the same of several identities.
func merged(lanes []story.Lane) []story.Lane {
	var out []story.Lane
	for _, l := range lanes {
		i := slices.IndexFunc(out, func(o story.Lane) bool {
			return o.Party == l.Party && o.Role == l.Role && o.Contact == l.Contact && slices.EqualFunc(o.Segments, l.Segments, func(a, b story.Segment) bool {
				return a.From == b.From && a.To == b.To && a.State == b.State
			})
		})
		if i < 0 {
			l.AORs = slices.Clone(l.AORs)
			out = append(out, l)
			continue
		}
		for _, a := range l.AORs {
			if !slices.Contains(out[i].AORs, a) {
				out[i].AORs = append(out[i].AORs, a)
			}
		}
	}
	return out
}

// groupTitle words what the lanes of a group are about.
func groupTitle(contact string, aors []string) string {
	who := strings.Join(aors, ", ")
	if contact == "" {
		return "identities " + who
	}
	return "contact " + contact + "  for " + who
}

// belief gives a state its look and a word for where there is little room.
func belief(state string) (Belief, string) {
	switch state {
	case story.BeliefRegistered:
		return Bound, "reg."
	case story.BeliefNot:
		return Unbound, "not"
	}
	return Unknown, "?"
}
