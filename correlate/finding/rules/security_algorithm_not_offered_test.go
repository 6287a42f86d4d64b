package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestSecurityAlgorithmNotOffered(t *testing.T) {
	play := func(server string) (s *Scenario, asked, answered uint32) {
		s = New(t)
		r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Empty: true, Header: "Security-Client: digest, ipsec-3gpp;alg=hmac-sha-1-96;spi-c=1;spi-s=2;port-c=3;port-s=4,\n" +
			" ipsec-3gpp; alg=hmac-sha-1-96; ealg=aes-cbc;spi-c=1;spi-s=2;port-c=3;port-s=4\n"}
		asked = s.Ask(r)
		s.AnswerOver(r, 401, Challenge("n1"), SCSCF, PCSCF)
		return s, asked, s.AnswerOver(r, 401, Challenge("n1")+"Security-Server: "+server, PCSCF, UE1)
	}
	s, asked, answered := play("ipsec-3gpp;alg=hmac-md5-96;ealg=aes-cbc;spi-c=5;spi-s=6;port-c=7;port-s=8\n")
	expect.Fires(t, s, "security-algorithm-not-offered", "error", answered, asked)
	for _, server := range []string{
		"tls;q=0.2, ipsec-3gpp;q=0.1;Alg=HMAC-SHA-1-96;ealg=null;spi-c=5;spi-s=6;port-c=7;port-s=8\n", // null is the default
		"ipsec-3gpp;alg=hmac-md5-96, ipsec-3gpp;alg=hmac-sha-1-96;ealg=aes-cbc\n",
		"tls\n",
	} {
		s, _, _ = play(server)
		expect.Silent(t, s, "security-algorithm-not-offered")
	}
}
