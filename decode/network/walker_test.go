package network

import (
	"testing"

	"imscope/decode/capture"
)

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
