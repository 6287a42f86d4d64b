package words

import (
	"slices"

	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/render"
)

// Telling is which of a user's de-registrations are told, where there is no room for all.
type Telling struct {
	Order []int  // their numbers, counted from 0: all in order of time, or some, the most interesting first
	Rest  string // what the others are: "11 more de-registrations, routine: by user 11×"; "" if there are none

	told []bool
}

// Tell picks at most so many de-registrations: the last one, which is how it ended, then what weighs most. As with users
// (Top), kinds take turns; of one kind the latest comes first.
func Tell(list []*story.Deregistration, findings []*finding.Finding, most int) Telling {
	return tell(list, findings, most, most)
}

// TellBriefly picks as Tell does, but where there are too many it leaves the routine ones at one example.
func TellBriefly(list []*story.Deregistration, findings []*finding.Finding, most int) Telling {
	return tell(list, findings, most, 1)
}

func tell(list []*story.Deregistration, findings []*finding.Finding, most, examples int) Telling {
	t := Telling{told: make([]bool, len(list))}
	take := func(i int) {
		t.Order, t.told[i] = append(t.Order, i), true
	}
	if len(list) <= most {
		for i := range list {
			take(i)
		}
		return t
	}
	standings := standings(list, findings)
	routine := func(i int) bool { return standings[i].Kind == story.ByUser+" "+story.Complete }
	for _, i := range rank(standings, most) {
		switch {
		case !routine(i):
			take(i)
		case examples > 0:
			take(i)
			examples--
		}
	}
	rest, plain := story.User{}, true
	for i, d := range list {
		if !t.told[i] {
			rest.Deregistrations = append(rest.Deregistrations, d)
			plain = plain && routine(i)
		}
	}
	t.Rest = render.Count(len(rest.Deregistrations), "more de-registration")
	if plain {
		t.Rest += ", routine"
	}
	t.Rest += ": " + Join(Deregistrations(&rest))
	return t
}

// ByInterest gives the numbers of at most so many de-registrations, the most interesting first, as Tell picks them.
func ByInterest(list []*story.Deregistration, findings []*finding.Finding, most int) []int {
	return rank(standings(list, findings), most)
}

func rank(list []Standing, most int) []int {
	last := len(list) - 1
	if last < 0 || most <= 0 {
		return nil
	}
	top := NewTop(most)
	for i := range list {
		top.Offer(list[last-i])
	}
	out := []int{last}
	for _, r := range top.best() {
		if i := last - r.Order; i != last && len(out) < most {
			out = append(out, i)
		}
	}
	return out
}

// Tells reports whether number i is told.
func (t *Telling) Tells(i int) bool { return i >= 0 && i < len(t.told) && t.told[i] }

// InTime gives the numbers of those that are told in order of time.
func (t *Telling) InTime() []int { return slices.Sorted(slices.Values(t.Order)) }

// Beside gives of each finding the number of the first of those that are told that any of its frames belongs to, -1 for
// none.
func (t *Telling) Beside(list []*story.Deregistration, findings []*finding.Finding) []int {
	return beside(list, findings, t.Tells)
}

// standings gives each de-registration the standing of a user of whom there is nothing else to tell.
func standings(list []*story.Deregistration, findings []*finding.Finding) []Standing {
	found := make([][]*finding.Finding, len(list))
	for n, i := range beside(list, findings, func(int) bool { return true }) {
		if i >= 0 {
			found[i] = append(found[i], findings[n])
		}
	}
	out := make([]Standing, len(list))
	for i := range list {
		out[i] = StandingOf(&story.User{Deregistrations: list[i : i+1]}, found[i])
	}
	return out
}

func beside(list []*story.Deregistration, findings []*finding.Finding, counts func(i int) bool) []int {
	first := map[uint32]int{}
	for i, d := range list {
		if !counts(i) {
			continue
		}
		take := func(frames []uint32) {
			for _, f := range frames {
				if _, ok := first[f]; !ok {
					first[f] = i
				}
			}
		}
		take(d.Frames)
		for j := range d.Steps {
			take(d.Steps[j].Frames)
		}
	}
	out := make([]int, len(findings))
	for n, f := range findings {
		out[n] = -1
		for _, frame := range f.Frames {
			if i, ok := first[frame]; ok && (out[n] < 0 || i < out[n]) {
				out[n] = i
			}
		}
	}
	return out
}

// TellRegistrations picks at most so many registrations, in order of time: the last one, then those that failed, then the
// others, the latest first.
func TellRegistrations(all []*story.Registration, most int) []*story.Registration {
	return latest(all, most, func(r *story.Registration) bool { return r.Outcome != story.Succeeded })
}

// TellContacts picks at most so many contacts, in their order: the last one, then those that are bound, then the others, the
// latest first.
func TellContacts(all []*Contact, most int) []*Contact {
	return latest(all, most, func(c *Contact) bool { return c.Active })
}

// latest picks at most so many of a list, in its order: the last one, then the latest of those that matter, then the latest.
func latest[T any](all []T, most int, matters func(T) bool) []T {
	if len(all) <= most {
		return all
	}
	last := len(all) - 1
	chosen := make([]bool, len(all))
	chosen[last] = true
	left := most - 1
	for _, round := range []bool{true, false} {
		for i := last; i >= 0 && left > 0; i-- {
			if !chosen[i] && matters(all[i]) == round {
				chosen[i] = true
				left--
			}
		}
	}
	out := make([]T, 0, most)
	for i, x := range all {
		if chosen[i] {
			out = append(out, x)
		}
	}
	return out
}
