package network

import (
	"bytes"
	"net/netip"
	"testing"

	"imscope/decode/capture"
)

// walkCase is one frame and what Walk has to say about it. Empty fields are not compared, except Path.
type walkCase struct {
	name     string
	link     capture.LinkType
	data     []byte
	cut      uint32 // bytes that were on the wire behind data
	kind     Kind
	proto    Proto
	class    Class
	reason   string
	src, dst netip.AddrPort
	payload  []byte
	path     string
	trunc    bool
}

func runWalk(t *testing.T, cases []walkCase) {
	t.Helper()
	var w Walker
	var p Packet
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			orig := bytes.Clone(c.data)
			w.Walk(&p, c.link, c.data, uint32(len(c.data))+c.cut)
			reason := ""
			if p.Reason != nil {
				reason = p.Reason.Name(p.Detail)
			}
			if p.Kind != c.kind || reason != c.reason {
				t.Fatalf("kind %v %q %v, want %v %q %v", p.Kind, reason, p.Class, c.kind, c.reason, c.class)
			}
			if p.Kind == Other && p.Class != c.class {
				t.Errorf("class %v, want %v", p.Class, c.class)
			}
			if p.Kind != Undecodable && p.Kind != Other {
				if p.Proto != c.proto {
					t.Errorf("proto %v, want %v", p.Proto, c.proto)
				}
				if p.Src != c.src || p.Dst != c.dst {
					t.Errorf("endpoints %v %v, want %v %v", p.Src, p.Dst, c.src, c.dst)
				}
				if !bytes.Equal(p.Payload, c.payload) {
					t.Errorf("payload %q, want %q", p.Payload, c.payload)
				}
				if p.Truncated != c.trunc {
					t.Errorf("truncated %v, want %v", p.Truncated, c.trunc)
				}
			}
			if got := p.Path.String(); got != c.path && p.Kind != Undecodable {
				t.Errorf("path %q, want %q", got, c.path)
			}
			if !bytes.Equal(orig, c.data) {
				t.Error("Walk wrote into the frame")
			}
			if n := testing.AllocsPerRun(20, func() { w.Walk(&p, c.link, c.data, uint32(len(c.data))) }); n != 0 {
				t.Errorf("%v allocations", n)
			}
		})
	}
}

// plain completes a case that finds the UDP datagram from alice to bob with the payload "hello".
func plain(name string, link capture.LinkType, data []byte, path string, v6 bool) walkCase {
	c := walkCase{
		name: name, link: link, data: data, kind: Datagram, proto: UDP, src: alice4, dst: bob4,
		payload: []byte("hello"), path: path,
	}
	if v6 {
		c.src, c.dst = alice6, bob6
	}
	return c
}

