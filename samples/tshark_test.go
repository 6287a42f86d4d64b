package samples

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/pcapgo"

	"imscope/decode"
	"imscope/decode/capture"
)

// perFrame lists what messages each frame completes: methods and status codes, sorted.
type perFrame map[uint32][]string

func (p perFrame) add(frame uint32, what string) { p[frame] = append(p[frame], what) }

func (p perFrame) sort() {
	for _, list := range p {
		slices.Sort(list)
	}
}

// tshark lets Wireshark find the SIP messages of a capture.
func tshark(t *testing.T, path string, options ...string) perFrame {
	t.Helper()
	args := []string{"-n", "-r", path, "-o", "esp.enable_null_encryption_decode_heuristic:TRUE", "-o", "tcp.reassemble_out_of_order:TRUE"}
	args = append(args, options...)
	args = append(args, "-Y", "sip", "-T", "fields", "-e", "frame.number", "-e", "sip.Method", "-e", "sip.Status-Code")
	cmd := exec.Command("tshark", args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("tshark: %v\n%s", err, stderr.String())
	}
	found := perFrame{}
	for line := range strings.Lines(string(out)) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(f) != 3 {
			t.Fatalf("tshark says %q", line)
		}
		n, err := strconv.ParseUint(f[0], 10, 32)
		if err != nil {
			t.Fatal(err)
		}
		for _, list := range f[1:] {
			for what := range strings.SplitSeq(list, ",") {
				if what != "" {
					found.add(uint32(n), what)
				}
			}
		}
	}
	found.sort()
	return found
}

// ours finds them with this program.
func ours(t *testing.T, path string, opt decode.Options) (perFrame, *decode.Stats) {
	t.Helper()
	set, err := capture.Open(context.Background(), []string{path}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	found := perFrame{}
	st, err := decode.Run(context.Background(), set, opt, func(rec *decode.Record) error {
		if m := rec.SIP; m != nil {
			what := strconv.Itoa(m.Status)
			if m.IsRequest {
				what = string(m.MethodSpan.In(m.Raw))
			}
			found.add(rec.Frame, what)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	found.sort()
	return found, st
}

// needTshark skips a test that has nothing to compare with.
func needTshark(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed: nothing to compare with")
	}
}

// differences names the frames in which the two do not agree.
func differences(got, want perFrame) []string {
	var out []string
	for _, n := range slices.Sorted(maps.Keys(merged(got, want))) {
		if !slices.Equal(got[n], want[n]) {
			out = append(out, fmt.Sprintf("frame %d: we say %v, tshark %v", n, got[n], want[n]))
		}
	}
	return out
}

// Every sample has, frame by frame, the messages that Wireshark sees in it.
func TestSamplesAgainstTshark(t *testing.T) {
	needTshark(t)
	dir := t.TempDir()
	for _, s := range List() {
		t.Run(s.Name, func(t *testing.T) {
			data, err := FS.ReadFile(s.Name)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, s.File())
			if err := os.WriteFile(path, data, 0o666); err != nil {
				t.Fatal(err)
			}
			got, st := ours(t, path, decode.Options{})
			if len(got) == 0 || st.SIPMessages == 0 {
				t.Fatal("no messages")
			}
			for _, d := range differences(got, tshark(t, path)) {
				t.Error(d)
			}
		})
	}
}

// pcapFile writes a capture in memory to a file.
func pcapFile(t *testing.T, list []piece, kind capture.LinkType) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "matrix.pcap")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := pcapgo.NewWriterNanos(f)
	head := []byte{0x4d, 0x3c, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, byte(kind), byte(kind >> 8), 0, 0}
	if _, err := f.Write(head); err != nil { // by hand: the link types of gopacket have eight bits
		t.Fatal(err)
	}
	for _, p := range list {
		if err := w.WritePacket(gopacket.CaptureInfo{Timestamp: time.Unix(0, p.at), CaptureLength: len(p.data), Length: len(p.data)}, p.data); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// The captures of the matrix have, frame by frame, the messages that Wireshark sees in them.
func TestMatrixAgainstTshark(t *testing.T) {
	needTshark(t)
	if testing.Short() {
		t.Skip("some fifty runs of tshark")
	}
	messages := conversation(t, "real/real-user-initiated-cooked.pcap")
	check := func(t *testing.T, list []piece, kind capture.LinkType, explained func(frame uint32, got, want []string) bool) {
		t.Helper()
		path := pcapFile(t, list, kind)
		got, _ := ours(t, path, decode.Options{})
		want := tshark(t, path)
		for _, n := range slices.Sorted(maps.Keys(merged(got, want))) {
			if !slices.Equal(got[n], want[n]) && (explained == nil || !explained(n, got[n], want[n])) {
				t.Errorf("frame %d: we say %v, tshark %v", n, got[n], want[n])
			}
		}
		if len(want) == 0 {
			t.Error("tshark sees nothing")
		}
	}
	kinds := transports()[:5] // Wireshark 4.0 has no dissector for HEP
	for i, l := range links() {
		tr := kinds[i%len(kinds)]
		t.Run("fragments/"+l.name+"/"+tr.name, func(t *testing.T) {
			check(t, build(messages, tr, l, 400, 480), l.kind, nil)
		})
	}
	ether := links()[0]
	r := rand.New(rand.NewPCG(7, 7))
	for _, tr := range kinds {
		for name, list := range map[string][]piece{
			"whole":   build(messages, tr, ether, 0, 0),
			"shuffle": shuffle(build(messages, tr, ether, 400, 0), r),
			"twice":   twice(build(messages, tr, ether, 400, 0)),
		} {
			var explained func(uint32, []string, []string) bool
			if name == "shuffle" && tr.name == "sctp" {
				// Wireshark 4.0 leaves messages of SCTP alone of which the first chunk comes behind others.
				explained = func(_ uint32, got, want []string) bool { return len(got) == 1 && len(want) == 0 }
			}
			t.Run(name+"/"+tr.name, func(t *testing.T) { check(t, list, ether.kind, explained) })
		}
	}
}

// merged has the frames of both.
func merged(a, b perFrame) perFrame {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}
