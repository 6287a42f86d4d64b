package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "end-not-acknowledged",
	Title:    "the phone does not acknowledge that the network de-registered it",
	Severity: problem.Warning,
	Clause:   "see 3GPP TS 24.229 5.1.1.7, 5.4.1.5",
	Failures: []string{"F22"},
	Actor:    finding.ActorNetwork,
	Seen:     "The NOTIFY of a network-initiated de-registration to the phone gets no answer within Timer F, or a failure. After a de-registration by the phone itself this is normal and not reported.",
	Means:    "The phone is out of coverage or its security association is broken: it goes on believing that it is registered and finds out with its next request.",
	Next:     "Find the last hop where the NOTIFY was seen. See what the phone sends next and how that is answered.",
	Example:  "RTR, NOTIFY with state=\"terminated\" on Mw, on Gm sent eleven times, 408 from the P-CSCF.",
	Needs:    finding.HasNetworkEnd | finding.HasDocument | finding.HasUnsuccessful,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for _, d := range c.User.Deregistrations {
			if d.Initiator != story.ByNetwork || !d.Successful() {
				continue
			}
			for _, ref := range d.Documents {
				s, x := ref.Subscription, ref.Document.Exchange
				if s.Watcher != story.WatcherUE || success(x) != nil || finalStatus(x) == 0 && !unanswered(c, x) {
					continue
				}
				h := finding.Hit{Frames: []uint32{ref.Document.Frame, d.TriggerFrame}, Doubt: oneSided(s),
					Detail: fmt.Sprintf("%s: NOTIFY answered %s, last seen on its way to %s", watcherName(s), answerText(x), c.Label(x.Request.Last().Dst))}
				if h.Doubt == "" {
					h.Doubt = sentOnce(x)
				}
				if moved(c, d) {
					h.Detail += "; the phone has registered from another address"
					h.Mild, h.HasMild = problem.Info, true
				}
				report(h)
			}
		}
	},
})

// moved reports whether a device that a de-registration took a contact from was bound with another one then: it has left
// the address where the NOTIFY goes (TS 24.229 5.1.1.2.1).
func moved(c *finding.Case, d *story.Deregistration) bool {
	for i := range c.User.Bindings {
		ended := &c.User.Bindings[i]
		if ended.EndedBy != d || ended.Instance == "" {
			continue
		}
		for j := range c.User.Bindings {
			b := &c.User.Bindings[j]
			if b.Instance == ended.Instance && b.ContactKey != ended.ContactKey && b.Registered != 0 && b.Registered <= ended.Ended+finding.Second && (b.Active || b.Ended > ended.Ended) {
				return true
			}
		}
	}
	return false
}