func TestWalkLinks(t *testing.T) {
	ip4 := udpPacket(t, alice4, bob4, []byte("hello"))
	ip6 := udpPacket(t, alice6, bob6, []byte("hello"))
	sll := func(arphrd, proto uint16) []byte {
		return []byte{0, 4, byte(arphrd >> 8), byte(arphrd), 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, byte(proto >> 8), byte(proto)}
	}
	sll2 := func(proto uint16) []byte {
		return []byte{byte(proto >> 8), byte(proto), 0, 0, 0, 0, 0, 3, 0, 1, 4, 6, 2, 0, 0, 0, 0, 1, 0, 0}
	}
	eth := capture.LinkEthernet
	runWalk(t, []walkCase{
		plain("ethernet_ipv4", eth, join(etherHeader(0x0800), ip4), "", false),
		plain("ethernet_ipv6", eth, join(etherHeader(0x86dd), ip6), "", true),
		plain("ethernet_padding", eth, join(etherHeader(0x0800), ip4, make([]byte, 13)), "", false),
		plain("ethernet_802.3_snap", eth, join(etherHeader(uint16(8+len(ip4))), []byte{0xaa, 0xaa, 3, 0, 0, 0, 8, 0}, ip4), "", false),
		plain("ethernet_802.3_ip_sap", eth, join(etherHeader(uint16(3+len(ip4))), []byte{6, 6, 3}, ip4), "", false),
		plain("vlan_one", eth, join(etherHeader(0x8100), vlanHeader(10, 0x0800), ip4), "vlan 10", false),
		plain("vlan_priority_tag", eth, join(etherHeader(0x8100), vlanHeader(0, 0x86dd), ip6), "vlan 0", true),
		plain("vlan_qinq", eth, join(etherHeader(0x88a8), vlanHeader(100, 0x8100), vlanHeader(4094, 0x0800), ip4), "vlan 100 / vlan 4094", false),
		plain("vlan_9100_9200", eth, join(etherHeader(0x9100), vlanHeader(1, 0x9200), vlanHeader(2, 0x0800), ip4), "vlan 1 / vlan 2", false),
		plain("vlan_four", eth, join(etherHeader(0x8100), vlanHeader(1, 0x8100), vlanHeader(2, 0x8100), vlanHeader(3, 0x8100),
			vlanHeader(4, 0x0800), ip4), "vlan 1 / vlan 2 / vlan 3 / vlan 4", false),
		plain("vlan_before_llc", eth, join(etherHeader(0x8100), vlanHeader(9, uint16(8+len(ip4))),
			[]byte{0xaa, 0xaa, 3, 0, 0, 0, 8, 0}, ip4), "vlan 9", false),
		plain("sll_ipv4", capture.LinkLinuxSLL, join(sll(1, 0x0800), ip4), "", false),
		plain("sll_vlan_ipv6", capture.LinkLinuxSLL, join(sll(1, 0x8100), vlanHeader(5, 0x86dd), ip6), "vlan 5", true),
		plain("sll_protocol_empty", capture.LinkLinuxSLL, join(sll(0xfffe, 0), ip6), "", true),
		plain("sll_802.2", capture.LinkLinuxSLL, join(sll(1, 4), []byte{0xaa, 0xaa, 3, 0, 0, 0, 8, 0}, ip4), "", false),
		plain("sll2_ipv4", capture.LinkLinuxSLL2, join(sll2(0x0800), ip4), "", false),
		plain("sll2_ipv6", capture.LinkLinuxSLL2, join(sll2(0x86dd), ip6), "", true),
		plain("raw_101", capture.LinkRaw, ip4, "", false),
		plain("raw_12", capture.LinkRawBSD, ip6, "", true),
		plain("raw_14", capture.LinkRawOpenBSD, ip4, "", false),
		plain("raw_228", capture.LinkIPv4, ip4, "", false),
		plain("raw_229", capture.LinkIPv6, ip6, "", true),
		plain("null_little_endian", capture.LinkNull, join([]byte{2, 0, 0, 0}, ip4), "", false),
		plain("null_big_endian", capture.LinkNull, join([]byte{0, 0, 0, 2}, ip4), "", false),
		plain("null_ipv6_darwin", capture.LinkNull, join([]byte{30, 0, 0, 0}, ip6), "", true),
		plain("null_ipv6_freebsd", capture.LinkNull, join([]byte{0, 0, 0, 28}, ip6), "", true),
		plain("loop_ipv6_openbsd", capture.LinkLoop, join([]byte{0, 0, 0, 24}, ip6), "", true),

		{name: "ethernet_short", link: eth, data: make([]byte, 13), kind: Undecodable, reason: "link-truncated"},
		{name: "ethernet_arp", link: eth, data: join(etherHeader(0x0806), make([]byte, 28)), kind: Other, class: ClassARP},
		{name: "ethernet_lldp", link: eth, data: join(etherHeader(0x88cc), make([]byte, 28)), kind: Other, class: ClassLink},
		{name: "ethernet_macsec", link: eth, data: join(etherHeader(0x88e5), make([]byte, 28)), kind: Undecodable, reason: "macsec"},
		{name: "ethernet_stp", link: eth, data: join(etherHeader(38), []byte{0x42, 0x42, 3}, make([]byte, 35)), kind: Other, class: ClassLink},
		{name: "vlan_five", link: eth, data: join(etherHeader(0x8100), vlanHeader(1, 0x8100), vlanHeader(2, 0x8100), vlanHeader(3, 0x8100),
			vlanHeader(4, 0x8100), vlanHeader(5, 0x0800), ip4), kind: Undecodable, reason: "tunnel-too-deep"},
		{name: "vlan_cut", link: eth, data: join(etherHeader(0x8100), []byte{0, 1, 8}), kind: Undecodable, reason: "link-truncated"},
		{name: "sll_short", link: capture.LinkLinuxSLL, data: make([]byte, 15), kind: Undecodable, reason: "link-truncated"},
		{name: "sll2_short", link: capture.LinkLinuxSLL2, data: make([]byte, 19), kind: Undecodable, reason: "link-truncated"},
		{name: "sll_netlink", link: capture.LinkLinuxSLL, data: join(sll(824, 0x0800), ip4), kind: Other, class: ClassLink},
		{name: "null_family", link: capture.LinkNull, data: []byte{7, 0, 0, 0, 1}, kind: Other, class: ClassLink},
		{name: "raw_empty", link: capture.LinkRaw, data: nil, kind: Undecodable, reason: "ip-truncated"},
		{name: "raw_version_5", link: capture.LinkRaw, data: []byte{0x55, 0}, kind: Undecodable, reason: "ip-header"},
		{name: "unknown_link", link: 147, data: []byte{1}, kind: Undecodable, reason: "unknown link type 147"},
	})
}

