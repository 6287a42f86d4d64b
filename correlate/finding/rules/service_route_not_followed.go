package rules

import (
	"strings"

	"imscope/correlate/finding"
	"imscope/correlate/finding/internal/few"
	"imscope/correlate/identity"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "service-route-not-followed",
	Title:    "the device does not send its requests along the Service-Route",
	Severity: problem.Warning,
	Clause:   "see RFC 3608 6.1",
	Failures: []string{"F73"},
	Actor:    finding.ActorUE,
	Seen:     "A SUBSCRIBE of the device whose Route lacks the hosts of the Service-Route that its registration was given.",
	Means:    "The P-CSCF refuses such a request or repairs it. Where it does neither, the request goes through an I-CSCF or to the wrong S-CSCF and fails.",
	Next:     "Compare Route and Service-Route entry by entry. A device that keeps the route of an older registration was not told, or did not listen.",
	Example:  "Service-Route: <sip:orig@scscf1.home1.net;lr>, later SUBSCRIBE with Route: <sip:pcscf.home1.net;lr> alone, 403.",
	Needs:    finding.HasServiceRoute,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var route few.Map[string, *finding.Round] // last registration, by address of the device
		rounds := c.Rounds()
		for _, x := range c.Exchanges {
			for len(rounds) > 0 && rounds[0].Frame() < x.FirstFrame() {
				if gm, ok := fromPhone(c, rounds[0].Exchange); ok && rounds[0].OK() && len(rounds[0].Register.Answer.ServiceRoutes) > 0 {
					route.Put(c.Addr(gm.Src), rounds[0])
				}
				rounds = rounds[1:]
			}
			if x.Subscribe == nil || x.ToTag != "" {
				continue
			}
			gm, ok := fromPhone(c, x)
			if !ok {
				continue
			}
			r := route.Get(c.Addr(gm.Src))
			if r == nil || follows(x.Subscribe.Routes, r.Register.Answer.ServiceRoutes) {
				continue
			}
			h := finding.Hit{Frames: []uint32{gm.Frame, r.Final.Last().Frame},
				Detail: "Route: " + strings.Join(x.Subscribe.Routes, ", ") + "; Service-Route: " + strings.Join(r.Register.Answer.ServiceRoutes, ", ")}
			if success(x) != nil {
				h.Mild, h.HasMild = problem.Info, true // somebody repaired it
			}
			report(h)
		}
	},
})

// follows reports whether a Route holds the hosts of a Service-Route, in order.
func follows(route, service []string) bool {
	return inOrder(route, service, func(a, b string) bool { return a == b }) || // as it should be, and soon told
		inOrder(route, service, func(a, b string) bool { return identity.HostOf(a) == identity.HostOf(b) })
}

// inOrder reports whether a list holds all of another one, in order, and others in between maybe.
func inOrder(list, wanted []string, same func(a, b string) bool) bool {
	for _, s := range list {
		if len(wanted) > 0 && same(s, wanted[0]) {
			wanted = wanted[1:]
		}
	}
	return len(wanted) == 0
}
