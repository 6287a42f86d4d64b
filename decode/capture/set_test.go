package capture

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tree writes files below a temporary directory and returns it.
func tree(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// openAll opens paths, reads everything and closes again.
func openAll(t *testing.T, opt Options, paths ...string) ([]got, *Set, error) {
	t.Helper()
	s, err := Open(context.Background(), paths, opt)
	if err != nil {
		return nil, nil, err
	}
	list, err := drain(t, s)
	if err != nil {
		t.Fatal(err)
	}
	for i, g := range list {
		if g.Frame != uint32(i+1) {
			t.Fatalf("packet %d is frame %d", i, g.Frame)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return list, s, nil
}

// pcapAt is a capture with one packet per time, in seconds, each saying its time and name.
func pcapAt(name string, times ...uint32) []byte {
	f := newPcapFile(binary.LittleEndian, magicMicro, 65535, 1)
	for _, s := range times {
		f.packet(s, 0, fmt.Sprintf("%s %d", name, s))
	}
	return f.Bytes()
}

func contents(list []got) string {
	var s []string
	for _, g := range list {
		s = append(s, g.Data)
	}
	return strings.Join(s, ", ")
}

func TestSetErrors(t *testing.T) {
	long := strings.Repeat("x", 100)
	dir := tree(t, map[string][]byte{
		"empty.pcap":      nil,
		"notes.pcap":      []byte("INVITE sip:a@b\r\n\x1b[31m" + long),
		"short":           []byte("ab"),
		"netmon.cap":      []byte("GMBU" + long),
		"sniffer.cap":     []byte("TRSNIFF data    \x1a" + long),
		"box.zip":         []byte("PK\x03\x04" + long),
		"cut.pcap":        plainPcap(1).Bytes()[:20],
		"cut.pcapng":      plainNg(1).Bytes()[:20],
		"like.pcapng":     append([]byte{10, 13, 13, 10}, long...),
		"other.snoop":     append(append([]byte(snoopMagic), 0, 0, 0, 2, 0, 0, 0, 8), long...),
		"texts/a.txt":     []byte("text"),
		"texts/b/c.txt":   []byte("text"),
		"texts/b/zero":    nil,
		"closed/a.pcap":   plainPcap(1).Bytes(),
		"nothing/.hidden": []byte("text"),
	})
	if err := os.Mkdir(filepath.Join(dir, "bare"), 0o755); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		path string
		is   error
		text string // behind "PATH: "
	}{
		{"missing.pcap", fs.ErrNotExist, "no such file or directory"},
		{"empty.pcap", ErrEmpty, "empty file"},
		{"notes.pcap", ErrNotCapture, `not a capture file: starts with "INVITE sip:a@b\r\n"`},
		{"short", ErrNotCapture, `not a capture file: starts with "ab"`},
		{"netmon.cap", ErrUnsupported, "unsupported capture format: Microsoft Network Monitor 2; convert it: editcap -F pcapng IN OUT.pcapng"},
		{"sniffer.cap", ErrUnsupported, "unsupported capture format: Network General Sniffer; convert it: editcap -F pcapng IN OUT.pcapng"},
		{"box.zip", ErrUnsupported, "unsupported capture format: zip archive; unpack it first"},
		{"cut.pcap", ErrHeaderCut, "cut inside the file header: 20 of 24 bytes"},
		{"like.pcapng", ErrNotCapture, "not a capture file: like pcapng, but without its byte-order magic"},
		{"other.snoop", ErrUnsupported, "unsupported capture format: snoop with data link 8; convert it: editcap -F pcapng IN OUT.pcapng"},
		{"texts", ErrNoCaptures, ""},
		{"bare", ErrNoCaptures, ""},
		{"nothing", ErrNoCaptures, ""},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			path := filepath.Join(dir, tt.path)
			_, _, err := openAll(t, Options{}, path)
			want := path + ": " + tt.text
			if tt.text == "" {
				want = "no capture files in directory " + path
			}
			if !errors.Is(err, tt.is) || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}
	t.Run("several", func(t *testing.T) {
		_, _, err := openAll(t, Options{}, filepath.Join(dir, "missing.pcap"), filepath.Join(dir, "empty.pcap"), filepath.Join(dir, "bare"))
		if err == nil || strings.Count(err.Error(), "\n") != 2 || !errors.Is(err, fs.ErrNotExist) || !errors.Is(err, ErrEmpty) || !errors.Is(err, ErrNoCaptures) {
			t.Error(err)
		}
	})
	t.Run("no_stdin", func(t *testing.T) {
		if _, _, err := openAll(t, Options{}, "-"); err == nil || err.Error() != "-: no standard input" {
			t.Error(err)
		}
	})
	t.Run("nothing_named", func(t *testing.T) {
		if _, _, err := openAll(t, Options{}); !errors.Is(err, ErrNoCaptures) {
			t.Error(err)
		}
	})
	t.Run("directory_is_no_file", func(t *testing.T) {
		if os.Getuid() == 0 {
			t.Skip("root may read everything")
		}
		path := filepath.Join(dir, "closed")
		if err := os.Chmod(filepath.Join(path, "a.pcap"), 0); err != nil {
			t.Fatal(err)
		}
		if _, _, err := openAll(t, Options{}, path); !errors.Is(err, fs.ErrPermission) {
			t.Error(err)
		}
	})
}

// One input that cannot be read does not keep the others from being read.
func TestSetPartly(t *testing.T) {
	dir := tree(t, map[string][]byte{
		"a.pcap":     pcapAt("a", 10, 30),
		"b.pcap":     nil,
		"d/c.pcap":   pcapAt("c", 20),
		"d/netmon":   []byte("GMBU and more of it, and more"),
		"d/text.txt": []byte("just text"),
		"e/f.txt":    []byte("just text"),
	})
	in := func(name string) string { return filepath.Join(dir, name) }
	list, s, err := openAll(t, Options{}, in("missing"), in("a.pcap"), in("b.pcap"), in("d"), in("e"), in("a.pcap"))
	if err != nil {
		t.Fatal(err)
	}
	if contents(list) != "a 10, c 20, a 30" {
		t.Errorf("got %s", contents(list))
	}
	var info []string
	for _, f := range s.Files() {
		info = append(info, fmt.Sprintf("%s %d %v", strings.TrimPrefix(f.Path, dir), f.Packets, f.Err != nil))
	}
	want := "[/missing 0 true /a.pcap 2 false /b.pcap 0 true /d/c.pcap 1 false /d/netmon 0 true /e 0 true]"
	if fmt.Sprint(info) != want {
		t.Errorf("got %v", info)
	}
	if list[0].File != 1 || list[1].File != 3 {
		t.Errorf("files %d and %d", list[0].File, list[1].File)
	}
	n, first := s.Skipped()
	reasons := fmt.Sprint(first)
	if n != 3 || !strings.Contains(reasons, "the same file") || !strings.Contains(reasons, `text.txt not a capture file: starts with "just text"`) {
		t.Errorf("%d skipped: %s", n, reasons)
	}
	if read, total := s.Progress(); read != total || total != int64(len(pcapAt("a", 10, 30))+len(pcapAt("c", 20))) {
		t.Errorf("progress %d of %d", read, total)
	}
}

// Directories are searched by content, with all below them, without following links in circles.
func TestSetDirectory(t *testing.T) {
	dir := tree(t, map[string][]byte{
		"trace_00002_20260101.pcap":  pcapAt("second", 20, 21),
		"trace_00001_20260101.pcap":  pcapAt("first", 10, 11),
		"dump.pcap1":                 pcapAt("third", 30),
		"sub/deep/no-suffix":         pcapAt("fourth", 40),
		"sub/z.pcap.gz":              compressed(t, openGzip, pcapAt("fifth", 50)),
		"sub/log.gz":                 compressed(t, openGzip, []byte("text")),
		"README":                     []byte("text"),
		"no-packets.pcap":            pcapAt("none"),
		"trace_00003_20260101.pcap~": nil,
	})
	if err := os.Symlink(dir, filepath.Join(dir, "sub", "circle")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "dump.pcap1"), filepath.Join(dir, "latest")); err != nil {
		t.Fatal(err)
	}
	list, s, err := openAll(t, Options{}, dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := contents(list); got != "first 10, first 11, second 20, second 21, third 30, fourth 40, fifth 50" {
		t.Errorf("got %s", got)
	}
	if n, first := s.Skipped(); n != 5 || len(first) != 5 { // log.gz, README, empty, circle, latest
		t.Errorf("skipped %v", first)
	}
	files := s.Files()
	if len(files) != 6 {
		t.Errorf("files %+v", files)
	}
	for _, f := range files {
		if f.Format != "pcap" || f.Err != nil || (f.Packets == 0) != strings.HasSuffix(f.Path, "no-packets.pcap") {
			t.Errorf("file %+v", f)
		}
	}
}
