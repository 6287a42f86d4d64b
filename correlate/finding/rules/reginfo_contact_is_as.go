package rules

import (
	"fmt"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/finding/internal/few"
	"imscope/correlate/identity"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

var _ = rule(&finding.Rule{
	Code:     "reginfo-contact-is-as",
	Title:    "reginfo lists an application server as a contact of the user",
	Severity: problem.Warning,
	Clause:   "see RFC 3680 5.2, 3GPP TS 24.229 5.4.1.7",
	Failures: []string{"F02"},
	Actor:    finding.ActorSCSCF,
	Seen:     "An active contact whose address is that of an application server which the S-CSCF registered the user with, and which no REGISTER of the user named.",
	Means:    "The user seems to have one device more per application server. Phones that show or count devices are wrong, and calls may be forked to the server.",
	Next:     "Look at the third-party REGISTERs: the registrar stores their targets among the user's bindings.",
	Example:  "REGISTER sip:as1.home1.fr from the S-CSCF, later <contact … state=\"active\" event=\"registered\"><uri>sip:as1.home1.fr</uri>.",
	Needs:    finding.HasThirdParty | finding.HasDocument,
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var servers few.Map[string, *fact.Exchange] // by host
		for _, x := range c.ThirdParty() {
			if h := identity.HostOf(x.RequestURI); h != "" && servers.Get(h) == nil {
				servers.Put(h, x)
			}
		}
		var others few.Map[string, bool] // URIs that are no server's
		var own map[string]bool          // contacts of the user's devices; nil until they are needed
		var all sightings
		for t := range documents(c) {
			for _, k := range t.contacts() {
				if k.State != reginfo.ContactActive || others.Get(k.URI) {
					continue
				}
				x := servers.Get(identity.HostOf(k.URI))
				if x == nil {
					others.Put(k.URI, true)
					continue
				}
				if own == nil {
					own = ownContacts(c)
				}
				if own[k.Key] {
					continue
				}
				all.see(k.Key, finding.Hit{Frames: []uint32{t.frame(), x.FirstFrame()}, Doubt: t.doubt(),
					Detail: fmt.Sprintf("%s: %s is active and is where the S-CSCF sent a third-party REGISTER", watcherName(t.sub), k.URI)})
			}
		}
		all.report(report)
	},
})

// ownContacts gives the contacts that the user's devices registered or were told.
func ownContacts(c *finding.Case) map[string]bool {
	own := map[string]bool{}
	for _, x := range c.Exchanges {
		if r := x.Register; r != nil && !r.ThirdParty {
			for _, list := range [][]fact.ContactValue{r.Contacts, r.Answer.Contacts} {
				for i := range list {
					own[list[i].Key] = true
				}
			}
		}
	}
	return own
}
