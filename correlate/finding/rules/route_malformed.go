package rules

import (
	"strings"

	"imscope/correlate/finding"
	"imscope/correlate/finding/internal/few"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "route-malformed",
	Title:    "a Path or Service-Route has its lr parameter or its brackets twice",
	Severity: problem.Warning,
	Clause:   "RFC 3261 19.1.1",
	Failures: []string{"F71"},
	Actor:    finding.ActorPCSCF,
	Seen:     "A URI of Path or Service-Route with two lr parameters, or in doubled angle brackets.",
	Means:    "The next node may not recognise itself in the route: requests to the device loop (482) or are refused (400).",
	Next:     "Find the node that wrote the header: it adds the parameter or the brackets to what has them already.",
	Example:  "Path: <sip:pcscf.home1.net;lr;lr>",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var fine few.Map[string, bool] // the same in every REGISTER, mostly
		for _, r := range c.Rounds() {
			for _, list := range [][]string{r.Register.Path, r.Register.Answer.ServiceRoutes} {
				for _, uri := range list {
					if fine.Get(uri) {
						continue
					}
					if !doubled(uri) {
						fine.Put(uri, true)
						continue
					}
					h := finding.Hit{Frames: []uint32{behind(r)}, Detail: uri}
					if r.Final != nil {
						h.Frames = append(h.Frames, r.Final.Hops[0].Frame)
					}
					report(h)
					return // it is in every REGISTER then
				}
			}
		}
	},
})

// doubled reports a route whose brackets or lr parameter are there twice.
func doubled(uri string) bool {
	if strings.IndexByte(uri, '<') >= 0 || strings.IndexByte(uri, '>') >= 0 {
		return true
	}
	if strings.Count(uri, ";") < 2 {
		return false
	}
	lr := 0
	_, params, _ := strings.Cut(uri, ";")
	for p := range strings.SplitSeq(params, ";") {
		name, _, _ := strings.Cut(strings.TrimSpace(p), "=")
		if strings.EqualFold(name, "lr") {
			lr++
		}
	}
	return lr > 1
}
