package rules

import (
	"strings"

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
	Seen:     "An error to the device from the P-CSCF itself: on Mw the same REGISTER was answered 2xx, or it never went there and the reason speaks of QoS.",
	Means:    "The registrar may hold a binding that the device does not know of. The usual cause is Rx: the P-CSCF could not reserve the signalling bearer at the PCRF.",
	Next:     "Look at AAR and AAA on Rx (no peer, unknown session, wrong framed address) and at the P-CSCF's log.",
	Example:  "200 OK on Mw, 403 Can't register to QoS for signalling on Gm.",
	Needs:    finding.HasRefusal,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, r := range c.Rounds() {
			if _, ok := fromPhone(c, r.Exchange); !ok || r.Final == nil {
				continue
			}
			if refused(c, r) == refusedByEdge {
				report(finding.Hit{Frames: []uint32{r.Final.Hops[0].Frame, r.Frame()}, Detail: statusLine(r.Final)})
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
				detail := statusLine(m) + " to the device, " + statusLine(r.Final) + " from the registrar"
				if strings.Contains(strings.ToLower(m.Reason), "qos") {
					detail += ": Rx failed"
				}
				report(finding.Hit{Frames: []uint32{h.Frame, r.Final.Last().Frame}, Detail: detail})
				break
			}
		}
	},
})
