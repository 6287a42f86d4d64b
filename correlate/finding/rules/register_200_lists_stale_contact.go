package rules

import (
	"fmt"

	"imscope/correlate/finding"
	"imscope/correlate/identity"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "register-200-lists-stale-contact",
	Title:    "200 to REGISTER lists an old contact of the same device",
	Severity: problem.Warning,
	Clause:   "see RFC 3261 10.3",
	Failures: []string{"F09"},
	Actor:    finding.ActorSCSCF,
	Seen:     "The 200 to a REGISTER lists, besides the contact that asked, another one with the same +sip.instance and no other reg-id.",
	Means:    "The registrar has kept a binding that the device has left. Simple phones read the first Contact of the 200 as their own and go by its expires.",
	Next:     "Compare the expires of both and the time of the phone's next REGISTER. See reginfo-stale-contact.",
	Example:  "Contact: <sip:alice@10.0.0.1:50610>;expires=163, <sip:alice@10.0.0.1:50618>;expires=299, both with +sip.instance=\"<urn:gsma:imei:35000005-000001-0>\".",
	Needs:    finding.HasManyContacts,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var all sightings
		for _, x := range c.Exchanges {
			if x.Register == nil || x.Register.ThirdParty || success(x) == nil {
				continue
			}
			for _, mine := range x.Register.Contacts {
				if mine.Instance == "" || x.Register.EffectiveExpires(mine) == 0 {
					continue
				}
				for _, k := range x.Register.Answer.Contacts {
					if k.Instance == mine.Instance && k.Key != mine.Key && identity.Emergency(k.Key) == identity.Emergency(mine.Key) && k.RegID == mine.RegID && k.Expires != 0 && listsKey(x.Register.Answer.Contacts, mine.Key) {
						all.see(k.Key, finding.Hit{Frames: []uint32{success(x).First().Frame, x.FirstFrame()},
							Detail: fmt.Sprintf("%s registers, the 200 lists %s with expires=%d as well", mine.URI, k.URI, k.Expires)})
					}
				}
			}
		}
		all.report(report)
	},
})
