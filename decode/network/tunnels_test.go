package network

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"testing"

	"imscope/decode/capture"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// The outer endpoints of tunnels.
var (
	outerA = netip.MustParseAddrPort("192.0.2.1:40000")
	outerB = netip.MustParseAddrPort("192.0.2.2:40001")
)

// overUDP puts b into a UDP datagram to a port.
func overUDP(t testing.TB, port uint16, b []byte) []byte {
	return udpPacket(t, outerA, netip.AddrPortFrom(outerB.Addr(), port), b)
}

// overIP puts b into an IPv4 packet of the protocol.
func overIP(t testing.TB, proto layers.IPProtocol, b []byte) []byte {
	return serialize(t, ipHeader(outerA.Addr(), outerB.Addr(), proto).(gopacket.SerializableLayer), gopacket.Payload(b))
}

func u16(v uint16) []byte { return binary.BigEndian.AppendUint16(nil, v) }
func u32(v uint32) []byte { return binary.BigEndian.AppendUint32(nil, v) }

func TestWalkTunnels(t *testing.T) {
	ip4 := udpPacket(t, alice4, bob4, []byte("hello"))
	ip6 := udpPacket(t, alice6, bob6, []byte("hello"))
	eth4 := join(etherHeader(0x0800), ip4)
	raw, eth := capture.LinkRaw, capture.LinkEthernet
	gre := func(flags, proto uint16, rest ...[]byte) []byte {
		return overIP(t, layers.IPProtocolGRE, join(append([][]byte{u16(flags), u16(proto)}, rest...)...))
	}
	gtp := func(flags, kind byte, teid uint32, rest ...[]byte) []byte {
		b := join(rest...)
		return overUDP(t, 2152, join([]byte{flags, kind}, u16(uint16(len(b))), u32(teid), b))
	}
	serializedGTP := overUDP(t, 2152, serialize(t, &layers.GTPv1U{Version: 1, ProtocolType: 1, MessageType: 255, TEID: 0x1f,
		MessageLength: uint16(len(ip4))}, gopacket.Payload(ip4)))
	deep := ip4
	for range maxTunnels {
		deep = overIP(t, layers.IPProtocolIPv4, deep)
	}
	runWalk(t, []walkCase{
		plain("ipip", raw, overIP(t, layers.IPProtocolIPv4, ip4), "ipip", false),
		plain("6in4", raw, overIP(t, layers.IPProtocolIPv6, ip6), "ip6ip", true),
		plain("eight_tunnels", raw, deep, "ipip / ipip / ipip / ipip / ipip / ipip / ipip / ipip", false),
		{name: "nine_tunnels", link: raw, data: overIP(t, layers.IPProtocolIPv4, deep), kind: Undecodable, reason: "tunnel-too-deep"},

		plain("gre", raw, gre(0, 0x0800, ip4), "gre", false),
		plain("gre_key", raw, gre(0x2000, 0x86dd, u32(7), ip6), "gre key 0x7", true),
		plain("gre_checksum_key_sequence", raw, gre(0xb000, 0x0800, u32(0), u32(9), u32(1), ip4), "gre key 0x9", false),
		plain("gre_ethernet", raw, gre(0, 0x6558, eth4), "gre", false),
		plain("gre_mpls", raw, gre(0, 0x8847, u32(0x00015140), ip4), "gre / mpls 21", false),
		plain("gre_pptp", raw, gre(0x3081, 0x880b, u16(uint16(len(ip4)+4)), u16(5), u32(1), u32(2), []byte{0xff, 3, 0, 0x21}, ip4), "gre key 0x5", false),
		{name: "gre_pptp_ack_only", link: raw, data: gre(0x2081, 0x880b, u32(5), u32(2)), kind: Other, class: ClassIP},
		{name: "gre_keepalive", link: raw, data: gre(0, 0), kind: Other, class: ClassIP, path: "gre"},
		{name: "gre_short", link: raw, data: gre(0x2000, 0x0800, []byte{1, 2}), kind: Undecodable, reason: "tunnel-header"},
		{name: "gre_version_2", link: raw, data: gre(2, 0x0800, ip4), kind: Undecodable, reason: "tunnel-header"},
		plain("erspan_1", raw, gre(0, 0x88be, eth4), "erspan 0", false),
		plain("erspan_2", raw, gre(0x1000, 0x88be, u32(1), u16(0x1064), u16(0x0005), u32(3), eth4), "erspan 5", false),
		plain("erspan_3", raw, gre(0x1000, 0x22eb, u32(1), u16(0x2064), u16(0x0006), u32(3), u16(0), u16(0), eth4), "erspan 6", false),
		plain("erspan_3_platform", raw, gre(0x1000, 0x22eb, u32(1), u16(0x2064), u16(0x0006), u32(3), u16(0), u16(1), make([]byte, 8), eth4), "erspan 6", false),
		plain("erspan_3_ip", raw, gre(0x1000, 0x22eb, u32(1), u16(0x2064), u16(0x0006), u32(3), u16(0), u16(2<<10), ip4), "erspan 6", false),

		plain("vxlan", raw, overUDP(t, 4789, join(u32(0x08000000), u32(0x123400), eth4)), "vxlan 4660", false),
		plain("vxlan_linux_port", raw, overUDP(t, 8472, join(u32(0x08000000), u32(0x100), eth4)), "vxlan 1", false),
		plain("vxlan_vlan", raw, overUDP(t, 4789, join(u32(0x08000000), u32(0x100), etherHeader(0x8100), vlanHeader(7, 0x0800), ip4)), "vxlan 1 / vlan 7", false),
		plain("vxlan_gpe_ip", raw, overUDP(t, 4790, join(u32(0x0c000001), u32(0x200), ip4)), "vxlan 2", false),
		plain("vxlan_gpe_ethernet", raw, overUDP(t, 4790, join(u32(0x0c000003), u32(0x200), eth4)), "vxlan 2", false),
		{name: "vxlan_port_without_vxlan", link: raw, data: overUDP(t, 4789, []byte("not at all a tunnel, but something else")),
			kind: Datagram, proto: UDP, src: outerA, dst: netip.AddrPortFrom(outerB.Addr(), 4789), payload: []byte("not at all a tunnel, but something else")},
		plain("geneve", raw, overUDP(t, 6081, join(u32(0x00006558), u32(0x300), eth4)), "geneve 3", false),
		plain("geneve_options_ip", raw, overUDP(t, 6081, join(u32(0x020086dd), u32(0x300), u32(0x01020301), u32(0), ip6)), "geneve 3", true),

		plain("gtpu", raw, serializedGTP, "gtp-u teid 0x1f", false),
		plain("gtpu_ipv6", raw, gtp(0x30, 255, 0xabcdef, ip6), "gtp-u teid 0xabcdef", true),
		plain("gtpu_sequence", raw, gtp(0x32, 255, 1, u32(0x00010000), ip4), "gtp-u teid 0x1", false),
		plain("gtpu_pdu_session_container", raw, gtp(0x34, 255, 1, u32(0x00000085), []byte{1, 0x10, 9, 0}, ip4), "gtp-u teid 0x1", false),
		plain("gtpu_two_extensions", raw, gtp(0x34, 255, 1, u32(0x000000c0), []byte{1, 0, 1, 0x85, 2, 0, 0, 0, 0, 0, 0, 0}, ip4), "gtp-u teid 0x1", false),
		plain("gtpu_ethernet_pdu", raw, gtp(0x30, 255, 1, eth4), "gtp-u teid 0x1", false),
		{name: "gtpu_echo", link: raw, data: gtp(0x32, 1, 0, u32(0)), kind: Other, class: ClassGTP},
		{name: "gtpu_extension_length_zero", link: raw, data: gtp(0x34, 255, 1, u32(0x00000085), u32(0), ip4), kind: Undecodable, reason: "tunnel-header"},
		{name: "gtpu_extension_beyond_end", link: raw, data: gtp(0x34, 255, 1, u32(0x00000085), u32(0xff000000)), kind: Undecodable, reason: "tunnel-header"},
		{name: "gtpu_port_rtp", link: raw, data: overUDP(t, 2152, []byte("\x80\x08\x00\x01aaaaaaaa")), kind: Datagram, proto: UDP,
			src: outerA, dst: netip.AddrPortFrom(outerB.Addr(), 2152), payload: []byte("\x80\x08\x00\x01aaaaaaaa")},

		plain("mpls", eth, join(etherHeader(0x8847), u32(0x00010040), u32(0x00020140), ip4), "mpls 32", false),
		plain("mpls_ipv6", eth, join(etherHeader(0x8848), u32(0x00020140), ip6), "mpls 32", true),
		plain("mpls_control_word", eth, join(etherHeader(0x8847), u32(0x00020140), u32(0), eth4), "mpls 32", false),
		plain("mpls_ethernet", eth, join(etherHeader(0x8847), u32(0x00020140), eth4), "mpls 32", false),
		plain("mpls_ethernet_to_6x", raw, overIP(t, layers.IPProtocolMPLSInIP, join(u32(0x00020140), patched(eth4, 0, 0x66))), "mpls 32", false),
		plain("mpls_ethernet_to_45", raw, overIP(t, layers.IPProtocolMPLSInIP, join(u32(0x00020140), patched(eth4, 0, 0x45, 0, 0, 40))), "mpls 32", false),
		plain("mpls_ethernet_vlan_to_45", raw, overIP(t, layers.IPProtocolMPLSInIP,
			join(u32(0x00020140), patched(etherHeader(0x8100), 0, 0x45, 0, 0, 40), vlanHeader(7, 0x86dd), ip6)), "mpls 32 / vlan 7", true),
		plain("gtpu_ethernet_to_6x", raw, gtp(0x30, 255, 7, patched(eth4, 0, 0x62)), "gtp-u teid 0x7", false),
		plain("gtpu_ethernet_to_45", raw, gtp(0x30, 255, 7, patched(eth4, 0, 0x45, 0, 0, 40)), "gtp-u teid 0x7", false),
		plain("mpls_in_ip", raw, overIP(t, layers.IPProtocolMPLSInIP, join(u32(0x00020140), ip4)), "mpls 32", false),
		plain("mpls_in_udp", raw, overUDP(t, 6635, join(u32(0x00020140), ip4)), "mpls 32", false),
		{name: "mpls_no_bottom", link: eth, data: join(etherHeader(0x8847), bytes.Repeat(u32(0x00020040), 17)), kind: Undecodable, reason: "tunnel-too-deep"},
		plain("pppoe", eth, join(etherHeader(0x8864), []byte{0x11, 0, 0, 0x2a}, u16(uint16(len(ip4)+2)), u16(0x21), ip4, []byte("pad")), "pppoe 0x2a", false),
		plain("pppoe_ipv6", eth, join(etherHeader(0x8864), []byte{0x11, 0, 0, 0x2a}, u16(uint16(len(ip6)+2)), u16(0x57), ip6), "pppoe 0x2a", true),
		{name: "pppoe_lcp", link: eth, data: join(etherHeader(0x8864), []byte{0x11, 0, 0, 0x2a, 0, 6}, u16(0xc021), u32(1)), kind: Other, class: ClassLink, path: "pppoe 0x2a"},
		{name: "pppoe_discovery", link: eth, data: join(etherHeader(0x8863), make([]byte, 20)), kind: Other, class: ClassLink},
		plain("ppp", capture.LinkPPP, join([]byte{0xff, 3, 0, 0x21}, ip4), "", false),
		plain("ppp_compressed", capture.LinkPPP, join([]byte{0x21}, ip4), "", false),
		plain("ppp_serial", capture.LinkPPPHDLC, join([]byte{0xff, 3, 0, 0x57}, ip6), "", true),
		plain("ppp_serial_cisco", capture.LinkPPPHDLC, join([]byte{0x0f, 0, 8, 0}, ip4), "", false),
		plain("ppp_ether", capture.LinkPPPEther, join([]byte{0x11, 0, 0, 0x2a}, u16(uint16(len(ip4)+2)), u16(0x21), ip4), "pppoe 0x2a", false),
		plain("c_hdlc", capture.LinkCHDLC, join([]byte{0x0f, 0, 8, 0}, ip4), "", false),
		plain("frame_relay", capture.LinkFrameRelay, join([]byte{0x18, 0x41, 3, 0xcc}, ip4), "", false),
		plain("frame_relay_snap", capture.LinkFrameRelay, join([]byte{0x18, 0x41, 3, 0, 0x80, 0, 0, 0, 0x86, 0xdd}, ip6), "", true),
		plain("vn_tag", eth, join(etherHeader(0x8926), u16(0x8005), u16(1), u16(0x8100), vlanHeader(3, 0x0800), ip4), "vn-tag 5 / vlan 3", false),
		plain("etherip", raw, overIP(t, layers.IPProtocolEtherIP, join([]byte{0x30, 0}, eth4)), "etherip", false),
		plain("l2tpv3", raw, overIP(t, layers.IPProtocol(ipL2TP), join(u32(0x55), u32(0xdeadbeef), eth4)), "l2tp 0x55", false),
		plain("l2tpv2", raw, overUDP(t, 1701, join(u16(0x4002), u16(0), u16(1), u16(6), []byte{0xff, 3, 0, 0x21}, ip4)), "l2tp 0x6", false),
		{name: "l2tpv2_control", link: raw, data: overUDP(t, 1701, join(u16(0xc802), make([]byte, 10))), kind: Other, class: ClassUDP},
		plain("ah", raw, patched(overIP(t, layers.IPProtocolAH, join([]byte{17, 4, 0, 0}, u32(0x77), u32(1), make([]byte, 12), ip4[20:])),
			12, 10, 0, 0, 1, 10, 0, 0, 2), "ah spi 0x77", false),
		plain("tzsp", raw, overUDP(t, 37008, join([]byte{1, 0, 0, 1, 0, 10, 1, 0xc4, 1}, eth4)), "tzsp", false),
		{name: "tzsp_keepalive", link: raw, data: overUDP(t, 37008, []byte{1, 4, 0, 1, 1}), kind: Other, class: ClassKeepAlive},

		plain("nflog_little_endian", capture.LinkNFLOG, join([]byte{2, 0, 0, 1}, []byte{8, 0, 1, 0, 8, 0, 1, 0}, []byte{byte(len(ip4) + 4), 0, 9, 0}, ip4), "", false),
		plain("nflog_big_endian", capture.LinkNFLOG, join([]byte{10, 0, 0, 1}, []byte{0, 5, 0, 10, 'x', 0, 0, 0}, []byte{0, byte(len(ip6) + 4), 0, 9}, ip6), "", true),
		{name: "nflog_without_payload", link: capture.LinkNFLOG, data: []byte{2, 0, 0, 1, 8, 0, 1, 0, 8, 0, 1, 0}, kind: Undecodable, reason: "link-header"},
		plain("ppi", capture.LinkPPI, join([]byte{0, 0, 12, 0, 1, 0, 0, 0, 1, 2, 3, 4}, eth4), "", false),
		{name: "ppi_in_ppi", link: capture.LinkPPI, data: []byte{0, 0, 8, 0, 192, 0, 0, 0, 0, 0, 8, 0, 1, 0, 0, 0}, kind: Undecodable, reason: "unknown link type 192"},
		{name: "sctp_dlt", link: capture.LinkSCTP, data: join(u16(3868), u16(40000), u32(9), u32(0), []byte{4, 0, 0, 4}), kind: Chunks, proto: SCTP,
			src: netip.AddrPortFrom(netip.Addr{}, 3868), dst: netip.AddrPortFrom(netip.Addr{}, 40000), payload: []byte{4, 0, 0, 4}},
	})
}

