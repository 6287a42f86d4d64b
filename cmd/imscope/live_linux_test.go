package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"imscope/decode/capture"
)

// network is a pair of network namespaces joined by cables: what is sent at one end is captured at the other.
type network struct {
	t           *testing.T
	left, right string // namespaces
}

// newNetwork makes namespaces with so many cables, l0 to r0 and so on, or skips.
func newNetwork(t *testing.T, cables int) *network {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("network namespaces need root")
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("network namespaces need the ip command of iproute2")
	}
	id := fmt.Sprintf("ims%d%d", os.Getpid()%100000, time.Now().UnixNano()%1000)
	n := &network{t: t, left: id + "l", right: id + "r"}
	if out, err := exec.Command("ip", "netns", "add", n.left).CombinedOutput(); err != nil {
		t.Skipf("no network namespaces here: %v: %s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command("ip", "netns", "del", n.left).Run() })
	n.ip("netns", "add", n.right)
	t.Cleanup(func() { _ = exec.Command("ip", "netns", "del", n.right).Run() })
	for _, ns := range []string{n.left, n.right} {
		n.ip("-n", ns, "link", "set", "lo", "up")
		// No neighbour discovery among the frames that are counted.
		n.run("ip", "netns", "exec", ns, "sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1")
	}
	for i := range cables {
		l, r := fmt.Sprint("l", i), fmt.Sprint("r", i)
		n.ip("link", "add", l, "netns", n.left, "type", "veth", "peer", "name", r, "netns", n.right)
		n.ip("-n", n.left, "link", "set", l, "mtu", "9000", "up")
		n.ip("-n", n.right, "link", "set", r, "mtu", "9000", "up")
	}
	return n
}

func (n *network) ip(args ...string) { n.t.Helper(); n.run("ip", args...) }

func (n *network) run(name string, args ...string) {
	n.t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		n.t.Fatalf("%s %s: %v: %s", name, strings.Join(args, " "), err, out)
	}
}

// sender sends frames into a cable.
type sender struct{ fd int }

func (n *network) sender(iface string) *sender {
	n.t.Helper()
	type result struct {
		fd  int
		err error
	}
	c := make(chan result)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with its namespace
		fd, err := func() (int, error) {
			ns, err := os.Open("/run/netns/" + n.left)
			if err != nil {
				return 0, err
			}
			defer ns.Close()
			if err := unix.Setns(int(ns.Fd()), unix.CLONE_NEWNET); err != nil {
				return 0, err
			}
			i, err := net.InterfaceByName(iface)
			if err != nil {
				return 0, err
			}
			fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
			if err != nil {
				return 0, err
			}
			return fd, unix.Bind(fd, &unix.SockaddrLinklayer{Ifindex: i.Index})
		}()
		c <- result{fd, err}
	}()
	r := <-c
	if r.err != nil {
		n.t.Fatal(r.err)
	}
	n.t.Cleanup(func() { unix.Close(r.fd) })
	return &sender{r.fd}
}

func (s *sender) send(t *testing.T, frames ...[]byte) {
	t.Helper()
	for _, f := range frames {
		for {
			_, err := unix.Write(s.fd, f)
			if err == unix.ENOBUFS || err == unix.EINTR {
				time.Sleep(time.Millisecond)
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			break
		}
	}
}

// timed is a frame of a capture.
type timed struct {
	at   time.Duration // since the first frame
	data []byte
}

// frames reads a capture as Ethernet frames.
func frames(t *testing.T, path string) []timed {
	t.Helper()
	set, err := capture.Open(context.Background(), []string{path}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	var list []timed
	var first int64
	for {
		b, err := set.Next(context.Background())
		if err == io.EOF {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range b.Packets {
			if first == 0 {
				first = p.Time
			}
			data := bytes.Clone(p.Data)
			switch p.Link {
			case capture.LinkEthernet:
			case capture.LinkLinuxSLL:
				data = append(append(make([]byte, 12), data[14:16]...), data[16:]...)
			case capture.LinkLinuxSLL2:
				data = append(append(make([]byte, 12), data[:2]...), data[20:]...)
			default:
				t.Fatalf("%s: link type %v", path, p.Link)
			}
			list = append(list, timed{time.Duration(p.Time - first), data})
		}
		b.Release()
	}
}

// replay sends frames as they were captured, but waits no longer than most between two.
func (s *sender) replay(t *testing.T, list []timed, most time.Duration) {
	t.Helper()
	for i, f := range list {
		if i > 0 {
			time.Sleep(min(max(f.at-list[i-1].at, 0), most))
		}
		s.send(t, f.data)
	}
}

// liveProcess is a running imscope live.
type liveProcess struct {
	t              *testing.T
	cmd            *exec.Cmd
	stdout, stderr buffer
}

// live starts imscope live in the right namespace and waits until it listens.
func (n *network) live(args ...string) *liveProcess {
	n.t.Helper()
	return startLive(n.t, append([]string{"ip", "netns", "exec", n.right, "imscope", "live"}, args...)...)
}

func startLive(t *testing.T, args ...string) *liveProcess {
	t.Helper()
	p := &liveProcess{t: t, cmd: exec.Command(args[0], args[1:]...)}
	p.cmd.Stdout, p.cmd.Stderr = &p.stdout, &p.stderr
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	p.await(&p.stderr, "listening on")
	return p
}

// await waits until a text is there.
func (p *liveProcess) await(b *buffer, text string) {
	p.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !strings.Contains(b.String(), text); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.t.Fatalf("%q does not come:\n%s%s", text, p.stdout.String(), p.stderr.String())
		}
	}
}

// end sends SIGINT and gives what was printed.
func (p *liveProcess) end() (stdout, stderr string) {
	p.t.Helper()
	time.Sleep(100 * time.Millisecond) // what was sent last is on its way, unless awaitSaved has seen it
	if err := p.cmd.Process.Signal(syscall.SIGINT); err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Fatalf("%v\n%s", err, p.stderr.String())
	}
	return p.stdout.String(), p.stderr.String()
}

