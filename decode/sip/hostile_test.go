package sip

import (
	"strings"
	"testing"
	"time"
)

// TestHostileInput feeds 64 KiB of what makes careless parsers quadratic. Linear work is below 10 ms for each
// value, quadratic work seconds; the limit leaves room for slow machines.
func TestHostileInput(t *testing.T) {
	const size = 64 << 10
	headers := []string{"Contact", "Via", "Authorization", "Route", "Security-Client", "From", "Event", "CSeq", "X"}
	for _, unit := range []string{
		`"\",`, `;a="\"`, `"`, `\"`, `,`, `, `, `;`, `; `, `<`, `<,`, `"<`, `=`, `a="`, `a=" `, "\r\n ", "\r\n ,", "\r\n a=", `,a="b" `, "a", ";a;", ":", "[:", "a:", "(", "%", `a="=",`, `"x, a="`, "<sip:a@h>,", "*,",
		";a=\"\r\n ", " \t", "SIP/2.0 ", " SIP/2.0", "SIP/2.0", "\x00", "\xff", "\\",
	} {
		value := strings.Repeat(unit, size/len(unit))
		for _, name := range headers {
			raw := []byte("REGISTER sip:h SIP/2.0\r\nCall-ID: a\r\n" + name + ": " + value + "\r\n\r\n")
			var m Message
			begin := time.Now()
			if err := m.Parse(raw); err != nil {
				t.Fatal(err)
			}
			m.Check()
			Frame(raw)
			Resync(raw)
			if name == "X" {
				typed(t, m.Headers[1].Value.In(raw))
			}
			if d := time.Since(begin); d > time.Second {
				t.Errorf("%s: %q… takes %v", name, unit, d)
			}
		}
	}
	for _, unit := range []string{"a:\r\n", "\r\n", "a\r\n", " \r\n", "Contact:<sip:a@h>\r\n", "Via:x\r\n", "To:<sip:a@h\r\n", "Content-Length:1\r\n"} {
		raw := []byte("REGISTER sip:h SIP/2.0\r\n" + strings.Repeat(unit, size/len(unit)))
		var m Message
		begin := time.Now()
		if err := m.Parse(raw); err != nil {
			t.Fatal(err)
		}
		m.Check()
		if d := time.Since(begin); d > time.Second {
			t.Errorf("lines of %q take %v", unit, d)
		}
	}
}