func TestWalkDot11(t *testing.T) {
	ip4 := udpPacket(t, alice4, bob4, []byte("hello"))
	snap := []byte{0xaa, 0xaa, 3, 0, 0, 0, 8, 0}
	header := func(control, flags byte, n int) []byte {
		b := make([]byte, n)
		b[0], b[1] = control, flags
		return b
	}
	fcs := []byte{1, 2, 3, 4}
	tap := func(present uint32, length uint16, rest ...byte) []byte {
		b := binary.LittleEndian.AppendUint16([]byte{0, 0}, length)
		return append(binary.LittleEndian.AppendUint32(b, present), rest...)
	}
	msdu := join(snap, ip4)
	runWalk(t, []walkCase{
		plain("data", capture.LinkIEEE80211, join(header(8, 1, 24), msdu, fcs), "", false),
		plain("data_four_addresses", capture.LinkIEEE80211, join(header(8, 3, 30), msdu), "", false),
		plain("qos", capture.LinkIEEE80211, join(header(0x88, 2, 26), msdu), "", false),
		plain("qos_ht_control", capture.LinkIEEE80211, join(header(0x88, 0x82, 30), msdu), "", false),
		plain("qos_amsdu", capture.LinkIEEE80211, join(patched(header(0x88, 2, 26), 24, 0x80), make([]byte, 12), u16(uint16(len(msdu))), msdu, []byte("next")), "", false),
		plain("radiotap", capture.LinkRadiotap, join(tap(0, 8), header(8, 1, 24), msdu), "", false),
		plain("radiotap_flags_padded", capture.LinkRadiotap, join(tap(3, 17, 0, 0, 0, 0, 0, 0, 0, 0, 0x20), header(0x88, 2, 28), msdu), "", false),
		plain("radiotap_two_bitmaps", capture.LinkRadiotap, join(tap(0x80000002, 13, 0, 0, 0, 0, 0x20), header(0x88, 2, 28), msdu), "", false),
		{name: "beacon", link: capture.LinkIEEE80211, data: header(0x80, 0, 40), kind: Other, class: ClassWLAN},
		{name: "null_data", link: capture.LinkIEEE80211, data: header(0x48, 1, 24), kind: Other, class: ClassWLAN},
		{name: "protected", link: capture.LinkIEEE80211, data: join(header(8, 0x41, 24), msdu), kind: Undecodable, reason: "wlan-protected"},
		{name: "fragment", link: capture.LinkIEEE80211, data: join(header(8, 5, 24), msdu), kind: Undecodable, reason: "wlan-fragment"},
		{name: "short", link: capture.LinkIEEE80211, data: header(8, 1, 23), kind: Undecodable, reason: "link-truncated"},
		{name: "radiotap_length", link: capture.LinkRadiotap, data: tap(0, 99), kind: Undecodable, reason: "link-truncated"},
	})
}

