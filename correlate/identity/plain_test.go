package identity

import (
	"strings"
	"testing"
)

// changed is Canonical the long way.
func changed(uri string) string {
	uri = strings.TrimSpace(uri)
	if len(uri) > maxURI {
		return uri
	}
	return long(uri)
}

// changedContact is Contact the long way.
func changedContact(uri string) string {
	if isEmergency(uri) {
		return changed(uri) + emergency
	}
	return changed(uri)
}

var spellings = []string{"", "sip:", "sip:@", "sip:@h", "sip:a@h", "sip:a@H", "sips:a@h:5061", "sip:a@h:5060", "sip:a@h:5060;lr", "sip:a@h:", "sip:a@h:;lr",
	"sip:a@h:50 60", "sip:a:b@h", "sip:a;x=1@h", "sip:a?x=1@h", "sip:a@h?x=1", "sip:a@h;x=@y", "sip:a%41@h", "sip:h", "sip:h:5060", "sip:h:5070;lr", "SIP:a@h",
	"sip:[::1]", "sip:a@[2001:db8::1]", "sip:a@[2001:DB8::1]:5060", "sip:a@[2001:db8:0::1]", "sip:a@[5555:1:2:3:4]:1357", "sip:a@[::1", "sip:a@[::1]x", "sip:a@[fe80::1%eth0]",
	"sip:a@b@c", "sip::@h", "sip:a@h:x", "sip:a@h:5060x", "sip:a@h:05060", "tel:+1", "tel:+1;phone-context=x", "tel:1", "tel:+1-2", "tel:+", "tel:+1 ", " sip:a@h ", "sip:a b@h",
	"sip:a@h\x00", "sip:ä@h", "sip:a@h;lr:5060", "sip:a@h:5060?x", "sip:a@x]y", "sip:a@x[y", "sip:a:5060", "sip:a::", "sip::::", "sip:a::5061", ";SOS", "sip:a@h;sos", "sip:a@h:5060;lr;sos=1", "sip:+1;phone-context=x@h;user=phone"}

func TestPlain(t *testing.T) {
	for _, s := range spellings {
		if got, want := Canonical(s), changed(s); got != want {
			t.Errorf("Canonical(%q) = %q, the long way %q", s, got, want)
		}
		if got, want := Contact(s), changedContact(s); got != want {
			t.Errorf("Contact(%q) = %q, the long way %q", s, got, want)
		}
	}
	for _, s := range []string{"sip:alice@home1.net", "sip:alice@10.0.0.1:5060;transport=udp", "sip:a@[2001:db8::1]:1357;lr", "tel:+15550001"} {
		if n := testing.AllocsPerRun(10, func() { Canonical(s); Contact(s); Display(s) }); n != 0 {
			t.Errorf("%s: %v allocations", s, n)
		}
	}
}

func FuzzPlain(f *testing.F) {
	for _, s := range spellings {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := Canonical(s), changed(s); got != want {
			t.Errorf("Canonical(%q) = %q, the long way %q", s, got, want)
		}
		if got, want := Contact(s), changedContact(s); got != want {
			t.Errorf("Contact(%q) = %q, the long way %q", s, got, want)
		}
	})
}
