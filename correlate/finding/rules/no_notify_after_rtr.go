package rules

import (
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "no-notify-after-rtr",
	Title:    "a watcher is not told of a de-registration by the HSS",
	Severity: problem.Error,
	Clause:   "see 3GPP TS 24.229 5.4.1.5",
	Failures: []string{"F31"},
	Actor:    finding.ActorSCSCF,
	Seen:     "The S-CSCF accepts a Registration-Termination-Request, and a live subscription gets no NOTIFY about it within 32 seconds.",
	Means:    "The phone believes that it is registered: calls to it fail, its own are refused, until its next REGISTER. A P-CSCF or AS that is not told keeps its state.",
	Next:     "See which watchers were told. Look whether the subscription was still known to the S-CSCF, and what it answers to the next SUBSCRIBE.",
	Example:  "RTR with PERMANENT_TERMINATION, RTA 2001, no NOTIFY to the phone.",
	Needs:    finding.HasTrigger,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, d := range c.User.Deregistrations {
			if d.Trigger == nil || d.Trigger.Name != "RTR" || !d.Trigger.Succeeded() || !d.Successful() || d.Trigger.ReasonCode == newServerAssigned || !untold(d) {
				continue
			}
			missing, doubt := overdue(c, d.Trigger.Answer.First().Time, timerN)
			if !missing {
				continue
			}
			for _, w := range d.Told {
				if w.Frame != 0 {
					continue
				}
				h := finding.Hit{Frames: []uint32{d.TriggerFrame}, Doubt: doubt, Detail: nameOf(w.Watcher, w.Node) + watching(w.Resource) + " was not told"}
				if s := dialogOf(c, w.CallID); s != nil {
					h.Frames = append(h.Frames, s.FirstFrame)
					if h.Doubt == "" {
						h.Doubt = unheard(s)
					}
				}
				if d.Trigger.ReasonCode == removeSCSCF {
					h.Mild, h.HasMild = problem.Warning, true // services of an unregistered user end: often nobody is concerned
				}
				report(h)
			}
		}
	},
})

// Values of Reason-Code, TS 29.229 6.3.17. After newServerAssigned the user is with another S-CSCF
// already, and the old one has nothing to say.
const (
	newServerAssigned = 1
	removeSCSCF       = 3
)

// dialogOf finds a subscription by its Call-ID.
func dialogOf(c *finding.Case, callID string) *story.Subscription {
	for _, s := range c.User.Subscriptions {
		if s.CallID == callID {
			return s
		}
	}
	return nil
}
