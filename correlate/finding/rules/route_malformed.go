package rules

import (
	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/finding/internal/few"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "route-malformed",
	Title:    "a Path, Service-Route or Route has its lr parameter or its brackets twice",
	Severity: problem.Warning,
	Clause:   "RFC 3261 19.1.1",
	Failures: []string{"F71"},
	Actor:    finding.ActorPCSCF,
	Seen:     "A URI of Path or Service-Route, or of Route in a REGISTER or SUBSCRIBE, with two lr parameters, or in doubled angle brackets.",
	Means:    "The next node may not recognise itself in the route: requests to the device loop (482) or are refused (400).",
	Next:     "Find the node that wrote the header: it adds the parameter or the brackets to what has them already.",
	Example:  "Path: <sip:pcscf.home1.net;lr;lr>",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var fine few.Map[string, bool] // the same in every request, mostly
		bad := func(list []string) string {
			for _, uri := range list {
				if fine.Get(uri) {
					continue
				}
				if fact.Doubled(uri) {
					return uri
				}
				fine.Put(uri, true)
			}
			return ""
		}
		for _, r := range c.Rounds() {
			uri := bad(r.Register.Path)
			if uri == "" {
				uri = bad(r.Register.Answer.ServiceRoutes)
			}
			if uri != "" {
				reportRoute(uri, behind(r), r.Final, report)
				return // it is in every request then
			}
			if uri = r.Register.DoubledRoute; uri != "" {
				reportRoute("Route "+uri, r.Frame(), r.Final, report)
				return
			}
		}
		for _, x := range c.Exchanges {
			if x.Subscribe == nil || !x.Request.Seen() {
				continue
			}
			if uri := bad(x.Subscribe.Routes); uri != "" {
				reportRoute("Route "+uri, x.FirstFrame(), x.Final(), report)
				return
			}
		}
	},
})

func reportRoute(detail string, frame uint32, answer *fact.Message, report func(finding.Hit)) {
	h := finding.Hit{Frames: []uint32{frame}, Detail: detail}
	if answer != nil {
		h.Frames = append(h.Frames, answer.Hops[0].Frame)
		if answer.Status >= 400 {
			h.Detail += ", answered " + statusLine(answer)
		}
	}
	report(h)
}
