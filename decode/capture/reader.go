package capture

import (
	"context"
	"errors"
	"io"

	"imscope/decode/problem"
)

const (
	// bufferSize is one read and the memory of a batch. Of 128 KiB to 1 MiB this was the fastest on a 233 MB
	// capture (2026-11, 14 ms against 17 to 20): it stays in the second level cache.
	bufferSize = 256 << 10
	// defaultMaxRecord is what libpcap and Wireshark take for the longest possible packet.
	defaultMaxRecord = 256 << 10
	// hardMaxRecord bounds MaxRecord and a file's own snap length, which may claim anything.
	hardMaxRecord = 1 << 20
	// scanLimit is how far the next record is searched behind damage; beyond it the file is given up.
	scanLimit = 64 << 20
	// maxEmptyReads in a row are taken for an input that hangs.
	maxEmptyReads = 100
	// magicSize is how many bytes are looked at to tell formats apart; the shortest file header (pcap's).
	magicSize = 24
)

// input is where a Reader's bytes come from.
type input interface {
	// read is io.Reader's Read, given up when ctx ends.
	read(ctx context.Context, p []byte) (int, error)
	Close() error
}

// decoder knows one file format. It works on the Reader's window.
type decoder interface {
	// decode appends the packets of whole records to r.batch until the batch is full (it returns 0, nil)
	// or the window ends; it then returns how many bytes it must see from r.pos on. At the end of the
	// input it judges the rest itself and returns io.EOF, never a need.
	decode(r *Reader) (need int, err error)
	format() string
}

// Reader reads one capture, whatever its format. It implements Source.
type Reader struct {
	in     input
	opt    Options
	pool   *pool
	buf    *buffer
	pos    int   // next byte to decode in buf
	end    int   // end of the bytes in buf
	base   int64 // offset in the (uncompressed) stream of buf.data[0]
	eof    bool  // nothing more comes
	waits  bool  // reading may wait for somebody to write
	slow   bool  // and will probably do so next time: deliver before
	err    error // sticky result of Next
	failed error // why the input broke off, where it did
	later  error // result of the next call of Next, where packets came first
	dec    decoder
	batch  *Batch
	frame  uint32
	file   uint16
	info   FileInfo

	secrets []Secret
}

// NewReader reads one capture from r; name stands for it in messages. Nothing is read before the first
// Next. Close does not close r.
func NewReader(r io.Reader, name string) *Reader {
	return newReader(plainInput{r, nil}, true, name, Options{}, newPool(bufferSize))
}

func newReader(in input, waits bool, name string, opt Options, p *pool) *Reader {
	return &Reader{in: in, waits: waits, opt: opt, pool: p, info: FileInfo{Path: name}}
}

// Next implements Source.
func (r *Reader) Next(ctx context.Context) (*Batch, error) {
	if r.err != nil {
		return nil, r.err
	}
	b, err := r.next(ctx)
	if err != nil && !(r.opt.Growing && err == io.EOF) {
		r.err = err
		r.drop()
	}
	return b, err
}

// drop gives the memory back that is not part of a batch yet.
func (r *Reader) drop() {
	if r.batch != nil {
		r.batch.Release()
		r.batch = nil
	}
	if r.buf != nil {
		r.buf.release()
		r.buf = nil
	}
}

