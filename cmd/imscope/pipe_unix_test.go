//go:build unix

package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// piped is a command that reads a pipe.
type piped struct {
	*process
	in io.WriteCloser
}

func startPiped(t *testing.T, args ...string) *piped {
	t.Helper()
	p := &piped{process: &process{t: t, cmd: exec.Command("imscope", args...)}}
	p.cmd.Stdout, p.cmd.Stderr = &p.stdout, &p.stderr
	in, err := p.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.in = in
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	return p
}

// feed writes into the pipe. What does not fit into it has been read when feed returns.
func (p *piped) feed(b []byte) {
	p.t.Helper()
	if _, err := p.in.Write(b); err != nil {
		p.t.Fatal(err)
	}
}

func (p *piped) signal(sig os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(sig); err != nil {
		p.t.Fatal(err)
	}
}

// wait gives the exit code.
func (p *piped) wait() int {
	p.t.Helper()
	done := make(chan struct{})
	go func() { _ = p.cmd.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		p.t.Fatal("goes on for ever")
	}
	return p.cmd.ProcessState.ExitCode()
}

// Ctrl-C in a pipeline ends what feeds the pipe, and what came until then is told. A second one ends imscope.
func TestInterruptEndsThePipe(t *testing.T) {
	capture, err := os.ReadFile("../../samples/real/real-two-phones.pcap")
	if err != nil {
		t.Fatal(err)
	}
	half := len(capture) - 10_000
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"analyze", "-"}, "1 user"},
		{[]string{"analyze", "--stream", "-"}, "DE-REGISTRATION"},
		{[]string{"analyze", "--redact", "--redact-key", "k", "-"}, "1 user"},
		{[]string{"messages", "-"}, "REGISTER"},
		{[]string{"stats", "-"}, "1 user"},
		{[]string{"report", "-", "-o", "-"}, "</html>"},
		{[]string{"extract", "-", "--all", "-w", "-"}, "REGISTER"},
	} {
		whole := startPiped(t, c.args...)
		whole.feed(capture)
		whole.in.Close()
		whole.wait()

		p := startPiped(t, c.args...)
		p.feed(capture[:half])
		p.signal(os.Interrupt)
		time.Sleep(20 * time.Millisecond)
		p.feed(capture[half:])
		p.in.Close()
		code, out := p.wait(), p.stdout.String()
		if code != 0 || !strings.Contains(out, c.want) || out != whole.stdout.String() {
			t.Errorf("%v: %d, %d bytes of %d: %.200q\n%s", c.args, code, len(out), len(whole.stdout.String()), out, p.stderr.String())
		}
	}
	p := startPiped(t, "analyze", "-")
	p.feed(capture[:half])
	p.signal(os.Interrupt)
	p.signal(os.Interrupt) // at once: the same one
	p.awaitText("another interrupt ends without a result")
	p.signal(os.Interrupt)
	if code := p.wait(); code != 130 || p.stdout.String() != "" {
		t.Errorf("interrupted twice: %d %.200q", code, p.stdout.String())
	}
	p = startPiped(t, "analyze", "-")
	p.feed(capture[:half])
	p.signal(syscall.SIGTERM)
	if code := p.wait(); code != 143 || p.stdout.String() != "" {
		t.Errorf("ended: %d %.200q", code, p.stdout.String())
	}
}

// Messages of a pipe are listed while it goes on.
func TestMessagesOfAPipe(t *testing.T) {
	capture, err := os.ReadFile("../../samples/real/real-two-phones.pcap")
	if err != nil {
		t.Fatal(err)
	}
	p := startPiped(t, "messages", "-")
	p.feed(capture[:100_000])
	for deadline := time.Now().Add(10 * time.Second); !strings.Contains(p.stdout.String(), "REGISTER"); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nothing is listed before the end")
		}
	}
	p.in.Close()
	p.wait()
}

// A named pipe that nobody writes into is waited for until a signal comes.
func TestNamedPipeWithoutWriter(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"analyze", fifo}, {"messages", fifo}, {"stats", fifo}, {"report", fifo, "-o", filepath.Join(t.TempDir(), "x.html")}} {
		p := startPiped(t, args...)
		time.Sleep(200 * time.Millisecond) // until it waits; before it the signal ends it as well
		p.signal(os.Interrupt)
		if code := p.wait(); code != 130 && code != -1 {
			t.Errorf("%v: %d", args, code)
		}
	}
}

// A report is made of what a named pipe gave, once.
func TestReportOfANamedPipe(t *testing.T) {
	dir := t.TempDir()
	fifo, page := filepath.Join(dir, "fifo"), filepath.Join(dir, "page.html")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	p := startPiped(t, "report", fifo, "-o", page)
	capture, err := os.ReadFile("../../samples/user-initiated.pcapng")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(fifo, capture, 0); err != nil {
		t.Fatal(err)
	}
	code := p.wait()
	b, err := os.ReadFile(page)
	if code != 0 || err != nil || !bytes.Contains(b, []byte("a pipe can be read only once")) || !strings.Contains(p.stderr.String(), "no texts of messages") {
		t.Errorf("%d %v: %s", code, err, p.stderr.String())
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Who sends a signal to a process and to its group sends it twice: the run ends in order all the same.
func TestSignalsTogether(t *testing.T) {
	for range 5 {
		p := start(t, "imscope", "live", "--user-id", "root", "--follow", "../../samples/user-initiated.pcapng", "--from-start")
		time.Sleep(300 * time.Millisecond)
		for range 3 {
			if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			time.Sleep(100 * time.Microsecond)
		}
		if err := p.cmd.Wait(); err != nil || !strings.Contains(p.stdout.String(), "1 user ") {
			t.Fatalf("%v: %.300q %s", err, p.stdout.String(), p.stderr.String())
		}
	}
}
