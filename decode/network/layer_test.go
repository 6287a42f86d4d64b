package network

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"github.com/google/gopacket/layers"

	"imscope/decode/capture"
)

// What is seen on the way are the very bytes that are walked, as long as their headers say.
func TestSeen(t *testing.T) {
	sip := []byte("OPTIONS sip:a@example.com SIP/2.0\r\n\r\n")
	inner := udpPacket(t, alice6, bob6, sip)
	gtp := join([]byte{0x30, 255}, u16(uint16(len(inner))), u32(7), inner)
	outer := udpPacket(t, outerA, netip.AddrPortFrom(outerB.Addr(), 2152), gtp)
	trailer := []byte{0, 0, 0, 0}
	hep := hep3(hepFields(string(sip))...)
	for _, c := range []struct {
		name string
		link capture.LinkType
		data []byte
		want []string
	}{
		{"vlan_gtp", capture.LinkEthernet, join(etherHeader(0x8100), vlanHeader(7, 0x0800), outer, trailer), []string{
			"ethernet 14", fmt.Sprint("ipv4 ", len(outer)), fmt.Sprint("udp ", len(outer)-20),
			fmt.Sprint("ipv6 ", len(inner)), fmt.Sprint("udp ", len(inner)-40)}},
		{"cooked", capture.LinkLinuxSLL, join(make([]byte, 14), u16(0x0800), outer[:20], make([]byte, len(outer)-20)), []string{
			"cooked 16", fmt.Sprint("ipv4 ", len(outer)), fmt.Sprint("udp ", len(outer)-20)}},
		{"gre", capture.LinkRaw, overIP(t, layers.IPProtocolGRE, join(u16(0x8000), u16(0x86dd), u32(0), inner)), []string{
			fmt.Sprint("ipv4 ", 28+len(inner)), fmt.Sprint("gre ", 8+len(inner)), fmt.Sprint("ipv6 ", len(inner)), fmt.Sprint("udp ", len(inner)-40)}},
		{"hep", capture.LinkRaw, udpPacket(t, outerA, outerB, hep), []string{
			fmt.Sprint("ipv4 ", 28+len(hep)), fmt.Sprint("udp ", 8+len(hep)), fmt.Sprint("hep3 ", len(hep))}},
	} {
		names := map[Layer]string{LayerEthernet: "ethernet", LayerCooked: "cooked", LayerIPv4: "ipv4", LayerIPv6: "ipv6", LayerUDP: "udp", LayerGRE: "gre", LayerHEP3: "hep3"}
		data := slices.Clip(c.data)
		var got []string
		w := Walker{Seen: func(l Layer, b []byte) {
			got = append(got, fmt.Sprint(names[l], " ", len(b)))
			b[0] ^= 0xff // changes the packet
			b[0] ^= 0xff
			if off := len(data) - cap(b); off < 0 || &data[off] != &b[0] {
				t.Errorf("%s: %s are not bytes of the frame", c.name, names[l])
			}
		}}
		var p Packet
		w.Walk(&p, c.link, data, uint32(len(data)))
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: saw %v, want %v", c.name, got, c.want)
		}
	}
}