func TestWalkUpperPDU(t *testing.T) {
	tag := func(kind uint16, v []byte) []byte {
		for len(v)%4 != 0 {
			v = append(v, 0)
		}
		return join(u16(kind), u16(uint16(len(v))), v)
	}
	end := tag(0, nil)
	ends4 := join(tag(20, []byte{10, 0, 0, 1}), tag(21, []byte{10, 0, 0, 2}), tag(25, u32(5060)), tag(26, u32(6060)))
	a6, b6 := alice6.Addr().As16(), bob6.Addr().As16()
	ends6 := join(tag(22, a6[:]), tag(23, b6[:]), tag(25, u32(5060)), tag(26, u32(6060)))
	link := capture.LinkUpperPDU
	tcp := plain("sip_over_tcp", link, join(tag(12, []byte("sip")), ends6, tag(24, u32(2)), tag(30, u32(77)), end, []byte("hello")), "exported-pdu", true)
	tcp.proto = TCP
	sctp := plain("diameter_over_sctp", link, join(tag(12, []byte("diameter")), ends4, tag(24, u32(1)), end, []byte("hello")), "exported-pdu", false)
	sctp.proto = SCTP
	runWalk(t, []walkCase{
		plain("sip_over_udp", link, join(tag(12, []byte("sip")), ends4, tag(24, u32(3)), end, []byte("hello")), "exported-pdu", false),
		tcp, sctp,
		plain("ip", link, join(tag(12, []byte("ip")), end, udpPacket(t, alice4, bob4, []byte("hello"))), "exported-pdu", false),
		plain("udp", link, join(ends4, tag(12, []byte("udp")), end, udpPacket(t, alice4, bob4, []byte("hello"))[20:]), "exported-pdu", false),
		{name: "no_name", link: link, data: join(ends4, end, []byte("hello")), kind: Undecodable, reason: "exported-pdu"},
		{name: "no_end", link: link, data: ends4, kind: Undecodable, reason: "exported-pdu"},
		{name: "tag_beyond_end", link: link, data: join(u16(20), u16(99), []byte{1}), kind: Undecodable, reason: "exported-pdu"},
	})
}

