package rules_test

import (
	"fmt"
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

// calls sends an INVITE of Alice from a device and returns its frame.
func calls(s *Scenario, ue, target string, status int) uint32 {
	return callsAs(s, ue, Alice, "", target, status)
}

// callsAs sends an INVITE with this From and further header lines.
func callsAs(s *Scenario, ue, from, header, target string, status int) uint32 {
	head := fmt.Sprintf("Via: SIP/2.0/UDP %s;branch=z9hG4bKcall\nFrom: <%s>;tag=c\nTo: <%s>\nCall-ID: call\nCSeq: 1 INVITE\n%sContent-Length: 0\n\n", ue, from, target, header)
	f := s.Send(ue, PCSCF, "INVITE "+target+" SIP/2.0\n"+head)
	s.Send(PCSCF, ue, fmt.Sprintf("SIP/2.0 %d X\n", status)+head)
	return f
}

func TestPhoneCallsUnregistered(t *testing.T) {
	const code = "phone-calls-unregistered"
	gone := Told{Version: 1, Regs: Both("terminated", "1 terminated deactivated "+Phone), State: "terminated"}

	s := watched(t)
	end := s.Tells(gone)
	s.Wait(10 * time.Second)
	call := calls(s, UE1, "sip:bob@home1.net", 403)
	h := expect.Fires(t, s, code, "error", call, end)
	if h.Detail != "INVITE 10.0 s after the end was acknowledged, answered 403" {
		t.Error(h.Detail)
	}

	s = watched(t) // as nobody
	end = s.Tells(gone)
	s.Wait(10 * time.Second)
	call = callsAs(s, UE1, "sip:anonymous@anonymous.invalid", "P-Preferred-Identity: <"+Alice+">\n", "sip:bob@home1.net", 403)
	expect.Fires(t, s, code, "error", call, end)

	s = watched(t) // a REGISTER that is refused changes nothing
	end = s.Tells(gone)
	refused := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, CallID: "again"}
	s.Ask(refused)
	s.Answer(refused, 401, Challenge("n2"))
	refused.CSeq++
	s.Ask(refused)
	s.Answer(refused, 403, "")
	s.Wait(10 * time.Second)
	call = calls(s, UE1, "sip:bob@home1.net", 403)
	expect.Fires(t, s, code, "error", call, end)

	s = watched(t) // nobody knows how it went on
	s.Tells(gone)
	s.Ask(refused)
	s.Answer(refused, 401, Challenge("n2"))
	s.Wait(10 * time.Second)
	calls(s, UE1, "sip:bob@home1.net", 403)
	expect.Silent(t, s, code)

	s = watched(t)
	s.Tells(gone)
	s.Wait(10 * time.Second)
	calls(s, UE1, "urn:service:sos", 200) // an emergency
	expect.Silent(t, s, code)

	s = watched(t)
	s.Tells(gone)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, CallID: "again"})
	s.Wait(10 * time.Second)
	calls(s, UE1, "sip:bob@home1.net", 200)
	expect.Silent(t, s, code)

	s = watched(t) // another device of the user, with a registration of its own
	s.Registered(Register{UE: UE2, Contact: Tablet, Expires: 3600, CSeq: 1, IMPI: "tablet@home1.net"})
	s.Tells(Told{Version: 1, Partial: true, Regs: Both("active", "1 terminated deactivated "+Phone), State: "terminated"})
	s.Wait(10 * time.Second)
	calls(s, UE2, "sip:bob@home1.net", 200)
	expect.Silent(t, s, code)

	s = watched(t) // sent before the NOTIFY arrived
	s.Tells(gone)
	calls(s, UE1, "sip:bob@home1.net", 403)
	expect.Silent(t, s, code)
}
