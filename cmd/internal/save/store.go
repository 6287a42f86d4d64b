package save

import (
	"net/netip"

	"imscope/decode/capture"
	"imscope/decode/network"
)

const (
	// storeBytes bounds what waits for the rest of a message: a message of 1 MiB on each of 30 connections, or some
	// seconds of all TCP traffic of a busy server.
	storeBytes = 32 << 20
	// storePackets bounds the index beside it.
	storePackets = 64 << 10
	// maxFlows is how many directions of connections are known to carry signalling. Later ones are found again by
	// their next message.
	maxFlows = 1 << 17
)

// kept is a packet that may yet turn out to be signalling.
type kept struct {
	packet  capture.Packet // Data is a copy
	flow    flow           // zero for a fragment, which belongs to none yet
	written bool
}

// flow is one direction of a connection, an association or a security association.
type flow struct {
	src, dst netip.AddrPort
	spi      uint32
}

func (f flow) reverse() flow { return flow{src: f.dst, dst: f.src} }

// flowOf tells what a packet belongs to.
func flowOf(p *network.Packet) flow {
	switch p.Kind {
	case network.Segment, network.Chunks:
		return flow{src: p.Src, dst: p.Dst}
	case network.Sealed:
		return flow{netip.AddrPortFrom(p.Src.Addr(), 0), netip.AddrPortFrom(p.Dst.Addr(), 0), p.SPI}
	}
	return flow{}
}

// store keeps packets until the message that they carry is complete, the latest ones within its bounds.
type store struct {
	byFrame map[uint32]*kept
	byFlow  map[flow][]*kept
	order   []*kept // by arrival, from head on
	head    int
	bytes   int
}

func newStore() *store {
	return &store{byFrame: map[uint32]*kept{}, byFlow: map[flow][]*kept{}}
}

// add copies a packet.
func (s *store) add(pk *capture.Packet, f flow) {
	k := &kept{packet: *pk, flow: f}
	k.packet.Data = append([]byte(nil), pk.Data...)
	s.byFrame[pk.Frame] = k
	if f != (flow{}) {
		s.byFlow[f] = append(s.byFlow[f], k)
	}
	s.order = append(s.order, k)
	s.bytes += len(pk.Data)
	for s.bytes > storeBytes || len(s.order)-s.head > storePackets {
		s.drop()
	}
}

// drop forgets the oldest packet.
func (s *store) drop() {
	k := s.order[s.head]
	s.order[s.head] = nil
	if s.head++; s.head > 1024 && s.head > len(s.order)/2 {
		n := copy(s.order, s.order[s.head:])
		clear(s.order[n:])
		s.order, s.head = s.order[:n], 0
	}
	s.bytes -= len(k.packet.Data)
	delete(s.byFrame, k.packet.Frame)
	// The oldest of its flow, unless the flow was taken.
	if list := s.byFlow[k.flow]; len(list) > 0 && list[0] == k {
		if list[0] = nil; len(list) == 1 {
			delete(s.byFlow, k.flow)
		} else {
			s.byFlow[k.flow] = list[1:]
		}
	}
}

// take gives what is kept of a flow, which is not asked for again.
func (s *store) take(f flow) []*kept {
	list := s.byFlow[f]
	delete(s.byFlow, f)
	return list
}
