package network

import (
	"bytes"
	"math/rand/v2"
	"net/netip"
	"testing"

	"imscope/decode/capture"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// On plain packets Walk and gopacket must agree: two readers of the same headers that share no code.
func TestWalkAgainstGopacket(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var w Walker
	var p Packet
	for i := range 3000 {
		src, dst := alice4, bob4
		v6 := r.IntN(2) == 0
		if v6 {
			src, dst = alice6, bob6
		}
		src = netip.AddrPortFrom(src.Addr(), uint16(20000+r.IntN(9000)))
		dst = netip.AddrPortFrom(dst.Addr(), uint16(20000+r.IntN(9000)))
		payload := make([]byte, r.IntN(200))
		for k := range payload {
			payload[k] = byte(r.Uint32())
		}
		if len(payload) > 0 && payload[0] <= 2 {
			payload[0] = 9 // no old HEP
		}
		tcp := r.IntN(2) == 0
		ip := udpPacket(t, src, dst, payload)
		if tcp {
			ip = tcpPacket(t, src, dst, r.Uint32(), byte(r.IntN(32))&(FlagACK|FlagFIN|FlagSYN), payload)
		}
		next := uint16(layers.EthernetTypeIPv4)
		if v6 {
			next = uint16(layers.EthernetTypeIPv6)
		}
		frame := join(etherHeader(next), ip)
		for range r.IntN(3) {
			frame = join(etherHeader(0x8100), vlanHeader(uint16(r.IntN(4096)), be16(frame[12:])), frame[14:])
		}
		frame = append(frame, make([]byte, r.IntN(3))...) // padding

		w.Walk(&p, capture.LinkEthernet, frame, uint32(len(frame)))
		g := gopacket.NewPacket(frame, layers.LayerTypeEthernet, gopacket.Default)
		s, d := g.NetworkLayer().NetworkFlow().Endpoints()
		if addr, _ := netip.AddrFromSlice(s.Raw()); addr != p.Src.Addr() {
			t.Fatalf("packet %d: source %v, gopacket %v", i, p.Src, addr)
		}
		if addr, _ := netip.AddrFromSlice(d.Raw()); addr != p.Dst.Addr() {
			t.Fatalf("packet %d: destination %v, gopacket %v", i, p.Dst, addr)
		}
		s, d = g.TransportLayer().TransportFlow().Endpoints()
		if be16(s.Raw()) != p.Src.Port() || be16(d.Raw()) != p.Dst.Port() {
			t.Fatalf("packet %d: ports %v %v, gopacket %v %v", i, p.Src, p.Dst, s, d)
		}
		if !bytes.Equal(g.TransportLayer().LayerPayload(), p.Payload) {
			t.Fatalf("packet %d: payload %x, gopacket %x", i, p.Payload, g.TransportLayer().LayerPayload())
		}
		if l, ok := g.TransportLayer().(*layers.TCP); ok {
			if !tcp || l.Seq != p.TCP.Seq || l.Ack != p.TCP.Ack || l.FIN != (p.TCP.Flags&FlagFIN != 0) || l.SYN != (p.TCP.Flags&FlagSYN != 0) {
				t.Fatalf("packet %d: %+v, gopacket %+v", i, p.TCP, l)
			}
		} else if tcp || p.Proto != UDP {
			t.Fatalf("packet %d: %v", i, p.Proto)
		}
		vlans := 0
		for _, l := range g.Layers() {
			if tag, ok := l.(*layers.Dot1Q); ok {
				if kind, id := p.Path.Hop(vlans); kind != HopVLAN || id != uint32(tag.VLANIdentifier) {
					t.Fatalf("packet %d: hop %d is %v %d, gopacket %d", i, vlans, kind, id, tag.VLANIdentifier)
				}
				vlans++
			}
		}
		if vlans != p.Path.Len() {
			t.Fatalf("packet %d: path %v, gopacket has %d tags", i, p.Path, vlans)
		}
	}
}
