package cli

import (
	"encoding/binary"
	"hash/maphash"

	"imscope/decode"
)

const (
	// repeatWindow is the time in which the same bytes on the same link are one transmission, as correlate has it: no
	// retransmission comes so soon (RFC 3261 17.1.1.2: 500 ms).
	repeatWindow = 250 * int64(1e6)
	// maxRepeats is how many messages are remembered: 250 ms of 60,000 a second.
	maxRepeats = 1 << 14
)

// repeats tells transmissions that were captured before.
type repeats struct {
	seed  maphash.Seed
	times map[uint64]int64
	ring  []uint64 // keys of times, oldest at next
	next  int
}

func newRepeats() *repeats { return &repeats{seed: maphash.MakeSeed(), times: map[uint64]int64{}} }

// known takes note of a message and reports whether it is a copy of one that is known.
func (r *repeats) known(rec *decode.Record) bool {
	var h maphash.Hash
	h.SetSeed(r.seed)
	for _, end := range [...]struct {
		addr [16]byte
		port uint16
	}{{rec.Src.Addr().As16(), rec.Src.Port()}, {rec.Dst.Addr().As16(), rec.Dst.Port()}} {
		h.Write(binary.BigEndian.AppendUint16(end.addr[:], end.port))
	}
	if rec.SIP != nil {
		h.Write(rec.SIP.Raw)
	} else {
		h.Write(rec.Diameter.Raw)
	}
	key := h.Sum64()
	at, seen := r.times[key]
	if d := rec.Time - at; seen && d > -repeatWindow && d < repeatWindow {
		return true
	}
	switch {
	case seen:
	case len(r.ring) < maxRepeats:
		r.ring = append(r.ring, key)
	default:
		delete(r.times, r.ring[r.next])
		r.ring[r.next] = key
		r.next = (r.next + 1) % maxRepeats
	}
	r.times[key] = rec.Time
	return false
}
