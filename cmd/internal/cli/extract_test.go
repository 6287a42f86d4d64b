package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"imscope/decode/capture"
	"imscope/samples"
)

// sampleFiles writes the samples into a directory and lists them.
func sampleFiles(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	list, err := samples.Write(root)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, s := range list {
		paths = append(paths, filepath.Join(dir, s.File()))
	}
	return paths
}

// must runs a command that has to succeed.
func must(t *testing.T, args ...string) (stdout, stderr string) {
	t.Helper()
	code, out, errs := run(t, nil, args...)
	if code != 0 {
		t.Fatalf("imscope %s: exit code %d\n%s", strings.Join(args, " "), code, errs)
	}
	return out, errs
}

// object is JSON as it is read.
type object = map[string]any

func analyzed(t *testing.T, args ...string) object {
	t.Helper()
	out, _ := must(t, append([]string{"analyze", "--format", "json", "--quiet", "--all"}, args...)...)
	var o object
	if err := json.Unmarshal([]byte(out), &o); err != nil {
		t.Fatal(err)
	}
	return o
}

// packets reads a capture.
func packets(t *testing.T, paths ...string) (list []capture.Packet, info capture.FileInfo) {
	t.Helper()
	set, err := capture.Open(context.Background(), paths, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	for {
		b, err := set.Next(context.Background())
		if err == io.EOF {
			return list, set.Files()[0]
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range b.Packets {
			p.Data = bytes.Clone(p.Data)
			list = append(list, p)
		}
	}
}

// renumber says for each frame of the whole capture which one of the part it is.
func renumber(t *testing.T, whole, part []capture.Packet) map[int]int {
	t.Helper()
	m := map[int]int{}
	at := 0
	for i, p := range part {
		for at < len(whole) && !(bytes.Equal(whole[at].Data, p.Data) && whole[at].Time == p.Time && whole[at].Link == p.Link && whole[at].OrigLen == p.OrigLen) {
			at++
		}
		if at == len(whole) {
			t.Fatalf("packet %d of the part is not in the whole, or not in this order", i+1)
		}
		m[at+1] = i + 1
		at++
	}
	return m
}

var frameText = regexp.MustCompile(`#\d+`)

// renumbered replaces frame numbers in what JSON says of a user.
func renumbered(t *testing.T, v any, key string, frames map[int]int) any {
	switch v := v.(type) {
	case object:
		out := object{}
		for k, e := range v {
			out[k] = renumbered(t, e, k, frames)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = renumbered(t, e, key, frames)
		}
		return out
	case float64:
		if strings.HasSuffix(key, "frame") || strings.HasSuffix(key, "frames") {
			n, ok := frames[int(v)]
			if !ok {
				t.Errorf("frame %v (%s) is not in the part", v, key)
			}
			return float64(n)
		}
	case string:
		return frameText.ReplaceAllStringFunc(v, func(s string) string {
			n, _ := strconv.Atoi(s[1:])
			return "#" + strconv.Itoa(frames[n])
		})
	}
	return v
}

// about gives what a report says of one user.
func about(t *testing.T, report object, id string) (user any, findings []any) {
	t.Helper()
	for _, u := range report["users"].([]any) {
		if u.(object)["id"] == id {
			user = u
		}
	}
	if user == nil {
		t.Fatalf("no user %s", id)
	}
	for _, f := range report["findings"].([]any) {
		if f.(object)["user"] == id {
			findings = append(findings, f)
		}
	}
	return user, findings
}

// difference finds the first place in which two values differ.
func difference(path string, a, b any) string {
	switch x := a.(type) {
	case object:
		y, ok := b.(object)
		if !ok {
			break
		}
		for _, k := range slices.Sorted(maps.Keys(x)) {
			if d := difference(path+"."+k, x[k], y[k]); d != "" {
				return d
			}
		}
		if len(x) == len(y) {
			return ""
		}
	case []any:
		y, ok := b.([]any)
		if !ok {
			break
		}
		for i := range min(len(x), len(y)) {
			if d := difference(fmt.Sprintf("%s[%d]", path, i), x[i], y[i]); d != "" {
				return d
			}
		}
		if len(x) == len(y) {
			return ""
		}
	default:
		if reflect.DeepEqual(a, b) {
			return ""
		}
	}
	return fmt.Sprintf("%s: %.300v, want %.300v", path, a, b)
}

// What the packets of a user tell alone is what the whole capture tells of the user, but for the numbers of the frames.
func TestExtractTellsTheSame(t *testing.T) {
	for _, path := range sampleFiles(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			whole := analyzed(t, path)
			all, info := packets(t, path)
			for i, u := range whole["users"].([]any) {
				id := u.(object)["id"].(string)
				out := filepath.Join(t.TempDir(), fmt.Sprintf("user%d.pcapng", i))
				_, errs := must(t, "extract", path, "--user", id, "-w", out)
				if strings.Contains(errs, "alone") {
					t.Errorf("%s: %s", id, errs)
				}
				part, partInfo := packets(t, out)
				if !slices.Equal(partInfo.Interfaces, info.Interfaces) {
					t.Errorf("%s: interfaces %+v, want %+v", id, partInfo.Interfaces, info.Interfaces)
				}
				frames := renumber(t, all, part)
				wantUser, wantFindings := about(t, whole, id)
				gotUser, gotFindings := about(t, analyzed(t, out), id)
				if d := difference("user", gotUser, renumbered(t, wantUser, "", frames)); d != "" {
					t.Errorf("%s: %s", id, d)
				}
				if d := difference("findings", any(gotFindings), renumbered(t, any(wantFindings), "", frames)); d != "" && len(wantFindings)+len(gotFindings) > 0 {
					t.Errorf("%s: %s", id, d)
				}

				again := out + "2"
				must(t, "extract", out, "--user", id, "-w", again)
				a, _ := os.ReadFile(out)
				b, _ := os.ReadFile(again)
				if !bytes.Equal(a, b) {
					t.Errorf("%s: extracted from its own packets: %d bytes, want %d", id, len(b), len(a))
				}
			}
		})
	}
}

