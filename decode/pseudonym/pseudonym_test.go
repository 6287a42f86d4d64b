package pseudonym

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"
	"testing"
)

func book(opt Options) *Book { return New([]byte("key"), opt) }

// on gives what f makes of s.
func on(f func([]byte), s string) string {
	b := []byte(s)
	f(b)
	return string(b)
}

// Every name of a form gets another one of the same form, and no two the same.
func TestCycles(t *testing.T) {
	b := book(Options{})
	var words, numbers, imsis []string
	for i := range 26 * 26 * 26 {
		words = append(words, string([]byte{'a' + byte(i/676), 'a' + byte(i/26%26), 'a' + byte(i%26)}))
	}
	for i := range 9000 {
		numbers = append(numbers, fmt.Sprint(1000+i))
		imsis = append(imsis, fmt.Sprintf("26201%010d", i))
	}
	for name, c := range map[string]struct {
		f    func([]byte)
		list []string
	}{"word": {b.Word, words}, "number": {b.Number, numbers}, "imsi": {b.IMSI, imsis}} {
		seen := map[string]bool{}
		for _, s := range c.list {
			p := on(c.f, s)
			if p == s || seen[p] || len(p) != len(s) {
				t.Fatalf("%s: %s became %s", name, s, p)
			}
			seen[p] = true
		}
	}
	seen := map[netip.Addr]bool{}
	for i := range 1 << 14 {
		for _, a := range []netip.Addr{netip.AddrFrom4([4]byte{10, 45, byte(i >> 8), byte(i)}), netip.AddrFrom4([4]byte{20 + byte(i>>8), byte(i), 7, 9}),
			netip.AddrFrom16([16]byte{0x20, 1, 13: byte(i >> 8), 14: byte(i), 15: 1})} {
			if p := b.Addr(a); seen[p] || len(p.String()) != len(a.String()) || len(p.StringExpanded()) != len(a.StringExpanded()) {
				t.Fatalf("%s became %s", a, p)
			} else {
				seen[p] = true
			}
		}
	}
}

func TestWord(t *testing.T) {
	b := book(Options{})
	p := on(b.Word, "tobias")
	if got := on(b.Word, "ToBIAS"); strings.ToLower(got) != p || got[:1] != strings.ToUpper(p[:1]) || got[1:2] != p[1:2] {
		t.Errorf("tobias became %s, ToBIAS %s", p, got)
	}
	if got := on(b.Word, "user-1.x_2"); got[4] != '-' || got[6] != '.' || got[8] != '_' || got[5] < '0' || got[5] > '9' {
		t.Errorf("separators and classes moved: %s", got)
	}
	if got := on(b.Word, "9f2c1c5e"); got == "9f2c1c5e" || !isHexWord([]byte(got)) && strings.Trim(got, "0123456789abcdef") != "" {
		t.Errorf("hexadecimal word became %s", got)
	}
	long := strings.Repeat("abc1", 40)
	if got := on(b.Word, long); got == long || len(got) != len(long) || strings.Trim(got[3:4], "0123456789") != "" {
		t.Errorf("long word became %s", got)
	}
	for _, s := range []string{"Zoë", "Ольга", "田中", "😀", "a\xffb"} {
		got := on(b.Word, s)
		if got == s || len(got) != len(s) || !bytes.Contains([]byte(s), []byte{0xff}) && strings.ToValidUTF8(got, "") != got {
			t.Errorf("%q became %q", s, got)
		}
	}
	if got := on(New([]byte("other"), Options{}).Word, "tobias"); got == p {
		t.Errorf("two keys give %s", got)
	}
	if got := on(book(Options{}).Word, "tobias"); got != p {
		t.Errorf("one key gives %s and %s", p, got)
	}
}

func TestNumber(t *testing.T) {
	b := book(Options{})
	p := on(b.Number, "44123456789")
	if got := on(b.Number, "+44-123-456-789"); strings.NewReplacer("+", "", "-", "").Replace(got) != p || got[3] != '-' {
		t.Errorf("44123456789 became %s, with separators %s", p, got)
	}
	if p[0] == '0' {
		t.Errorf("number became %s", p)
	}
	if got := on(b.Number, "0044123456789"); got != "00"+p {
		t.Errorf("with prefix %s, want 00%s", got, p)
	}
	if got := on(b.Number, "-- "); got != "-- " {
		t.Errorf("nothing became %q", got)
	}
}

