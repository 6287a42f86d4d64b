package rules

import (
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "as-not-told",
	Title:    "an application server is not told that the user is gone",
	Severity: problem.Warning,
	Clause:   "see 3GPP TS 24.229 5.4.1.7",
	Failures: []string{"F46"},
	Actor:    finding.ActorSCSCF,
	Seen:     "The S-CSCF told an application server of the registration; the identity has ended, and no third-party REGISTER with Expires: 0 goes to it.",
	Means:    "The application server (IP-SM-GW, TAS) holds the user for reachable and sends messages and calls into the void.",
	Next:     "See whether it happens with expiry only, or also when the user leaves. An AS with a reg subscription may be told by NOTIFY instead.",
	Example:  "third-party REGISTER with Expires: 3600 at 10:00, expired at 11:00, nothing to the AS.",
	Needs:    finding.HasThirdParty | finding.HasEnd,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		third := c.ThirdParty()
		deregs := c.User.Deregistrations
		for _, d := range deregs[max(0, len(deregs)-maxLook):] {
			if !d.Successful() || d.Outcome == story.Incomplete && c.End-d.Ended < 10*finding.Second {
				continue
			}
			early := finding.Second // how long before that an AS may be told
			if d.Initiator == story.ByExpiry {
				early = 60 * finding.Second // the S-CSCF's clock decides
			}
			ended := gone(d)
			if len(ended) == 0 {
				continue
			}
			var informed []*fact.Exchange // who was told that the user is there
			for _, x := range third {
				switch at := x.FirstTime(); {
				case !slices.Contains(ended, x.To.Key) || x.Register.Expires == fact.Absent:
				case at < d.Started && x.Register.Expires > 0:
					if f := x.Final(); f == nil || f.Status < 300 {
						informed = without(informed, x)
						if len(informed) < maxServers {
							informed = append(informed, x)
						}
					}
				case at < d.Started-early || x.Register.Expires > 0:
				case x.Register.Expires == 0 && at < d.Ended+60*finding.Second:
					informed = without(informed, x)
				}
			}
			for _, x := range informed {
				if x.FirstTime()+x.Register.Expires*finding.Second < d.Started-finding.Second || notifiedAS(d) {
					continue // it ran out there, or a NOTIFY told
				}
				h := finding.Hit{Detail: "nothing to " + c.Label(x.Request.Hops[0].Dst) + " for " + x.To.Raw, Doubt: endsBefore(c, d.Ended, 10*finding.Second)}
				if d.TriggerFrame != 0 {
					h.Frames = append(h.Frames, d.TriggerFrame)
				}
				h.Frames = append(h.Frames, x.FirstFrame())
				report(h)
			}
		}
	},
})

// maxServers bounds the application servers of one user that are looked at.
const maxServers = 32

// without drops what went to the same application server as a REGISTER. A server is who the Request-URI names, and may
// have many addresses.
func without(informed []*fact.Exchange, x *fact.Exchange) []*fact.Exchange {
	return slices.DeleteFunc(informed, func(o *fact.Exchange) bool {
		return o.RequestURI == x.RequestURI || o.Request.Hops[0].Dst == x.Request.Hops[0].Dst
	})
}

func notifiedAS(d *story.Deregistration) bool {
	return slices.ContainsFunc(d.Told, func(t story.Told) bool { return t.Watcher == story.WatcherAS && t.Frame != 0 })
}
