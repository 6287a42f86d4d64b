package capture

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync/atomic"
)

const (
	// maxOpenFiles bounds the descriptors and buffers of captures that overlap in time.
	maxOpenFiles = 256
	// peekBufferSize is what is read of a file to learn its first time.
	peekBufferSize = 64 << 10
	// maxErrors is how many errors Open words when there is nothing to read.
	maxErrors = 20
)

// Set reads several captures as one. It implements Source.
type Set struct {
	opt          Options
	pool         *pool
	members      []*member
	skipped      []SkippedFile
	skippedCount int
	merge        merger
	frame        uint32
	err          error
	done         atomic.Int64
	total        int64 // bytes of all inputs; valid iff sized
	sized        bool
}

// member is one input of a Set.
type member struct {
	path   string
	index  uint16
	reader *Reader // nil while not open
	info   FileInfo
	first  int64 // time of the first frame that has one
	key    int64 // time of the next frame, or of the last one before it that has one; valid iff batch is set
	batch  *Batch
	next   int    // first packet of batch not delivered
	frame  uint32 // number in the file of the last one delivered
	late   bool
	kept   []Secret // of the reader, once it is closed
}

// Open makes one Source of files, directories and "-". Files that cannot be read are described by Err of
// their FileInfo; the error of Open says that there is nothing to read at all, or that ctx ended.
func Open(ctx context.Context, paths []string, opt Options) (*Set, error) {
	s := &Set{opt: opt, pool: newPool(bufferSize), sized: true}
	list, err := s.expand(paths)
	if err != nil {
		return nil, err
	}
	dirs := directories(paths)
	peek := newPool(peekBufferSize)
	for _, c := range list {
		m := &member{path: c.path}
		err := c.err
		if err == nil {
			err = s.probe(ctx, m, len(list) == 1, peek)
		}
		if ctx.Err() != nil {
			s.Close()
			return nil, context.Cause(ctx)
		}
		if err != nil && c.dir != "" && (errors.Is(err, ErrNotCapture) || errors.Is(err, ErrEmpty)) {
			s.skip(c.path, reason(err))
			continue
		}
		if err != nil {
			if _, ok := errors.AsType[*Error](err); !ok {
				err = &Error{Path: c.path, Err: err}
			}
			m.info.Err = err
		}
		m.info.Path = c.path
		dirs[c.dir] = true
		s.add(m)
	}
	for _, path := range paths {
		if found, ok := dirs[path]; ok && !found {
			m := &member{path: path, info: FileInfo{Path: path}}
			m.info.Err = fmt.Errorf("%w in directory %s", ErrNoCaptures, path)
			s.add(m)
			dirs[path] = true
		}
	}
	if err := s.nothing(); err != nil {
		s.Close()
		return nil, err
	}
	s.merge.start(s)
	return s, nil
}

// directories lists the directories among paths, each with false. A file named by itself has "" for one.
func directories(paths []string) map[string]bool {
	dirs := map[string]bool{}
	for _, p := range paths {
		if info, err := os.Stat(p); p != "-" && err == nil && info.IsDir() {
			dirs[p] = false
		}
	}
	return dirs
}

func (s *Set) add(m *member) {
	m.index = uint16(len(s.members))
	if m.reader != nil {
		m.reader.file = m.index
	}
	s.members = append(s.members, m)
}

// nothing gives the error of Open where no member can be read.
func (s *Set) nothing() error {
	var errs []error
	for _, m := range s.members {
		if m.info.Err == nil || m.reader != nil {
			return nil
		}
		if len(errs) < maxErrors {
			errs = append(errs, m.info.Err)
		}
	}
	switch len(errs) {
	case 0:
		return ErrNoCaptures
	case 1:
		return errs[0]
	}
	return errors.Join(errs...)
}

// reason words why a file of a directory was skipped, without its path.
func reason(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		err = e.Err
	}
	return err.Error()
}

