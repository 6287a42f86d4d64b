package network

import (
	"bytes"
	"slices"
)

// This file puts segments in order (RFC 9293 3.4): retransmissions, overlaps, holes.

// receive takes a segment with payload whose first byte is seq.
func (s *Streams) receive(i int32, seq uint32, p *Packet, o Origin) {
	f := s.slots.at(i)
	at, data, lost := f.unwrap(seq), p.Payload, p.TCP.Len-uint32(len(p.Payload))
	if !f.within(at) {
		if s.isStray(f, seq, p) {
			s.Count(p.Weight, false, ClassTCPData)
			return
		}
		s.abandon(i)
		f.next, f.mode, f.fin = at, search, 0
	}
	f.strayed = false
	if f.proto == nil && f.mode != fresh {
		s.glance(i, at, data, lost, p, o)
		return
	}
	filler := len(f.buf) == 0 && allFiller(data)
	end := at + int64(p.TCP.Len)
	if at < f.next {
		if len(data) == 1 && at == f.next-1 {
			s.Count(p.Weight, false, ClassKeepAlive) // keep-alive probe (RFC 9293 3.8.4); its byte need not be the old one
			return
		}
		f.clash = s.compare(f, at, data) || f.clash
		if end <= f.next {
			s.Stats.Retransmissions++
			s.count(f, p)
			return
		}
		cut := min(int(f.next-at), len(data))
		at, data = at+int64(cut), data[cut:]
		if at < f.next { // the capture cut the segment before its new bytes
			s.count(f, p)
			s.lose(i, end)
			return
		}
	}
	switch {
	case at > f.next:
		s.Stats.OutOfOrder++
		s.hold(i, heldSegment{at: at, data: data, lost: lost, origin: o, frames: p.Frames})
	case len(f.held) > 0 && end > f.held[0].at: // bytes that wait came first
		s.hold(i, heldSegment{at: at, data: data, lost: lost, origin: o, frames: p.Frames})
		s.unhold(i)
	default:
		s.feed(i, data, o, p.Frames)
		if lost > 0 {
			s.lose(i, end)
		}
		s.unhold(i)
	}
	if filler && len(f.buf) == 0 {
		s.Count(p.Weight, false, ClassKeepAlive)
	} else {
		s.count(f, p)
	}
	for f.overdue(o.Time) {
		s.skip(i)
	}
}

// within reports whether a sequence number can be of this connection.
func (f *stream) within(at int64) bool { return at-f.next <= maxJump && f.next-at <= maxJump }

// isStray reports whether a segment that is far from what is expected belongs to no connection that is known to go on:
// it begins no message, and it does not follow another one like it.
func (s *Streams) isStray(f *stream, seq uint32, p *Packet) bool {
	follows := f.strayed && seq-f.stray <= lateSYN
	f.stray, f.strayed = seq, true
	return !follows && (f.proto != nil || f.mode == fresh) && s.start(p.Payload) == nil
}

// glance takes a segment of a direction whose content is unknown. Such bytes are not kept in order: as much as
// possible of them is of no interest.
func (s *Streams) glance(i int32, at int64, data []byte, lost uint32, p *Packet, o Origin) {
	f := s.slots.at(i)
	end, seen := at+int64(p.TCP.Len), f.next
	switch {
	case at < f.next && f.next-at <= lateSYN && !f.syn && s.start(data) != nil:
		// The capture begins with two segments in the wrong order. What came first is not kept.
		s.cutOff(f)
		f.next = at
		s.feed(i, data, o, p.Frames)
		s.lose(i, max(seen, end))
		s.count(f, p)
		return
	case end <= f.next:
		data = nil
	case at < f.next:
		data = data[min(int(f.next-at), len(data)):]
	case at > f.next:
		s.cutOff(f)
		f.next = at
	}
	s.feed(i, data, o, p.Frames)
	if lost > 0 {
		s.lose(i, end)
	}
	s.count(f, p)
}

// isTLS reports whether b begins with a TLS record (RFC 8446 5.1).
func isTLS(b []byte) bool {
	return len(b) >= 3 && b[0] >= 0x14 && b[0] <= 0x17 && b[1] == 3 && b[2] <= 4
}

// count counts a packet of a direction as far as its content is known.
func (s *Streams) count(f *stream, p *Packet) {
	switch {
	case f.proto != nil && f.proto.Carrier && !f.carries && len(f.buf) > 0: // the rest of the record will tell
		f.pending += p.Weight
	case f.proto != nil:
		f.pending += p.Weight
		s.settle(f, f.signalling())
	case f.mode == fresh, len(f.buf) > 0: // later bytes will tell
		f.pending += p.Weight
	default:
		s.settle(f, false)
		c := ClassTCPData
		if f.tls {
			c = ClassTLS
		} else if isTLS(p.Payload) {
			c = ClassTLS
			s.late(f, p.Payload)
		}
		s.Count(p.Weight, false, c)
	}
}

// late takes note of a TLS connection that was under way before the capture.
func (s *Streams) late(f *stream, b []byte) {
	const data = 0x17
	if f.lateTLS || b[0] != data {
		return
	}
	f.lateTLS = true
	if i, ok := s.index[f.key.reverse()]; !ok || !s.slots.at(i).lateTLS && !s.slots.at(i).tls {
		s.Stats.LateTLS++
	}
}

