package capture

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// maxWindow bounds what a compressed file may make its decompressor remember. zstd and xz name their window
// in the file; this is the most their usual levels ask for (zstd --long=27 and xz -9 need less or the same).
const maxWindow = 128 << 20

// compression is one way to compress a whole file.
type compression struct {
	name string
	is   func(head []byte) bool
	open func(r io.Reader) (io.ReadCloser, error)
}

var compressions = []compression{
	{"gzip", prefix("\x1f\x8b"), func(r io.Reader) (io.ReadCloser, error) { return gzip.NewReader(r) }},
	{"zstd", isZstd, openZstd},
	{"lz4", isLZ4, func(r io.Reader) (io.ReadCloser, error) { return newLZ4(r), nil }},
	{"xz", prefix(xzMagic), openXZ},
	{"bzip2", prefix("BZh"), func(r io.Reader) (io.ReadCloser, error) { return io.NopCloser(bzip2.NewReader(r)), nil }},
}

func prefix(magic string) func([]byte) bool {
	return func(head []byte) bool { return bytes.HasPrefix(head, []byte(magic)) }
}

// isZstd knows zstd frames and the skippable frames that parallel compressors begin with.
func isZstd(h []byte) bool {
	return bytes.HasPrefix(h, []byte("\x28\xb5\x2f\xfd")) ||
		len(h) >= 4 && h[0]&0xf0 == 0x50 && h[1] == 0x2a && h[2] == 0x4d && h[3] == 0x18
}

// isLZ4 knows the frame format and the legacy one.
func isLZ4(h []byte) bool {
	return bytes.HasPrefix(h, []byte("\x04\x22\x4d\x18")) || bytes.HasPrefix(h, []byte("\x02\x21\x4c\x18"))
}

// compressionOf finds the compression of a stream that starts with head, nil for none.
func compressionOf(head []byte) *compression {
	for i := range compressions {
		if compressions[i].is(head) {
			return &compressions[i]
		}
	}
	return nil
}

func openZstd(r io.Reader) (io.ReadCloser, error) {
	// One decoder goroutine is ours (ahead); more would only hold more memory per open file.
	d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderMaxMemory(maxWindow))
	if err != nil {
		return nil, err
	}
	return d.IOReadCloser(), nil
}

// lz4Reader reads concatenated frames, as the lz4 command does.
type lz4Reader struct {
	src *bufio.Reader
	lz  *lz4.Reader
}

func newLZ4(r io.Reader) *lz4Reader {
	src := bufio.NewReader(r)
	return &lz4Reader{src, lz4.NewReader(src)}
}

func (l *lz4Reader) Read(p []byte) (int, error) {
	for {
		n, err := l.lz.Read(p)
		if n > 0 || err != io.EOF {
			return n, err
		}
		if _, err := l.src.Peek(1); err != nil {
			return 0, err
		}
		l.lz.Reset(l.src)
	}
}

func (l *lz4Reader) Close() error { return nil }

// errWindow is that of maxWindow.
var errWindow = errors.New("window above the limit")

// compressError is an error of the compressed data itself.
type compressError struct {
	name string
	err  error
}

func (e *compressError) Error() string {
	switch {
	case errors.Is(e.err, io.ErrUnexpectedEOF):
		return e.name + " data is cut short"
	case errors.Is(e.err, zstd.ErrWindowSizeExceeded), errors.Is(e.err, errWindow):
		return fmt.Sprintf("%s data needs more than %d MiB of memory to be decompressed; decompress it first", e.name, maxWindow>>20)
	}
	return fmt.Sprintf("%s data is damaged: %v", e.name, e.err)
}

func (e *compressError) Unwrap() error { return e.err }

// rawReader is the compressed side of an input. It remembers whether it was the input that failed.
type rawReader struct {
	in  input
	err error
}

func (r *rawReader) Read(p []byte) (int, error) {
	n, err := r.in.read(context.Background(), p)
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}

// decompress puts a decompressor between the input, whose first bytes are in the window, and the Reader.
func (r *Reader) decompress(c *compression) {
	raw := &rawReader{in: r.in}
	src := io.MultiReader(bytes.NewReader(bytes.Clone(r.window())), raw)
	z := &decompressor{kind: c, src: src, raw: raw}
	// A reader that is not ours may block for ever.
	foreign, ok := r.in.(plainInput)
	r.in = newAhead(z.fetch, r.in, !ok || foreign.c != nil)
	r.info.Compression = c.name
	r.pos, r.end, r.eof = 0, 0, false
}

// decompressor fills whole chunks and words its errors. It is used by one goroutine.
type decompressor struct {
	kind *compression
	src  io.Reader
	raw  *rawReader
	z    io.ReadCloser
}

func (d *decompressor) fetch(p []byte) (n int, err error) {
	for empty := 0; n < len(p) && err == nil; empty++ {
		var k int
		if k, err = d.read(p[n:]); k > 0 {
			empty = 0
		} else if empty == maxEmptyReads {
			err = io.ErrNoProgress
		}
		n += k
	}
	switch {
	case err == nil || err == io.EOF:
	case d.raw.err != nil:
		err = d.raw.err
	default:
		err = &compressError{d.kind.name, err}
	}
	if err != nil && d.z != nil {
		d.z.Close()
	}
	return n, err
}

// read turns a panic into an error: decompressors are other people's code and meet hostile bytes.
func (d *decompressor) read(p []byte) (n int, err error) {
	defer func() {
		if x := recover(); x != nil {
			n, err, d.z = 0, fmt.Errorf("%v", x), nil
		}
	}()
	if d.z == nil {
		if d.z, err = d.kind.open(d.src); err != nil {
			d.z = nil
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return 0, err
		}
	}
	return d.z.Read(p)
}
