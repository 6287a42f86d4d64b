package rules

import (
	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "edge-refuses-registration",
	Title:    "the P-CSCF refuses a registration that the registrar accepts or never sees",
	Severity: problem.Error,
	Clause:   "see 3GPP TS 24.229 5.2.2",
	Failures: []string{"F65"},
	Actor:    finding.ActorPCSCF,
	Seen:     "An error to the device from the P-CSCF itself: on Mw the same REGISTER was answered 2xx, or it never went there, and the reason speaks of QoS or the PCRF refused resources for the device (AAA), or did not answer.",
	Means:    "The registrar may hold a binding that the device does not know of. The usual cause is Rx: the P-CSCF could not reserve the signalling bearer at the PCRF.",
	Next:     "Look at AAR and AAA on Rx (no peer, unknown session, wrong framed address) and at the P-CSCF's log.",
	Example:  "200 OK on Mw, 403 Can't register to QoS for signalling on Gm.",
	Needs:    finding.HasRefusal,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, r := range c.Rounds() {
			gm, ok := fromPhone(c, r.Exchange)
			if !ok || r.Final == nil {
				continue
			}
			hit := func(answer, other fact.Hop, detail, guess string) {
				h := finding.Hit{Frames: []uint32{answer.Frame, other.Frame}, Detail: detail + guess}
				if rx := c.Rx(c.Addr(gm.Src), gm.Time, answer.Time); rx != nil {
					h.Detail = detail + ": " + rx.String()
					h.Frames = append(h.Frames, rx.Frame)
					if rx.Answered != 0 {
						h.Frames = append(h.Frames, rx.Answered)
					}
				}
				report(h)
			}
			if refused(c, r) == refusedByEdge {
				hit(r.Final.Hops[0], gm, statusLine(r.Final), "")
				continue
			}
			if !r.OK() || r.Final.Hops[0].Vias < 2 {
				continue
			}
			for i := range r.Responses {
				m := &r.Responses[i]
				h, ok := atPhone(c, r.Exchange, m)
				if m.Status < 400 || m.Status == 408 || !ok || onMw(m) || c.Role(h.Src) != fact.RolePCSCF {
					continue
				}
				guess := ""
				if speaksOfQoS(m) {
					guess = ": Rx failed"
				}
				hit(h, r.Final.Last(), statusLine(m)+" to the device, "+statusLine(r.Final)+" from the registrar", guess)
				break
			}
		}
	},
})
