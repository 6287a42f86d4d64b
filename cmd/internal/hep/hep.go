// Package hep writes messages as HEP version 3, the protocol of capture agents, for a collector like HOMER.
package hep

import (
	"encoding/binary"
	"net/netip"

	"imscope/decode"
	"imscope/decode/network"
)

// Chunk types of vendor 0.
const (
	chunkFamily = iota + 1
	chunkProtocol
	chunkIPv4Src
	chunkIPv4Dst
	chunkIPv6Src
	chunkIPv6Dst
	chunkSrcPort
	chunkDstPort
	chunkSeconds
	chunkMicros
	chunkType
	chunkAgent
	chunkPayload = 0x0f
)

const (
	familyIPv4   = 2
	familyIPv6   = 10
	typeSIP      = 1
	typeDiameter = 56
	// agent is who reports what was captured here; what other agents reported keeps theirs.
	agent = 1
	// maxMessage is the largest UDP datagram over IPv4.
	maxMessage = 65535 - 20 - 8
)

// Append appends the message of a record. It reports false for one that is too long to be sent.
func Append(b []byte, rec *decode.Record) ([]byte, bool) {
	start := len(b)
	b = append(b, "HEP3\x00\x00"...)
	src, dst := rec.Src.Addr().Unmap(), rec.Dst.Addr().Unmap()
	if src.Is4() && dst.Is4() {
		b = append8(b, chunkFamily, familyIPv4)
		b = appendAddr(b, chunkIPv4Src, src)
		b = appendAddr(b, chunkIPv4Dst, dst)
	} else {
		b = append8(b, chunkFamily, familyIPv6)
		b = appendAddr(b, chunkIPv6Src, src)
		b = appendAddr(b, chunkIPv6Dst, dst)
	}
	b = append8(b, chunkProtocol, protocol(rec.Proto))
	b = append16(b, chunkSrcPort, rec.Src.Port())
	b = append16(b, chunkDstPort, rec.Dst.Port())
	b = append32(b, chunkSeconds, uint32(rec.Time/1e9))
	b = append32(b, chunkMicros, uint32(rec.Time%1e9/1e3))
	payload, kind := []byte(nil), byte(typeSIP)
	if rec.SIP != nil {
		payload = rec.SIP.Raw
	} else {
		payload, kind = rec.Diameter.Raw, typeDiameter
	}
	b = append8(b, chunkType, kind)
	id := rec.Agent
	if id == 0 {
		id = agent
	}
	b = append32(b, chunkAgent, id)
	if len(b)-start+6+len(payload) > maxMessage {
		return b[:start], false
	}
	b = append(head(b, chunkPayload, len(payload)), payload...)
	binary.BigEndian.PutUint16(b[start+4:], uint16(len(b)-start))
	return b, true
}

// protocol is the number of a transport in the IP header.
func protocol(p network.Proto) byte {
	switch p {
	case network.TCP, network.TLS, network.WS:
		return 6
	case network.SCTP:
		return 132
	}
	return 17
}

func head(b []byte, typ uint16, n int) []byte {
	b = append(b, 0, 0)
	b = binary.BigEndian.AppendUint16(b, typ)
	return binary.BigEndian.AppendUint16(b, uint16(n+6))
}

func append8(b []byte, typ uint16, v byte) []byte { return append(head(b, typ, 1), v) }

func append16(b []byte, typ, v uint16) []byte {
	return binary.BigEndian.AppendUint16(head(b, typ, 2), v)
}

func append32(b []byte, typ uint16, v uint32) []byte {
	return binary.BigEndian.AppendUint32(head(b, typ, 4), v)
}

func appendAddr(b []byte, typ uint16, a netip.Addr) []byte {
	if typ == chunkIPv6Src || typ == chunkIPv6Dst {
		v := a.As16()
		return append(head(b, typ, len(v)), v[:]...)
	}
	v := a.AsSlice()
	return append(head(b, typ, len(v)), v...)
}