func TestWalkUser(t *testing.T) {
	w := Walker{}
	w.User[5] = capture.LinkRaw
	var p Packet
	ip4 := udpPacket(t, alice4, bob4, []byte("hello"))
	w.Walk(&p, capture.LinkUser0+5, ip4, uint32(len(ip4)))
	if p.Kind != Datagram || string(p.Payload) != "hello" {
		t.Errorf("mapped: %v %q", p.Kind, p.Payload)
	}
	w.Walk(&p, capture.LinkUser0+4, ip4, uint32(len(ip4)))
	if p.Kind != Undecodable || p.Reason.Name(p.Detail) != "unknown link type 151" {
		t.Errorf("not mapped: %v", p.Kind)
	}
}

func TestWalkIP(t *testing.T) {
	ip4 := udpPacket(t, alice4, bob4, []byte("hello"))
	ip6 := udpPacket(t, alice6, bob6, []byte("hello"))
	options := join(patched(ip4[:20], 0, 0x46, 0, 0, 37), []byte{1, 1, 1, 0}, ip4[20:])
	ext6 := func(next byte, headers ...byte) []byte {
		b := join(ip6[:40], headers, ip6[40:])
		b[6] = next
		b[5] += byte(len(headers))
		return b
	}
	raw := capture.LinkRaw
	piece := func(name string, data, payload []byte, v6 bool) walkCase {
		c := walkCase{
			name: name, link: raw, data: data, kind: Fragment,
			src: netip.AddrPortFrom(alice4.Addr(), 0), dst: netip.AddrPortFrom(bob4.Addr(), 0), payload: payload,
		}
		if v6 {
			c.src, c.dst = netip.AddrPortFrom(alice6.Addr(), 0), netip.AddrPortFrom(bob6.Addr(), 0)
		}
		return c
	}
	cut := plain("ipv4_cut_by_snaplen", raw, ip4[:30], "", false)
	cut.payload, cut.trunc, cut.cut = []byte("he"), true, 3
	cut6 := plain("ipv6_cut_by_snaplen", raw, ip6[:50], "", true)
	cut6.payload, cut6.trunc, cut6.cut = []byte("he"), true, 3
	runWalk(t, []walkCase{
		plain("ipv4_options", raw, options, "", false),
		plain("ipv4_total_length_zero", raw, patched(ip4, 2, 0, 0), "", false),
		plain("ipv4_trailing_bytes", raw, join(ip4, []byte("padding")), "", false),
		cut, cut6,
		plain("ipv6_payload_length_zero", raw, patched(ip6, 4, 0, 0), "", true),
		plain("ipv6_trailing_bytes", raw, join(ip6, []byte("padding")), "", true),
		plain("ipv6_hop_by_hop", raw, ext6(0, 17, 0, 1, 4, 0, 0, 0, 0), "", true),
		plain("ipv6_destination_and_routing", raw, ext6(60, 43, 0, 1, 4, 0, 0, 0, 0, 17, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), "", true),
		plain("ipv6_atomic_fragment", raw, ext6(44, 17, 0, 0, 0, 0, 0, 0, 9), "", true),
		plain("udp_length_zero", raw, patched(ip4, 24, 0, 0), "", false),
		{name: "udp_length_short", link: raw, data: patched(ip4, 24, 0, 12), kind: Datagram, proto: UDP, src: alice4, dst: bob4,
			payload: []byte("hell")},
		{name: "udp_length_long", link: raw, data: patched(ip4, 24, 0, 99), kind: Datagram, proto: UDP, src: alice4, dst: bob4,
			payload: []byte("hello"), trunc: true},
		piece("ipv4_first_fragment", patched(ip4[:28], 2, 0, 28, 0, 7, 0x20, 0), ip4[20:28], false),
		piece("ipv4_last_fragment", patched(ip4, 6, 0, 3), ip4[20:], false),
		piece("ipv6_first_fragment", patched(ext6(44, 17, 0, 0, 1, 0, 0, 0, 9)[:56], 4, 0, 16), ip6[40:48], true),

		{name: "ipv4_one_byte_short", link: raw, data: ip4[:19], kind: Undecodable, reason: "ip-truncated"},
		{name: "ipv4_options_cut", link: raw, data: options[:22], kind: Undecodable, reason: "ip-truncated"},
		{name: "ipv4_header_length_4", link: raw, data: patched(ip4, 0, 0x44), kind: Undecodable, reason: "ip-header"},
		{name: "ipv4_total_below_header", link: raw, data: patched(ip4, 2, 0, 19), kind: Undecodable, reason: "ip-header"},
		{name: "ipv4_fragment_unaligned", link: raw, data: patched(ip4, 6, 0x20, 0), kind: Undecodable, reason: "ip-fragment"},
		{name: "ipv4_fragment_beyond_64k", link: raw, data: patched(ip4, 6, 0x1f, 0xff), kind: Undecodable, reason: "ip-fragment"},
		{name: "ipv4_fragment_empty", link: raw, data: patched(ip4[:20], 2, 0, 20, 0, 7, 0x20, 0), kind: Undecodable, reason: "ip-fragment"},
		{name: "ipv4_icmp_quotes_sip", link: raw, data: join(patched(ip4[:20], 9, 1)[:20], []byte{3, 3, 0, 0, 0, 0, 0, 0}, ip4), kind: Other, class: ClassICMP},
		{name: "ipv4_igmp", link: raw, data: patched(ip4, 9, 2), kind: Other, class: ClassIP},
		{name: "ipv4_extension_header", link: raw, data: patched(ip4, 9, 60), kind: Other, class: ClassIP},
		{name: "ipv4_udp_short", link: raw, data: patched(ip4[:27], 2, 0, 27), kind: Undecodable, reason: "udp-truncated"},
		{name: "ipv6_one_byte_short", link: raw, data: ip6[:39], kind: Undecodable, reason: "ip-truncated"},
		{name: "ipv6_extension_cut", link: raw, data: ext6(0, 17, 9, 1, 4, 0, 0, 0, 0), kind: Undecodable, reason: "ip-truncated"},
		{name: "ipv6_fragment_cut", link: raw, data: ext6(44, 17, 0, 0, 1)[:44], kind: Undecodable, reason: "ip-truncated"},
		{name: "ipv6_icmp", link: raw, data: patched(ip6, 6, 58), kind: Other, class: ClassICMP},
		{name: "ipv6_no_next_header", link: raw, data: patched(ip6, 6, 59), kind: Other, class: ClassIP},
		{name: "ipv6_17_extensions", link: raw, data: ext6(0, bytes.Repeat([]byte{0, 0, 1, 4, 0, 0, 0, 0}, 17)...), kind: Undecodable, reason: "ip-extensions"},
		{name: "ipv6_version_4", link: capture.LinkEthernet, data: join(etherHeader(0x86dd), ip4, make([]byte, 20)), kind: Undecodable, reason: "ip-header"},
	})
}

