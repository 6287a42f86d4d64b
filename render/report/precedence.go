package report

import (
	"iter"
	"slices"

	"imscope/correlate/story"
	"imscope/render/words"
)

// Stage is how much messages matter where there is no room for all: those of a stage come before those of the next.
type Stage uint8

// The stages of a user's messages.
const (
	Endings Stage = iota // of the last registration if it failed, and of de-registrations, the most interesting first
	Proofs               // of other registrations that failed, findings and evidence
	Others               // all
)

// Stages lists the stages.
var Stages = [...]Stage{Endings, Proofs, Others}

// maxRanked is how many de-registrations come before other messages: their messages fill the room of a user.
const maxRanked = 100

// Hops gives the hops of the user's messages that belong to a stage. Those of a stage before may be among them.
func (u *User) Hops(s Stage) iter.Seq2[*story.Event, *story.Hop] {
	return func(yield func(*story.Event, *story.Hop) bool) {
		each := func(events []story.Event, in map[uint32]bool) bool {
			for i := range events {
				e := &events[i]
				if in != nil && !slices.ContainsFunc(e.Frames, func(f uint32) bool { return in[f] }) {
					continue
				}
				for j := range e.Hops {
					if !yield(e, &e.Hops[j]) {
						return false
					}
				}
			}
			return true
		}
		switch s {
		case Endings:
			if r := u.failure(); r != nil && !each(u.Timeline, among(nil, r.Frames)) {
				return
			}
			for _, i := range words.ByInterest(u.Deregistrations, u.Findings, maxRanked) {
				if !each(u.Deregistrations[i].Steps, nil) {
					return
				}
			}
		case Proofs:
			each(u.Timeline, u.proofs())
		case Others:
			each(u.Timeline, nil)
		}
	}
}

// proofs are the frames of registrations that failed, of findings and of evidence.
func (u *User) proofs() map[uint32]bool {
	in := map[uint32]bool{}
	for _, r := range u.Registrations() {
		if r.Outcome != story.Succeeded {
			in = among(in, r.Frames)
		}
	}
	for _, f := range u.Findings {
		in = among(in, f.Frames)
	}
	for _, d := range u.Deregistrations {
		for _, e := range d.Evidence {
			in[e.Frame] = true
		}
	}
	delete(in, 0)
	return in
}

// among adds frames to a set, nil for an empty one.
func among(in map[uint32]bool, frames []uint32) map[uint32]bool {
	if in == nil {
		in = make(map[uint32]bool, len(frames))
	}
	for _, f := range frames {
		in[f] = true
	}
	return in
}
