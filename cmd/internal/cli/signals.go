package cli

import (
	"context"
	"io"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

// stopSignals are the signals that end a command in order.
var stopSignals = []os.Signal{os.Interrupt, syscall.SIGTERM}

// pipedInput is standard input where another program writes into it. Ctrl-C reaches both ends of a pipeline: what the
// other one still writes before it ends is to be read, and told of.
type pipedInput struct {
	r     io.Reader
	state atomic.Int32
}

const (
	pipeIdle    = iota // nobody has asked for it
	pipeReading        // somebody waits for it, or works on what came
	pipeEnded
)

func (p *pipedInput) Read(b []byte) (int, error) {
	p.state.CompareAndSwap(pipeIdle, pipeReading)
	n, err := p.r.Read(b)
	if err != nil {
		p.state.Store(pipeEnded)
	}
	return n, err
}

// is reports the state of a pipe, which is nil where there is none.
func (p *pipedInput) is(state int32) bool { return p != nil && p.state.Load() == state }

const (
	// patience is how long after an interrupt a pipe may go on until a person is told what is waited for.
	patience = time.Second
	// together is how soon another signal is the same one: timeout(1) sends to the process and to its group, a terminal to
	// the shell as well, which passes it on. No finger is as fast.
	together = 100 * time.Millisecond
)

// onSignal lets signals end the context until stop is called: the first one, but for an interrupt of a command that reads
// a pipe, which ends with the pipe. Another one ends the process at once if the first has not.
func onSignal(cancel context.CancelCauseFunc, pipe *pipedInput, stderr io.Writer) (stop func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, stopSignals...)
	done := make(chan struct{})
	go func() {
		defer signal.Stop(signals)
		var late, over <-chan time.Time
		var last time.Time
		var before syscall.Signal
		for {
			select {
			case got := <-signals:
				sig, _ := got.(syscall.Signal)
				if sig == before && time.Since(last) < together {
					continue
				}
				before, last = sig, time.Now()
				if sig == syscall.SIGINT && late == nil && pipe != nil && !pipe.is(pipeIdle) {
					late = time.After(patience)
					continue
				}
				cancel(&signalError{sig})
				over = time.After(together)
			case <-over:
				return
			case <-late:
				if pipe.is(pipeReading) {
					say(stderr, "reading standard input to its end; another interrupt ends without a result")
				}
			case <-done:
				return
			}
		}
	}()
	return func() { close(done) }
}
