//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// freePort finds a port that nobody uses, for UDP and TCP.
func freePort(t *testing.T) string {
	t.Helper()
	for range 20 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		addr := l.Addr().String()
		l.Close()
		u, err := net.ListenPacket("udp", addr)
		if err == nil {
			u.Close()
			return addr
		}
	}
	t.Fatal("no port is free")
	return ""
}

// outline lists what is the same however messages came: de-registrations with their causes, and findings by rule.
func outline(t *testing.T, text string) string {
	t.Helper()
	var r struct {
		Stats struct {
			SIP      int `json:"sip_messages"`
			Diameter int `json:"diameter_messages"`
		}
		Users []struct {
			ID              string
			Deregistrations []struct{ Initiator, Outcome, Scope, Cause string }
		}
	}
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatalf("%v in %.300s", err, text)
	}
	return fmt.Sprint(r)
}

// A capture is followed and sent on as HEP; a collector that gets it tells the same. The key never gets into a file.
func TestLiveHEP(t *testing.T) {
	for _, path := range []string{"../../samples/real/real-two-phones.pcap", "../../samples/user-initiated.pcapng", "../../samples/real/real-tcp-pieces.pcap"} {
		addr := freePort(t)
		saved := filepath.Join(t.TempDir(), "saved.pcapng")
		collector := start(t, "imscope", "live", "--user-id", "root", "--hep", addr, "--format", "json", "-w", saved)
		agent := start(t, "imscope", "live", "--user-id", "root", "--follow", path, "--from-start", "--hep-send", addr, "--format", "json")
		want, err := exec.Command("imscope", "analyze", "--format", "json", path).Output()
		if err != nil {
			t.Fatal(err)
		}
		var stats struct {
			Stats struct {
				SIP      int `json:"sip_messages"`
				Diameter int `json:"diameter_messages"`
			}
		}
		if err := json.Unmarshal(want, &stats); err != nil {
			t.Fatal(err)
		}
		awaitSaved(t, saved, stats.Stats.SIP+stats.Stats.Diameter)
		out, _ := agent.stop()
		if a, b := outline(t, out), outline(t, string(want)); a != b {
			t.Errorf("%s followed:\n%s\n%s", path, a, b)
		}
		out, _ = collector.stop()
		if a, b := outline(t, out), outline(t, string(want)); a != b {
			t.Errorf("%s over HEP:\n%s\n%s", path, a, b)
		}
		again, err := exec.Command("imscope", "analyze", "--format", "json", saved).Output()
		if err != nil {
			t.Fatal(err)
		}
		if a, b := outline(t, string(again)), outline(t, string(want)); a != b {
			t.Errorf("%s saved:\n%s\n%s", path, a, b)
		}
	}
}

// An agent whose messages are months old when they come: what runs out by the collector's clock has not.
func TestLiveOldHEP(t *testing.T) {
	found := func(text string) (list []string) {
		for line := range strings.Lines(text) {
			var v struct{ Type, Rule string }
			if err := json.Unmarshal([]byte(line), &v); err != nil {
				t.Fatalf("%v in %.300s", err, line)
			}
			if v.Type == "finding" || v.Type == "deregistration" {
				list = append(list, v.Type+" "+v.Rule)
			}
		}
		slices.Sort(list)
		return list
	}
	for _, path := range []string{"../../samples/user-initiated.pcapng", "../../samples/network-initiated.pcapng"} {
		addr := freePort(t)
		saved := filepath.Join(t.TempDir(), "saved.pcapng")
		collector := start(t, "imscope", "live", "--user-id", "root", "--hep", addr, "--format", "ndjson", "-w", saved)
		agent := start(t, "imscope", "live", "--user-id", "root", "--follow", path, "--from-start", "--hep-send", addr)
		want, err := exec.Command("imscope", "analyze", "--format", "ndjson", path).Output()
		if err != nil {
			t.Fatal(err)
		}
		list, err := exec.Command("imscope", "messages", path).Output()
		if err != nil {
			t.Fatal(err)
		}
		awaitSaved(t, saved, bytes.Count(list, []byte("\n")))
		agent.stop()
		out, _ := collector.stop()
		if got, want := found(out), found(string(want)); !slices.Equal(got, want) {
			t.Errorf("%s:\n%q\n%q", path, got, want)
		}
	}
}

// process is a running imscope live that needs no namespace.
type process struct {
	t              *testing.T
	cmd            *exec.Cmd
	stdout, stderr buffer
}

func start(t *testing.T, args ...string) *process {
	t.Helper()
	if args[2] == "--user-id" && os.Geteuid() != 0 {
		args = append(args[:2:2], args[4:]...)
	}
	p := &process{t: t, cmd: exec.Command(args[0], args[1:]...)}
	p.cmd.Stdout, p.cmd.Stderr = &p.stdout, &p.stderr
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	p.awaitText("listening on")
	return p
}

