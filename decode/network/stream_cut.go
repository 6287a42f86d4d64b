package network

import "bytes"

// This file cuts the bytes that are in order into messages.

const (
	// maxSniff is how many bytes of a connection are kept to see what they begin with: a long start line, or the
	// header of a WebSocket handshake with its cookies.
	maxSniff = maxHandshake
	// searchUnknown is how far into a connection of unknown content a message is looked for at every byte. Behind it
	// a message is still found where it begins a segment.
	searchUnknown = 64 << 10
	// searchKnown is the same for a connection that carried messages before.
	searchKnown = 4 << 20
	// longMessage is the size from which a message that turns out to be none is given up by half instead of by the
	// next start line, so that start lines in a row cannot make each other's bytes be read again and again.
	longMessage = 16 << 10
	// maxMarks bounds the memory of which frame brought which bytes.
	maxMarks = maxFrames
	// fewMarks is up to how many marks their room is kept for another direction.
	fewMarks = 4
	// markSize is what a mark counts in the byte limits.
	markSize = 72
	// maxSpareSize keeps rare big buffers from being kept as spare ones.
	maxSpareSize = 64 << 10
)

// feed takes bytes that begin at f.next.
func (s *Streams) feed(i int32, data []byte, o Origin, frames []uint32) {
	f := s.slots.at(i)
	if len(data) == 0 {
		return
	}
	s.mark(f, len(data), o, frames)
	f.next += int64(len(data))
	if len(f.buf) == 0 {
		if rest := s.cut(f, data); len(rest) > 0 {
			s.recycle(f.buf)
			f.buf = s.copyOf(rest)
		}
	} else {
		before := cap(f.buf)
		f.buf = append(f.buf, data...)
		s.bytes += cap(f.buf) - before
		rest := s.cut(f, f.buf)
		f.buf = f.buf[:copy(f.buf, rest)]
	}
	if len(f.buf) > 0 {
		s.holding.push(i)
	}
	base := f.next - int64(len(f.buf))
	n := 0
	for n < len(f.marks) && f.marks[n].to <= base {
		n++
	}
	if n > 0 {
		f.marks = f.marks[:copy(f.marks, f.marks[n:])]
	}
}

// mark notes which frame brings the next n bytes.
func (s *Streams) mark(f *stream, n int, o Origin, frames []uint32) {
	if k := len(f.marks); k >= maxMarks {
		f.marks[k-1].to = f.next + int64(n)
		if o.Frame >= f.marks[k-1].origin.Frame {
			f.marks[k-1].origin, f.marks[k-1].done = o, 0
		}
		return
	}
	before := markCost(f.marks)
	if k := len(s.marks); f.marks == nil && k > 0 {
		f.marks, s.marks = s.marks[k-1], s.marks[:k-1]
	}
	m := mark{from: f.next, to: f.next + int64(n), origin: o}
	if len(frames) > 1 {
		m.frames = append(m.frames, frames...)
	}
	f.marks = append(f.marks, m)
	s.bytes += markCost(f.marks) - before
}

// markCost is what marks count in the byte limits: nothing for the few that are kept for the next direction.
func markCost(m []mark) int {
	if cap(m) <= fewMarks {
		return 0
	}
	return cap(m) * markSize
}

// cut delivers the messages in b, the bytes of f up to f.next, and returns what has to be kept.
func (s *Streams) cut(f *stream, b []byte) []byte {
	for len(b) > 0 {
		switch f.mode {
		case opaque:
			if pr := s.start(b); pr != nil {
				f.begin(pr)
				continue
			}
			return nil
		case fresh, search:
			if n := lineEnds(b); n > 0 {
				b = b[n:]
				continue
			}
			if pr := s.start(b); pr != nil {
				f.begin(pr)
				continue
			}
			if f.proto != nil && f.proto.Continues != nil && f.proto.Continues(b) {
				f.begin(f.proto)
				continue
			}
			if len(b) < maxSniff && s.maybe(b) {
				return b
			}
			f.mode = search
			rest, found := s.seek(f, b)
			if !found {
				return rest
			}
			b = rest
		case framing:
			rest, more := s.frame(f, b)
			if !more {
				return rest
			}
			b = rest
		}
	}
	return nil
}

