package capture

import (
	"bytes"
	"encoding/binary"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// FuzzReader gives the reader any bytes. Whatever they are, it must end, in bounds that follow from their
// number, and deliver the same however they arrive.
func FuzzReader(f *testing.F) {
	f.Add(plainPcap(3).Bytes())
	f.Add(plainNg(3).Bytes())
	f.Add(snoopFile(3))
	f.Add([]byte(bzip2One))
	f.Add([]byte(xzBlocks))
	damaged := plainPcap(3)
	damaged.record(1003, 0, 0xffffffff, 60, "lost")
	damaged.record(1003, 0, 90, 3, "lost")
	damaged.packet(1004, 0, payload(4))
	damaged.packet(1005, 0, payload(5))
	f.Add(damaged.Bytes())
	nano := newPcapFile(binary.BigEndian, magicNano, 96, 113)
	nano.packet(1000, 999_999_999, "nano")
	f.Add(nano.Bytes())
	modified := newPcapFile(binary.LittleEndian, magicModified, 96, 113)
	modified.packet(1000, 0, "modified")
	f.Add(modified.Bytes())
	ng := newNgFile(binary.BigEndian)
	ng.iface(1, 65535, ngOption{optTsResol, []byte{0xff}}, ngOption{optTsOffset, make([]byte, 8)})
	ng.packet(0, 1<<63, "big")
	ng.spb(100, "simple")
	ng.block(blockPB, make([]byte, epbFixed))
	ng.block(blockDSB, make([]byte, 12))
	ng.section(binary.LittleEndian)
	ng.iface(276, 0)
	ng.packet(3, 0, "nowhere")
	ng.WriteString("noise noise noise")
	ng.packet(0, 0, "again")
	f.Add(ng.Bytes())

	f.Fuzz(func(t *testing.T, data []byte) {
		list, fi, err := readAll(t, data)
		bytewise, fi2, err2 := readBytewise(t, data)
		if !reflect.DeepEqual(list, bytewise) || !reflect.DeepEqual(fi, fi2) {
			t.Fatalf("whole:    %+v %+v\nbytewise: %+v %+v", list, fi, bytewise, fi2)
		}
		if fi.Compression == "" {
			growing, err := readGrowing(t, data)
			if len(growing) > len(list) || err == nil && !slices.Equal(growing, list[:len(growing)]) {
				t.Fatalf("growing: %+v %v, whole: %+v", growing, err, list)
			}
		}
		if (err == nil) != (err2 == nil) || err != nil && (err.Error() != err2.Error() || len(list) > 0) {
			t.Fatalf("errors %v and %v, %d packets", err, err2, len(list))
		}
		if err != nil && err != fi.Err {
			t.Fatalf("error %v, in info %v", err, fi.Err)
		}
		size, last := 0, uint32(0)
		for i, g := range list {
			size += len(g.Data)
			missing := uint64(g.Frame) - uint64(i+1) // blocks that have numbers as well
			if g.Frame <= last || missing > fi.Skipped.Blocks || len(g.Data) > hardMaxRecord || g.NoTime && g.Time != 0 {
				t.Fatalf("packet %d is frame %d of %d bytes at %d", i, g.Frame, len(g.Data), g.Time)
			}
			last = g.Frame
			if fi.Compression == "" && !strings.Contains(string(data), g.Data) {
				t.Fatalf("frame %d is not in the input", g.Frame)
			}
		}
		if fi.Packets != uint64(len(list)) || fi.Bytes != uint64(size) {
			t.Fatalf("info %+v of %d packets", fi, len(list))
		}
		if fi.Compression == "" && uint64(size)+fi.Skipped.Bytes > uint64(len(data)) {
			t.Fatalf("%d bytes delivered and %d skipped of %d", size, fi.Skipped.Bytes, len(data))
		}
		kept := map[string]uint64{}
		for _, w := range fi.Warnings {
			if kept[w.Code.ID]++; strings.ContainsAny(w.Text, "\n\x1b") || w.Offset < 0 {
				t.Fatalf("warning %+v", w)
			}
		}
		for _, c := range fi.Counts {
			if kept[c.Code.ID] != min(c.N, maxWarnings) {
				t.Fatalf("%d of %d %s kept", kept[c.Code.ID], c.N, c.Code.ID)
			}
		}
		if err != nil && bytes.ContainsAny([]byte(err.Error()), "\n\x1b") {
			t.Fatalf("error %q", err)
		}
	})
}
