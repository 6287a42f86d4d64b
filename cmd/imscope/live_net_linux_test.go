package main

import (
	"bytes"
	"encoding/binary"
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

// realCore is a capture of a real core over IPv4, seedFlow one over IPv6.
const (
	realCore = "../../samples/real/real-two-phones.pcap"
	seedFlow = "../../samples/user-initiated.pcapng"
)

// tagged puts VLAN tags into a frame.
func tagged(frame []byte, tags ...uint32) []byte {
	out := append([]byte(nil), frame[:12]...)
	for _, t := range tags {
		out = binary.BigEndian.AppendUint32(out, t)
	}
	return append(out, frame[12:]...)
}

// fragmented cuts a UDP datagram over IPv4 or IPv6 into fragments of at most size bytes of payload, the last one first.
func fragmented(frame []byte, size int) [][]byte {
	const ether = 14
	ip := frame[ether:]
	switch binary.BigEndian.Uint16(frame[12:]) {
	case 0x0800:
		total := int(binary.BigEndian.Uint16(ip[2:]))
		if ip[9] != 17 || total <= 20+size || ip[0] != 0x45 || ip[6]&0x3f|ip[7] != 0 {
			return [][]byte{frame}
		}
		payload := ip[20:total]
		var out [][]byte
		for off := 0; off < len(payload); off += size {
			part := payload[off:min(off+size, len(payload))]
			f := append(append([]byte(nil), frame[:ether+20]...), part...)
			h := f[ether:]
			binary.BigEndian.PutUint16(h[2:], uint16(20+len(part)))
			flags := uint16(off / 8)
			if off+size < len(payload) {
				flags |= 0x2000
			}
			binary.BigEndian.PutUint16(h[6:], flags)
			binary.BigEndian.PutUint16(h[10:], 0)
			var sum uint32
			for i := 0; i < 20; i += 2 {
				sum += uint32(binary.BigEndian.Uint16(h[i:]))
			}
			for sum > 0xffff {
				sum = sum>>16 + sum&0xffff
			}
			binary.BigEndian.PutUint16(h[10:], ^uint16(sum))
			out = append([][]byte{f}, out...)
		}
		return out
	case 0x86dd:
		payload := ip[40:]
		if ip[6] != 17 || len(payload) <= size {
			return [][]byte{frame}
		}
		id := binary.BigEndian.Uint32(payload[len(payload)-4:])
		var out [][]byte
		for off := 0; off < len(payload); off += size {
			part := payload[off:min(off+size, len(payload))]
			f := append([]byte(nil), frame[:ether+40]...)
			binary.BigEndian.PutUint16(f[ether+4:], uint16(8+len(part)))
			f[ether+6] = 44
			flags := uint16(off)
			if off+size < len(payload) {
				flags |= 1
			}
			f = append(f, 17, 0)
			f = binary.BigEndian.AppendUint16(f, flags)
			f = binary.BigEndian.AppendUint32(f, id)
			out = append([][]byte{append(f, part...)}, out...)
		}
		return out
	}
	return [][]byte{frame}
}

// What is in tags and fragments is found as in a file, and what was saved tells the same again.
func TestLiveEncapsulations(t *testing.T) {
	each := func(f func([]byte) [][]byte) func([]timed) []timed {
		return func(list []timed) []timed {
			var out []timed
			for _, x := range list {
				for _, b := range f(x.data) {
					out = append(out, timed{x.at, b})
				}
			}
			return out
		}
	}
	for _, c := range []struct {
		name, capture string
		change        func([]timed) []timed
		path          string
	}{
		{"vlan", realCore, each(func(b []byte) [][]byte { return [][]byte{tagged(b, 0x81000000|10)} }), "vlan 10"},
		{"qinq", realCore, each(func(b []byte) [][]byte { return [][]byte{tagged(b, 0x88a80000|20, 0x81000000|10)} }), "vlan 20 / vlan 10"},
		{"fragments of IPv4", realCore, each(func(b []byte) [][]byte { return fragmented(b, 400) }), ""},
		{"fragments of IPv6", seedFlow, each(func(b []byte) [][]byte { return fragmented(b, 400) }), ""},
		{"fragments in a VLAN", seedFlow, each(func(b []byte) [][]byte {
			var out [][]byte
			for _, f := range fragmented(b, 640) {
				out = append(out, tagged(f, 0x81000000|4000))
			}
			return out
		}), "vlan 4000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := newNetwork(t, 1)
			dir := t.TempDir()
			beside := tcpdump(n, filepath.Join(dir, "tcpdump.pcap"), "r0")
			live := n.live("-i", "r0", "--format", "json", "-w", filepath.Join(dir, "saved.pcapng"))
			list := c.change(frames(t, c.capture))
			n.sender("l0").replay(t, list, 2*time.Millisecond)
			out, _ := live.end()
			beside()
			got := report(t, out)
			if p := paths(got); c.path != "" && !p[c.path] || c.path == "" && len(p) > 0 {
				t.Errorf("paths %v, want %q", p, c.path)
			}
			same(t, got, analyze(t, filepath.Join(dir, "tcpdump.pcap")))
			same(t, got, analyze(t, filepath.Join(dir, "saved.pcapng")))
			original := analyze(t, c.capture)
			if a, b := kinds(got), kinds(original); a != b {
				t.Errorf("de-registrations %s, in the capture %s", a, b)
			}
		})
	}
}

