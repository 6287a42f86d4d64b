package decode

import (
	"context"
	"errors"
	"io"
	"math"
	"runtime"
	"sync"

	"imscope/decode/capture"
	"imscope/decode/network"
	"imscope/decode/sip"
)

// Options of Run. The zero value is fine.
type Options struct {
	// Workers is the number of goroutines that walk and parse; 0 is GOMAXPROCS. The records do not depend on it.
	Workers int
	Limits  Limits
	// UserDLT says what link type stands behind USER0 to USER15 (147 to 162); 0 is none.
	UserDLT [16]capture.LinkType
	// KeyLog is a TLS key log as SSLKEYLOGFILE names it. What decryption secrets blocks of the captures hold comes to it.
	KeyLog []byte
	// Check also holds every SIP message against its grammar (sip.Message.Check), on the workers as far as possible.
	Check bool
	// CheckFrames bounds Check to the frames up to this number; 0 is all of them.
	CheckFrames uint32
	// Digest, where set, makes what each worker calls for every SIP message: what is pure work on one message is done
	// there, beside the work on the others. Its result comes with the record, in Record.Digest.
	Digest func() Digester
	// Packet, where set, is called as fn is, for each packet that may be signalling or a piece of it, in capture order,
	// before the messages that it completes. pk is valid until the batch is done.
	Packet func(pk *capture.Packet, p *network.Packet)
	// Batch, where set, is called as fn is, after each batch, with the statistics up to there. A live run lets its clock
	// go on here. An error ends Run like one of fn.
	Batch func(b *capture.Batch, s *Stats) error
}

// Digester works on one message after the other, on one goroutine.
type Digester interface {
	// Digest makes something of a message. It may borrow the message, and reuse is an earlier result that nobody
	// needs any more, or nil.
	Digest(m *sip.Message, reuse any) any
}

// checkTo is the last frame whose messages are checked.
func (o *Options) checkTo() uint32 {
	switch {
	case !o.Check:
		return 0
	case o.CheckFrames == 0:
		return math.MaxUint32
	}
	return o.CheckFrames
}

func newWalker(opt *Options) network.Walker {
	return network.Walker{User: opt.UserDLT, IsSignalling: sip.IsStart}
}

// Run decodes src to its end and calls fn for each message, in capture order, one call after the other, on goroutines
// of its own. It returns when src ends, when fn returns an error, or when ctx is done, after all goroutines it started
// have ended. The error is fn's, or what src.Next returned other than io.EOF. The statistics are of what was decoded
// until then, and never nil.
func Run(ctx context.Context, src capture.Source, opt Options, fn func(*Record) error) (*Stats, error) {
	if opt.Workers <= 0 {
		opt.Workers = runtime.GOMAXPROCS(0)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stats := newStats()
	in := newInput(src)
	a, assembly := newAssembler(&opt), newTurns()
	out, handing := newHandout(&opt, stats, fn), newTurns()
	take := func(j *job) {
		if out.err != nil {
			return
		}
		out.batch(j)
		if opt.Batch != nil && out.err == nil {
			out.err = opt.Batch(j.batch, stats)
		}
		if out.err != nil {
			cancel()
		}
	}
	var wg sync.WaitGroup
	for range opt.Workers {
		wg.Go(func() {
			w, j := newWorker(&opt), newJob()
			for {
				b, ok := in.next(ctx, j)
				if !ok {
					return
				}
				w.work(j, b)
				assembly.wait(j.turn)
				a.batch(j)
				assembly.next()
				w.read(j)
				handing.wait(j.turn)
				take(j)
				b.Release()
				handing.next()
				// On one core nothing else makes room for the garbage collector, and while that waits for its part
				// every pointer costs more (2026-11-29: 5 % of an analysis on one core).
				runtime.Gosched()
			}
		})
	}
	wg.Wait()
	if out.err == nil {
		w, j := newWorker(&opt), newJob()
		a.flush(j, func() {
			w.read(j)
			out.batch(j)
			j.reset()
		})
		out.batch(j)
	}
	stats.TLS = a.secure.tally(a.streams.Stats.LateTLS)
	stats.Encrypted, stats.EncryptedEvicted = a.esp.Closed(maxEncrypted), a.esp.Evicted
	stats.Fill()
	switch {
	case out.err != nil:
		return stats, out.err
	case errors.Is(in.err, io.EOF):
		return stats, nil
	}
	return stats, in.err
}
