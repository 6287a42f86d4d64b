package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestGhostContacts(t *testing.T) {
	play := func(contacts string) (s *Scenario, asked, answered uint32) {
		s = New(t)
		r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}
		asked = s.Ask(r)
		return s, asked, s.Answer(r, 200, contacts) - 1
	}
	s, asked, answered := play("Contact: <" + Phone + ">;expires=3600, <sip:alice@10.0.0.1:5070>;expires=10, <sip:alice@10.0.0.1:5080>;expires=20\n")
	expect.Fires(t, s, "ghost-contacts", "warning", answered, asked)
	s, _, _ = play("Contact: <" + Phone + ">;expires=3600, <sip:alice@10.0.0.1:5070>;expires=10, <" + Tablet + ">;expires=20\n")
	expect.Silent(t, s, "ghost-contacts")
	// Several flows of one device (RFC 5626) are no ghosts.
	const i = `;+sip.instance="<urn:gsma:imei:1>";expires=9;reg-id=`
	s, _, _ = play("Contact: <" + Phone + ">" + i + "1, <sip:alice@10.0.0.1:5070>" + i + "2, <sip:alice@10.0.0.1:5080>" + i + "3\n")
	expect.Silent(t, s, "ghost-contacts")
}