// frame takes one message from the beginning of b, or the bytes that are none. It returns what follows, and false if
// that has to wait for more.
func (s *Streams) frame(f *stream, b []byte) (rest []byte, more bool) {
	pr := f.proto
	if pr.Filler != nil {
		if n := pr.Filler(b); n > 0 {
			return b[n:], true
		}
	}
	if len(b) < f.want && len(b) < s.limits.StreamBytes {
		return b, false
	}
	if pr.Blank && f.scanned > 0 && len(b) < f.retry && !emptyLine(b[max(0, f.scanned-2):]) {
		f.scanned = len(b)
		return b, false
	}
	n, need, err := pr.Frame(b)
	switch {
	case err == nil && n > 0 && n <= len(b):
		f.want, f.scanned = 0, 0
		s.deliver(f, b, n, false)
		if pr.Carrier && s.msg.Verdict == Useless {
			f.mode, f.proto, f.tls, f.carries = opaque, nil, true, false
			return b[n:], true
		}
		if pr.Next != nil {
			if f.proto = pr.Next(b[:n]); f.proto == nil {
				f.mode = search
			}
		}
		return b[n:], true
	case err == nil && n == 0 && len(b) < s.limits.StreamBytes:
		// Asking again only after an empty line, or twice the bytes, keeps a long header in small pieces linear.
		f.want, f.scanned, f.retry = 0, len(b), 2*len(b)+maxSniff
		if need > 1 || pr.Headed != nil && pr.Headed(b) {
			f.want, f.scanned = len(b)+need, 0
		}
		return b, false
	}
	s.Stats.Resyncs++
	f.mode = search
	f.want, f.scanned = 0, 0
	if len(b) > longMessage {
		s.Stats.SkippedBytes += uint64(len(b) / 2)
		return b[len(b)/2:], true
	}
	return s.seek(f, b)
}

// seek looks for the next message in b, above offset 0. If there is none it returns the bytes to keep.
func (s *Streams) seek(f *stream, b []byte) (rest []byte, found bool) {
	at, next := -1, (*Protocol)(nil)
	for _, pr := range s.protocols {
		if pr.Resync == nil || pr != f.proto && !pr.Blind {
			continue
		}
		if n := pr.Resync(b); n > 0 && n < len(b) && (at < 0 || n < at) {
			at, next = n, pr
		}
	}
	if at > 0 {
		s.pass(f, at)
		f.begin(next)
		return b[at:], true
	}
	tail := 0
	for _, pr := range s.protocols {
		if pr.Tail == nil || pr != f.proto && (f.proto != nil || !pr.Blind) {
			continue
		}
		n := min(pr.Tail(b), len(b)-1)
		if f.proto == nil && (n > maxSniff || !pr.Maybe(b[len(b)-n:])) {
			continue
		}
		tail = max(tail, n)
	}
	s.pass(f, len(b)-tail)
	if f.mode == opaque {
		return nil, false
	}
	return b[len(b)-tail:], false
}

// pass counts n bytes that belong to no message, and gives up after too many.
func (s *Streams) pass(f *stream, n int) {
	limit := searchUnknown
	if f.proto != nil {
		s.Stats.SkippedBytes += uint64(n)
		limit = searchKnown
	}
	if f.searched += n; f.searched > limit {
		f.mode, f.proto = opaque, nil
	}
}

// begin says that the next bytes are a message of the protocol.
func (f *stream) begin(pr *Protocol) {
	f.carries = f.carries && f.proto == pr
	f.mode, f.proto, f.want, f.scanned, f.searched = framing, pr, 0, 0, 0
}

func (s *Streams) start(b []byte) *Protocol {
	for _, pr := range s.protocols {
		if pr.Start(b) {
			return pr
		}
	}
	return nil
}

