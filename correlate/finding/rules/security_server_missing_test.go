package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

const (
	securityClient = "Security-Client: ipsec-3gpp;alg=hmac-sha-1-96;ealg=null;spi-c=100;spi-s=101;port-c=31000;port-s=32000\n"
	securityServer = "ipsec-3gpp;q=0.1;alg=hmac-sha-1-96;ealg=null;spi-c=200;spi-s=201;port-c=5100;port-s=6100\n"
)

func TestSecurityServerMissing(t *testing.T) {
	r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Empty: true, Header: securityClient}
	s := New(t)
	f := s.Ask(r)
	at := s.Answer(r, 401, Challenge("n1"))
	expect.Fires(t, s, "security-server-missing", "error", at, f)

	// It gives up: that is why.
	idle(s, time.Minute)
	expect.Fires(t, s, "security-server-missing", "error", at, f)
	expect.Silent(t, s, "silent-after-challenge")

	// It goes on without protection.
	s = New(t)
	f = s.Ask(r)
	at = s.Answer(r, 401, Challenge("n1"))
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2, Nonce: "n1"})
	expect.Fires(t, s, "security-server-missing", "warning", at, f)

	// On Mw there is none, on Gm there is.
	s = New(t)
	s.Ask(r)
	s.AnswerOver(r, 401, Challenge("n1"), SCSCF, PCSCF)
	s.AnswerOver(r, 401, Challenge("n1")+"Security-Server: "+securityServer, PCSCF, UE1)
	expect.Silent(t, s, "security-server-missing")

	// The device did not ask.
	s = New(t)
	r.Header = ""
	s.Ask(r)
	s.Answer(r, 401, Challenge("n1"))
	expect.Silent(t, s, "security-server-missing")
}
