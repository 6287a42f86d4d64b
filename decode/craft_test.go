package decode

import (
	"encoding/binary"
	"net/netip"
)

func mustAddr(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }

// esp puts a UDP datagram into ESP without encryption and with an ICV of 96 bits.
func esp(spi uint32, inner []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, spi)
	b = binary.BigEndian.AppendUint32(b, 1)
	b = append(b, inner...)
	pad := (4 - (len(inner)+2)%4) % 4
	for i := range pad {
		b = append(b, byte(i+1))
	}
	b = append(b, byte(pad), 17)
	return append(b, "abcdefghijkl"...)
}

// hep3 is what a capture agent sends about a message from ue to pcscf.
func hep3(agent uint32, payload string) string {
	var b []byte
	chunk := func(kind uint16, v []byte) {
		b = binary.BigEndian.AppendUint16(b, 0)
		b = binary.BigEndian.AppendUint16(b, kind)
		b = binary.BigEndian.AppendUint16(b, uint16(6+len(v)))
		b = append(b, v...)
	}
	chunk(2, []byte{17})
	chunk(3, ue.Addr().AsSlice())
	chunk(4, pcscf.Addr().AsSlice())
	chunk(7, binary.BigEndian.AppendUint16(nil, ue.Port()))
	chunk(8, binary.BigEndian.AppendUint16(nil, pcscf.Port()))
	chunk(9, binary.BigEndian.AppendUint32(nil, 1700000000))
	chunk(10, binary.BigEndian.AppendUint32(nil, 5))
	chunk(12, binary.BigEndian.AppendUint32(nil, agent))
	chunk(15, []byte(payload))
	return "HEP3" + string(binary.BigEndian.AppendUint16(nil, uint16(6+len(b)))) + string(b)
}

// webSocket is a text frame of 126 to 65,535 bytes.
func webSocket(payload string, masked bool) string {
	b := []byte{0x81, 126, byte(len(payload) >> 8), byte(len(payload))}
	if !masked {
		return string(b) + payload
	}
	b[1] |= 0x80
	b = append(b, 1, 2, 3, 4)
	for i := range len(payload) {
		b = append(b, payload[i]^byte(i&3+1))
	}
	return string(b)
}
