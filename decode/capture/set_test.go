package capture

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
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

func TestSetMerge(t *testing.T) {
	tests := []struct {
		name  string
		files [][]uint32 // times of the files a, b, c, …
		want  string
	}{
		{"one_after_the_other", [][]uint32{{1, 2}, {3, 4}}, "a 1, a 2, b 3, b 4"},
		{"named_backwards", [][]uint32{{3, 4}, {1, 2}}, "b 1, b 2, a 3, a 4"},
		{"interleaved", [][]uint32{{1, 3, 5}, {2, 4, 6}}, "a 1, b 2, a 3, b 4, a 5, b 6"},
		{"same_times", [][]uint32{{1, 1, 2}, {1, 2, 2}}, "a 1, a 1, b 1, a 2, b 2, b 2"},
		{"inside_another", [][]uint32{{1, 9}, {3, 4}, {5, 6}}, "a 1, b 3, b 4, c 5, c 6, a 9"},
		{"steps_back", [][]uint32{{5, 2, 7}, {4, 6}}, "b 4, a 5, a 2, b 6, a 7"},
		{"clock_in_the_future", [][]uint32{{1, 1000, 2}, {3, 4}}, "a 1, b 3, b 4, a 1000, a 2"},
		{"empty_one", [][]uint32{{}, {1}}, "b 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files, paths := map[string][]byte{}, []string{}
			for i, times := range tt.files {
				name := string(rune('a' + i))
				files[name] = pcapAt(name, times...)
				paths = append(paths, name)
			}
			dir := tree(t, files)
			for i := range paths {
				paths[i] = filepath.Join(dir, paths[i])
			}
			list, s, err := openAll(t, Options{}, paths...)
			if err != nil {
				t.Fatal(err)
			}
			if contents(list) != tt.want {
				t.Errorf("got  %s\nwant %s", contents(list), tt.want)
			}
			for i, f := range s.Files() {
				if f.Packets != uint64(len(tt.files[i])) {
					t.Errorf("file %d: %+v", i, f)
				}
			}
		})
	}
}

// Frames without a time stay with the one before them.
func TestSetMergeNoTime(t *testing.T) {
	f := newNgFile(binary.LittleEndian)
	f.iface(1, 0)
	f.spb(5, "first")
	f.packet(0, 3_000_000, "at 3")
	f.spb(7, "after 3")
	f.packet(0, 5_000_000, "at 5")
	dir := tree(t, map[string][]byte{"a": f.Bytes(), "b": pcapAt("b", 1, 4, 6)})
	list, _, err := openAll(t, Options{}, filepath.Join(dir, "a"), filepath.Join(dir, "b"))
	if err != nil {
		t.Fatal(err)
	}
	if got := contents(list); got != "b 1, first, at 3, after 3, b 4, at 5, b 6" {
		t.Errorf("got %s", got)
	}
}

// Large files merge the same way as sorting would, however the batches fall.
func TestSetMergeLarge(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	files := map[string][]byte{}
	var want []string
	type entry struct {
		sec  uint32
		text string
	}
	var all []entry
	for _, name := range []string{"a", "b", "c"} {
		f := newPcapFile(binary.LittleEndian, magicMicro, 65535, 1)
		sec := uint32(1)
		for i := range 9000 {
			sec += uint32(rng.IntN(3))
			if i == 4000 && name == "b" {
				sec += 20000 // two stretches where only others have frames
			}
			text := fmt.Sprintf("%s %d %d %s", name, i, sec, strings.Repeat("x", rng.IntN(100)))
			f.packet(sec, 0, text)
			all = append(all, entry{sec, text})
		}
		files[name] = f.Bytes()
	}
	slices.SortStableFunc(all, func(x, y entry) int { return int(x.sec) - int(y.sec) })
	for _, e := range all {
		want = append(want, e.text)
	}
	dir := tree(t, files)
	list, _, err := openAll(t, Options{}, dir)
	if err != nil {
		t.Fatal(err)
	}
	for i, g := range list {
		if g.Data != want[i] {
			t.Fatalf("packet %d is %.20s, want %.20s", i, g.Data, want[i])
		}
	}
	if len(list) != len(want) {
		t.Errorf("%d packets", len(list))
	}
}

