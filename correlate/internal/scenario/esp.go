package scenario

import (
	"encoding/binary"

	"imscope/decode/capture"
	"imscope/decode/network"
)

// InESP makes what follows travel in ESP with this SPI, in the clear for 0.
func (s *Scenario) InESP(spi uint32) {
	s.path = network.Path{}
	if spi == 0 {
		return
	}
	// The trail that the walker leaves of a packet with NULL encryption and HMAC-SHA-1-96.
	udp := []byte{0x14, 0x50, 0x14, 0x50, 0, 10, 0, 0, 'h', 'i'}
	ip := []byte{0x45, 0, 0, 0, 0, 0, 0, 0, 64, 50, 0, 0, 10, 0, 0, 1, 10, 9, 0, 1}
	binary.BigEndian.PutUint16(udp[6:], checksum(ip[12:], []byte{0, 17, 0, 10}, udp))
	esp := binary.BigEndian.AppendUint32(nil, spi)
	esp = append(esp, 0, 0, 0, 1)
	esp = append(esp, udp...)
	esp = append(esp, 0, 17)
	esp = append(esp, make([]byte, 12)...)
	ip = append(ip, esp...)
	binary.BigEndian.PutUint16(ip[2:], uint16(len(ip)))
	var w network.Walker
	var p network.Packet
	w.Walk(&p, capture.LinkRaw, ip, uint32(len(ip)))
	if s.path = p.Path; !s.path.Has(network.HopESP) {
		s.t.Fatalf("no ESP in %q", s.path)
	}
}

// OverUDP says whether what follows travels as datagrams or on a stream.
func (s *Scenario) OverUDP(yes bool) {
	s.proto = network.TCP
	if yes {
		s.proto = network.UDP
	}
}

func checksum(parts ...[]byte) uint16 {
	sum := uint32(0)
	for _, p := range parts {
		for i := 0; i+1 < len(p); i += 2 {
			sum += uint32(binary.BigEndian.Uint16(p[i:]))
		}
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum)
}
