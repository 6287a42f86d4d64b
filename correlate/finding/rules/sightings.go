package rules

import (
	"fmt"
	"slices"

	"imscope/correlate/finding"
)

// crowd bounds the bindings and subscriptions of a user that rules compare each with each other: beyond
// it is a test machine, or an attack on the analysis.
const crowd = 300

// maxSightings bounds the frames of one finding.
const maxSightings = 20

// sightings joins what is one fault: said to three watchers in ten documents, it is still one finding.
type sightings struct {
	keys []string
	hits map[string]*sighting
}

type sighting struct {
	finding.Hit
	times int
}

// see takes note of an occurrence. Those with the same key become one finding with the detail of the
// first; it is as bad and as sure as the worst of them.
func (s *sightings) see(key string, h finding.Hit) {
	if s.hits == nil {
		s.hits = map[string]*sighting{}
	}
	o := s.hits[key]
	if o == nil {
		s.keys = append(s.keys, key)
		s.hits[key] = &sighting{h, 1}
		return
	}
	o.add(h.Frames)
	if h.Doubt == "" {
		o.Doubt = ""
	}
	if !h.HasMild || o.HasMild && h.Mild > o.Mild {
		o.Mild, o.HasMild = h.Mild, h.HasMild
	}
}

// again takes note of another occurrence of what was seen before, without a doubt, and reports whether it was: its
// detail need not be spelled then.
func (s *sightings) again(key string, frames ...uint32) bool {
	o := s.hits[key]
	if o == nil {
		return false
	}
	o.add(frames)
	o.Doubt, o.Mild, o.HasMild = "", 0, false
	return true
}

// add takes note of the frames of another occurrence.
func (o *sighting) add(frames []uint32) {
	o.times++
	for _, f := range frames {
		if len(o.Frames) < maxSightings && !slices.Contains(o.Frames, f) {
			o.Frames = append(o.Frames, f)
		}
	}
}

// report reports each fault once.
func (s *sightings) report(report func(finding.Hit)) {
	for _, k := range s.keys {
		o := s.hits[k]
		if o.times > 1 {
			o.Detail += fmt.Sprintf(" (seen %d times)", o.times)
		}
		report(o.Hit)
	}
}
