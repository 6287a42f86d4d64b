package rules_test

import (
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestDeregByOtherIdentity(t *testing.T) {
	const bob = "sip:bob@home1.net"
	play := func(off Register, bobToo bool) (s *Scenario, bound, asked, answered uint32) {
		s = New(t)
		ok := func(r Register, set string) uint32 {
			f := s.Ask(r)
			s.Answer(r, 200, "P-Associated-URI: "+set+"\nContact: <"+r.Contact+">;expires=3600\n")
			return f
		}
		bound = ok(Register{UE: UE2, AOR: bob, IMPI: "bob@home1.net", Contact: "sip:bob@10.0.0.2", Expires: 3600, CSeq: 1}, "<"+bob+">")
		set := "<" + Alice + ">"
		if bobToo {
			set += ", <" + bob + ">"
		}
		ok(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}, set)
		off.UE, off.AOR, off.CSeq = UE1, bob, 2
		asked = s.Ask(off)
		return s, bound, asked, s.Answer(off, 200, "") - 1
	}
	for _, off := range []Register{{Contact: "sip:bob@10.0.0.2"}, {Star: true}} {
		s, bound, asked, answered := play(off, false)
		expect.Fires(t, s, "dereg-by-other-identity", "error", asked, answered, bound)
		// Both private identities share the public one.
		s, _, _, _ = play(off, true)
		expect.Silent(t, s, "dereg-by-other-identity")
	}
	// Whoever removes it never registered.
	s, bound, asked, answered := play(Register{Contact: "sip:bob@10.0.0.2", IMPI: "mallory@home1.net"}, false)
	expect.Fires(t, s, "dereg-by-other-identity", "warning", asked, answered, bound)
	s, _, _, _ = play(Register{Contact: "sip:bob@10.0.0.2", IMPI: "bob@home1.net"}, false)
	expect.Silent(t, s, "dereg-by-other-identity")
}