// probe looks at the start of a member: whether it is a capture, and, unless it is the only one, at what
// time it begins. A regular file among several is closed again, others stay open.
func (s *Set) probe(ctx context.Context, m *member, only bool, peek *pool) error {
	in, size, err := s.openInput(m.path, only)
	if err != nil {
		return err
	}
	if size < 0 {
		s.sized = false
	}
	if only {
		r := newReader(in, size < 0, m.path, s.opt, s.pool)
		if err := r.start(ctx); err != nil && !(s.opt.Growing && err == io.EOF) {
			r.Close()
			return err
		}
		m.reader, s.total = r, size
		return nil
	}
	keep, p := size < 0, peek
	if keep {
		p = s.pool
	}
	r := newReader(in, size < 0, m.path, s.opt, p)
	b, err := r.Next(ctx)
	if err == nil {
		m.first = firstTime(b)
		if keep {
			m.reader = r
			m.take(b)
			return nil
		}
		b.Release()
		s.total += size
		return r.Close()
	}
	m.info = r.info
	r.Close()
	if err == io.EOF { // a capture without a single frame
		return nil
	}
	return err
}

// firstTime is the time a capture begins at, as far as its first batch tells.
func firstTime(b *Batch) int64 {
	for i := range b.Packets {
		if !b.Packets[i].NoTime {
			return b.Packets[i].Time
		}
	}
	return 0
}

// openInput opens one path. count tells whether reading a regular file counts as progress. size is -1 for
// what can be read only once.
func (s *Set) openInput(path string, count bool) (in input, size int64, err error) {
	if path == "-" {
		if s.opt.Stdin == nil {
			return nil, 0, errors.New("no standard input")
		}
		r := &countingReader{s.opt.Stdin, &s.done}
		return newAhead(r.Read, plainInput{}, false), -1, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, plain(err)
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, 0, plain(err)
	}
	r := &countingReader{f, &s.done}
	if !info.Mode().IsRegular() {
		return newAhead(r.Read, f, true), -1, nil
	}
	if !count {
		r.n = new(atomic.Int64)
	}
	return plainInput{r, f}, info.Size(), nil
}

// countingReader counts for the progress display.
type countingReader struct {
	r io.Reader
	n *atomic.Int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	if err != nil && err != io.EOF {
		err = plain(err)
	}
	return n, err
}

// Next implements Source.
func (s *Set) Next(ctx context.Context) (*Batch, error) {
	if s.err != nil {
		return nil, s.err
	}
	b, err := s.merge.next(ctx, s)
	if err != nil && !(s.opt.Growing && err == io.EOF) {
		s.err = err
	}
	return b, err
}

// Files implements Source.
func (s *Set) Files() []FileInfo {
	list := make([]FileInfo, len(s.members))
	for i, m := range s.members {
		if list[i] = m.info; m.reader != nil {
			list[i] = m.reader.info
		}
	}
	return list
}

// Skipped tells how many files of directories, or files named twice, are not read, and the first of them.
func (s *Set) Skipped() (n int, first []SkippedFile) { return s.skippedCount, slices.Clone(s.skipped) }

// Progress tells how many bytes of the inputs were read, of how many; total is 0 where that is unknown
// (standard input). It may be called at any time from any goroutine.
func (s *Set) Progress() (read, total int64) {
	if s.sized {
		total = s.total
	}
	return s.done.Load(), total
}

// Secrets gives the decryption secrets read so far, of all files that are open or finished.
func (s *Set) Secrets() []Secret {
	var list []Secret
	for _, m := range s.members {
		list = append(list, m.secrets()...)
	}
	return list
}

// Close implements Source.
func (s *Set) Close() error {
	if s.err == nil {
		s.err = io.ErrClosedPipe
	}
	var errs []error
	for _, m := range s.members {
		if m.batch != nil {
			m.batch.Release()
			m.batch = nil
		}
		if m.reader != nil {
			errs = append(errs, m.reader.Close())
		}
	}
	return errors.Join(errs...)
}
