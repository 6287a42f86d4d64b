package capture

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

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
		if late := count(f, ProbLate) == 1; late != (i >= 4) {
			t.Errorf("file %d: %v", i, f.Warnings)
		}
	}
}

// What Wireshark shows among the packets of a file keeps its place in the numbers of a Set.
func TestSetMergeNumbers(t *testing.T) {
	f := newNgFile(binary.LittleEndian)
	f.iface(1, 0)
	f.packet(0, 1_000_000, "at 1")
	f.block(blockCustom, make([]byte, 8))
	f.packet(0, 3_000_000, "at 3")
	dir := tree(t, map[string][]byte{"a": f.Bytes(), "b": pcapAt("b", 2, 4)})
	set, err := Open(context.Background(), []string{filepath.Join(dir, "a"), filepath.Join(dir, "b")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	list, err := drain(t, set)
	if err != nil {
		t.Fatal(err)
	}
	var got []uint32
	for _, p := range list {
		got = append(got, p.Frame)
	}
	if !slices.Equal(got, []uint32{1, 2, 4, 5}) {
		t.Errorf("%v, %s", got, contents(list))
	}
}
