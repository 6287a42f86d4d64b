package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A full disk: it is said once, what was written stays readable, writing goes on when there is room.
func TestLiveFullDisk(t *testing.T) {
	n := newNetwork(t, 1)
	dir := filepath.Join(t.TempDir(), "small")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=64k,mode=777"); err != nil {
		t.Skipf("cannot mount a small disk: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	path := filepath.Join(dir, "saved.pcapng")
	live := n.live("-i", "r0", "--format", "json", "-w", path)
	s := n.sender("l0")
	list := frames(t, realCore)
	s.replay(t, list, time.Millisecond)
	live.await(&live.stderr, "no space left on device; what was written until now is complete")
	before := analyze(t, path)["stats"].(map[string]any)["sip_messages"].(float64)
	if before == 0 {
		t.Error("nothing was written before the disk was full")
	}
	if err := unix.Mount("", dir, "", unix.MS_REMOUNT, "size=16m"); err != nil {
		t.Fatal(err)
	}
	live.await(&live.stderr, "written again")
	out, stderr := live.end()
	if strings.Count(stderr, "no space left") != 1 {
		t.Errorf("it is not said once: %s", stderr)
	}
	same(t, report(t, out), analyze(t, path))
	if info := captured(t, path); info["truncated"] == true {
		t.Error("the file is cut")
	}
}

// captured gives what a report says of its only capture.
func captured(t *testing.T, path string) map[string]any {
	t.Helper()
	out, err := exec.Command("imscope", "analyze", "--format", "json", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	var v struct{ Captures []map[string]any }
	decodeJSON(t, out, &v)
	return v.Captures[0]
}

// SIGHUP opens outputs anew, rotation begins others and removes the oldest.
func TestLiveRotation(t *testing.T) {
	n := newNetwork(t, 1)
	dir := openDir(t)
	lines, saved := filepath.Join(dir, "lines"), filepath.Join(dir, "saved.pcapng")
	live := n.live("-i", "r0", "--format", "ndjson", "-o", lines, "-w", saved)
	s, list := n.sender("l0"), frames(t, realCore)
	s.replay(t, list[:len(list)/2], time.Millisecond)
	time.Sleep(200 * time.Millisecond)
	for _, path := range []string{lines, saved} {
		if err := os.Rename(path, path+".1"); err != nil {
			t.Fatal(err)
		}
	}
	live.cmd.Process.Signal(syscall.SIGHUP)
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(saved); err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the file was not opened anew")
		}
	}
	s.replay(t, list[len(list)/2:], time.Millisecond)
	live.end()
	var messages float64
	for _, path := range []string{saved + ".1", saved} {
		messages += analyze(t, path)["stats"].(map[string]any)["sip_messages"].(float64)
	}
	if want := analyze(t, realCore)["stats"].(map[string]any)["sip_messages"].(float64); messages != want {
		t.Errorf("%v messages in two files, %v were sent", messages, want)
	}
	for _, path := range []string{lines + ".1", lines} {
		if b, err := os.ReadFile(path); err != nil || !bytes.Contains(b, []byte(`{"type":"event"`)) || !bytes.HasSuffix(b, []byte("}\n")) {
			t.Errorf("%s: %v %.100s", path, err, b)
		}
	}

	ring := filepath.Join(dir, "ring")
	if err := os.Mkdir(ring, 0o777); err != nil {
		t.Fatal(err)
	}
	os.Chmod(ring, 0o777)
	live = n.live("-i", "r0", "-w", filepath.Join(ring, "r.pcapng"), "--rotate-size", "16KiB", "--keep", "3")
	s.replay(t, list, 2*time.Millisecond)
	_, stderr := live.end()
	left, err := filepath.Glob(filepath.Join(ring, "r_*.pcapng"))
	if err != nil || len(left) != 3 || strings.Contains(stderr, " 0 packets in") || !strings.Contains(stderr, " files, the last 3 of them kept\n") {
		t.Errorf("%v %v\n%s", left, err, stderr)
	}
	for _, path := range left {
		if captured(t, path)["truncated"] == true {
			t.Errorf("%s is cut", path)
		}
	}
}

// The one right that is needed, and what is left of it.
func TestLiveRights(t *testing.T) {
	n := newNetwork(t, 1)
	for _, tool := range []string{"setcap", "setpriv"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	dir := openDir(t)
	program := filepath.Join(dir, "imscope")
	copyProgram(t, program)
	nobody := []string{"ip", "netns", "exec", n.right, "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", program, "live", "-i", "r0", "--format", "json"}

	out, err := exec.Command(nobody[0], nobody[1:]...).CombinedOutput()
	if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != 3 || !strings.Contains(string(out), "no permission to capture") ||
		!strings.Contains(string(out), "sudo setcap cap_net_raw=ep "+program) {
		t.Errorf("without rights: %v\n%s", err, out)
	}
	if out, err := exec.Command("setcap", "cap_net_raw=ep", program).CombinedOutput(); err != nil {
		t.Skipf("setcap: %v: %s", err, out)
	}
	for _, start := range [][]string{nobody, {"ip", "netns", "exec", n.right, "imscope", "live", "-i", "r0", "--format", "json"}} {
		live := startLive(t, start...)
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", child(t, live.cmd.Process.Pid)))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"Uid:\t65534\t65534\t65534\t65534", "Gid:\t65534\t65534\t65534\t65534", "CapEff:\t0000000000000000",
			"CapPrm:\t0000000000000000", "NoNewPrivs:\t1"} {
			if usesCgo() && (want == "NoNewPrivs:\t1" || start[3] == "setpriv" || len(start) > 4 && start[4] == "setpriv") {
				continue // cannot be told to all threads
			}
			if !strings.Contains(string(status), want) {
				t.Errorf("%v: no %q in\n%s", start[4:], want, status)
			}
		}
		n.sender("l0").replay(t, frames(t, realCore), time.Millisecond)
		out, stderr := live.end()
		if kinds(report(t, out)) == "" {
			t.Errorf("%v: nothing captured: %s", start[4:], stderr)
		}
	}
}

// openDir makes a directory that everybody may write to.
func openDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, d := range []string{dir, filepath.Dir(dir)} {
		if err := os.Chmod(d, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// usesCgo reports whether the program under test was built with cgo.
func usesCgo() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.ContainsFunc(info.Settings, func(s debug.BuildSetting) bool { return s.Key == "CGO_ENABLED" && s.Value == "1" })
}

// copyProgram makes a program that is imscope by its name.
func copyProgram(t *testing.T, path string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(self)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

// Who cannot rotate where the file is to be says so, and leaves no file behind.
func TestLiveCannotRotate(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root becomes somebody else")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("imscope", "live", "--follow", seedFlow, "-w", filepath.Join(dir, "a.pcapng"), "--rotate-size", "1MiB").CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 3 || !strings.Contains(string(out), "chown the directory") {
		t.Errorf("%v\n%s", err, out)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
