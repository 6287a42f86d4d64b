package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"

	"imscope/render"
)

// Exit codes. Nothing outside this file knows their numbers.
const (
	exitDone     = 0   // whatever was asked for
	exitFindings = 1   // a finding at or above --fail-on
	exitUsage    = 2   // wrong usage
	exitInput    = 3   // an input that cannot be read or is no capture, an output that cannot be written
	exitSignal   = 128 // plus the number of the signal that ended it
)

// errFindings says that there was a finding at or above --fail-on; it needs no words.
var errFindings = errors.New("findings")

// errReported says that an input could not be read and that standard error holds the reason already.
var errReported = errors.New("reported")

// usageError is wrong usage of the command at path.
type usageError struct {
	path string
	err  error
}

func (e *usageError) Error() string { return e.err.Error() }

func (e *usageError) Unwrap() error { return e.err }

// signalError says that a signal ended the command.
type signalError struct{ sig syscall.Signal }

func (e *signalError) Error() string { return "received " + e.sig.String() }

// exit prints what there is to say about an error and gives its exit code.
func exit(ctx context.Context, stderr io.Writer, err error) int {
	if errors.Is(err, errEnded) {
		return exitDone
	}
	if cause, ok := errors.AsType[*signalError](context.Cause(ctx)); ok {
		return exitSignal + int(cause.sig)
	}
	usage, isUsage := errors.AsType[*usageError](err)
	switch {
	case err == nil, errors.Is(err, syscall.EPIPE), errors.Is(err, io.ErrClosedPipe):
		return exitDone // who closed the pipe has seen enough
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.Is(err, errReported):
		return exitInput
	case isUsage:
		for _, line := range strings.Split(err.Error(), "\n") {
			say(stderr, "%s", line)
		}
		fmt.Fprintf(stderr, "Try '%s --help'.\n", usage.path)
		return exitUsage
	}
	for _, line := range strings.Split(err.Error(), "\n") {
		say(stderr, "%s", line)
	}
	return exitInput
}

// say writes one line to standard error. File names and other people's words are made harmless.
func say(stderr io.Writer, format string, args ...any) {
	fmt.Fprintf(stderr, "imscope: %s\n", render.Escape(fmt.Sprintf(format, args...)))
}

// interruptible is a writer that stops when its context does.
type interruptible struct {
	ctx context.Context
	w   io.Writer
}

func (w interruptible) Write(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.w.Write(p)
}
