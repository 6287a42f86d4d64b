package live

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"imscope/decode/capture"
)

// FollowOptions name capture files that grow.
type FollowOptions struct {
	// Path is a file, a directory of files that are rotated, a named pipe, or "-" for standard input.
	Path string
	// FromStart also reads what is there already. Pipes are always read from their start.
	FromStart bool
	// Stdin is what "-" stands for.
	Stdin io.Reader
}

const (
	// lookEvery is how often open files are asked for more, and directories for more files.
	lookEvery = 40 * time.Millisecond
	// forgetAfter is how long a file of a directory that does not grow is kept open.
	forgetAfter = 30 * time.Second
	// maxFollowed bounds the files of a directory that are known. Beyond it the ones not changed for longest are
	// forgotten; they would be read again if they grew.
	maxFollowed = 4096
	// maxOpen bounds the files that are open at once.
	maxOpen = 64
	// printSize is how much of a file's beginning tells whether it is still the same: the file header and the header of
	// the first record, with its time.
	printSize = 64
	// lastLook bounds reading once the end was asked for.
	lastLook = 500 * time.Millisecond
)

// followed is one file, whatever its name is by now.
type followed struct {
	path   string
	info   fs.FileInfo     // when it was looked at last
	print  []byte          // its beginning, as far as there was one when it was read
	reader *capture.Reader // nil while closed
	file   *os.File        // that reader reads
	size   int64           // when it was closed; -1 if it never was open
	taken  uint64          // packets delivered or passed over
	skip   uint64          // packets to be passed over because they were delivered before
	toEnd  bool            // pass over what is there already
	bad    bool            // cannot be read; until it changes
	there  bool            // found at the last look
	idle   time.Time       // when something came last
}

// follower reads files as they grow.
type follower struct {
	s     *Source
	opt   FollowOptions
	dir   bool
	index uint16
	in    *input
	files []*followed
	first bool // the first look
	warns int
}

func openFollow(s *Source, opt FollowOptions) (feeder, error) {
	f := &follower{s: s, opt: opt, first: true}
	if opt.Path != "-" {
		info, err := os.Stat(opt.Path)
		switch {
		case err == nil && info.IsDir():
			f.dir = true
		case err == nil && !info.Mode().IsRegular():
			f.index, f.in = s.input("file", opt.Path, "pipe")
			return &stream{follower: f}, nil
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return nil, err
		case err != nil: // a file that is still to come
			if _, err := os.Stat(filepath.Dir(opt.Path)); err != nil {
				return nil, err
			}
		default:
			r, err := os.Open(opt.Path)
			if err != nil {
				return nil, err
			}
			r.Close()
		}
	}
	f.index, f.in = s.input("file", opt.Path, "follow")
	if opt.Path == "-" {
		return &stream{follower: f}, nil
	}
	return f, nil
}

func (f *follower) close() error {
	for _, x := range f.files {
		f.shut(x)
	}
	return nil
}

// maxFileWarnings is how many warnings about files are said in a run.
const maxFileWarnings = 20

// shut closes a file. What was read of it is remembered.
func (f *follower) shut(x *followed) {
	if x.reader == nil {
		return
	}
	for _, w := range x.reader.Files()[0].Warnings {
		if f.warns++; f.warns <= maxFileWarnings {
			f.s.notice(x.path + ": " + w.String())
		}
	}
	x.reader.Close()
	x.reader, x.file, x.size = nil, nil, x.info.Size()
}

func (f *follower) run(stop <-chan struct{}) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if err := f.look(time.Time{}); err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-stop:
			return f.look(time.Now().Add(lastLook))
		}
	}
}

// look reads what has come, until the deadline if there is one.
func (f *follower) look(deadline time.Time) error {
	if err := f.list(); err != nil {
		return err
	}
	slices.SortStableFunc(f.files, func(a, b *followed) int {
		return cmp.Or(a.info.ModTime().Compare(b.info.ModTime()), cmp.Compare(a.path, b.path))
	})
	now := time.Now()
	open := 0
	for _, x := range f.files {
		f.read(x, now, deadline)
		if x.reader != nil {
			open++
		}
	}
	for _, x := range f.files { // the ones not changed for longest first
		if x.reader != nil && (open > maxOpen || now.Sub(x.idle) > forgetAfter && (f.dir || !x.there)) {
			f.shut(x)
			open--
		}
	}
	f.files = slices.DeleteFunc(f.files, func(x *followed) bool { return !x.there && x.reader == nil })
	if n := len(f.files) - maxFollowed; n > 0 {
		for _, x := range f.files[:n] {
			f.shut(x)
		}
		f.files = slices.Delete(f.files, 0, n)
	}
	f.first = false
	return nil
}

// list looks for files that are new, changed, renamed or gone.
func (f *follower) list() error {
	for _, x := range f.files {
		x.there = false
	}
	if !f.dir {
		if info, err := os.Stat(f.opt.Path); err == nil {
			f.meet(f.opt.Path, info)
		}
		return nil
	}
	entries, err := os.ReadDir(f.opt.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is gone", f.opt.Path)
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.Type().IsRegular() {
			continue
		}
		if info, err := e.Info(); err == nil { // else deleted meanwhile
			f.meet(filepath.Join(f.opt.Path, e.Name()), info)
		}
	}
	return nil
}

