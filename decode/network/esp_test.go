package network

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"imscope/decode/capture"

	"github.com/google/gopacket/layers"
)

// espPacket puts inner into ESP without encryption, with an ICV and an IV of the given lengths.
func espPacket(spi uint32, icv, iv int, next byte, inner []byte) []byte {
	pad := (4 - (len(inner)+iv+2)%4) % 4
	b := join(u32(spi), u32(1), bytes.Repeat([]byte{0xee}, iv), inner)
	for i := range pad {
		b = append(b, byte(i+1))
	}
	b = append(b, byte(pad), next)
	for i := range icv {
		b = append(b, byte(0xa0+7*i))
	}
	return b
}

func TestESPForms(t *testing.T) {
	// Transport mode: the checksum is over the outer addresses.
	udp4 := func(payload string) []byte { return udpPacket(t, alice4, bob4, []byte(payload))[20:] }
	udp6 := func(payload string) []byte { return udpPacket(t, alice6, bob6, []byte(payload))[40:] }
	over4 := func(b []byte) []byte {
		p := serialize(t, ipHeader(alice4.Addr(), bob4.Addr(), layers.IPProtocolESP).(*layers.IPv4))
		return append(patched(p, 2, byte((20+len(b))>>8), byte(20+len(b))), b...)
	}
	over6 := func(b []byte) []byte {
		p := serialize(t, ipHeader(alice6.Addr(), bob6.Addr(), layers.IPProtocolESP).(*layers.IPv6))
		return append(patched(p, 4, byte(len(b)>>8), byte(len(b))), b...)
	}
	raw := capture.LinkRaw
	var cases []walkCase
	for _, form := range espForms {
		for _, payload := range []string{"hello", "hello!", "hello!!", "hello!!!"} { // all paddings
			for _, v6 := range []bool{false, true} {
				c := plain("udp", raw, nil, "esp spi 0x1001", v6)
				c.payload = []byte(payload)
				if v6 {
					c.data = over6(espPacket(0x1001, form.icv, form.iv, 17, udp6(payload)))
				} else {
					c.data = over4(espPacket(0x1001, form.icv, form.iv, 17, udp4(payload)))
				}
				cases = append(cases, c)
			}
		}
	}
	inner4, inner6 := udpPacket(t, alice4, bob4, []byte("hello")), udpPacket(t, alice6, bob6, []byte("hello"))
	seg := walkCase{name: "tcp", link: raw, data: over4(espPacket(5, 12, 0, 6, tcpPacket(t, alice4, bob4, 1, FlagACK, []byte("hello"))[20:])),
		kind: Segment, proto: TCP, src: alice4, dst: bob4, payload: []byte("hello"), path: "esp spi 0x5"}
	sealed := walkCase{name: "encrypted", link: raw, data: over4(join(u32(0x1001), u32(1), bytes.Repeat([]byte{0x5a, 0x17}, 40))), kind: Sealed,
		src: addr(alice4), dst: addr(bob4), payload: join(u32(0x1001), u32(1), bytes.Repeat([]byte{0x5a, 0x17}, 40))}
	wrong := espPacket(0x1001, 12, 0, 17, patched(udp4("hello"), 6, 0xbe, 0xef))
	cases = append(cases, seg, sealed,
		plain("tunnel_mode_ipv4", raw, over6(espPacket(6, 16, 0, 4, inner4)), "esp spi 0x6 / ipip", false),
		plain("tunnel_mode_ipv6", raw, over4(espPacket(7, 12, 0, 41, inner6)), "esp spi 0x7 / ip6ip", true),
		plain("udp_encapsulated", raw, overUDP(t, 4500, espPacket(0x300, 12, 0, 4, inner4)), "udp-esp spi 0x300 / ipip", false),
		walkCase{name: "icmp", link: raw, data: over4(espPacket(8, 12, 0, 1, []byte{8, 0, 0xf7, 0xff, 0, 0, 0, 0})), kind: Other, class: ClassICMP, path: "esp spi 0x8"},
		walkCase{name: "checksum_wrong", link: raw, data: over4(wrong), kind: Sealed, src: addr(alice4), dst: addr(bob4), payload: wrong},
		walkCase{name: "nat_keepalive", link: raw, data: overUDP(t, 4500, []byte{0xff}), kind: Other, class: ClassKeepAlive},
		walkCase{name: "ike", link: raw, data: overUDP(t, 4500, make([]byte, 40)), kind: Other, class: ClassIKE},
		walkCase{name: "short", link: raw, data: over4([]byte{1, 2, 3, 4, 5, 6, 7}), kind: Undecodable, reason: "tunnel-header"},
	)
	runWalk(t, cases)
}