func (r *Reader) next(ctx context.Context) (*Batch, error) {
	if r.later != nil {
		return nil, r.later
	}
	if err := r.start(ctx); err != nil {
		return nil, err
	}
	for {
		if r.batch == nil {
			r.batch = r.pool.batch()
		}
		need, err := r.dec.decode(r)
		if err == nil && need > 0 {
			// The incomplete record may need a new buffer, and waiting may take long: hand out what is there.
			if len(r.batch.Packets) > 0 && (r.slow || r.pos+need > len(r.buf.data)) {
				return r.seal(), nil
			}
			if err = r.fill(ctx, need); err == nil {
				continue
			}
		}
		if len(r.batch.Packets) > 0 {
			if !(r.opt.Growing && err == io.EOF) {
				r.later = err
			}
			return r.seal(), nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// seal closes the batch under construction.
func (r *Reader) seal() *Batch {
	b := r.batch
	r.batch = nil
	b.hold(r.buf)
	for i := range b.Packets {
		p := &b.Packets[i]
		r.info.Bytes += uint64(len(p.Data))
		if p.NoTime {
			continue
		}
		if !r.info.HasTime {
			r.info.HasTime, r.info.FirstTime, r.info.LastTime = true, p.Time, p.Time
		}
		r.info.FirstTime = min(r.info.FirstTime, p.Time)
		r.info.LastTime = max(r.info.LastTime, p.Time)
	}
	r.info.Packets += uint64(len(b.Packets))
	return b
}

// fill reads until need bytes are in the window or the input ends, which it notes in r.eof.
// Its error is only about ctx, or io.EOF from a growing input.
func (r *Reader) fill(ctx context.Context, need int) error {
	empty := 0
	for r.end-r.pos < need && !r.eof {
		if r.buf == nil || r.pos+need > len(r.buf.data) && (r.end == len(r.buf.data) || r.pos > 0) {
			r.move(need)
		}
		free := r.buf.data[r.end:]
		n, err := r.in.read(ctx, free)
		r.end += n
		r.slow = r.waits && n < len(free)
		if empty++; n > 0 {
			empty = 0
		}
		if err == nil && empty < maxEmptyReads {
			continue
		}
		if err == nil {
			err = io.ErrNoProgress
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err == io.EOF && r.opt.Growing {
			if r.end-r.pos >= need {
				return nil
			}
			return io.EOF
		}
		r.eof = true
		if err != io.EOF {
			r.readFailed(err)
		}
	}
	return nil
}

// move continues in another buffer, with the bytes not decoded yet at its start. The size follows the
// bytes that are there, not the need, which comes from the file; twice the need at most, so that moving
// costs no more than reading.
func (r *Reader) move(need int) {
	have := r.end - r.pos
	size := r.pool.size
	for size < 2*need && size < 4*have {
		size *= 2
	}
	buf := r.pool.buffer(size)
	if r.buf != nil {
		copy(buf.data, r.buf.data[r.pos:r.end])
		r.buf.release()
	}
	r.base += int64(r.pos)
	r.buf, r.pos, r.end = buf, 0, have
}

// readFailed records that the input broke off with something else than its end.
func (r *Reader) readFailed(err error) {
	r.info.Truncated = true
	r.failed = err
	off := r.base + int64(r.end)
	if _, ok := errors.AsType[*compressError](err); ok {
		r.info.warn(ProbCompression, 0, off, "%v", err)
		return
	}
	r.info.Err = &Error{Path: r.info.Path, Offset: off, Err: err}
	r.info.warn(ProbRead, 0, off, "%v", err)
}

// truncated records that the input ends inside a record, and drops the rest. Where reading failed the
// reason is known already.
func (r *Reader) truncated(what string) error {
	rest := r.end - r.pos
	if rest > 0 {
		r.info.Skipped.Bytes += uint64(rest)
		if !r.info.Truncated {
			r.info.warn(ProbTruncated, r.frame+1, r.offset(), "%s is cut short after %d bytes", what, rest)
		}
		r.info.Truncated = true
		r.pos = r.end
	}
	return io.EOF
}

// resynced records that reading goes on at the window's start after damage at lostAt.
func (r *Reader) resynced(code *problem.Code, lostAt int64, why string) {
	skipped := r.offset() - lostAt
	r.info.Skipped.Bytes += uint64(skipped)
	r.info.warn(code, r.frame+1, lostAt, "%s; skipped %d bytes to the next readable record", why, skipped)
}

// lost records that no record was found between damage at lostAt and the window's start, and ends the input.
func (r *Reader) lost(lostAt int64, why string) error {
	skipped := r.offset() - lostAt
	r.info.Truncated = true
	r.info.Skipped.Bytes += uint64(skipped)
	r.info.warn(ProbLost, r.frame+1, lostAt, "%s; no readable record in the %d bytes behind it", why, skipped)
	r.later = io.EOF // however often a growing input is asked again
	return io.EOF
}

// window is the part of the input that can be decoded now.
func (r *Reader) window() []byte { return r.buf.data[r.pos:r.end] }

// offset is the place of the window in the stream.
func (r *Reader) offset() int64 { return r.base + int64(r.pos) }

// maxRecord is the longest packet believed, for a capture with that snap length.
func (r *Reader) maxRecord(snaplen uint32) int {
	limit := defaultMaxRecord
	if r.opt.MaxRecord > 0 {
		limit = r.opt.MaxRecord
	}
	return min(max(limit, int(min(snaplen, hardMaxRecord))), hardMaxRecord)
}

// Files implements Source.
func (r *Reader) Files() []FileInfo { return []FileInfo{r.info} }

// Secrets gives what pcapng decryption secrets blocks brought so far. The bytes are the caller's to keep.
func (r *Reader) Secrets() []Secret { return r.secrets }

// Close implements Source.
func (r *Reader) Close() error {
	if r.err == nil {
		r.err = io.ErrClosedPipe
	}
	r.drop()
	return r.in.Close()
}