func TestIMSI(t *testing.T) {
	keep, hide := book(Options{}), book(Options{HidePLMN: true})
	for imsi, n := range map[string]int{"262011234567890": 5, "310410123456789": 6, "001010000000001": 5} {
		p := on(keep.IMSI, imsi)
		if p[:n] != imsi[:n] || p == imsi || len(p) != len(imsi) {
			t.Errorf("%s became %s", imsi, p)
		}
		// The PLMN of the host name follows that of the IMSI.
		host := "ims.mnc0" + imsi[3:5] + ".mcc" + imsi[:3] + ".3gppnetwork.org"
		if n == 6 {
			host = "ims.mnc" + imsi[3:6] + ".mcc" + imsi[:3] + ".3gppnetwork.org"
		}
		if got := on(keep.Host, host); got != host {
			t.Errorf("%s became %s", host, got)
		}
		p = on(hide.IMSI, imsi)
		want := "ims.mnc0" + p[3:5] + ".mcc" + p[:3] + ".3gppnetwork.org"
		if n == 6 {
			want = "ims.mnc" + p[3:6] + ".mcc" + p[:3] + ".3gppnetwork.org"
		}
		if got := on(hide.Host, host); got != want || want == host || p[:3] == imsi[:3] {
			t.Errorf("%s became %s, want %s like %s", host, got, want, p)
		}
	}
	if a, b := on(keep.Cell, "26201AB12CD34"), on(hide.Cell, "26201AB12CD34"); a[:5] != "26201" || a[5:] == "AB12CD34" || b[:3] == "262" {
		t.Errorf("cells %s and %s", a, b)
	}
}

func TestIMEI(t *testing.T) {
	b := book(Options{})
	// The example of TS 23.003 Annex B is 26053179311383 with check digit 7.
	got := on(b.IMEI, "260531793113837")
	if got == "260531793113837" || luhn([]byte(got[:14])) != got[14] {
		t.Errorf("became %s", got)
	}
	if spaced := on(b.IMEI, "26053179-311383-7"); strings.ReplaceAll(spaced, "-", "") != got || spaced[8] != '-' {
		t.Errorf("with separators %s, without %s", spaced, got)
	}
	if got := on(b.IMEI, "260531793113830"); got[14] != '0' {
		t.Errorf("spare digit became %s", got)
	}
	for _, as := range []string{"26053179311383", "2605317931138301"} { // without check digit, with a version
		if p := on(b.IMEI, as); p[:14] != got[:14] || p[14:] != as[14:] {
			t.Errorf("%s became %s, with a check digit %s", as, p, got)
		}
	}
	mac := []byte{0x00, 0xa0, 0xc9, 0x1e, 0x6b, 0xf6}
	b.MAC(mac)
	node := on(b.Node, "00a0c91e6bf6")
	if uuid := on(b.UUID, "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"); node != hex.EncodeToString(mac) || uuid[24:] != node || strings.ToLower(strings.ReplaceAll(on(b.Node, "00:A0:C9:1E:6B:F6"), ":", "")) != node {
		t.Errorf("a hardware address became %x, as text %s, in a UUID %s", mac, node, uuid)
	}
	if random := "f81d4fae-7dec-41d0-a765-01a0c91e6bf6"; on(b.UUID, random)[24:] == random[24:] {
		t.Error("the node of a random UUID stays")
	}
	if got := on(b.UUID, "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"); got[14] != '1' || got[19] != 'a' || got[8] != '-' || strings.Contains(got, "00a0c91e6bf6") {
		t.Errorf("UUID became %s", got)
	}
}

func TestHost(t *testing.T) {
	b := book(Options{})
	domain := on(b.Host, "home1.fr")
	if domain == "home1.fr" || !strings.HasSuffix(domain, ".fr") {
		t.Errorf("home1.fr became %s", domain)
	}
	for host, want := range map[string]string{
		"pcscf1.home1.fr": "pcscf1." + domain, "scscf-02.home1.fr": "scscf-02." + domain, "localhost": "localhost",
		"www.w3.org": "www.w3.org", "Home1.FR": "", "anonymous.invalid": "anonymous.invalid",
	} {
		got := on(b.Host, host)
		if want == "" {
			if strings.ToLower(got) != domain {
				t.Errorf("%s became %s, want the spelling of %s", host, got, domain)
			}
		} else if got != want {
			t.Errorf("%s became %s, want %s", host, got, want)
		}
	}
	if got := on(b.Host, "gateway"); got == "gateway" {
		t.Error("a single label stayed")
	}
	if got := on(book(Options{KeepHosts: true}).Host, "home1.fr"); got != "home1.fr" {
		t.Errorf("kept host became %s", got)
	}
}