// same compares two reports except for the numbers of frames.
func same(t *testing.T, a, b map[string]any) {
	t.Helper()
	for _, r := range []map[string]any{a, b} {
		withoutFrames(r)
		stats := r["stats"].(map[string]any)
		delete(stats, "packets")
		delete(stats, "other_packets")
		delete(stats, "undecodable_packets")
	}
	if d := differ("", a, b); d != "" {
		t.Error(d)
	}
}

// paths collects the encapsulations of all hops.
func paths(v any) map[string]bool {
	out := map[string]bool{}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if p, ok := v["path"].(string); ok && p != "" {
				out[p] = true
			}
			for _, x := range v {
				walk(x)
			}
		case []any:
			for _, x := range v {
				walk(x)
			}
		}
	}
	walk(v)
	return out
}

// kinds lists the de-registrations of all users.
func kinds(r map[string]any) string {
	var list []string
	users, _ := r["users"].([]any)
	for _, u := range users {
		ds, _ := u.(map[string]any)["deregistrations"].([]any)
		for _, d := range ds {
			d := d.(map[string]any)
			list = append(list, fmt.Sprint(d["initiator"], " ", d["outcome"], " ", d["scope"]))
		}
	}
	return strings.Join(list, ", ")
}

// Two interfaces see different links of one core: their packets are told as one story, in order of time.
func TestLiveTwoInterfaces(t *testing.T) {
	n := newNetwork(t, 2)
	dir := t.TempDir()
	stop0 := tcpdump(n, filepath.Join(dir, "0.pcap"), "r0")
	stop1 := tcpdump(n, filepath.Join(dir, "1.pcap"), "r1")
	live := n.live("-i", "r0", "-i", "r1", "--format", "json")
	list := frames(t, realCore)
	s := []*sender{n.sender("l0"), n.sender("l1")}
	for _, f := range list {
		// By the last bytes of the addresses, so that both directions of a link take the same cable.
		which := (f.data[29] ^ f.data[33]) >> 1 & 1
		s[which].send(t, f.data)
		time.Sleep(time.Millisecond)
	}
	out, stderr := live.end()
	stop0()
	stop1()
	for _, name := range []string{"r0: ", "r1: "} {
		if !strings.Contains(stderr, name) || strings.Contains(stderr, name+"0 packets") {
			t.Errorf("nothing from %s: %s", name, stderr)
		}
	}
	same(t, report(t, out), analyze(t, dir))
}

// A kernel filter drops what it says, and any interface sees what a named one does.
func TestLiveFilter(t *testing.T) {
	n := newNetwork(t, 1)
	list := frames(t, realCore)
	for _, c := range []struct {
		args        []string
		none, warns bool
	}{
		{[]string{"-i", "any"}, false, false},
		{[]string{"-i", "r0", "udp port 5060 or tcp port 5060 or udp port 4060 or udp port 6060 or tcp port 3868"}, false, true},
		{[]string{"-i", "r0", "udp port 9"}, true, true},
		{[]string{"-i", "r0", "not udp"}, true, true},
		{[]string{"-i", "r0", "-s", "30"}, true, false},
	} {
		live := n.live(append(c.args, "--format", "json")...)
		n.sender("l0").replay(t, list, time.Millisecond)
		out, stderr := live.end()
		got := report(t, out)
		if k := kinds(got); (k == "") != c.none {
			t.Errorf("%v: de-registrations %q", c.args, k)
		}
		if strings.Contains(stderr, "all but the first fragment") != c.warns {
			t.Errorf("%v: %s", c.args, stderr)
		}
	}
	// What tcpdump compiled.
	if ddd, err := exec.Command("tcpdump", "-y", "EN10MB", "-ddd", "udp").Output(); err == nil {
		path := filepath.Join(t.TempDir(), "udp.bpf")
		if err := os.WriteFile(path, ddd, 0o644); err != nil {
			t.Fatal(err)
		}
		live := n.live("-i", "r0", "--bpf-file", path, "--format", "json")
		n.sender("l0").replay(t, list, time.Millisecond)
		out, _ := live.end()
		if got := report(t, out); kinds(got) == "" {
			t.Error("nothing through the program of tcpdump")
		}
	}
}