// Frames cut at every length must neither panic nor be taken for whole.
func TestWalkCutAnywhere(t *testing.T) {
	ip4 := udpPacket(t, alice4, bob4, []byte("hello"))
	frame := join(etherHeader(0x8100), vlanHeader(5, 0x0800), overUDP(t, 2152, join([]byte{0x34, 255}, u16(uint16(len(ip4)+8)), u32(1),
		u32(0x85), []byte{1, 0, 0, 0}, ip4)))
	var w Walker
	var p Packet
	for n := range len(frame) {
		w.Walk(&p, capture.LinkEthernet, frame[:n], uint32(len(frame)))
		if p.Kind == Datagram && !p.Truncated {
			t.Errorf("cut at %d: whole datagram %q", n, p.Payload)
		}
		if p.Kind == Other {
			t.Errorf("cut at %d: class %v", n, p.Class)
		}
	}
	w.Walk(&p, capture.LinkEthernet, frame, uint32(len(frame)))
	if p.Kind != Datagram || p.Truncated || p.Path.String() != "vlan 5 / gtp-u teid 0x1" {
		t.Errorf("%v %v %v", p.Kind, p.Truncated, p.Path)
	}
}

// FuzzWalk walks any bytes as any link type.
func FuzzWalk(f *testing.F) {
	ip4 := udpPacket(f, alice4, bob4, []byte("hello"))
	eth4 := join(etherHeader(0x0800), ip4)
	f.Add(uint16(1), join(etherHeader(0x8100), vlanHeader(5, 0x0800), ip4), uint16(0))
	f.Add(uint16(101), overUDP(f, 2152, join([]byte{0x34, 255}, u16(uint16(len(ip4)+8)), u32(1), u32(0x85), []byte{1, 0, 0, 0}, ip4)), uint16(0))
	f.Add(uint16(101), overIP(f, layers.IPProtocolGRE, join(u16(0x1000), u16(0x88be), u32(1), u16(0x1064), u16(5), u32(3), eth4)), uint16(2))
	f.Add(uint16(127), join([]byte{0, 0, 8, 0, 0, 0, 0, 0}, make([]byte, 24)), uint16(0))
	f.Add(uint16(101), overIP(f, layers.IPProtocolESP, espPacket(0x1001, 12, 0, 17, udpPacket(f, outerA, outerB, []byte("hello"))[20:])), uint16(0))
	f.Add(uint16(101), overUDP(f, 9060, hep3(hepFields("hello")...)), uint16(0))
	f.Fuzz(func(t *testing.T, link uint16, data []byte, cut uint16) {
		w := Walker{IsSignalling: func(b []byte) bool { return len(b) > 0 && b[0] == 'h' }}
		w.User[1] = capture.LinkUser0 + 1
		var p, q Packet
		orig := bytes.Clone(data)
		w.Walk(&p, capture.LinkType(link), data, uint32(len(data))+uint32(cut))
		w.Walk(&q, capture.LinkType(link), data, uint32(len(data))+uint32(cut))
		if p.Kind != q.Kind || p.Path != q.Path || p.Src != q.Src || p.Dst != q.Dst || !bytes.Equal(p.Payload, q.Payload) {
			t.Fatalf("not deterministic: %+v, %+v", p, q)
		}
		if !bytes.Equal(orig, data) {
			t.Fatal("Walk wrote into the frame")
		}
		if (p.Kind == Undecodable) != (p.Reason != nil) {
			t.Fatalf("kind %v, reason %v", p.Kind, p.Reason)
		}
		if n := p.Path.tunnels(); n > maxTunnels || p.Path.Len() > maxHops {
			t.Fatalf("path %v", p.Path)
		}
		if p.Kind == Segment && int(p.TCP.Len) < len(p.Payload) {
			t.Fatalf("segment of %d with %d bytes", p.TCP.Len, len(p.Payload))
		}
		if len(p.Payload) > len(data) {
			t.Fatal("payload longer than the frame")
		}
		if p.Kind == Deflated {
			w.Inflate(&p)
			if len(p.Payload) > maxInflated {
				t.Fatal("inflated beyond the limit")
			}
		}
		for range 4 {
			if p.Kind != Fragment {
				break
			}
			w.Resume(&p)
		}
		if p.Kind == Sealed {
			NewSecurity(w.IsSignalling).Open(&w, &p, Origin{})
		}
		_ = p.Path.String()
	})
}

func BenchmarkWalkGTPU(b *testing.B) {
	var w Walker
	var p Packet
	inner := rtpFrame()[14:]
	f := join(etherHeader(0x0800), overUDP(b, 2152, join([]byte{0x30, 255}, u16(uint16(len(inner))), u32(1), inner)))
	b.ReportAllocs()
	for b.Loop() {
		w.Walk(&p, capture.LinkEthernet, f, uint32(len(f)))
	}
	if p.Kind != Datagram || !p.Path.Has(HopGTPU) {
		b.Fatal(p.Kind, p.Path)
	}
}
