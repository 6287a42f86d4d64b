package live

import (
	"time"

	"imscope/decode/capture"
)

// chunk is a batch with the memory of its packets.
type chunk struct {
	batch capture.Batch
	arena []byte
}

func (s *Source) chunk() *chunk {
	select {
	case c := <-s.free:
		return c
	default:
	}
	c := &chunk{arena: make([]byte, 0, chunkBytes)}
	c.batch.Packets = make([]capture.Packet, 0, 64)
	c.batch.Free = func(*capture.Batch) {
		c.arena, c.batch.Packets = c.arena[:0], c.batch.Packets[:0]
		select {
		case s.free <- c:
		default: // a burst is over: left to the garbage collector
		}
	}
	return c
}

// sink takes the packets of one goroutine and makes batches of them. It never waits.
type sink struct {
	s     *Source
	cur   *chunk
	since time.Time // when cur got its first packet
}

// room makes room for a packet of n bytes and returns where to put it, nil if it must be left out.
func (k *sink) room(n int) []byte {
	if k.cur != nil && (len(k.cur.arena)+n > cap(k.cur.arena) || len(k.cur.batch.Packets) == chunkPackets) {
		if !k.send() {
			return nil
		}
	}
	if k.cur == nil {
		k.cur = k.s.chunk()
		k.since = time.Now()
	}
	a := k.cur.arena
	if n > cap(a)-len(a) {
		return nil // longer than a whole chunk: no packet is
	}
	k.cur.arena = a[:len(a)+n]
	return k.cur.arena[len(a):len(k.cur.arena):len(k.cur.arena)]
}

// add copies a packet, or leaves it out and counts that.
func (k *sink) add(in *input, data []byte, p capture.Packet) {
	if k.pressed() && isMedia(p.Link, data) {
		in.shed.Add(1)
		return
	}
	b := k.room(len(data))
	if b == nil {
		in.lost.Add(1)
		return
	}
	copy(b, data)
	p.Data = b
	k.put(in, p)
}

// put completes a packet whose bytes were written to where room said.
func (k *sink) put(in *input, p capture.Packet) {
	k.cur.batch.Packets = append(k.cur.batch.Packets, p)
	in.packets.Add(1)
	in.bytes.Add(uint64(len(p.Data)))
}

// send hands the batch over, and reports false if the queue is full.
func (k *sink) send() bool {
	select {
	case k.s.queue <- &k.cur.batch:
		k.cur = nil
		return true
	default:
		return false
	}
}

// flush hands over what is there if the analysis waits for it. A longer queue gets full batches only, so that its
// length says how much memory it has.
func (k *sink) flush() {
	if k.cur != nil && len(k.cur.batch.Packets) > 0 && len(k.s.queue) <= cap(k.s.queue)/8 {
		k.send()
	}
}

// age flushes a batch that was begun some time ago.
func (k *sink) age(now time.Time) {
	if k.cur != nil && now.Sub(k.since) >= flushAfter {
		k.flush()
	}
}

// finish hands over the last batch, and waits for it.
func (k *sink) finish() {
	if k.cur != nil && len(k.cur.batch.Packets) > 0 {
		select {
		case k.s.queue <- &k.cur.batch:
		case <-k.s.gone:
		}
		k.cur = nil
	}
}

// pressed reports whether media has to be left out.
func (k *sink) pressed() bool { return len(k.s.queue) > cap(k.s.queue)/2 }