// compare reports whether data, which begins at at, differs from the bytes that are still there.
func (s *Streams) compare(f *stream, at int64, data []byte) bool {
	from := f.next - int64(len(f.buf))
	lo, hi := max(at, from), min(at+int64(len(data)), f.next)
	if lo >= hi || bytes.Equal(f.buf[lo-from:hi-from], data[lo-at:hi-at]) {
		return false
	}
	s.Stats.Contradictions++
	return true
}

// hold keeps a segment that came early. Where bytes are held already the first copy stays.
func (s *Streams) hold(i int32, h heldSegment) {
	f := s.slots.at(i)
	if len(f.held) == 0 {
		s.waiting.push(i)
	}
	k, _ := slices.BinarySearchFunc(f.held, h.at, func(q heldSegment, at int64) int {
		if q.at+int64(len(q.data)) <= at {
			return -1
		}
		return 1
	})
	end := h.at + int64(len(h.data))
	fresh := false
	for pos := h.at; pos < end; {
		if k < len(f.held) && f.held[k].at <= pos {
			q := &f.held[k]
			stop := min(end, q.at+int64(len(q.data)))
			if !bytes.Equal(q.data[pos-q.at:stop-q.at], h.data[pos-h.at:stop-h.at]) {
				s.Stats.Contradictions++
				f.clash = true
			}
			pos = stop
			k++
			continue
		}
		stop := end
		if k < len(f.held) {
			stop = min(end, f.held[k].at)
		}
		piece := heldSegment{at: pos, data: s.copyOf(h.data[pos-h.at : stop-h.at]), origin: h.origin}
		piece.frames = append(piece.frames, h.frames...)
		if stop == end {
			piece.lost = h.lost
		}
		f.held = slices.Insert(f.held, k, piece)
		f.heldSize += len(piece.data)
		k++
		fresh = true
		pos = stop
	}
	if !fresh {
		s.Stats.Retransmissions++
		if len(f.held) == 0 { // nothing was captured of it
			s.waiting.remove(i)
		}
		return
	}
	s.holding.push(i)
	for len(f.held) > maxHeld || f.heldSize > s.limits.StreamBytes {
		s.skip(i)
	}
}

// unhold feeds the held segments that have become next.
func (s *Streams) unhold(i int32) {
	f := s.slots.at(i)
	for len(f.held) > 0 && f.held[0].at <= f.next {
		h := f.held[0]
		f.held = slices.Delete(f.held, 0, 1)
		f.heldSize -= len(h.data)
		if len(f.held) == 0 {
			s.waiting.remove(i)
			f.ackedAt = 0
		}
		end := h.at + int64(len(h.data))
		if cut := f.next - h.at; cut < int64(len(h.data)) {
			f.clash = s.compare(f, h.at, h.data[:cut]) || f.clash
			s.feed(i, h.data[cut:], h.origin, h.frames)
		} else {
			f.clash = s.compare(f, h.at, h.data) || f.clash
		}
		s.recycle(h.data)
		if h.lost > 0 {
			s.lose(i, end+int64(h.lost))
		}
	}
}

// skip gives up the first hole of a direction.
func (s *Streams) skip(i int32) {
	f := s.slots.at(i)
	if len(f.held) == 0 {
		return
	}
	s.lose(i, f.held[0].at)
	s.unhold(i)
	for len(f.held) > 0 && f.proto == nil { // nothing is known of this direction: no reason to keep its order
		s.lose(i, f.held[0].at)
		s.unhold(i)
	}
	if len(f.held) > 0 {
		s.waiting.remove(i)
		s.waiting.push(i)
	}
	s.tidy(i)
}

// lose notes that the bytes up to sequence number to are missing for good.
func (s *Streams) lose(i int32, to int64) {
	f := s.slots.at(i)
	if to <= f.next {
		return
	}
	if f.proto != nil || f.mode == fresh {
		s.Stats.Gaps++
		s.Stats.GapBytes += uint64(to - f.next)
	}
	s.cutOff(f)
	f.next = to
	if f.mode != opaque {
		f.mode = search
	}
}

// acknowledge looks whether the peer has received what is missing in the other direction.
func (s *Streams) acknowledge(p *Packet, o Origin) {
	i, ok := s.index[keyOf(p).reverse()]
	if !ok {
		return
	}
	f := s.slots.at(i)
	if len(f.held) == 0 {
		return
	}
	if ack := f.unwrap(p.TCP.Ack); ack >= f.held[0].at && ack-f.next < maxJump {
		if f.ackedAt == 0 {
			f.ackedAt, f.acked = o.Time, ack
		}
		f.acked = max(f.acked, ack)
	}
	for f.overdue(o.Time) {
		s.skip(i)
	}
}

// overdue reports whether the first hole is known to be lost to the capture at the time now.
func (f *stream) overdue(now int64) bool {
	return len(f.held) > 0 && f.ackedAt != 0 && f.held[0].at <= f.acked && now-f.ackedAt >= ackGrace
}
