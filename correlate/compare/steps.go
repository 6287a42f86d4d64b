package compare

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/story"
)

// steps compares two steps, with the ways that their messages took if they compare.
func steps(a, b *Step, ways bool) []Difference {
	var list []Difference
	add := func(what, left, right string) {
		if left != right {
			list = append(list, Difference{what, left, right})
		}
	}
	if ways {
		add("way", way(a.Event), way(b.Event))
	}
	if a.Event.Repeats > 0 != (b.Event.Repeats > 0) {
		add("retransmissions", fmt.Sprint(a.Event.Repeats), fmt.Sprint(b.Event.Repeats))
	}
	x, y, same := hopsOf(a, b)
	if x != nil {
		d := fields(x.fields, y.fields)
		if !same {
			d = slices.DeleteFunc(d, func(d Difference) bool { return onTheWay(d.What) })
		}
		list = append(list, d...)
	} else if a.Event.Status != b.Event.Status {
		add("Status", fmt.Sprint(a.Event.Status), fmt.Sprint(b.Event.Status))
	}
	if m, n := document(a.Event), document(b.Event); m != nil && n != nil {
		add("reginfo state", m.State.String(), n.State.String())
		add("reginfo content", contents(m), contents(n))
	}
	return list
}

// way names the parties of a message in the order in which it passed them.
func way(e *story.Event) string {
	var list []string
	for _, h := range e.Hops {
		if h.Repeat || h.Copy {
			continue
		}
		for _, label := range [...]string{h.From, h.To} {
			r := role(label)
			if r == "" {
				r = "node"
			}
			if len(list) == 0 || list[len(list)-1] != r {
				list = append(list, r)
			}
		}
	}
	return strings.Join(list, " → ")
}

// onTheWay reports whether a difference is of a header field that proxies change.
func onTheWay(what string) bool {
	for _, name := range [...]string{"Via", "Route", "Record-Route", "Path", "P-Visited-Network-ID", "P-Charging-", "P-Access-Network-Info", "Require", "Request-URI", "Authorization", "WWW-Authenticate", "Security-"} {
		if strings.HasPrefix(what, name) {
			return true
		}
	}
	return false
}

// hopsOf finds the texts of two steps between the same parties, the first ones where there are none such.
func hopsOf(a, b *Step) (x, y *text, same bool) {
	for i := range a.texts {
		for j := range b.texts {
			if s, t := &a.texts[i], &b.texts[j]; s.found && t.found && s.from == t.from && s.to == t.to {
				return s, t, true
			}
		}
	}
	for i := range a.texts {
		for j := range b.texts {
			if a.texts[i].found && b.texts[j].found {
				return &a.texts[i], &b.texts[j], false
			}
		}
	}
	return nil, nil, false
}

// document gives the reginfo document of a NOTIFY.
func document(e *story.Event) *fact.Document {
	if e.Exchange == nil || e.Exchange.Notify == nil || e.Status != 0 {
		return nil
	}
	return e.Exchange.Notify.Document
}

// contents says what a document lists: contacts by state and event, and registrations by their state.
func contents(d *fact.Document) string {
	type kind struct{ noun, state string }
	counts := map[kind]int{}
	for _, r := range d.Registrations {
		counts[kind{"registration", r.State.String()}]++
		for _, c := range r.Contacts {
			counts[kind{"contact", c.State.String() + " " + c.Event.String()}]++
		}
	}
	kinds := slices.SortedFunc(maps.Keys(counts), func(a, b kind) int {
		return cmp.Or(strings.Compare(a.noun, b.noun), strings.Compare(a.state, b.state))
	})
	list := make([]string, 0, len(kinds))
	for _, k := range kinds {
		s := "s"
		if counts[k] == 1 {
			s = ""
		}
		list = append(list, fmt.Sprintf("%d %s%s %s", counts[k], k.noun, s, k.state))
	}
	return strings.Join(list, ", ")
}
