package rules_test

import (
	"fmt"
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestAnswerOnOldAssociation(t *testing.T) {
	play := func(back uint32) (s *Scenario, asked, answered uint32) {
		s = New(t)
		r := Register{UE: UE1, Contact: Phone, Expires: 3600}
		for i := 1; i <= 2; i++ {
			r.CSeq, r.Empty = i, i == 1
			r.Header = fmt.Sprintf("Security-Client: ipsec-3gpp;alg=hmac-sha-1-96;spi-c=%d;spi-s=%d;port-c=31000;port-s=32000\n", 1000*i, 1000*i+1)
			s.AskOver(r, UE1, PCSCF)
			s.AnswerOver(r, 401, Challenge(fmt.Sprint("n", i))+fmt.Sprintf("Security-Server: ipsec-3gpp;alg=hmac-sha-1-96;spi-c=%d;spi-s=%d;port-c=1;port-s=2\n", 5000+10*i, 5001+10*i), PCSCF, UE1)
			r.Auth = `, auts="5PYxAuBOhQwPwkMIGV8="`
		}
		r.CSeq, r.Auth, r.Nonce, r.Header = 3, "", "n2", ""
		s.InESP(5021)
		asked = s.AskOver(r, UE1, PCSCF)
		s.InESP(back)
		return s, asked, s.AnswerOver(r, 200, "", PCSCF, UE1)
	}
	s, asked, answered := play(1001)
	expect.Fires(t, s, "answer-on-old-association", "error", answered, asked)
	s, _, _ = play(2001)
	expect.Silent(t, s, "answer-on-old-association")
}