// A rotated set has only the files open that are being read.
func TestSetOpensLate(t *testing.T) {
	files := map[string][]byte{}
	const n = 200
	for i := range uint32(n) {
		files[fmt.Sprintf("dump.pcap%d", i)] = pcapAt("x", 10*i, 10*i+5, 10*i+10)
	}
	s, err := Open(context.Background(), []string{tree(t, files)}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	packets, most := 0, 0
	for {
		b, err := s.Next(context.Background())
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		packets += len(b.Packets)
		b.Release()
		open := 0
		for _, m := range s.members {
			if m.reader != nil {
				open++
			}
		}
		most = max(most, open)
	}
	if packets != 3*n || most > 2 {
		t.Errorf("%d packets, %d files open at once", packets, most)
	}
}

// With more overlapping files than may be open, all are read and those that had to wait say so.
func TestSetOpenLimit(t *testing.T) {
	files := map[string][]byte{}
	for i := range uint32(6) {
		files[fmt.Sprint(i)] = pcapAt(fmt.Sprint(i), i, 100+i)
	}
	list, s, err := openAll(t, Options{maxOpen: 4}, tree(t, files))
	if err != nil {
		t.Fatal(err)
	}
	if got := contents(list); got != "0 0, 1 1, 2 2, 3 3, 0 100, 4 4, 1 101, 5 5, 2 102, 3 103, 4 104, 5 105" {
		t.Errorf("got %s", got)
	}
	for i, f := range s.Files() {
		if late := f.count(ProbLate) == 1; late != (i >= 4) {
			t.Errorf("file %d: %v", i, f.Warnings)
		}
	}
}

func TestSetStdin(t *testing.T) {
	t.Run("alone", func(t *testing.T) {
		list, s, err := openAll(t, Options{Stdin: bytes.NewReader(plainPcap(3).Bytes())}, "-")
		if err != nil {
			t.Fatal(err)
		}
		wantPayloads(t, list, upTo(3)...)
		if read, total := s.Progress(); read != int64(plainPcap(3).Len()) || total != 0 {
			t.Errorf("progress %d of %d", read, total)
		}
	})
	t.Run("compressed", func(t *testing.T) {
		list, _, err := openAll(t, Options{Stdin: bytes.NewReader(compressed(t, openGzip, plainNg(3).Bytes()))}, "-")
		if err != nil {
			t.Fatal(err)
		}
		wantPayloads(t, list, upTo(3)...)
	})
	t.Run("among_files", func(t *testing.T) {
		dir := tree(t, map[string][]byte{"a": pcapAt("a", 1, 3)})
		list, s, err := openAll(t, Options{Stdin: bytes.NewReader(pcapAt("-", 2, 4))}, filepath.Join(dir, "a"), "-", "-")
		if err != nil {
			t.Fatal(err)
		}
		if contents(list) != "a 1, - 2, a 3, - 4" {
			t.Errorf("got %s", contents(list))
		}
		if n, _ := s.Skipped(); n != 1 {
			t.Errorf("%d skipped", n)
		}
	})
}

// What comes through a pipe is delivered as it comes, and waiting ends with the context.
func TestSetPipe(t *testing.T) {
	r, w := io.Pipe()
	data := plainPcap(2).Bytes()
	one := plainPcap(1).Len()
	go w.Write(data[:one+5])
	s, err := Open(context.Background(), []string{"-"}, Options{Stdin: r})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	b, err := s.Next(context.Background())
	if err != nil || len(b.Packets) != 1 {
		t.Fatal(b, err)
	}
	b.Release()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, err := s.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	w.Close()
}

func TestCancelled(t *testing.T) {
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(why)
	dir := tree(t, map[string][]byte{"a": pcapAt("a", 1), "b": pcapAt("b", 2)})
	if _, err := Open(ctx, []string{dir}, Options{}); err != why {
		t.Error(err)
	}
	s, err := Open(context.Background(), []string{dir}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Next(ctx); err != why {
		t.Error(err)
	}
	if _, err := s.Next(context.Background()); err != why {
		t.Errorf("after the error: %v", err)
	}
	s.Close()
}

// A growing file is read as far as it goes, and on when it has grown.
func TestGrowing(t *testing.T) {
	for name, data := range map[string][]byte{"pcap": plainPcap(5).Bytes(), "pcapng": plainNg(5).Bytes(), "snoop": snoopFile(5)} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name)
			f, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := f.Write(data[:60]); err != nil {
				t.Fatal(err)
			}
			s, err := Open(context.Background(), []string{path}, Options{Growing: true})
			if err != nil {
				t.Fatal(err)
			}
			var list []got
			for i := 60; i < len(data); i++ {
				if _, err := f.Write(data[i : i+1]); err != nil {
					t.Fatal(err)
				}
				more, err := drain(t, s)
				if err != nil {
					t.Fatal(err)
				}
				list = append(list, more...)
			}
			wantPayloads(t, list, upTo(5)...)
			if fi := s.Files()[0]; len(fi.Warnings) > 0 || fi.Truncated || fi.Packets != 5 {
				t.Errorf("info %+v", fi)
			}
			s.Close()
		})
	}
}

// An input that fails in the middle gives what came before and says so.
func TestReadError(t *testing.T) {
	data := plainPcap(5).Bytes()
	broken := errors.New("disk on fire")
	r := NewReader(io.MultiReader(bytes.NewReader(data[:len(data)-3]), failing{broken}), "x.pcap")
	list, err := drain(t, r)
	if err != nil {
		t.Fatal(err)
	}
	wantPayloads(t, list, upTo(4)...)
	fi := r.Files()[0]
	if !errors.Is(fi.Err, broken) || !fi.Truncated || fmt.Sprint(codes(fi)) != "[capture-read-failed]" {
		t.Errorf("info %+v", fi)
	}
	if want := fmt.Sprintf("x.pcap: offset %d: disk on fire", len(data)-3); fi.Err.Error() != want {
		t.Errorf("error %v", fi.Err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestHangingInput(t *testing.T) {
	r := NewReader(failing{nil}, "x")
	if _, err := drain(t, r); !errors.Is(err, io.ErrNoProgress) {
		t.Error(err)
	}
}