// Of several captures with time between them, silence between them still proves nothing.
func TestExtractFromSeveral(t *testing.T) {
	var paths []string
	for _, p := range sampleFiles(t) {
		if name := filepath.Base(p); name == "real-refresh-expiry.pcap" || name == "real-two-phones.pcapng" || name == "user-initiated.pcapng" {
			paths = append(paths, p)
		}
	}
	out := filepath.Join(t.TempDir(), "out.pcapng")
	whole := analyzed(t, paths...)
	all, _ := packets(t, paths...)
	users := whole["users"].([]any)
	if len(users) != 3 {
		t.Fatalf("%d users", len(users))
	}
	for _, u := range users {
		id := u.(object)["id"].(string)
		must(t, append([]string{"extract", "--user", id, "-w", out}, paths...)...)
		part, _ := packets(t, out)
		want, _ := about(t, whole, id)
		got, _ := about(t, analyzed(t, out), id)
		if d := difference("user", got, renumbered(t, want, "", renumber(t, all, part))); d != "" {
			t.Errorf("%s: %s", id, d)
		}
	}
}

// dissected is what Wireshark makes of a frame.
type dissected struct {
	what      string // lengths and the fields of its messages
	malformed string
	badSum    bool
}

// tshark lets Wireshark read a capture.
func tshark(t *testing.T, path string) []dissected {
	t.Helper()
	fields := []string{"_ws.malformed", "_ws.short", "ip.checksum.status", "udp.checksum.status", "tcp.checksum.status", "sctp.checksum.status",
		"frame.len", "sip.Method", "sip.Status-Code", "sip.CSeq", "diameter.cmd.code", "diameter.flags.request", "diameter.Result-Code", "ip.flags.mf", "udp.dstport", "tcp.len"}
	const sums = 2
	args := []string{"-r", path, "-T", "fields", "-E", "separator=|",
		"-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "sctp.checksum:crc32c"}
	for _, f := range fields {
		args = append(args, "-e", f)
	}
	out, err := exec.Command("tshark", args...).Output()
	if err != nil {
		t.Fatalf("tshark %s: %v", path, err)
	}
	var list []dissected
	for line := range strings.Lines(string(out)) {
		col := strings.Split(strings.TrimSuffix(line, "\n"), "|")
		if len(col) != len(fields) {
			t.Fatalf("tshark %s: %q", path, line)
		}
		d := dissected{malformed: col[0] + col[1], what: strings.Join(col[sums+4:], "|")}
		for _, s := range col[sums : sums+4] {
			d.badSum = d.badSum || strings.Contains(s, "0")
		}
		list = append(list, d)
	}
	return list
}

// Wireshark reads what is extracted as it reads the capture that it is of, and finds no fault in what is redacted.
func TestExtractInWireshark(t *testing.T) {
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed: what Wireshark says of extracted and redacted captures is not checked")
	}
	if testing.Short() {
		t.Skip("tshark takes its time")
	}
	for _, path := range sampleFiles(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			dir := t.TempDir()
			plain, redacted := filepath.Join(dir, "plain.pcapng"), filepath.Join(dir, "redacted.pcapng")
			must(t, "extract", path, "--all", "-w", plain)
			must(t, "extract", path, "--all", "--redact", "--redact-plmn", "hide", "--redact-key", "test", "-w", redacted)
			all, _ := packets(t, path)
			part, _ := packets(t, plain)
			want := make([]dissected, len(part))
			whole := tshark(t, path)
			for from, to := range renumber(t, all, part) {
				want[to-1] = whole[from-1]
			}
			for _, file := range []string{plain, redacted} {
				got := tshark(t, file)
				if len(got) != len(want) {
					t.Fatalf("%s: %d frames, want %d", filepath.Base(file), len(got), len(want))
				}
				for i, g := range got {
					if g.what != want[i].what || g.malformed != want[i].malformed {
						t.Errorf("%s: frame %d is %+v, want %+v", filepath.Base(file), i+1, g, want[i])
					}
					if g.badSum && (file == redacted || !want[i].badSum) {
						t.Errorf("%s: frame %d has a bad checksum", filepath.Base(file), i+1)
					}
				}
			}
		})
	}
}