func (p *process) awaitText(text string) {
	p.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !strings.Contains(p.stderr.String(), text); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.t.Fatalf("%q does not come: %s", text, p.stderr.String())
		}
	}
}

// awaitSaved waits until so many messages are in the file.
func awaitSaved(t *testing.T, path string, messages int) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		out, err := exec.Command("imscope", "messages", "--format", "ndjson", path).Output()
		if err == nil && strings.Count(string(out), "\n") >= messages {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d messages are saved", strings.Count(string(out), "\n"), messages)
		}
	}
}

func (p *process) stop() (stdout, stderr string) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Fatalf("%v: %s", err, p.stderr.String())
	}
	return p.stdout.String(), p.stderr.String()
}

// Metrics, health, and lines as they happen from a file that is followed.
func TestLiveMetrics(t *testing.T) {
	web := freePort(t)
	p := start(t, "imscope", "live", "--user-id", "root", "--follow", "../../samples/user-initiated.pcapng", "--from-start", "--listen", web, "--format", "ndjson")
	get := func(path string) string {
		resp, err := http.Get("http://" + web + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %v %s", path, resp.StatusCode, err, b)
		}
		return string(b)
	}
	want := []string{`imscope_messages_total{protocol="sip"} 140`, `imscope_messages_total{protocol="diameter"} 40`, "imscope_users 1",
		`imscope_deregistrations_total{cause="the phone asked for it",initiator="user",outcome="complete"} 1`,
		`imscope_capture_packets_total{input="../../samples/user-initiated.pcapng",kind="file"} 210`, `imscope_sip_requests_total{method="REGISTER"}`,
		"imscope_event_delay_seconds_count", "process_resident_memory_bytes", "go_memstats_heap_alloc_bytes", `imscope_packets_total{class="tcp-control"} 26`}
	var text string
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		text = get("/metrics")
		if strings.Contains(text, want[3]) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("no de-registration in %s", text)
		}
	}
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("no %s", w)
		}
	}
	if promtool, err := exec.LookPath("promtool"); err == nil {
		cmd := exec.Command(promtool, "check", "metrics")
		cmd.Stdin = strings.NewReader(text)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("promtool: %v\n%s", err, out)
		}
	}
	if got := get("/healthz"); !strings.HasPrefix(got, "ok\n") {
		t.Errorf("health: %s", got)
	}
	out, stderr := p.stop()
	if !regexp.MustCompile(`(?m)^\{"type":"deregistration","user":"sip:tobias@home1.fr","initiator":"user"`).MatchString(out) {
		t.Errorf("no de-registration in %.500s", out)
	}
	if lines := strings.Split(strings.TrimSpace(out), "\n"); !strings.HasPrefix(lines[len(lines)-1], `{"type":"stats"`) {
		t.Errorf("the last line is %.100s", lines[len(lines)-1])
	}
	if !strings.Contains(stderr, "1 de-registration") {
		t.Errorf("%s", stderr)
	}
}

// Lines as people read them, per user, of one user, and chosen by an expression.
func TestLiveLines(t *testing.T) {
	live := func(args ...string) string {
		t.Helper()
		p := start(t, append([]string{"imscope", "live", "--user-id", "root", "--follow", "../../samples/user-initiated.pcapng", "--from-start"}, args...)...)
		for deadline := time.Now().Add(10 * time.Second); !strings.Contains(p.stdout.String(), "DE-REGISTRATION") && time.Now().Before(deadline); {
			time.Sleep(20 * time.Millisecond)
		}
		out, _ := p.stop()
		return out
	}
	all := live()
	for _, want := range []string{
		"2026-03-02 UTC\n08:00:10.000  sip:tobias@home1.fr  REGISTER 47 expires=600000  UE 5555::1:2:3:4 → P-CSCF 5555::a:b:c:d → I-CSCF → S-CSCF  #13\n",
		"DE-REGISTRATION user-initiated, complete in 64 ms: De-registered by the user",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%.3000s", want, all)
		}
	}
	group := live("--group", "--user", "+44-123-456-789", "--filter", `kind == "deregistration"`)
	if !strings.HasPrefix(group, "2026-03-02 UTC\nsip:tobias@home1.fr\n  08:42:10.210  DE-REGISTRATION user-initiated") {
		t.Errorf("grouped:\n%.500s", group)
	}
	// Nobody's lines: none though all was read.
	saved := filepath.Join(t.TempDir(), "saved.pcapng")
	p := start(t, "imscope", "live", "--user-id", "root", "--follow", "../../samples/user-initiated.pcapng", "--from-start", "--user", "nobody", "-w", saved)
	awaitSaved(t, saved, 180)
	if none, stderr := p.stop(); strings.Contains(none, "REGISTER") || !strings.Contains(stderr, " 180 messages, ") {
		t.Errorf("lines of others:\n%.500s\n%s", none, stderr)
	}
}

// buffer is a buffer that is read while it is written.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *buffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *buffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
