package rules_test

import (
	"strings"
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestReginfoGRUUUnasked(t *testing.T) {
	const code = "reginfo-gruu-unasked"
	phone := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Header: "Supported: path\n"}
	gruu := strings.Replace(aor("active", device("1", "active", "registered", Phone)), "</uri>",
		`</uri><gr:pub-gruu xmlns:gr="urn:ietf:params:xml:ns:gruuinfo" uri="`+Alice+`;gr=x"/>`, 1)

	s := New(t)
	s.Registered(phone)
	ask := s.Frame - 3
	s.Watches(Watch{})
	f := s.Tells(Told{Regs: gruu})
	expect.Fires(t, s, code, "info", f, ask)

	s = New(t)
	phone.Header = "Supported: path, GRUU\n"
	s.Registered(phone)
	s.Watches(Watch{})
	s.Tells(Told{Regs: gruu})
	expect.Silent(t, s, code)

	s = New(t)
	phone.Header = ""
	s.Ask(phone)
	s.Answer(phone, 200, "Contact: <"+Phone+">;expires=3600;pub-gruu=\""+Alice+";gr=x\"\n")
	s.Watches(Watch{})
	s.Tells(Told{Regs: gruu})
	expect.Silent(t, s, code)
}
