package capture

import (
	"sync"
	"sync/atomic"
)

// maxBatchPackets bounds a batch: at the 56 bytes of a Packet its index stays in a second level cache.
const maxBatchPackets = 4096

// buffer is a piece of input that batches borrow from. It returns to its pool when the last user is gone.
type buffer struct {
	data []byte
	refs atomic.Int32
	pool *pool
}

func (b *buffer) release() {
	// Buffers that were made larger for one record are left to the garbage collector.
	if b.refs.Add(-1) == 0 && len(b.data) == b.pool.size {
		b.pool.buffers.Put(b)
	}
}

// pool keeps the buffers and batches of one Set or Reader.
type pool struct {
	size    int // bytes of a regular buffer
	buffers sync.Pool
	batches sync.Pool
	free    func(*Batch) // takeBack, made once instead of once per batch
}

func newPool(size int) *pool {
	p := &pool{size: size}
	p.free = p.takeBack
	return p
}

// buffer gives a buffer of at least n bytes with one reference.
func (p *pool) buffer(n int) *buffer {
	if n <= p.size {
		if b, ok := p.buffers.Get().(*buffer); ok {
			b.refs.Store(1)
			return b
		}
		n = p.size
	}
	b := &buffer{data: make([]byte, n), pool: p}
	b.refs.Store(1)
	return b
}

// batch gives an empty batch.
func (p *pool) batch() *Batch {
	if b, ok := p.batches.Get().(*Batch); ok {
		b.Free = p.free
		return b
	}
	return &Batch{Packets: make([]Packet, 0, maxBatchPackets), Free: p.free}
}

// takeBack is Batch.Free.
func (p *pool) takeBack(b *Batch) {
	for i, buf := range b.bufs {
		buf.release()
		b.bufs[i] = nil
	}
	b.bufs = b.bufs[:0]
	b.Packets = b.Packets[:0]
	b.Free = nil // a second Release does nothing until the batch is handed out again
	p.batches.Put(b)
}

// hold keeps buf alive for as long as the batch.
func (b *Batch) hold(buf *buffer) {
	buf.refs.Add(1)
	b.bufs = append(b.bufs, buf)
}
