package gen

import (
	"encoding/binary"
	"net/netip"

	"github.com/google/gopacket/layers"
)

// udpFrameLen and tcpFrameLen are the lengths of the Ethernet, IPv4 and UDP or TCP headers.
const (
	ethernetLen = 14
	ipv4Len     = 20
	udpLen      = 8
	tcpLen      = 20
	udpFrameLen = ethernetLen + ipv4Len + udpLen
	tcpFrameLen = ethernetLen + ipv4Len + tcpLen
)

// putUDPHeaders fills in the headers in front of a payload. The UDP checksum stays zero, which IPv4
// allows (RFC 768).
func putUDPHeaders(frame []byte, src, dst netip.Addr, srcPort, dstPort uint16) {
	udp := putIPHeaders(frame, src, dst, layers.IPProtocolUDP)
	binary.BigEndian.PutUint16(udp, srcPort)
	binary.BigEndian.PutUint16(udp[2:], dstPort)
	binary.BigEndian.PutUint16(udp[4:], uint16(len(udp)))
	binary.BigEndian.PutUint16(udp[6:], 0)
}

// putTCPHeaders is the same for a segment. Its checksum stays zero, as where a network card fills it in behind the capture.
func putTCPHeaders(frame []byte, src, dst netip.Addr, srcPort, dstPort uint16, seq uint32) {
	tcp := putIPHeaders(frame, src, dst, layers.IPProtocolTCP)
	clear(tcp[:tcpLen])
	binary.BigEndian.PutUint16(tcp, srcPort)
	binary.BigEndian.PutUint16(tcp[2:], dstPort)
	binary.BigEndian.PutUint32(tcp[4:], seq)
	tcp[12] = tcpLen / 4 << 4
	tcp[13] = 0x18 // PSH, ACK
	binary.BigEndian.PutUint16(tcp[14:], 0xffff)
}

// putIPHeaders fills in the Ethernet and the IPv4 header, and gives what is behind them.
func putIPHeaders(frame []byte, src, dst netip.Addr, proto layers.IPProtocol) []byte {
	copy(frame, "\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01\x08\x00")
	ip := frame[ethernetLen:]
	clear(ip[:ipv4Len])
	ip[0] = 4<<4 | ipv4Len/4
	binary.BigEndian.PutUint16(ip[2:], uint16(len(ip)))
	ip[6] = 0x40 // don't fragment
	ip[8] = hopLimit
	ip[9] = byte(proto)
	s, d := src.As4(), dst.As4()
	copy(ip[12:], s[:])
	copy(ip[16:], d[:])
	var sum uint32
	for i := 0; i < ipv4Len; i += 2 {
		sum += uint32(binary.BigEndian.Uint16(ip[i:]))
	}
	sum = sum>>16 + sum&0xffff
	sum += sum >> 16
	binary.BigEndian.PutUint16(ip[10:], ^uint16(sum))
	return ip[ipv4Len:]
}
