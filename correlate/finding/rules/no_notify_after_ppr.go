package rules

import (
	"fmt"
	"slices"
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "no-notify-after-ppr",
	Title:    "watchers are not told of identities that the HSS has changed",
	Severity: problem.Warning,
	Clause:   "see 3GPP TS 24.229 5.4.1.8",
	Failures: []string{"F32"},
	Actor:    finding.ActorSCSCF,
	Seen:     "A Push-Profile-Request adds or removes public identities of the registered set and is answered with success; no NOTIFY follows within 32 seconds although there are subscriptions.",
	Means:    "Phone and P-CSCF go on with the old identities: calls from a new one are refused, calls from an old one fail later.",
	Next:     "Compare the identities in the PPR with P-Associated-URI. See whether the S-CSCF re-authenticates the user instead (event shortened).",
	Example:  "PPR whose profile lists sip:alice@home1.net without tel:+15550001, PPA 2001, no NOTIFY.",
	Needs:    finding.HasCx,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		if !slices.ContainsFunc(c.Cx, func(q *fact.Cx) bool { return q.Name == "PPR" }) {
			return
		}
		var sets implicitSets
		var notified []int64
		for _, x := range c.Exchanges {
			if x.Notify != nil {
				notified = append(notified, x.FirstTime())
			}
		}
		if len(notified) == 0 {
			return
		}
		slices.Sort(notified)
		for _, q := range c.Cx {
			if q.Name != "PPR" || !q.Succeeded() || len(q.Profile) == 0 {
				continue
			}
			sets.until(c, q.FirstFrame())
			changes := profileChanges(&sets, q)
			if len(changes) == 0 || !watchedAt(c, q.FirstTime()) {
				continue
			}
			i, _ := slices.BinarySearch(notified, q.FirstTime())
			told := i < len(notified) && notified[i]-q.Answer.First().Time <= timerN
			if missing, doubt := overdue(c, q.Answer.First().Time, timerN); !told && missing {
				report(finding.Hit{Frames: []uint32{q.FirstFrame()}, Doubt: doubt, Detail: fmt.Sprintf("the profile changes %s, no NOTIFY tells it", strings.Join(changes, ", "))})
			}
		}
	},
})

// watchedAt reports whether a subscription that gets NOTIFYs was alive at a moment.
func watchedAt(c *finding.Case, at int64) bool {
	for _, s := range c.User.Subscriptions {
		if s.Notifications > 0 && s.Started < at && (s.Ended == 0 || s.Ended > at) {
			return true
		}
	}
	return false
}

// profileChanges compares the identities of a pushed profile with the set as of the last REGISTER:
// "+uri" is new, "-uri" is gone. Barred identities do not count.
func profileChanges(sets *implicitSets, q *fact.Cx) []string {
	var out []string
	for _, u := range q.Profile {
		_, set := sets.of(u.Key)
		if len(set) == 0 {
			continue
		}
		for _, p := range q.Profile {
			if !hasKey(set, p.Key) && !slices.Contains(q.Barred, p.Key) {
				out = append(out, "+"+p.Raw)
			}
		}
		for _, p := range set {
			if !hasKey(q.Profile, p.Key) || slices.Contains(q.Barred, p.Key) {
				out = append(out, "-"+p.Raw)
			}
		}
		return out
	}
	return nil
}
