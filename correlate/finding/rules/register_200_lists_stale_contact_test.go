package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestRegister200ListsStaleContact(t *testing.T) {
	const code = "register-200-lists-stale-contact"
	const imei, other = `;+sip.instance="<urn:gsma:imei:35000005-000001-0>"`, `;+sip.instance="<urn:gsma:imei:35000005-000002-0>"`
	const moved = "sip:alice@10.0.0.1:50618"
	r := Register{UE: UE1, CSeq: 1, Expires: 600, ContactLine: "Contact: <" + moved + ">" + imei + "\n"}

	s := New(t)
	ask := s.Ask(r)
	last := s.Answer(r, 200, "Contact: <"+Phone+">;expires=163"+imei+", <"+moved+">;expires=299"+imei+"\n")
	expect.Fires(t, s, code, "warning", last-1, ask)

	s = New(t) // the user's other device
	s.Ask(r)
	s.Answer(r, 200, "Contact: <"+Tablet+">;expires=163"+other+", <"+moved+">;expires=299"+imei+"\n")
	expect.Silent(t, s, code)

	s = New(t) // the registrar rewrites the address of the only binding
	s.Ask(r)
	s.Answer(r, 200, "Contact: <"+Phone+">;expires=299"+imei+"\n")
	expect.Silent(t, s, code)
}
