package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"imscope/correlate"
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

// run runs a command line away from any terminal.
func run(t *testing.T, in io.Reader, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	s := &Streams{In: in, Out: &out, Err: &errs, Width: func() int { return 0 }, Getenv: func(string) string { return "" }}
	code = Main(args, s)
	return code, out.String(), errs.String()
}

func TestExit(t *testing.T) {
	stopped, cancel := context.WithCancelCause(t.Context())
	cancel(&signalError{syscall.SIGTERM})
	for _, c := range []struct {
		ctx    context.Context
		err    error
		code   int
		stderr string
	}{
		{t.Context(), nil, 0, ""},
		{t.Context(), fmt.Errorf("cannot write the report: %w", syscall.EPIPE), 0, ""},
		{t.Context(), errFindings, 1, ""},
		{t.Context(), errReported, 3, ""},
		{t.Context(), &usageError{"imscope analyze", errors.New("no such flag")}, 2, "imscope: no such flag\nTry 'imscope analyze --help'.\n"},
		{t.Context(), errors.Join(errors.New("a: empty"), errors.New("b: empty")), 3, "imscope: a: empty\nimscope: b: empty\n"},
		{t.Context(), errors.New("evil\x1b[2Jname\r"), 3, "imscope: evil\\x1b[2Jname\\r\n"},
		{stopped, context.Canceled, 143, ""},
		{stopped, nil, 143, ""},
	} {
		var b bytes.Buffer
		if code := exit(c.ctx, &b, c.err); code != c.code || b.String() != c.stderr {
			t.Errorf("%v: %d %q, want %d %q", c.err, code, b.String(), c.code, c.stderr)
		}
	}
}

// TestHostileArguments: what a shell script passes on from elsewhere stays harmless in messages.
func TestHostileArguments(t *testing.T) {
	for _, args := range [][]string{{"\x1b]0;x\x07"}, {"analyze", "\x1b[2J\r\n.pcap"}, {"analyze", "--\x1b[2J"}, {"help", "\x1b"}} {
		code, out, errs := run(t, nil, args...)
		if code == 0 || out != "" || strings.ContainsAny(errs, "\x1b\r\x07") {
			t.Errorf("%q: %d %q %q", args, code, out, errs)
		}
	}
}

// endless gives a pcap header, then a signal to the process, then nothing for ever.
type endless struct {
	head []byte
	once sync.Once
	wait chan struct{}
}

func (r *endless) Read(p []byte) (int, error) {
	if len(r.head) > 0 {
		n := copy(p, r.head)
		r.head = r.head[n:]
		return n, nil
	}
	r.once.Do(func() {
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Signal(os.Interrupt)
		}
		if err != nil {
			panic(err)
		}
	})
	<-r.wait
	return 0, io.EOF
}

// TestInterrupt: Ctrl-C ends a command that waits for input, with nothing on standard output.
func TestInterrupt(t *testing.T) {
	if os.PathSeparator == '\\' {
		t.Skip("a process cannot interrupt itself here")
	}
	for _, verb := range []string{"analyze", "messages"} {
		in := &endless{wait: make(chan struct{}), head: []byte("\xd4\xc3\xb2\xa1\x02\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x04\x00\x01\x00\x00\x00")}
		done := make(chan struct{})
		go func() {
			defer close(done)
			if code, out, errs := run(t, in, verb, "-"); code != 130 || out != "" || errs != "" {
				t.Errorf("%s: %d %q %q", verb, code, out, errs)
			}
		}()
		select {
		case <-done:
		case <-time.After(20 * time.Second):
			t.Fatal("goes on for ever")
		}
		close(in.wait)
	}
}

func TestTerminalIsNoCapture(t *testing.T) {
	var errs bytes.Buffer
	s := &Streams{In: strings.NewReader(""), Out: io.Discard, Err: &errs, InTerminal: true, Width: func() int { return 0 }, Getenv: func(string) string { return "" }}
	if code := Main([]string{"analyze", "-"}, s); code != 3 || errs.String() != "imscope: standard input is a terminal, not a capture\n" {
		t.Errorf("%d %q", code, errs.String())
	}
}

func TestFails(t *testing.T) {
	rep := correlate.NewReport(0, nil)
	rep.Findings = []finding.Finding{{Severity: problem.Info}, {Severity: problem.Warning}}
	for failOn, want := range map[string]bool{"never": false, "info": true, "warning": true, "error": false} {
		if got := fails(rep, failOn); got != want {
			t.Errorf("--fail-on %s: %v", failOn, got)
		}
	}
	if fails(correlate.NewReport(0, nil), "info") {
		t.Error("no finding fails")
	}
}

// lockedBuffer may be written by another goroutine.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestProgress(t *testing.T) {
	var out lockedBuffer
	stop := progress(&out, time.Hour, func() (int64, int64) { t.Error("asked before its time"); return 0, 0 })
	stop()
	if out.String() != "" {
		t.Errorf("a short command shows %q", out.String())
	}
	for _, total := range []int64{1000, 0} {
		var asked atomic.Int64
		shown := make(chan struct{})
		stop := progress(&out, 0, func() (int64, int64) {
			if asked.Add(1) == 2 {
				close(shown)
			}
			return 400, total
		})
		<-shown
		stop()
		if !strings.Contains(out.String(), "reading") {
			t.Errorf("of %d: %q", total, out.String())
		}
	}
	for _, c := range []struct {
		read, total int64
		since       time.Duration
		want        string
	}{
		{20 << 30, 0, time.Second, "reading 21.5 GB, 21.5 GB/s"},
		{999_999, 0, 2 * time.Second, "reading 1 MB, 500 kB/s"},
		{0, 1000, time.Second, "reading 0 B, 0 B/s"},
		{250, 1000, 3 * time.Second, "reading 25 %, 9 s left"},
		{10, 100_000, time.Minute, "reading 0 %, 9999 min left"},
		{2000, 1000, time.Minute, "reading 100 %, 0 s left"},
	} {
		if got := progressLine(c.read, c.total, c.since); got != c.want || len(got) >= 30 {
			t.Errorf("%d of %d: %q, want %q", c.read, c.total, got, c.want)
		}
	}
	if s := out.String(); !strings.HasSuffix(strings.TrimRight(s, " "), "\r") {
		t.Errorf("the bar stays: %q", s[max(0, len(s)-80):])
	}
}