// On the loopback interface every packet is seen leaving and coming; it counts once.
func TestLiveLoopback(t *testing.T) {
	n := newNetwork(t, 1)
	live := n.live("-i", "lo", "--format", "json")
	msg := "REGISTER sip:home1.fr SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:a@home1.fr>;tag=1\r\nTo: <sip:a@home1.fr>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\nContact: <sip:a@127.0.0.1>\r\nContent-Length: 0\r\n\r\n"
	send := exec.Command("ip", "netns", "exec", n.right, "bash", "-c", "cat > /dev/udp/127.0.0.1/5060")
	send.Stdin = strings.NewReader(msg)
	if out, err := send.CombinedOutput(); err != nil {
		t.Skipf("no bash with /dev/udp: %v %s", err, out)
	}
	out, _ := live.end()
	if got := report(t, out)["stats"].(map[string]any)["sip_messages"]; got != 1.0 {
		t.Errorf("%v messages", got)
	}
}

// What the kernel cannot hand over is counted and said.
func TestLiveDrops(t *testing.T) {
	n := newNetwork(t, 1)
	live := n.live("-i", "r0", "-B", "1MiB")
	time.Sleep(100 * time.Millisecond)
	pid := child(t, live.cmd.Process.Pid)
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	s, sent := n.sender("l0"), 0
	for range 20 {
		for _, f := range frames(t, realCore) {
			s.send(t, f.data)
			sent++
		}
	}
	syscall.Kill(pid, syscall.SIGCONT)
	live.await(&live.stderr, "too fast")
	_, stderr := live.end()
	var taken, dropped int
	for _, line := range strings.Split(stderr, "\n") {
		if strings.Contains(line, "imscope: r0: ") {
			line = strings.ReplaceAll(line, ",", "")
			if _, err := fmt.Sscanf(line, "imscope: r0: %d packets %d dropped by the kernel", &taken, &dropped); err != nil {
				t.Fatal(err, line)
			}
		}
	}
	if dropped == 0 || taken+dropped != sent {
		t.Errorf("sent %d, taken %d, dropped %d:\n%s", sent, taken, dropped, stderr)
	}
}

// child is the process that ip netns exec became: itself, since it executes the command.
func child(t *testing.T, pid int) int {
	t.Helper()
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	if err != nil || strings.TrimSpace(string(name)) != "imscope" {
		t.Fatalf("process %d is %q (%v)", pid, name, err)
	}
	return pid
}

// A cable that is pulled out and put in again.
func TestLiveInterfaceDownAndUp(t *testing.T) {
	for _, args := range [][]string{{"-i", "r0"}, {"-i", "r0", "-i", "lo"}} {
		n := newNetwork(t, 1)
		live := n.live(append(args, "--format", "json")...)
		n.ip("-n", n.right, "link", "set", "r0", "down")
		live.await(&live.stderr, "r0 went down")
		n.ip("-n", n.right, "link", "set", "r0", "up")
		live.await(&live.stderr, "r0 is up")
		n.sender("l0").replay(t, frames(t, realCore), time.Millisecond)
		out, stderr := live.end()
		if kinds(report(t, out)) == "" {
			t.Errorf("%v: nothing after the interface came up: %s", args, stderr)
		}
	}
}

// An interface that is removed and made anew under its name, as tunnels are.
func TestLiveInterfaceMadeAnew(t *testing.T) {
	n := newNetwork(t, 1)
	live := n.live("-i", "r0", "-i", "lo", "--format", "json")
	n.ip("-n", n.right, "link", "del", "r0")
	live.await(&live.stderr, "r0 is gone")
	n.ip("link", "add", "l0", "netns", n.left, "type", "veth", "peer", "name", "r0", "netns", n.right)
	n.ip("-n", n.left, "link", "set", "l0", "up")
	n.ip("-n", n.right, "link", "set", "r0", "up")
	live.await(&live.stderr, "r0 was made anew and is captured from again")
	n.sender("l0").replay(t, frames(t, realCore), time.Millisecond)
	out, stderr := live.end()
	if kinds(report(t, out)) == "" {
		t.Errorf("nothing from the new interface: %s", stderr)
	}
}

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
	if err != nil || len(left) != 3 || strings.Contains(stderr, " 0 packets in") {
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
