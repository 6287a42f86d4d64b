package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "answer-on-old-association",
	Title:    "the P-CSCF answers over another security association than the device uses",
	Severity: problem.Error,
	Clause:   "see 3GPP TS 33.203 7.4",
	Failures: []string{"F53"},
	Actor:    finding.ActorPCSCF,
	Seen:     "The REGISTER came with an SPI of one agreement; its answer goes out with an SPI that the device had offered in an earlier one.",
	Means:    "The device has dropped that association or never built it, so the answer is lost and the REGISTER is repeated. Typical after a resynchronisation, when the P-CSCF keeps the first set of ports and SPIs.",
	Next:     "Compare the SPIs with the Security-Client of each REGISTER; look whether the P-CSCF takes the values of the last one before the 401 that was answered.",
	Example:  "Security-Client: …spi-c=100 and, after auts, …spi-c=110; the 200 comes with SPI 100.",
	Needs:    finding.HasTunnel | finding.HasAgreement,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		type set struct{ uc, us, pc, ps uint32 }
		var sets []set
		for _, r := range c.Rounds() {
			gm, ok := fromPhone(c, r.Exchange)
			at, there := atPhone(c, r.Exchange, r.Final)
			out, sent := spi(c, gm)
			back, came := spi(c, at)
			if ok && there && sent && came {
				mine, theirs := -1, -1
				for i, s := range sets {
					if out == s.ps || out == s.pc {
						mine = i
					}
					if back == s.uc || back == s.us {
						theirs = i
					}
				}
				if mine > theirs && theirs >= 0 {
					report(finding.Hit{Frames: []uint32{at.Frame, gm.Frame},
						Detail: fmt.Sprintf("REGISTER with SPI %d, %s with SPI %d of an earlier agreement", out, statusLine(r.Final), back)})
				}
			}
			if s := r.Register.Security; s != nil && r.Challenged() && s.Server.SPIS != 0 && s.Client.SPIS != 0 && len(sets) < 256 {
				sets = append(sets, set{s.Client.SPIC, s.Client.SPIS, s.Server.SPIC, s.Server.SPIS})
			}
		}
	},
})
