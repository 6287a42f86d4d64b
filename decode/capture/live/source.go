package live

import (
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"imscope/decode/capture"
	"imscope/decode/problem"
)

const (
	// chunkBytes is the memory of one batch, as for files: it stays in the second level cache.
	chunkBytes = 256 << 10
	// chunkPackets bounds a batch of small packets.
	chunkPackets = 2048
	// defaultQueue is how many full batches may wait for the analysis: 256 MiB, some three seconds of 100,000 messages
	// each. It is not memory that is held: what a burst took goes back.
	defaultQueue = 1024
	// keepChunks is how much memory is kept once a burst is over.
	keepChunks = 32
	// tick is how long Next waits before it returns an empty batch.
	tick = 25 * time.Millisecond
	// flushAfter is how long a packet waits for others to share a batch with.
	flushAfter = 10 * time.Millisecond
	// maxInputs bounds the list of inputs. With "any", interfaces come and go; later ones share the last entry.
	maxInputs = 1000
)

// ProbDropped is attached to an input that lost packets.
var ProbDropped = &problem.Code{ID: "capture-dropped", Severity: problem.Warning,
	Title: "packets were lost while capturing: the kernel or the queue to the analysis was full"}

// Codes lists every problem code of this package.
var Codes = []*problem.Code{ProbDropped}

// Counters tell how capturing went, since it began.
type Counters struct {
	Name     string // interface, address or file
	Kind     string // "interface", "hep", "file"
	Packets  uint64 // handed to the analysis
	Bytes    uint64
	Kernel   uint64 // packets that the kernel's filter let through, dropped ones included
	Dropped  uint64 // by the kernel, because the ring or the socket was full
	Shed     uint64 // media left out because the analysis was slower than the network
	Lost     uint64 // anything else left out because the queue was full
	Refused  uint64 // HEP messages with a wrong key, connections beyond the limit, what is no HEP
	Forwards uint64 // HEP messages sent on
	Unsent   uint64 // HEP messages that could not be sent on
}

// input is one thing that packets come from.
type input struct {
	name, kind, format string

	packets, bytes, kernel, dropped, shed, lost, refused, forwards, unsent atomic.Uint64

	first, last int64 // of delivered packets; of the goroutine that calls Next
}

func (in *input) counters() Counters {
	return Counters{Name: in.name, Kind: in.kind, Packets: in.packets.Load(), Bytes: in.bytes.Load(), Kernel: in.kernel.Load(),
		Dropped: in.dropped.Load(), Shed: in.shed.Load(), Lost: in.lost.Load(), Refused: in.refused.Load(),
		Forwards: in.forwards.Load(), Unsent: in.unsent.Load()}
}

// feeder reads one or more inputs until stop is closed, or until they end.
type feeder interface {
	run(stop <-chan struct{}) error
	close() error
}

// Source is a capture.Source of a running network.
type Source struct {
	queue chan *capture.Batch
	free  chan *chunk
	stop  chan struct{}
	over  chan struct{} // closed when no feeder runs any more
	gone  chan struct{} // closed when nobody calls Next any more
	once  sync.Once
	leave sync.Once
	begun atomic.Bool
	timer *time.Timer
	empty capture.Batch
	frame uint32

	mu      sync.Mutex
	inputs  []*input
	feeders []feeder
	err     error // why a feeder ended
	notice  func(string)
}

func newSource(queue int, notice func(string)) *Source {
	if notice == nil {
		notice = func(string) {}
	}
	return &Source{queue: make(chan *capture.Batch, queue), free: make(chan *chunk, keepChunks), stop: make(chan struct{}),
		over: make(chan struct{}), gone: make(chan struct{}), timer: time.NewTimer(tick), notice: notice}
}