// meet takes note of a file that is there.
func (f *follower) meet(path string, info fs.FileInfo) {
	var x *followed
	if i := slices.IndexFunc(f.files, func(x *followed) bool { return x.path == path && os.SameFile(x.info, info) }); i >= 0 {
		x = f.files[i]
	} else if i := slices.IndexFunc(f.files, func(x *followed) bool { return os.SameFile(x.info, info) }); i >= 0 {
		x = f.files[i] // renamed
		x.path = path
	}
	if x != nil && (info.Size() < x.info.Size() || info.ModTime() != x.info.ModTime() && x.rewritten()) {
		f.shut(x) // begun anew: what was not read of it is gone
		f.files = slices.DeleteFunc(f.files, func(y *followed) bool { return y == x })
		x = nil
	}
	if x == nil {
		x = &followed{path: path, size: -1, toEnd: f.first && !f.opt.FromStart}
		f.files = append(f.files, x)
	} else if info.Size() != x.info.Size() {
		x.bad = false
	}
	x.info, x.there = info, true
}

// rewritten reports whether the file does not begin as it did.
func (x *followed) rewritten() bool {
	if len(x.print) == 0 {
		return false
	}
	b, err := beginning(x.path)
	return err == nil && !bytes.HasPrefix(b, x.print)
}

// replaced reports whether the file that is open does not begin as it did.
func (x *followed) replaced() bool {
	b := make([]byte, len(x.print))
	n, err := x.file.ReadAt(b, 0)
	return (err == nil || err == io.EOF) && !bytes.Equal(b[:n], x.print)
}

// beginning reads the first bytes of a file.
func beginning(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	b := make([]byte, printSize)
	n, err := io.ReadFull(file, b)
	if err == io.ErrUnexpectedEOF || err == io.EOF {
		err = nil
	}
	return b[:n], err
}

// open opens a file that has something to read.
func (f *follower) open(x *followed, now time.Time) bool {
	if x.info.Size() == 0 {
		x.toEnd = false // all of it is still to come
		return false
	}
	if !x.there || x.info.Size() == x.size {
		return false
	}
	file, err := os.Open(x.path)
	if errors.Is(err, fs.ErrNotExist) {
		return false
	}
	if err != nil {
		x.bad = true
		f.s.notice(err.Error())
		return false
	}
	x.reader, x.file = capture.NewGrowing(file), file
	x.skip, x.idle = x.taken, now
	return true
}

// read delivers what is new in a file.
func (f *follower) read(x *followed, now, deadline time.Time) {
	if x.reader != nil && x.replaced() {
		f.shut(x)
		*x = followed{path: x.path, info: x.info, there: x.there, size: -1}
	}
	if x.bad || x.reader == nil && !f.open(x, now) {
		return
	}
	for deadline.IsZero() || time.Now().Before(deadline) {
		b, err := x.reader.Next(context.Background())
		if err == io.EOF {
			x.toEnd = false
			break
		}
		if err == nil && x.reader.Files()[0].Compression != "" {
			b.Release()
			err = errCompressed
		}
		if err != nil {
			x.bad = true
			f.s.notice(fmt.Sprintf("%s is not followed: %v", x.path, bare(err)))
			f.shut(x)
			return
		}
		x.idle = now
		if !f.deliver(x, b) {
			return
		}
	}
	if len(x.print) < printSize {
		b := make([]byte, printSize)
		if n, err := x.file.ReadAt(b, 0); err == nil || err == io.EOF {
			x.print = b[:n]
		}
	}
}

// errCompressed: a file that was compressed after it was read would be read twice.
var errCompressed = errors.New("it is compressed")

// bare is an error without the path.
func bare(err error) error {
	if e, ok := errors.AsType[*capture.Error](err); ok {
		return e.Err
	}
	return err
}

// deliver hands over what is new of a batch, and reports false if nobody wants it any more.
func (f *follower) deliver(x *followed, b *capture.Batch) bool {
	n := len(b.Packets)
	if !x.toEnd {
		n = int(min(x.skip, uint64(n)))
	}
	x.skip -= min(x.skip, uint64(n))
	x.taken += uint64(len(b.Packets) - n)
	if x.toEnd {
		x.taken += uint64(n)
	}
	b.Packets = b.Packets[:copy(b.Packets, b.Packets[n:])]
	if len(b.Packets) == 0 {
		b.Release()
		return true
	}
	return f.hand(b)
}

// hand puts a batch into the queue, waiting for room.
func (f *follower) hand(b *capture.Batch) bool {
	for i := range b.Packets {
		b.Packets[i].File = f.index
		f.in.bytes.Add(uint64(len(b.Packets[i].Data)))
	}
	f.in.packets.Add(uint64(len(b.Packets)))
	select {
	case f.s.queue <- b:
		return true
	case <-f.s.gone:
		b.Release()
		return false
	}
}
