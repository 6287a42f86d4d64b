package capture

import (
	"context"
	"io"
	"sync"
)

const (
	// aheadChunk is handed over at a time, aheadChunks are in use: a decompressor is at most that far ahead.
	aheadChunk  = 256 << 10
	aheadChunks = 3
)

// plainInput reads where reading does not take long: from a regular file, or from memory.
type plainInput struct {
	r io.Reader
	c io.Closer // nil where the reader is not ours to close
}

func (p plainInput) read(ctx context.Context, b []byte) (int, error) {
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	return p.r.Read(b)
}

func (p plainInput) Close() error {
	if p.c == nil {
		return nil
	}
	return p.c.Close()
}

// ahead reads in a goroutine of its own: beside the decoding where reading costs time (decompression), and
// so that a cancelled context is heard where reading may wait (a pipe).
type ahead struct {
	full chan chunk
	free chan []byte
	stop chan struct{}
	done chan struct{}
	once sync.Once
	src  io.Closer // what fetch reads from; closing it ends a fetch that waits, unless ours is false
	ours bool
	cur  chunk
	buf  []byte // the whole buffer of cur
}

type chunk struct {
	data []byte
	err  error // met behind data
}

// newAhead starts reading with fetch, which is io.Reader's Read on src. Close waits for a fetch under way
// iff ours: then closing src must end it.
func newAhead(fetch func([]byte) (int, error), src io.Closer, ours bool) *ahead {
	a := &ahead{
		full: make(chan chunk, aheadChunks),
		free: make(chan []byte, aheadChunks),
		stop: make(chan struct{}),
		done: make(chan struct{}),
		src:  src,
		ours: ours,
	}
	for range aheadChunks {
		a.free <- nil
	}
	go a.run(fetch)
	return a
}

func (a *ahead) run(fetch func([]byte) (int, error)) {
	defer close(a.done)
	for {
		var b []byte
		select {
		case b = <-a.free:
		case <-a.stop:
			return
		}
		if b == nil {
			b = make([]byte, aheadChunk)
		}
		n, err := fetch(b)
		a.full <- chunk{b[:n], err} // never blocks: there are no more buffers than places
		if err != nil {
			return
		}
	}
}

func (a *ahead) read(ctx context.Context, p []byte) (int, error) {
	for len(a.cur.data) == 0 {
		if a.cur.err != nil {
			return 0, a.cur.err
		}
		if a.buf != nil {
			a.free <- a.buf
			a.buf = nil
		}
		select {
		case a.cur = <-a.full:
			a.buf = a.cur.data[:cap(a.cur.data)]
		case <-a.stop:
			return 0, io.ErrClosedPipe
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		}
	}
	n := copy(p, a.cur.data)
	a.cur.data = a.cur.data[n:]
	return n, nil
}

// Close ends the goroutine. It waits for it only where closing ends a read that waits.
func (a *ahead) Close() error {
	var err error
	a.once.Do(func() {
		close(a.stop)
		err = a.src.Close()
		if a.ours {
			<-a.done
		}
	})
	return err
}
