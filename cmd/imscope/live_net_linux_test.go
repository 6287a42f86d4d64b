package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// realCore is a capture of a real core over IPv4, seedFlow one over IPv6.
const (
	realCore = "../../samples/real/real-two-phones.pcap"
	seedFlow = "../../samples/user-initiated.pcapng"
)

// same compares two reports except for the numbers of frames, and for what was missed until the capture ended: on a busy
// machine live ends later.
func same(t *testing.T, a, b map[string]any) {
	t.Helper()
	for _, r := range []map[string]any{a, b} {
		withoutFrames(r)
		findings, _ := r["findings"].([]any)
		r["findings"] = slices.DeleteFunc(findings, func(f any) bool {
			doubt, _ := f.(map[string]any)["doubt"].(string)
			return strings.Contains(doubt, "the capture ends")
		})
		stats := r["stats"].(map[string]any)
		delete(stats, "packets")
		delete(stats, "other_packets")
		delete(stats, "undecodable_packets")
	}
	if d := differ("", a, b); d != "" {
		t.Error(d)
	}
}

// Two interfaces see different links of one core: their packets are told as one story, in order of time.
func TestLiveTwoInterfaces(t *testing.T) {
	n := newNetwork(t, 2)
	dir := t.TempDir()
	dump0 := tcpdump(n, filepath.Join(dir, "0.pcap"), "r0")
	dump1 := tcpdump(n, filepath.Join(dir, "1.pcap"), "r1")
	saved := filepath.Join(t.TempDir(), "saved.pcapng")
	live := n.live("-i", "r0", "-i", "r1", "--format", "json", "-w", saved)
	list := frames(t, realCore)
	s := []*sender{n.sender("l0"), n.sender("l1")}
	var sent [2]int
	for _, f := range list {
		// By the last bytes of the addresses, so that both directions of a link take the same cable.
		which := (f.data[29] ^ f.data[33]) >> 1 & 1
		s[which].send(t, f.data)
		sent[which]++
		time.Sleep(time.Millisecond)
	}
	awaitSaved(t, saved, messages(analyze(t, realCore)))
	out, stderr := live.end()
	dump0.end(sent[0])
	dump1.end(sent[1])
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