func TestSecurity(t *testing.T) {
	isHello := func(b []byte) bool { return bytes.HasPrefix(b, []byte("hello")) }
	over4 := func(src, dst byte, b []byte) []byte {
		p := overIP(t, layers.IPProtocolESP, b)
		return patched(p, 12, 10, 0, 0, src, 10, 0, 0, dst)
	}
	good := udpPacket(t, alice4, bob4, []byte("hello"))[20:]
	other := udpPacket(t, alice4, bob4, []byte("other"))[20:]
	noSum := patched(good, 6, 0, 0)
	badSum := patched(good, 6, 0xbe, 0xef)
	shortLen := patched(noSum, 4, 0, 11)
	tcp := func(payload string) []byte {
		return patched(tcpPacket(t, alice4, bob4, 1, FlagACK, []byte(payload))[20:], 16, 0xbe, 0xef)
	}
	type step struct {
		b    []byte
		cut  int
		want Kind
	}
	cases := []struct {
		name  string
		steps []step
	}{
		{"no checksum, length fits", []step{{espPacket(1, 12, 0, 17, noSum), 0, Datagram}}},
		{"wrong checksum, length fits", []step{{espPacket(1, 16, 0, 17, badSum), 0, Datagram}}},
		{"nothing fits", []step{{espPacket(1, 12, 0, 17, shortLen), 0, Undecodable}}},
		{"nothing fits, form known", []step{{espPacket(1, 12, 0, 17, good), 0, Datagram}, {espPacket(1, 12, 0, 17, shortLen), 0, Datagram}}},
		{"form of another association", []step{{espPacket(2, 12, 0, 17, good), 0, Datagram}, {espPacket(1, 12, 0, 17, shortLen), 0, Undecodable}}},
		{"tunnel mode, wrong header checksum", []step{{espPacket(1, 12, 0, 4, patched(udpPacket(t, alice4, bob4, []byte("hello")), 10, 0xbe, 0xef)), 0, Datagram}}},
		{"TCP, a message", []step{{espPacket(1, 12, 0, 6, tcp("hello")), 0, Segment}}},
		{"TCP, no message", []step{{espPacket(1, 12, 0, 6, tcp("other")), 0, Undecodable}}},
		{"TCP, form known", []step{{espPacket(1, 12, 0, 6, tcp("hello")), 0, Segment}, {espPacket(1, 12, 0, 6, tcp("other")), 0, Segment}}},
		{"cut, form known", []step{{espPacket(1, 12, 0, 17, good), 0, Datagram}, {espPacket(1, 12, 0, 17, good), 14, Datagram}}},
		{"cut, a message, form unknown", []step{{espPacket(1, 12, 0, 17, good), 14, Datagram}}},
		{"cut, a message, other form", []step{{espPacket(1, 16, 8, 17, good), 18, Datagram}, {espPacket(1, 16, 8, 17, shortLen), 0, Datagram}}},
		{"cut, TCP, a message, form unknown", []step{{espPacket(1, 12, 0, 6, tcp("hello")), 13, Segment}}},
		{"cut, length does not fit", []step{{espPacket(1, 12, 0, 17, patched(good, 4, 0, 99)), 14, Undecodable}}},
		{"cut, no message, form unknown", []step{{espPacket(1, 12, 0, 17, other), 14, Undecodable}}},
		{"dummy packet (RFC 4303 2.6)", []step{{espPacket(1, 12, 0, 17, good), 0, Datagram}, {espPacket(1, 12, 0, 59, []byte("1234567")), 0, Other}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := NewSecurity(isHello)
			w := Walker{IsSignalling: isHello}
			var p Packet
			sealed := uint64(0)
			for i, st := range c.steps {
				f := over4(1, 2, st.b)
				w.Walk(&p, capture.LinkRaw, f[:len(f)-st.cut], uint32(len(f)))
				if p.Kind == Sealed {
					s.Open(&w, &p, Origin{Frame: uint32(i + 1)})
				}
				if p.Kind != st.want {
					t.Fatalf("step %d: %v, want %v", i+1, p.Kind, st.want)
				}
				if p.Kind == Undecodable {
					sealed++
					if p.Reason != ReasonEncrypted {
						t.Errorf("reason %v", p.Reason.ID)
					}
				}
				if p.Form >= 0 {
					s.Learn(&p)
				}
			}
			list := s.Closed(10)
			if sealed == 0 && len(list) != 0 || sealed > 0 && (len(list) != 1 || list[0].Sealed != sealed || list[0].Dst != bob4.Addr()) {
				t.Errorf("closed %+v", list)
			}
		})
	}
}

