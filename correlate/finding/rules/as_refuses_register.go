package rules

import (
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "as-refuses-register",
	Title:    "an application server does not take the third-party REGISTER",
	Severity: problem.Warning,
	Clause:   "see 3GPP TS 24.229 5.4.1.7",
	Actor:    finding.ActorAS,
	Seen:     "The S-CSCF's REGISTER to an application server is answered with an error, or not at all.",
	Means:    "The server does not serve this user. With default handling SESSION_TERMINATED the S-CSCF may de-register the user because of it.",
	Next:     "Look at the server: does it know the user? Is the S-CSCF trusted? See the default handling of the filter criterion.",
	Example:  "REGISTER S-CSCF → AS → 404 Not Found.",
	Needs:    finding.HasThirdParty,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		answers := false
		for _, x := range c.ThirdParty() {
			answers = answers || len(x.Responses) > 0
		}
		for _, x := range c.ThirdParty() {
			final := x.Final()
			var h finding.Hit
			switch {
			case final == nil && c.End-x.Request.Last().Time < 2*finding.Second, final != nil && final.Status < 300:
				continue
			case final == nil:
				h.Frames = []uint32{x.FirstFrame()}
				h.Detail = "no answer"
				switch h.Doubt = endsBefore(c, x.FirstTime(), timerFCore); {
				case !answers:
					h.Doubt = "the capture holds no answer of an application server at all"
				case h.Doubt == "":
					h.Doubt = unrepeated(c, &x.Request)
				}
			default:
				h.Frames = []uint32{final.Hops[0].Frame, x.FirstFrame()}
				h.Detail = statusLine(final)
			}
			h.Detail += " from " + c.Label(x.Request.Hops[0].Dst) + " for " + x.To.Raw
			report(h)
		}
	},
})
