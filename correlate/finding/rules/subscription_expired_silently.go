package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "subscription-expired-silently",
	Title:    "subscription runs out without a last NOTIFY",
	Severity: problem.Info,
	Clause:   "see RFC 6665 4.2.1.4",
	Failures: []string{"F20"},
	Actor:    finding.ActorSCSCF,
	Seen:     "The granted time of a subscription is over, and no NOTIFY with Subscription-State: terminated;reason=timeout follows.",
	Means:    "The watcher has to keep time itself. Kamailio's S-CSCF never sends it.",
	Next:     "See why the watcher did not refresh: is it still there?",
	Example:  "SUBSCRIBE with Expires: 20, 200, nothing at 20 s.",
	Needs:    finding.HasLapse,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, s := range c.User.Subscriptions {
			if s.State != "terminated" || s.Reason != "ran out" || s.Notifications == 0 {
				continue
			}
			missing, doubt := overdue(c, s.Expires+2*finding.Second, timerN)
			if !missing {
				continue
			}
			frames := []uint32{s.Exchanges[len(s.Exchanges)-1].FirstFrame()}
			if s.FirstFrame != frames[0] {
				frames = append(frames, s.FirstFrame)
			}
			report(finding.Hit{Frames: frames, Doubt: doubt, Detail: fmt.Sprintf("%s: the subscription ran out %d s after it began", watcherName(s), (s.Expires-s.Started)/finding.Second)})
		}
	},
})