func TestWalkTCP(t *testing.T) {
	seg := tcpPacket(t, alice4, bob4, 0xfffffffe, FlagACK|FlagPSH, []byte("hello"))
	var w Walker
	var p Packet
	w.Walk(&p, capture.LinkRaw, seg, uint32(len(seg)))
	if p.Kind != Segment || p.Src != alice4 || p.Dst != bob4 || string(p.Payload) != "hello" {
		t.Fatalf("%v %v %v %q", p.Kind, p.Src, p.Dst, p.Payload)
	}
	if want := (TCPInfo{Seq: 0xfffffffe, Ack: 99, Flags: FlagACK, Len: 5}); p.TCP != want {
		t.Errorf("%+v, want %+v", p.TCP, want)
	}
	w.Walk(&p, capture.LinkRaw, seg[:42], uint32(len(seg)))
	if p.TCP.Len != 5 || string(p.Payload) != "he" || !p.Truncated {
		t.Errorf("cut: %+v %q", p.TCP, p.Payload)
	}
	w.Walk(&p, capture.LinkRaw, patched(seg, 2, 0, 0)[:42], uint32(len(seg)))
	if p.TCP.Len != 5 || string(p.Payload) != "he" || !p.Truncated {
		t.Errorf("cut, without length: %+v %q", p.TCP, p.Payload)
	}
	runWalk(t, []walkCase{
		{name: "one_byte_short", link: capture.LinkRaw, data: patched(seg[:39], 2, 0, 39), kind: Undecodable, reason: "tcp-header"},
		{name: "offset_4", link: capture.LinkRaw, data: patched(seg, 32, 0x40), kind: Undecodable, reason: "tcp-header"},
		{name: "offset_beyond_end", link: capture.LinkRaw, data: patched(seg, 32, 0xf0), kind: Undecodable, reason: "tcp-header"},
	})
}