func TestAddr(t *testing.T) {
	b := book(Options{})
	for a, prefix := range map[string]string{
		"10.45.0.11": "10.", "172.20.1.2": "172.", "192.168.1.200": "192.168.", "100.64.1.2": "100.", "169.254.9.9": "169.254.",
		"8.8.8.8": "", "203.0.113.77": "", "fe80::1:2": "fe80::", "fd00:1::2": "fd00:", "5555::1:2:3:4": "", "2001:db8:0:1::99": "",
		"::ffff:10.45.0.11": "::ffff:10.",
	} {
		p := b.Addr(netip.MustParseAddr(a))
		if s := p.String(); s == a || len(s) != len(a) || !strings.HasPrefix(s, prefix) {
			t.Errorf("%s became %s", a, s)
		}
	}
	for _, a := range []string{"127.0.0.1", "0.0.0.0", "224.0.1.75", "255.255.255.255", "::1", "::", "ff02::1"} {
		if p := b.Addr(netip.MustParseAddr(a)); p.String() != a {
			t.Errorf("%s, which is nobody's, became %s", a, p)
		}
	}
	if got := b.Addr(netip.MustParseAddr("fe80::1%eth0")).Zone(); got != "eth0" {
		t.Errorf("zone %q", got)
	}
	whole := []uint16{0x5555, 0, 0, 0, 1, 2, 3, 4}
	damaged := []uint16{0x5555, 1, 2, 3, 4}
	b.Groups(whole)
	b.Groups(damaged)
	if fmt.Sprint(whole[4:], whole[0]) != fmt.Sprint(damaged[1:], damaged[0]) || whole[1] != 0 {
		t.Errorf("address became %x, without :: %x", whole, damaged)
	}
	if p, q := b.Addr(netip.MustParseAddr("10.45.0.11")), b.Addr(netip.MustParseAddr("::ffff:10.45.0.11")); p != q.Unmap() {
		t.Errorf("%s and %s", p, q)
	}
	mac := []byte{0x02, 0, 0, 0, 0, 9}
	b.MAC(mac)
	if mac[0]&3 != 2 || bytes.Equal(mac, []byte{2, 0, 0, 0, 0, 9}) {
		t.Errorf("MAC became %x", mac)
	}
	group := []byte{0x33, 0x33, 0, 0, 0, 1}
	b.MAC(group)
	if group[0] != 0x33 || group[5] != 1 {
		t.Errorf("group address became %x", group)
	}
}

// A secret is replaced alike in binary, in hexadecimal and in base64, alone and as the beginning of a nonce.
func TestSecret(t *testing.T) {
	b := book(Options{})
	challenge := []byte("0123456789abcdefFEDCBA9876543210") // RAND and AUTN
	p := bytes.Clone(challenge)
	b.Secret(p)
	nonce := []byte(base64.StdEncoding.EncodeToString(append(bytes.Clone(challenge), "more"...)))
	was := len(nonce)
	b.SecretText(nonce)
	raw, err := base64.StdEncoding.DecodeString(string(nonce))
	if err != nil || len(nonce) != was || !bytes.Equal(raw[:32], p) || string(raw[32:]) == "more" {
		t.Errorf("nonce became %s (%x), challenge %x", nonce, raw, p)
	}
	ck := []byte(hex.EncodeToString(challenge[:16]))
	b.SecretText(ck)
	if string(ck) != hex.EncodeToString(p[:16]) {
		t.Errorf("key became %s, want %x", ck, p[:16])
	}
	if got := on(b.SecretText, "not base64! 12"); len(got) != 14 || got[10] != '!' || got == "not base64! 12" {
		t.Errorf("other secret became %s", got)
	}
}

func TestEntries(t *testing.T) {
	b := book(Options{})
	on(b.Word, "tobias")
	if list, _ := b.Entries(); len(list) > 0 || b.Remembers() {
		t.Errorf("remembers %v", list)
	}
	b = book(Options{Map: true})
	on(b.Word, "tobias")
	on(b.Number, "+44-123")
	on(b.Secret, "0123456789abcdef")
	b.Addr(netip.MustParseAddr("10.45.0.11"))
	list, dropped := b.Entries()
	kinds := ""
	for _, e := range list {
		kinds += string(e.Kind) + " " + e.Original + "; "
		if e.Pseudonym == e.Original || len(e.Pseudonym) != len(e.Original) {
			t.Errorf("%+v", e)
		}
	}
	if kinds != "address 10.45.0.11; name tobias; number 44123; " || dropped != 0 {
		t.Errorf("%s, %d dropped", kinds, dropped)
	}
}

func FuzzBook(f *testing.F) {
	f.Add([]byte("tobias@home1.fr 44-123 \xff\xc3\xa9"))
	f.Add([]byte("mnc001.mcc262.3gppnetwork.org"))
	f.Add([]byte("262011234567890"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, opt := range []Options{{}, {HidePLMN: true}} {
			b := book(opt)
			for i, m := range []func([]byte){b.Word, b.Number, b.IMSI, b.IMEI, b.UUID, b.Node, b.Cell, b.Host, b.SecretText, b.Secret, b.MAC} {
				once, twice := bytes.Clone(data), bytes.Clone(data)
				m(once)
				m(twice)
				if len(once) != len(data) || !bytes.Equal(once, twice) {
					t.Fatalf("%d: %q became %q and %q", i, data, once, twice)
				}
			}
			if a, ok := netip.AddrFromSlice(data); ok {
				if p := b.Addr(a); len(p.String()) != len(a.String()) {
					t.Fatalf("%s became %s", a, p)
				}
			}
		}
	})
}

func BenchmarkWord(b *testing.B) {
	bk := book(Options{})
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		w := fmt.Appendf(nil, "user%d", i)
		bk.Word(w)
	}
}
