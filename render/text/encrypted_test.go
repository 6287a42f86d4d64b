package text

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"

	"imscope/correlate"
	"imscope/correlate/story"
	"imscope/render"
)

// The summary says whose encrypted packets could not be read, and does not let the wire write to the terminal.
func TestSealed(t *testing.T) {
	dst := netip.MustParseAddr("10.9.0.1")
	r := correlate.NewReport(0, func(int) *story.User { return nil })
	r.Stats.TLS = map[string]uint64{"opened": 2, "tls-no-key": 3}
	r.Stats.Sealed = []correlate.Sealed{
		{SPI: 0xabc, Dst: dst, Packets: 1200, Frame: 17, User: "sip:a@b\x1b[2J", Header: "Security-Server", Offers: "ipsec-3gpp/hmac-sha-1-96/aes-cbc", Agreed: 3},
		{SPI: 4, Dst: dst, Packets: 3, Frame: 5, User: "sip:c@d", Header: "Security-Server", Offers: "ipsec-3gpp/aes-gmac/aes-gcm", Agreed: 3, Keyed: true}, {SPI: 5, Dst: dst, Packets: 1, Frame: 40}, {SPI: 6, Dst: dst, Packets: 2, Denied: 2, Frame: 41, User: "sip:a@b", Header: "Security-Server", Offers: "ipsec-3gpp/hmac-sha-1-96/null", Agreed: 3}, {SPI: 7, Dst: dst, Packets: 1}, {SPI: 8, Dst: dst, Packets: 1}, {SPI: 9, Dst: dst, Packets: 1},
	}
	var b bytes.Buffer
	if err := New(render.Options{Width: 300}).Render(&b, r); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"ESP with SPI 0xabc to 10.9.0.1, 1,200 packets, first in frame 17; agreed on in frame #3 by sip:a@b\\x1b[2J (Security-Server: ipsec-3gpp/hmac-sha-1-96/aes-cbc); the capture has no keys for it (the 401 to the P-CSCF has, or the MAA)",
		"ESP with SPI 0x6 to 10.9.0.1, 2 packets, first in frame 41; agreed on in frame #3 by sip:a@b (Security-Server: ipsec-3gpp/hmac-sha-1-96/null); the keys in the capture do not fit (ICV of 2 packets)",
		"ESP with SPI 0x4 to 10.9.0.1, 3 packets, first in frame 5; agreed on in frame #3 by sip:c@d (Security-Server: ipsec-3gpp/aes-gmac/aes-gcm); the capture has its keys, but not how they are used",
		"ESP with SPI 0x5 to 10.9.0.1, 1 packet, first in frame 40; no security agreement in the capture names it",
		"3 more security associations", "TLS connections: tls-no-key 3, opened 2"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}
