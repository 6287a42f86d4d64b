package network

import (
	"encoding/binary"
	"hash/maphash"
)

const (
	// copyWindow tells a packet that was captured twice from one that was sent twice. Two mirror ports or the members
	// of a bridge differ by a few milliseconds; a sender that repeats itself waits 500 ms (RFC 3261 17.1.1.2), and
	// no sender uses an identification again so soon.
	copyWindow = 250 * int64(1e6)
	// maxSightings is how many fragments are remembered: those of 250 ms at 1,000 fragmented messages a second, ten
	// times over.
	maxSightings = 1 << 13
)

// sightings knows the fragments of the last moments, by what does not change between the places where a packet can be
// captured: addresses, identification, offset and content. MAC address, VLAN, tunnel, TTL and checksum do.
type sightings struct {
	seed  maphash.Seed
	times map[uint64]int64
	ring  []uint64 // keys of times, in the order of their first sight from next on
	next  int
}

func newSightings() sightings {
	return sightings{seed: maphash.MakeSeed(), times: map[uint64]int64{}}
}

// note takes note of a fragment and reports whether it is a copy of one that is known.
func (s *sightings) note(key *fragmentKey, p *Packet, now int64) bool {
	var head [47]byte
	copy(head[:], key.src[:])
	copy(head[16:], key.dst[:])
	binary.BigEndian.PutUint32(head[32:], key.id)
	binary.BigEndian.PutUint32(head[36:], p.Frag.Offset)
	binary.BigEndian.PutUint32(head[40:], uint32(len(p.Payload)))
	head[44] = key.proto
	if key.ipv6 {
		head[45] = 1
	}
	if p.Frag.More {
		head[46] = 1
	}
	var sum maphash.Hash
	sum.SetSeed(s.seed)
	sum.Write(head[:])
	sum.Write(p.Payload)
	h := sum.Sum64()
	at, known := s.times[h]
	if known {
		if d := now - at; d > -copyWindow && d < copyWindow {
			return true
		}
		s.times[h] = now
		return false
	}
	if len(s.ring) < maxSightings {
		s.ring = append(s.ring, h)
	} else {
		delete(s.times, s.ring[s.next])
		s.ring[s.next] = h
		s.next = (s.next + 1) % maxSightings
	}
	s.times[h] = now
	return false
}