// rtpFrame is Ethernet, IPv4, UDP and an RTP packet of 20 ms G.711.
func rtpFrame() []byte {
	b := make([]byte, 14+20+8+172)
	b[12], b[13] = 0x08, 0x00
	ip := b[14:]
	ip[0], ip[3], ip[8], ip[9] = 0x45, 200, 64, 17
	copy(ip[12:], []byte{10, 0, 0, 1, 10, 0, 0, 2})
	udp := ip[20:]
	udp[0], udp[1], udp[2], udp[3], udp[5] = 0x40, 0, 0x50, 0, 180
	udp[8], udp[9] = 0x80, 0x08
	return b
}

func BenchmarkWalkRTP(b *testing.B) {
	var w Walker
	var p Packet
	f := rtpFrame()
	b.ReportAllocs()
	for b.Loop() {
		w.Walk(&p, capture.LinkEthernet, f, uint32(len(f)))
	}
	if p.Kind != Datagram {
		b.Fatal(p.Kind)
	}
}

func TestPathString(t *testing.T) {
	var p Path
	for _, h := range []struct {
		kind Hop
		id   uint32
	}{{HopVLAN, 10}, {HopGRE, 0}, {HopGRE, 5}, {HopGTPU, 0x1f}, {HopESP, 0xabc}, {HopIPIP, 0}} {
		if !p.push(h.kind, h.id) {
			t.Fatal("no room")
		}
	}
	const want = "vlan 10 / gre / gre key 0x5 / gtp-u teid 0x1f / esp spi 0xabc / ipip"
	if got := p.String(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if n := p.tunnels(); n != 5 {
		t.Errorf("%d tunnels", n)
	}
	if f := p.flow(); f.String() != "vlan 10 / gre / gre key 0x5 / gtp-u teid 0x0 / esp spi 0x0 / ipip" {
		t.Errorf("flow %q", f)
	}
	for p.push(HopVLAN, 1) {
	}
	if p.Len() != maxHops {
		t.Errorf("%d hops", p.Len())
	}
}