// input adds an input, or finds the one of that name.
func (s *Source) input(kind, name, format string) (uint16, *input) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, in := range s.inputs {
		if in.kind == kind && in.name == name {
			return uint16(i), in
		}
	}
	if len(s.inputs) == maxInputs {
		return maxInputs - 1, s.inputs[maxInputs-1]
	}
	in := &input{name: name, kind: kind, format: format}
	s.inputs = append(s.inputs, in)
	return uint16(len(s.inputs) - 1), in
}

func (s *Source) add(f feeder) { s.feeders = append(s.feeders, f) }

// Start begins to read. Everything that needs rights was opened before.
func (s *Source) Start() {
	s.begun.Store(true)
	var wg sync.WaitGroup
	for _, f := range s.feeders {
		wg.Go(func() {
			if err := f.run(s.stop); err != nil {
				s.mu.Lock()
				s.err = errors.Join(s.err, err)
				s.mu.Unlock()
				s.notice(err.Error())
			}
		})
	}
	go func() {
		wg.Wait()
		close(s.over)
	}()
}

// Stop ends reading: Next still gives what was received until now, then io.EOF.
func (s *Source) Stop() { s.once.Do(func() { close(s.stop) }) }

// Next implements capture.Source. It returns an empty batch every now and then where nothing comes. Its error is
// io.EOF after Stop, or why all inputs ended by themselves.
func (s *Source) Next(ctx context.Context) (*capture.Batch, error) {
	select {
	case b := <-s.queue:
		return s.deliver(b), nil
	default:
	}
	s.timer.Reset(tick)
	select {
	case b := <-s.queue:
		return s.deliver(b), nil
	case <-s.timer.C:
		return &s.empty, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-s.over:
	}
	select {
	case b := <-s.queue:
		return s.deliver(b), nil
	default:
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return nil, s.err
	}
	return nil, io.EOF
}

// deliver numbers the packets of a batch.
func (s *Source) deliver(b *capture.Batch) *capture.Batch {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range b.Packets {
		p := &b.Packets[i]
		s.frame++
		p.Frame = s.frame
		in := s.inputs[p.File]
		if p.NoTime {
			continue
		}
		if in.first == 0 {
			in.first = p.Time
		}
		in.first, in.last = min(in.first, p.Time), max(in.last, p.Time)
	}
	return b
}

// Files implements capture.Source: the inputs, as if they were files.
func (s *Source) Files() []capture.FileInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]capture.FileInfo, len(s.inputs))
	for i, in := range s.inputs {
		f := &list[i]
		*f = capture.FileInfo{Path: in.name, Format: in.format, Packets: in.packets.Load(), Bytes: in.bytes.Load(),
			FirstTime: in.first, LastTime: in.last, HasTime: in.first != 0}
		if n := in.dropped.Load() + in.lost.Load(); n > 0 {
			f.Skipped.Packets = n
			f.Warnings = []capture.Warning{{Code: ProbDropped, Text: ProbDropped.Title}}
			f.Counts = []capture.WarningCount{{Code: ProbDropped, N: n}}
		}
	}
	return list
}

// Counters tells how every input is doing. It may be called at any time from any goroutine.
func (s *Source) Counters() []Counters {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Counters, len(s.inputs))
	for i, in := range s.inputs {
		list[i] = in.counters()
	}
	return list
}

// Waiting tells how many batches wait for the analysis, and how many may before packets are lost. Where all inputs are
// files, which wait themselves, it is none.
func (s *Source) Waiting() (n, most int) {
	for _, f := range s.feeders {
		switch f.(type) {
		case *follower, *stream:
		default:
			return len(s.queue), cap(s.queue)
		}
	}
	return 0, cap(s.queue)
}

// Close implements capture.Source.
func (s *Source) Close() error {
	s.Stop()
	s.leave.Do(func() { close(s.gone) })
	if s.begun.Load() {
		<-s.over
	}
	var errs []error
	for _, f := range s.feeders {
		errs = append(errs, f.close())
	}
	return errors.Join(errs...)
}
