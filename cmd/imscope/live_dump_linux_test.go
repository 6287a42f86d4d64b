package main

import (
	"context"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"imscope/decode/capture"
)

// dump is a tcpdump that captures beside live.
type dump struct {
	t    *testing.T
	path string
	cmd  *exec.Cmd
}

// tcpdump captures in the right namespace until it is ended.
func tcpdump(n *network, path, iface string, args ...string) *dump {
	n.t.Helper()
	if _, err := exec.LookPath("tcpdump"); err != nil {
		n.t.Skip("tcpdump is not installed")
	}
	args = append([]string{"netns", "exec", n.right, "tcpdump", "--nano", "-U", "-Z", "root", "-s", "0", "-i", iface, "-w", path}, args...)
	cmd := exec.Command("ip", args...)
	var stderr buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		n.t.Fatal(err)
	}
	n.t.Cleanup(func() { _ = cmd.Process.Kill() })
	for deadline := time.Now().Add(5 * time.Second); !strings.Contains(stderr.String(), "listening on"); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			n.t.Fatalf("tcpdump: %s", stderr.String())
		}
	}
	return &dump{n.t, path, cmd}
}

// end waits until so many frames are in the file: tcpdump hands them over in blocks, a second late.
func (d *dump) end(frames int) {
	d.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		n := d.frames()
		if n >= frames {
			break
		}
		if time.Now().After(deadline) {
			d.t.Fatalf("tcpdump has %d of %d frames", n, frames)
		}
	}
	_ = d.cmd.Process.Signal(syscall.SIGINT)
	_ = d.cmd.Wait()
}

// frames counts what is in the file by now, whose last record may be half written.
func (d *dump) frames() (n int) {
	set, err := capture.Open(context.Background(), []string{d.path}, capture.Options{})
	if err != nil {
		return 0
	}
	defer set.Close()
	for {
		b, err := set.Next(context.Background())
		if err != nil {
			return n
		}
		n += len(b.Packets)
		b.Release()
	}
}
