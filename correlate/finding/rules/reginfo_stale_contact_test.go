package rules_test

import (
	"fmt"
	"testing"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

// device writes a contact element with its unknown-params, given as name and value in turns.
func device(id, state, event, uri string, params ...string) string {
	s := fmt.Sprintf(`<contact id=%q state=%q event=%q><uri>%s</uri>`, id, state, event, uri)
	for i := 0; i+1 < len(params); i += 2 {
		s += fmt.Sprintf(`<unknown-param name=%q>%s</unknown-param>`, params[i], params[i+1])
	}
	return s + "</contact>"
}

// aor writes a registration element with contact elements.
func aor(state string, contacts ...string) string {
	s := fmt.Sprintf(`<registration aor=%q id="a1" state=%q>`, Alice, state)
	for _, c := range contacts {
		s += c
	}
	return s + "</registration>"
}

func TestReginfoStaleContact(t *testing.T) {
	const code, instance = "reginfo-stale-contact", "+sip.instance"
	const imei, other = `"&lt;urn:gsma:imei:35000005-000001-0&gt;"`, `"&lt;urn:gsma:imei:35000005-000002-0&gt;"`
	old := device("1", "active", "registered", "sip:alice@10.0.0.1:50610", instance, imei)

	s := New(t)
	s.Watches(Watch{})
	f := s.Tells(Told{Regs: aor("active", old, device("2", "active", "registered", "sip:alice@10.0.0.1:50618", instance, imei))})
	expect.Fires(t, s, code, "warning", f)

	s = New(t)
	s.Watches(Watch{})
	s.Tells(Told{Regs: aor("active", old, device("2", "active", "registered", "sip:alice@10.0.0.2:5060", instance, other))}) // another device
	s.Tells(Told{Version: 1, Regs: aor("active", device("1", "terminated", "deactivated", "sip:alice@10.0.0.1:50610", instance, imei),
		device("2", "active", "registered", "sip:alice@10.0.0.1:50618", instance, imei))}) // replaced as it should be
	expect.Silent(t, s, code)

	s = New(t) // two flows of one device, RFC 5626
	s.Watches(Watch{})
	s.Tells(Told{Regs: aor("active", device("1", "active", "registered", "sip:alice@10.0.0.1:50610", instance, imei, "reg-id", "1"),
		device("2", "active", "registered", "sip:alice@10.0.0.1:50618", instance, imei, "reg-id", "2"))})
	expect.Silent(t, s, code)
}
