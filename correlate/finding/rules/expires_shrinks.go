package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "expires-shrinks",
	Title:    "the device asks for less with every refresh",
	Severity: problem.Warning,
	Clause:   "see RFC 3261 10.2.1.1",
	Failures: []string{"F68"},
	Actor:    finding.ActorUE,
	Seen:     "At least four refreshes in a row, each asking for less time than the one before.",
	Means:    "The device takes what it was granted, less a margin, for its next request. In the end it refreshes every few seconds, or is answered 423.",
	Next:     "Compare each request with the grant before it.",
	Example:  "asks 3600, granted 3600; asks 3590, granted 3590; asks 3580, …",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		const enough = 4 // refreshes in a row that ask for less
		if len(c.Grants()) <= enough {
			return
		}
		type run struct {
			n     int
			first int64
			last  int64
			hit   finding.Hit
			done  bool
		}
		runs := map[string]*run{}
		for _, g := range c.Grants() {
			o := runs[g.Contact.Key]
			if o == nil || g.Asked <= 0 || g.Asked >= o.last {
				if g.Asked > 0 && (o == nil || !o.done && g.Asked != o.last) {
					runs[g.Contact.Key] = &run{first: g.Asked, last: g.Asked, hit: finding.Hit{Frames: []uint32{g.Round.Frame()}}}
				}
				continue
			}
			o.last = g.Asked
			if o.n++; len(o.hit.Frames) < 8 {
				o.hit.Frames = append(o.hit.Frames, g.Round.Frame())
			}
			if o.n == enough && !o.done {
				o.done = true
				o.hit.Detail = fmt.Sprintf("%s: from %d s to %d s in %d refreshes", g.Contact.URI, o.first, o.last, o.n)
				report(o.hit)
			}
		}
	},
})
