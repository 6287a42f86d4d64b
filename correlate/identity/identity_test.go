package identity

import "testing"

func TestCanonical(t *testing.T) {
	for _, tc := range []struct{ name, in, want string }{
		{"plain", "sip:tobias@home1.fr", "sip:tobias@home1.fr"},
		{"case of scheme and host", "SIP:Tobias@HOME1.fr", "sip:Tobias@home1.fr"},
		{"parameters go", "sip:+15551@h.net;user=phone?x=y", "sip:+15551@h.net"},
		{"default port goes", "sip:a@h:5060", "sip:a@h"},
		{"other port stays", "sip:a@h:5070", "sip:a@h:5070"},
		{"escape decoded", "sip:%74obias@home1.fr", "sip:tobias@home1.fr"},
		{"escape of a separator stays", "sip:a%40b@h", "sip:a%40b@h"},
		{"cut escape", "sip:a%4@h", "sip:a%4@h"},
		{"password goes", "sip:a:secret@h", "sip:a@h"},
		{"user with parameters", "sip:a;x=1@h;lr", "sip:a;x=1@h"},
		{"ipv6", "sip:a@[2001:DB8::0:1]:5062", "sip:a@[2001:db8::1]:5062"},
		{"damaged ipv6", "sip:[5555:1:2:3:4]", "sip:[5555::1:2:3:4]"},
		{"tel separators", "tel:+44-123-456-789", "tel:+44123456789"},
		{"tel local", "tel:7042;phone-context=Example.com;x=1", "tel:7042;phone-context=example.com"},
		{"no scheme", "  bob ", "bob"},
		{"empty", "", ""},
		{"urn", "urn:service:sos", "urn:service:sos"},
	} {
		if got := Canonical(tc.in); got != tc.want {
			t.Errorf("%s: Canonical(%q) = %q, want %q", tc.name, tc.in, got, tc.want)
		}
	}
}

func TestDisplay(t *testing.T) {
	for in, want := range map[string]string{
		"tel:+44-123-456-789":       "tel:+44-123-456-789",
		"sip:+1@h;user=phone":       "sip:+1@h",
		"sip:a;b=1@h;user=phone?x":  "sip:a;b=1@h",
		" sip:h ":                   "sip:h",
		"tel:7042;phone-context=+1": "tel:7042",
	} {
		if got := Display(in); got != want {
			t.Errorf("Display(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestContact(t *testing.T) {
	for _, tc := range []struct {
		a, b        string
		same, place bool
	}{
		{"sip:[5555::1:2:3:4]:1357;comp=sigcomp", "sip:[5555::1:2:3:4]:1357", true, true},
		{"sip:[5555::1:2:3:4]:1357", "sip:[5555:1:2:3:4]", false, true},
		{"sip:u@10.0.0.1:5060;transport=tcp", "sip:u@10.0.0.1", true, true},
		{"sip:u@10.0.0.1:5062", "sip:u@10.0.0.1:5064", false, false},
		{"sip:u@10.0.0.1:5062;sos", "sip:u@10.0.0.1:5062", false, false},
		{"sip:u@10.0.0.1:5062;transport=tcp;SOS", "sip:u@10.0.0.1:5062;sos", true, true},
		{"sip:u;sos@10.0.0.1:5062", "sip:u;sos@10.0.0.1", false, true},
		{"sip:u@10.0.0.1:5062;sos", "sip:u@10.0.0.1;sos", false, true},
		{"sip:u@10.0.0.1;sosumi", "sip:u@10.0.0.1", true, true},
		{"sip:u@10.0.0.1", "sip:v@10.0.0.1", false, false},
		{"sip:10.0.0.1", "sip:10.0.0.2", false, false},
	} {
		a, b := Contact(tc.a), Contact(tc.b)
		if (a == b) != tc.same || SamePlace(a, b) != tc.place {
			t.Errorf("%q (%q) and %q (%q): same %v, place %v; want %v, %v", tc.a, a, tc.b, b, a == b, SamePlace(a, b), tc.same, tc.place)
		}
	}
}

func TestHostOf(t *testing.T) {
	for in, want := range map[string]string{
		"sip:as1.Home1.fr;lr": "as1.home1.fr", "sip:a@[::1]:5060": "[::1]", "tel:+1": "", "nonsense": "", "": "",
	} {
		if got := HostOf(in); got != want {
			t.Errorf("HostOf(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	for _, s := range []string{"sip:a@h", "tel:+1-2", "sip:[5555:1:2:3:4]:1", "sip:%41@h;p?h", ":", "sip:@", "sip:[", "sip::::"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c := Canonical(s)
		if again := Canonical(c); len(c) < 256 && again != c && Canonical(again) != again {
			t.Errorf("canonical form does not settle: %q → %q → %q", s, c, again)
		}
		Contact(s)
		Display(s)
		HostOf(s)
	})
}
