package network

import (
	"net/netip"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// The endpoints of the packets that the tests build.
var (
	alice4 = netip.MustParseAddrPort("10.0.0.1:5060")
	bob4   = netip.MustParseAddrPort("10.0.0.2:6060")
	alice6 = netip.MustParseAddrPort("[2001:db8::1]:5060")
	bob6   = netip.MustParseAddrPort("[2001:db8::2]:6060")
)

// serialize builds a packet with right lengths and checksums.
func serialize(t testing.TB, l ...gopacket.SerializableLayer) []byte {
	t.Helper()
	buf := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(buf, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, l...); err != nil {
		t.Fatal(err)
	}
	return append([]byte(nil), buf.Bytes()...)
}

// ipHeader is an IP header of the right version between two addresses.
func ipHeader(src, dst netip.Addr, proto layers.IPProtocol) gopacket.NetworkLayer {
	if src.Is4() {
		return &layers.IPv4{
			Version: 4, IHL: 5, TTL: 64, Id: 7, Protocol: proto, SrcIP: src.AsSlice(), DstIP: dst.AsSlice(),
		}
	}
	return &layers.IPv6{
		Version: 6, HopLimit: 64, NextHeader: proto, SrcIP: src.AsSlice(), DstIP: dst.AsSlice(),
	}
}

// udpPacket is an IP packet with a UDP datagram.
func udpPacket(t testing.TB, src, dst netip.AddrPort, payload []byte) []byte {
	t.Helper()
	ip := ipHeader(src.Addr(), dst.Addr(), layers.IPProtocolUDP)
	u := &layers.UDP{SrcPort: layers.UDPPort(src.Port()), DstPort: layers.UDPPort(dst.Port())}
	if err := u.SetNetworkLayerForChecksum(ip); err != nil {
		t.Fatal(err)
	}
	return serialize(t, ip.(gopacket.SerializableLayer), u, gopacket.Payload(payload))
}

// tcpPacket is an IP packet with a TCP segment.
func tcpPacket(t testing.TB, src, dst netip.AddrPort, seq uint32, flags uint8, payload []byte) []byte {
	t.Helper()
	ip := ipHeader(src.Addr(), dst.Addr(), layers.IPProtocolTCP)
	c := &layers.TCP{
		SrcPort: layers.TCPPort(src.Port()), DstPort: layers.TCPPort(dst.Port()), Seq: seq, Ack: 99, Window: 1000,
		FIN: flags&FlagFIN != 0, SYN: flags&FlagSYN != 0, RST: flags&FlagRST != 0, ACK: flags&FlagACK != 0,
	}
	if err := c.SetNetworkLayerForChecksum(ip); err != nil {
		t.Fatal(err)
	}
	return serialize(t, ip.(gopacket.SerializableLayer), c, gopacket.Payload(payload))
}

// join concatenates header and packet bytes.
func join(parts ...[]byte) []byte {
	var b []byte
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

// etherHeader is 14 bytes of Ethernet header.
func etherHeader(ethertype uint16) []byte {
	return []byte{2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, byte(ethertype >> 8), byte(ethertype)}
}

// vlanHeader is a VLAN tag without its own ethertype: TCI and the ethertype that follows.
func vlanHeader(id, next uint16) []byte {
	return []byte{0x60 | byte(id>>8), byte(id), byte(next >> 8), byte(next)}
}

// patched is a copy of b with other bytes from offset off.
func patched(b []byte, off int, with ...byte) []byte {
	c := append([]byte(nil), b...)
	copy(c[off:], with)
	return c
}

// addr is an endpoint without its port.
func addr(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr(), 0) }
