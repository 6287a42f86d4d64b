package rules

import (
	"fmt"
	"strconv"

	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "icv-mismatch",
	Title:    "packets in ESP are not made with the keys of the challenge",
	Severity: problem.Error,
	Clause:   "see 3GPP TS 33.203 7.1",
	Failures: []string{"F56"},
	Actor:    finding.ActorPCSCF,
	Seen:     "The capture shows the security agreement and CK and IK of its challenge, and no HMAC with them gives the ICV of the packets.",
	Means:    "Who receives the packets drops them without a word: the registration ends in silence, or the phone is registered and cannot be reached.",
	Next:     "Compare how both sides make their keys: HMAC-SHA-1-96 takes IK with four zero bytes behind it, DES-EDE3 takes CK1, CK2 and CK1 again. Look whether the sender still uses the keys of an earlier challenge.",
	Example:  "REGISTER in ESP to SPI 6144 after the 401, sent again and again, ICV wrong in each.",
	Needs:    finding.HasAgreement,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var seen sightings // the associations of an agreement have the same keys
		for _, d := range c.Denied {
			h := finding.Hit{Frames: []uint32{d.Frame, d.Agreed}, Detail: fmt.Sprintf("%d packets with SPI 0x%x to %s", d.Packets, d.SPI, d.Dst), Doubt: lost(c)}
			if d.Opened > 0 {
				h.Doubt = "other packets with this SPI are right"
			}
			seen.see(strconv.Itoa(int(d.Agreed)), h)
		}
		seen.report(report)
	},
})