func TestExtractRefuses(t *testing.T) {
	path := sampleFiles(t)[0]
	dir := t.TempDir()
	out := filepath.Join(dir, "out.pcapng")
	for _, c := range []struct {
		code int
		errs string
		args []string
	}{
		{2, "needs -w", []string{path, "--user", "tobias"}},
		{2, "needs --user, --filter or --all", []string{path, "-w", out}},
		{2, "make no sense", []string{path, "--all", "--user", "tobias", "-w", out}},
		{2, "one of the captures", []string{path, "--all", "-w", path}},
		{2, "is for --redact", []string{path, "--all", "--redact-plmn", "hide", "-w", out}},
		{2, "is empty", []string{path, "--all", "--redact", "--redact-key", "", "-w", out}},
		{3, "no user matches tobi, did you mean sip:tobias@home1.fr", []string{path, "--user", "tobi", "-w", out}},
		{3, "nothing is written", []string{path, "--filter", `status == 699`, "-w", out}},
		{3, "no such file", []string{filepath.Join(dir, "missing.pcap"), "--all", "-w", out}},
		{3, "no such file", []string{path, "--all", "-w", filepath.Join(dir, "no", "out.pcapng")}},
	} {
		code, stdout, errs := run(t, nil, append([]string{"extract"}, c.args...)...)
		if code != c.code || stdout != "" || !strings.Contains(errs, c.errs) {
			t.Errorf("%v: %d %q %q, want %d and %q", c.args, code, stdout, errs, c.code, c.errs)
		}
	}
	if list, _ := os.ReadDir(dir); len(list) > 0 {
		t.Errorf("%v was left", list)
	}
}

// Standard input is read as often as a file, and the capture may go to standard output.
func TestExtractStreams(t *testing.T) {
	path := sampleFiles(t)[0]
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "out.pcapng")
	must(t, "extract", path, "--user", "tobias", "-w", out)
	want, _ := os.ReadFile(out)
	code, got, errs := run(t, bytes.NewReader(data), "extract", "-", "--user", "tobias", "-w", "-")
	if code != 0 || got != string(want) {
		t.Errorf("exit code %d, %d bytes, want %d\n%s", code, len(got), len(want), errs)
	}
}