func TestSecurityLimit(t *testing.T) {
	s := NewSecurity(nil)
	var w Walker
	for i := range uint32(maxSPIs + 100) {
		p := Packet{Kind: Sealed, SPI: i, Form: -1, Payload: bytes.Repeat([]byte{0x5a}, 40)}
		p.espDst = bob4.Addr()
		s.Open(&w, &p, Origin{Frame: i + 1})
	}
	if len(s.slots) != maxSPIs || len(s.index) != maxSPIs || s.Evicted != 100 {
		t.Errorf("%d, %d, %d", len(s.slots), len(s.index), s.Evicted)
	}
	if list := s.Closed(5); len(list) != 5 || list[0].SPI != 100 || list[0].First.Frame != 101 {
		t.Errorf("closed %+v", list)
	}
}

// Random bytes, which is what encryption looks like, must not be opened.
func TestSecurityRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	s := NewSecurity(func(b []byte) bool { return bytes.HasPrefix(b, []byte("INVITE ")) })
	var w Walker
	var p Packet
	opened := 0
	b := make([]byte, 200)
	for range 200000 {
		for i := 0; i < len(b); i += 4 {
			v := r.Uint32()
			b[i], b[i+1], b[i+2], b[i+3] = byte(v), byte(v>>8), byte(v>>16), byte(v>>24)
		}
		p.reset()
		p.ports(1, 2)
		w.esp(&p, b, HopESP)
		if p.Kind == Sealed {
			s.Open(&w, &p, Origin{})
		}
		if p.Kind != Undecodable {
			opened++
		}
	}
	if opened > 0 {
		t.Errorf("%d of 200000 random packets opened", opened)
	}
}

func BenchmarkESPEncrypted(b *testing.B) {
	var w Walker
	var p Packet
	f := overIP(b, layers.IPProtocolESP, bytes.Repeat([]byte{0x5a, 0x17, 0x33}, 400))
	b.ReportAllocs()
	for b.Loop() {
		w.Walk(&p, capture.LinkRaw, f, uint32(len(f)))
	}
}

func BenchmarkESPNull(b *testing.B) {
	var w Walker
	var p Packet
	f := overIP(b, layers.IPProtocolESP, espPacket(1, 12, 0, 17, udpPacket(b, outerA, outerB, make([]byte, 1200))[20:]))
	b.ReportAllocs()
	for b.Loop() {
		w.Walk(&p, capture.LinkRaw, f, uint32(len(f)))
	}
	if p.Kind != Datagram {
		b.Fatal(p.Kind)
	}
}
