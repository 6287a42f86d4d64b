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

	// Three phones behind a NAT go on side by side; one phone on three ports does not.
	for _, again := range []bool{true, false} {
		s = New(t)
		list, first := "", uint32(0)
		for turn := range 2 {
			for _, port := range []string{"5060", "5070", "5080"} {
				r := Register{UE: "10.0.0.1:" + port, Contact: "sip:alice@10.0.0.1:" + port, Expires: 3600, CSeq: 1 + turn, CallID: "of" + port}
				if turn == 0 {
					list += "Contact: <" + r.Contact + ">;expires=3600\n"
				}
				if turn == 0 || again {
					asked = s.Ask(r)
					answered = s.Answer(r, 200, list) - 1
				}
			}
			if turn == 0 {
				first = asked
			}
		}
		if again {
			expect.Silent(t, s, "ghost-contacts")
		} else {
			expect.Fires(t, s, "ghost-contacts", "warning", answered, first)
		}
	}
}
