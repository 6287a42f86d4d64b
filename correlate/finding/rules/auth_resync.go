package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "auth-resync",
	Title:    "the USIM rejects the sequence number of the challenge",
	Severity: problem.Error,
	Clause:   "RFC 3310 3.4",
	Failures: []string{"F51"},
	Actor:    finding.ActorHSS,
	Seen:     "A REGISTER with auts: the device asks for a new challenge because the sequence number in AUTN is out of range.",
	Means:    "Once is the normal repair after a restored HSS or a swapped SIM. Twice in a row means that the HSS does not take the new sequence number over, and the user cannot register.",
	Next:     "Follow the AUTS: the next MAR must carry SIP-Authorization, and the HSS must compute its next vector from it (SQN, AMF, OPc of the subscriber).",
	Example:  "Authorization: Digest …, auts=\"5PYxAuBOhQwPwkMIGV8=\"",
	Needs:    finding.HasResync,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, r := range c.Rounds() {
			if !r.Register.AUTS || resyncs(r.Prev) {
				continue
			}
			n, end := 1, r
			frames := []uint32{r.Frame()}
			for end.Next != nil && !end.OK() && !removal(end.Next.Register) {
				end = end.Next
				if end.Register.AUTS {
					n++
					if len(frames) < 8 {
						frames = append(frames, end.Frame())
					}
				}
			}
			h := finding.Hit{Frames: frames, Detail: fmt.Sprintf("%d resynchronisations, not registered in the end", n)}
			switch {
			case end.OK():
				h.Detail = fmt.Sprintf("%d resynchronisations, then registered", n)
				h.Mild, h.HasMild = problem.Info, true
				if n > 1 {
					h.Mild = problem.Warning
				}
			case n == 1:
				h.Detail = "resynchronisation, the capture does not show a registration after it"
				h.Mild, h.HasMild = problem.Warning, true
				h.Doubt = endsBefore(c, end.At(), timerFCore)
			}
			report(h)
		}
	},
})

// resyncs reports whether a REGISTER or one before it in the same try carried auts.
func resyncs(r *finding.Round) bool {
	for i := 0; r != nil && !r.OK() && i < 32; i++ {
		if r.Register.AUTS {
			return true
		}
		r = r.Prev
	}
	return false
}
