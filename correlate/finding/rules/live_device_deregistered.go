package rules

import (
	"fmt"
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/identity"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "live-device-deregistered",
	Title:    "the P-CSCF de-registers a device that is there",
	Severity: problem.Warning,
	Clause:   "see RFC 5626 4.2.2",
	Failures: []string{"F41", "F42"},
	Actor:    finding.ActorPCSCF,
	Seen:     "A REGISTER with expires=0 made by the P-CSCF succeeds, and within a minute the device registers again.",
	Means:    "The P-CSCF takes a sleeping device for a lost one: a connection that the radio closed when idle, an OPTIONS that was not answered while the device was being paged. The user drops out again and again, each time for seconds.",
	Next:     "Look at what came before it: FIN of the device's TCP connection, unanswered OPTIONS. Lengthen the probe's time or do not take a closed connection for a lost device.",
	Example:  "FIN from the device, 33 s later REGISTER expires=0 of the P-CSCF, REGISTER of the device 2 s after that; every ten minutes.",
	Needs:    finding.HasNetworkEnd,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var h finding.Hit
		n := 0
		rounds := c.Rounds()
		for _, d := range c.User.Deregistrations {
			if len(d.Requests) == 0 || d.Initiator != story.ByNetwork || !d.Successful() {
				continue
			}
			for len(rounds) > 0 && rounds[0].At() <= d.Started {
				rounds = rounds[1:]
			}
			i := slices.IndexFunc(rounds[:min(len(rounds), 16)], func(r *finding.Round) bool { return returns(c, d, r) })
			if i < 0 {
				continue
			}
			if n++; n == 1 {
				h.Frames = []uint32{d.TriggerFrame, rounds[i].Frame()}
				h.Detail = fmt.Sprintf("back after %s", seconds(rounds[i].At()-d.Started))
			} else if len(h.Frames) < 8 {
				h.Frames = append(h.Frames, d.TriggerFrame)
			}
		}
		if n > 1 {
			h.Detail += fmt.Sprintf("; %d times", n)
		}
		if n > 0 {
			report(h)
		}
	},
})

// returns reports whether a REGISTER is the return of a device within a minute of its de-registration. One that comes
// from another place had really gone.
func returns(c *finding.Case, d *story.Deregistration, r *finding.Round) bool {
	_, ok := fromPhone(c, r.Exchange)
	return ok && r.At()-d.Started <= 60*finding.Second && slices.ContainsFunc(r.Register.Contacts, func(k fact.ContactValue) bool {
		if r.Register.EffectiveExpires(k) == 0 {
			return false
		}
		now := finding.DeviceOf(r.Register, &k)
		return slices.ContainsFunc(d.Contacts, func(uri string) bool {
			key := identity.Contact(uri)
			was := c.Device(key, d.TriggerFrame)
			return k.Key == key || now.Host == was.Host && now.Is(was) && !contactBound(c.User, k.Key, d.Started)
		})
	})
}
