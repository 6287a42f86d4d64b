package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestSecurityVerifyMismatch(t *testing.T) {
	play := func(verify string, status int) (s *Scenario, challenge, answer, final uint32) {
		s = New(t)
		r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Empty: true, Header: securityClient}
		s.Ask(r)
		s.AnswerOver(r, 401, Challenge("n1"), SCSCF, PCSCF)
		challenge = s.AnswerOver(r, 401, Challenge("n1")+"Security-Server: "+securityServer, PCSCF, UE1)
		r = Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2, Nonce: "n1", Header: securityClient + verify}
		answer = s.Ask(r)
		return s, challenge, answer, s.Answer(r, status, "Contact: <"+Phone+">;expires=3600\n")
	}
	s, challenge, answer, _ := play("Security-Verify: ipsec-3gpp;q=0.1;alg=hmac-sha-1-96;ealg=null;spi-c=200;spi-s=201;port-c=5100;port-s=6101\n", 200)
	expect.Fires(t, s, "security-verify-mismatch", "error", answer, challenge)
	s, challenge, answer, _ = play("", 200)
	expect.Fires(t, s, "security-verify-mismatch", "error", answer, challenge)
	s, challenge, _, final := play("Security-Verify: "+securityServer, 494)
	expect.Fires(t, s, "security-verify-mismatch", "error", final, challenge)

	// It says what differs, and no other rule has to guess at the reason of a refusal.
	for status, want := range map[int]string{
		494: "answered 494 X: Security-Verify differs from Security-Server: port-s 6101 against 6100",
		403: "Security-Verify differs from Security-Server: port-s 6101 against 6100, answered 403 X",
	} {
		s, challenge, answer, final := play("Security-Verify: ipsec-3gpp;q=0.1;alg=hmac-sha-1-96;ealg=null;spi-c=200;spi-s=201;port-c=5100;port-s=6101\n", status)
		frames := []uint32{final, challenge}
		if status == 403 {
			frames = []uint32{answer, challenge, final}
		}
		if h := expect.Fires(t, s, "security-verify-mismatch", "error", frames...); h.Detail != want {
			t.Errorf("%s, want %s", h.Detail, want)
		}
		expect.Silent(t, s, "register-rejected")
	}

	// Spelled in another way it says the same.
	s, _, _, _ = play("Security-Verify: IPsec-3gpp; port-s=6100; port-c=5100;alg=hmac-sha-1-96; spi-s=201;spi-c=0200;prot=esp;mod=trans\n", 200)
	expect.Silent(t, s, "security-verify-mismatch")

	// What refuses the challenge goes without, and that is right.
	for _, auts := range []string{"", `, auts="AAAAAAAAAAAAAAAAAAA="`} {
		s := New(t)
		r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Unchallenged: true, Header: securityClient}
		s.Ask(r)
		s.AnswerOver(r, 401, Challenge("n1"), SCSCF, PCSCF)
		s.AnswerOver(r, 401, Challenge("n1")+"Security-Server: "+securityServer, PCSCF, UE1)
		s.Ask(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2, Nonce: "n1", Empty: true, Auth: auts, Header: securityClient})
		expect.Silent(t, s, "security-verify-mismatch")
	}

	// Later REGISTERs over the security association repeat what is in force.
	for _, c := range []struct {
		spi    uint32
		verify string
		fires  bool
	}{
		{201, "Security-Verify: " + securityServer, false},
		{201, "", true},
		{201, "Security-Verify: ipsec-3gpp;q=0.1;alg=hmac-sha-1-96;ealg=null;spi-c=200;spi-s=209;port-c=5100;port-s=6100\n", true},
		{0, "", false}, // nothing says that it went over one
	} {
		s, _, _, _ := play("Security-Verify: "+securityServer, 200)
		r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 3, Nonce: "n1", Header: securityClient + c.verify}
		s.InESP(c.spi)
		again := s.Ask(r)
		s.Answer(r, 200, "Contact: <"+Phone+">;expires=3600\n")
		if c.fires {
			expect.Fires(t, s, "security-verify-mismatch", "error", again)
		} else {
			expect.Silent(t, s, "security-verify-mismatch")
		}
	}
}

// TestSecurityVerifyOfOthers: a phone has another agreement for its emergency registration, and one whose challenge the
// capture lost says nothing.
func TestSecurityVerifyOfOthers(t *testing.T) {
	const other = "ipsec-3gpp;q=0.1;alg=hmac-sha-1-96;ealg=null;spi-c=300;spi-s=301;port-c=5300;port-s=6300\n"
	registered := func(s *Scenario, r Register, server string) {
		r.CSeq, r.Empty, r.Header = 1, true, securityClient
		s.Ask(r)
		s.AnswerOver(r, 401, Challenge("n1"), SCSCF, PCSCF)
		s.AnswerOver(r, 401, Challenge("n1")+"Security-Server: "+server, PCSCF, UE1)
		r.CSeq, r.Empty, r.Nonce, r.Header = 2, false, "n1", securityClient+"Security-Verify: "+server
		s.Ask(r)
		s.Answer(r, 200, "Contact: <"+r.Contact+">;expires=3600\n")
	}
	phone := Register{UE: UE1, Contact: Phone, Expires: 3600}
	again := func(s *Scenario, spi uint32, verify string) {
		r := phone
		r.CSeq, r.Nonce, r.Header = 3, "n1", securityClient+"Security-Verify: "+verify
		s.InESP(spi)
		s.Ask(r)
		s.Answer(r, 200, "Contact: <"+Phone+">;expires=3600\n")
	}
	s := New(t)
	registered(s, phone, securityServer)
	registered(s, Register{UE: UE1, Contact: Phone + ";sos", CallID: "sos", Expires: 3600}, other)
	again(s, 201, securityServer)
	expect.Silent(t, s, "security-verify-mismatch")

	s = New(t)
	registered(s, phone, securityServer)
	again(s, 301, other)
	expect.Silent(t, s, "security-verify-mismatch")
}