func decodeJSON(t *testing.T, b []byte, v any) {
	t.Helper()
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatalf("%v in %.300s", err, b)
	}
}

// report reads a report without what is about the capture as such.
func report(t *testing.T, text string) map[string]any {
	t.Helper()
	var v map[string]any
	decodeJSON(t, []byte(text), &v)
	delete(v, "captures")
	users, _ := v["users"].([]any)
	for _, u := range users {
		// Who disagrees to the end of the capture does so for as long as that lasts, and only what lasts is told.
		if u := u.(map[string]any); u["disagreements"] != nil {
			u["disagreements"] = slices.DeleteFunc(u["disagreements"].([]any), func(d any) bool { return d.(map[string]any)["to"] == nil })
		}
	}
	return v
}

func analyze(t *testing.T, path string) map[string]any {
	t.Helper()
	out, err := exec.Command("imscope", "analyze", "--format", "json", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	return report(t, string(out))
}

// differ reports where two values differ first. How long before the end of the capture something was
// seen, which a doubt says to a tenth of a second, depends on when the capture was ended.
func differ(path string, a, b any) string {
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok {
			break
		}
		for k := range y {
			if _, ok := x[k]; !ok {
				return path + "." + k + ": only in the second"
			}
		}
		for k := range x {
			if _, ok := y[k]; !ok {
				return path + "." + k + ": only in the first"
			}
			if d := differ(path+"."+k, x[k], y[k]); d != "" {
				return d
			}
		}
		return ""
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			break
		}
		for i := range x {
			if d := differ(fmt.Sprintf("%s[%d]", path, i), x[i], y[i]); d != "" {
				return d
			}
		}
		return ""
	}
	if reflect.DeepEqual(a, b) || strings.HasSuffix(path, ".doubt") && a != nil && b != nil {
		return ""
	}
	return fmt.Sprintf("%s: %.200s and %.200s", path, fmt.Sprint(a), fmt.Sprint(b))
}

func TestDiffer(t *testing.T) {
	list := func(doubt any, more ...any) any {
		return map[string]any{"findings": append([]any{map[string]any{"rule": "x", "doubt": doubt}}, more...)}
	}
	for _, c := range []struct {
		a, b any
		want string
	}{
		{list("1.2 s"), list("1.3 s"), ""},
		{list("1.2 s"), list(nil), ".findings[0].doubt"},
		{list("1.2 s"), list("1.2 s", 1), ".findings:"},
		{map[string]any{"a": 1}, map[string]any{"a": 1, "b": nil}, ".b: only in the second"},
		{map[string]any{"a": 1, "b": nil}, map[string]any{"a": 1}, ".b: only in the first"},
		{map[string]any{"a": 1}, map[string]any{"a": 2}, ".a: 1 and 2"},
		{map[string]any{"a": 1}, []any{1}, ": map"},
	} {
		if got := differ("", c.a, c.b); (got == "") != (c.want == "") || !strings.HasPrefix(got, c.want) {
			t.Errorf("%v and %v: %q, want %q", c.a, c.b, got, c.want)
		}
	}
}

// captures are replayed: made ones, and those of a real core.
func captures(t *testing.T) []string {
	t.Helper()
	list := []string{"../../samples/user-initiated.pcapng", "../../samples/network-initiated.pcapng"}
	real, err := filepath.Glob("../../samples/real/*.pcap*")
	if err != nil || len(real) == 0 {
		t.Fatalf("no captures of a real core: %v", err)
	}
	return append(list, real...)
}

// What is captured live gives the same report as what tcpdump captured beside it, and as what live itself wrote.
func TestLiveAsOffline(t *testing.T) {
	for _, path := range captures(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			sent, list := messages(analyze(t, path)), frames(t, path)
			var out, file, saved string
			for late, try := true, 0; late && try < 5; try++ {
				n := newNetwork(t, 1)
				dir := t.TempDir()
				beside := tcpdump(n, filepath.Join(dir, "tcpdump.pcap"), "r0")
				file, saved = beside.path, filepath.Join(dir, "saved.pcapng")
				live := n.live("-i", "r0", "--format", "json", "-w", saved)
				n.sender("l0").replay(t, list, 5*time.Millisecond)
				last := time.Now()
				awaitSaved(t, saved, sent)
				// What is missing for two seconds is found: a machine that was too slow to end live before tries again.
				late = time.Since(last) > 1700*time.Millisecond
				out, _ = live.end()
				beside.end(len(list))
			}
			got := report(t, out)
			if users, _ := got["users"].([]any); len(users) == 0 {
				t.Error("no users")
			}
			offline, again := analyze(t, file), analyze(t, saved)
			same(t, got, offline)
			same(t, got, again)
		})
	}
}

// messages counts those of a report.
func messages(report map[string]any) int {
	stats := report["stats"].(map[string]any)
	return int(stats["sip_messages"].(float64) + stats["diameter_messages"].(float64))
}

// withoutFrames takes the numbers of frames out of a report: a file without media counts anew.
func withoutFrames(v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			if strings.Contains(k, "frame") {
				delete(v, k)
				continue
			}
			if s, ok := x.(string); ok && strings.Contains(s, "#") {
				v[k] = "with frames"
				continue
			}
			withoutFrames(x)
		}
	case []any:
		for _, x := range v {
			withoutFrames(x)
		}
	}
}
