package rules

import (
	"fmt"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "answer-outside-esp",
	Title:    "a protected REGISTER is answered without protection",
	Severity: problem.Error,
	Clause:   "see 3GPP TS 33.203 7.4",
	Failures: []string{"F36"},
	Actor:    finding.ActorPCSCF,
	Seen:     "The REGISTER reached the P-CSCF in ESP; its answer leaves for the device outside of ESP.",
	Means:    "The device drops what does not come over the security association, so it retransmits and then gives up. With a de-registration: the P-CSCF has deleted the association before the 200 was on its way.",
	Next:     "See whether a NOTIFY with the terminated registration reached the P-CSCF before the 200; if so, make it keep the association until the 200 is out.",
	Example:  "REGISTER with expires=0 in ESP, NOTIFY to the P-CSCF, then 200 OK in the clear, then the REGISTER again.",
	Needs:    finding.HasTunnel,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, r := range c.Rounds() {
			gm, ok := fromPhone(c, r.Exchange)
			if !ok || !inESP(c, gm) {
				continue
			}
			at, ok := atPhone(c, r.Exchange, r.Final)
			if !ok || inESP(c, at) {
				continue
			}
			h := finding.Hit{Frames: []uint32{at.Frame, gm.Frame}, Detail: fmt.Sprintf("%s to %s is not in ESP", statusLine(r.Final), c.Label(at.Dst))}
			if n := r.Request.Repeats(); n > 0 {
				h.Detail += fmt.Sprintf(", %d retransmissions of the REGISTER", n)
			}
			if f := notifiedBefore(c, r, at.Frame); f != 0 && removal(r.Register) {
				h.Frames = append(h.Frames, f)
				h.Detail += "; the P-CSCF was told of the end before it"
			}
			report(h)
		}
	},
})

// notifiedBefore returns the frame of a NOTIFY that reached the P-CSCF itself between a REGISTER and its
// answer at the device, 0 if there is none.
func notifiedBefore(c *finding.Case, r *finding.Round, answer uint32) uint32 {
	for _, x := range since(c.Exchanges, r.Frame()) {
		if f := x.FirstFrame(); f > answer {
			break
		} else if x.Notify != nil && x.Request.Seen() && len(x.Request.Hops) == 1 && c.Role(x.Request.Hops[0].Dst) == fact.RolePCSCF {
			return f
		}
	}
	return 0
}