func (s *Streams) maybe(b []byte) bool {
	for _, pr := range s.protocols {
		if pr.Maybe(b) {
			return true
		}
	}
	return false
}

// deliver hands out the first n bytes of b, the bytes of f up to f.next.
func (s *Streams) deliver(f *stream, b []byte, n int, incomplete bool) {
	from := f.next - int64(len(b))
	to := from + int64(n)
	m := &s.msg
	*m = Message{
		Protocol: f.proto, Data: b[:n:n], Src: f.src, Dst: f.dst, Seq: uint32(from), Path: f.path, Frames: m.Frames[:0],
		Incomplete: incomplete, Overlap: f.clash, key: f.key,
	}
	var last *mark
	for k := range f.marks {
		q := &f.marks[k]
		if q.to <= from || q.from >= to {
			continue
		}
		if len(q.frames) == 0 {
			m.Frames = addFrame(m.Frames, q.origin.Frame)
		}
		for _, fr := range q.frames {
			m.Frames = addFrame(m.Frames, fr)
		}
		if last == nil || q.origin.Frame > last.origin.Frame {
			last = q
		}
	}
	f.clash = false
	if last == nil {
		return // not reached: every byte has a mark
	}
	m.Origin, m.Sub = last.origin, last.done
	last.done++
	s.Deliver(m)
	f.carries = f.carries || m.Verdict == Carries
}

// cutOff gives up the message that is being received, after delivering what there is of it.
func (s *Streams) cutOff(f *stream) {
	if len(f.buf) > 0 && f.mode == framing {
		s.Stats.Incomplete++
		if f.proto.Partial != nil && f.proto.Partial(f.buf) {
			s.deliver(f, f.buf, len(f.buf), true)
		}
	}
	f.buf, f.marks = f.buf[:0], f.marks[:0]
	f.want, f.scanned, f.clash = 0, 0, false
}

// tidy frees the buffers of a direction that holds nothing.
func (s *Streams) tidy(i int32) {
	if f := s.slots.at(i); len(f.buf) == 0 && len(f.held) == 0 {
		s.release(i)
	}
}

// release frees the buffers of a direction.
func (s *Streams) release(i int32) {
	f := s.slots.at(i)
	for k := range f.held {
		s.recycle(f.held[k].data)
	}
	clear(f.held)
	f.held, f.heldSize = f.held[:0], 0
	s.recycle(f.buf)
	f.buf = nil
	if cost := markCost(f.marks); cost > 0 {
		s.bytes -= cost
	} else if cap(f.marks) > 0 && len(s.marks) < maxSpareBuffers {
		s.marks = append(s.marks, f.marks[:0])
	}
	f.marks = nil
	s.holding.remove(i)
	s.waiting.remove(i)
	f.ackedAt = 0
}

// copyOf returns a copy of b in a buffer that counts.
func (s *Streams) copyOf(b []byte) []byte {
	var c []byte
	if n := len(s.spare); n > 0 {
		c, s.spare = s.spare[n-1], s.spare[:n-1]
	}
	c = append(c, b...)
	s.bytes += cap(c)
	return c
}

func (s *Streams) recycle(b []byte) {
	s.bytes -= cap(b)
	if cap(b) > 0 && cap(b) <= maxSpareSize && len(s.spare) < maxSpareBuffers {
		s.spare = append(s.spare, b[:0])
	}
}

// lineEnds returns the number of line ends at the beginning of b.
func lineEnds(b []byte) int {
	n := 0
	for n < len(b) && (b[n] == '\r' || b[n] == '\n') {
		n++
	}
	return n
}

// emptyLine reports whether a line of b that is not the first is empty.
func emptyLine(b []byte) bool {
	for {
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			return false
		}
		b = b[i+1:]
		if len(b) > 0 && b[0] == '\n' || len(b) > 1 && b[0] == '\r' && b[1] == '\n' {
			return true
		}
	}
}

// allFiller reports whether b is a keep-alive of line ends (RFC 5626 3.5.1).
func allFiller(b []byte) bool { return len(b) > 0 && lineEnds(b) == len(b) }
