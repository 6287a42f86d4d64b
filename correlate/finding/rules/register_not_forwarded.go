package rules

import (
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "register-not-forwarded",
	Title:    "a REGISTER ends at the P-CSCF",
	Severity: problem.Error,
	Clause:   "see 3GPP TS 24.229 5.2.2",
	Failures: []string{"F60"},
	Actor:    finding.ActorPCSCF,
	Seen:     "A REGISTER on Gm that appears on no hop behind the P-CSCF, though the capture shows Mw, and that the P-CSCF does not answer either.",
	Means:    "The P-CSCF never read it (ESP that it cannot decrypt, a port that it does not listen on) or dropped it without a word. The device retransmits and gives up.",
	Next:     "With ESP: compare SPI and ports with Security-Server, and look for the kernel's policies and states on the P-CSCF. Without: source address, port and transport.",
	Example:  "REGISTER in ESP on Gm, repeated after 0.5, 1.5 and 3.5 s, nothing on Mw.",
	Needs:    finding.HasUnanswered,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		mw := false // the capture shows REGISTERs behind the P-CSCF
		for _, r := range c.Rounds() {
			mw = mw || onMw(&r.Request)
		}
		for _, r := range c.Rounds() {
			gm, ok := fromPhone(c, r.Exchange)
			if !mw || !ok || onMw(&r.Request) || len(r.Responses) > 0 || c.End-gm.Time < 2*finding.Second {
				continue
			}
			h := finding.Hit{Frames: []uint32{gm.Frame}, Detail: "last seen at " + c.Label(gm.Dst), Doubt: lost(c)}
			if inESP(c, gm) {
				h.Detail += ", it came in ESP"
			}
			for _, o := range r.Request.Hops[1:] {
				if o.Repeat && len(h.Frames) < 8 {
					h.Frames = append(h.Frames, o.Frame)
				}
			}
			if removal(r.Register) {
				h.Mild, h.HasMild = problem.Warning, true // the device is gone, the registration runs out
			}
			if why := unrepeated(c, &r.Request); why != "" {
				h.Doubt = why
				h.Mild, h.HasMild = problem.Warning, true
			}
			if h.Doubt == "" && len(h.Frames) == 1 {
				h.Doubt = endsBefore(c, gm.Time, timerFCore)
			}
			report(h)
		}
	},
})
