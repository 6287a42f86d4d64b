package capture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestPcapFormats(t *testing.T) {
	le, be := binary.LittleEndian, binary.BigEndian
	tests := []struct {
		name   string
		order  binary.AppendByteOrder
		magic  uint32
		frac   uint32
		time   int64
		format string
	}{
		{"micro_little", le, magicMicro, 123456, 1700000000_123456000, "pcap"},
		{"micro_big", be, magicMicro, 123456, 1700000000_123456000, "pcap"},
		{"nano_little", le, magicNano, 123456789, 1700000000_123456789, "pcap-ns"},
		{"nano_big", be, magicNano, 123456789, 1700000000_123456789, "pcap-ns"},
		{"modified_little", le, magicModified, 7, 1700000000_000007000, "pcap-modified"},
		{"modified_big", be, magicModified, 7, 1700000000_000007000, "pcap-modified"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newPcapFile(tt.order, tt.magic, 96, 113)
			f.packet(1700000000, tt.frac, "first")
			f.record(1700000001, 0, 6, 1500, "second")
			list, fi, err := readAll(t, f.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			want := []got{
				{Data: "first", Time: tt.time, Frame: 1, OrigLen: 5, Link: LinkLinuxSLL},
				{Data: "second", Time: 1700000001_000000000, Frame: 2, OrigLen: 1500, Link: LinkLinuxSLL},
			}
			if !slices.Equal(list, want) {
				t.Errorf("got %+v", list)
			}
			if fi.Format != tt.format || fi.Packets != 2 || fi.Bytes != 11 || !fi.HasTime ||
				fi.FirstTime != tt.time || fi.LastTime != want[1].Time || fi.Truncated || len(fi.Warnings) > 0 {
				t.Errorf("info %+v", fi)
			}
		})
	}
}

// Numbers in the file header and in records that real writers get wrong, and that change nothing.
func TestPcapOddities(t *testing.T) {
	t.Run("snaplen_0", func(t *testing.T) {
		f := newPcapFile(binary.LittleEndian, magicMicro, 0, 1)
		f.packet(1000, 0, payload(0))
		list, fi, _ := readAll(t, f.Bytes())
		wantPayloads(t, list, 0)
		if len(fi.Warnings) > 0 {
			t.Error(fi.Warnings)
		}
	})
	t.Run("caplen_over_snaplen", func(t *testing.T) {
		f := newPcapFile(binary.LittleEndian, magicMicro, 4, 1)
		f.packet(1000, 0, payload(0))
		f.packet(1001, 0, payload(1))
		list, fi, _ := readAll(t, f.Bytes())
		wantPayloads(t, list, 0, 1)
		if len(fi.Warnings) > 0 {
			t.Error(fi.Warnings)
		}
	})
	t.Run("caplen_over_origlen", func(t *testing.T) {
		f := newPcapFile(binary.LittleEndian, magicMicro, 65535, 1)
		for i := range uint32(30) {
			f.record(1000+i, 0, 5, 3, "12345")
		}
		list, fi, _ := readAll(t, f.Bytes())
		if len(list) != 30 || list[29].Data != "12345" || list[29].OrigLen != 3 {
			t.Errorf("got %+v", list)
		}
		if len(fi.Warnings) != maxWarnings || count(fi, ProbLength) != 30 {
			t.Errorf("%d warnings kept of %d", len(fi.Warnings), count(fi, ProbLength))
		}
	})
	t.Run("frame_check_sequence", func(t *testing.T) {
		f := newPcapFile(binary.LittleEndian, magicMicro, 65535, 0x24000001)
		f.packet(1000, 0, payload(0))
		list, _, _ := readAll(t, f.Bytes())
		wantPayloads(t, list, 0)
		if list[0].Link != LinkEthernet {
			t.Errorf("link %v", list[0].Link)
		}
	})
	t.Run("unknown_link_type", func(t *testing.T) {
		f := newPcapFile(binary.LittleEndian, magicMicro, 65535, 54321)
		f.packet(1000, 0, payload(0))
		list, fi, _ := readAll(t, f.Bytes())
		wantPayloads(t, list, 0)
		if list[0].Link != 54321 || len(fi.Warnings) > 0 {
			t.Errorf("link %v, %v", list[0].Link, fi.Warnings)
		}
	})
	t.Run("old_version_swapped_lengths", func(t *testing.T) {
		f := newPcapFile(binary.LittleEndian, magicMicro, 65535, 1)
		f.record(1000, 0, 1500, 5, "12345")
		f.record(1001, 0, 6, 6, "123456")
		data := f.Bytes()
		data[6] = 3
		list, _, _ := readAll(t, data)
		if len(list) != 2 || list[0].Data != "12345" || list[0].OrigLen != 1500 || list[1].Data != "123456" {
			t.Errorf("got %+v", list)
		}
	})
	t.Run("time_steps_back", func(t *testing.T) {
		f := newPcapFile(binary.LittleEndian, magicMicro, 65535, 1)
		f.packet(2000, 0, "a")
		f.packet(1000, 0, "b")
		list, fi, _ := readAll(t, f.Bytes())
		if len(list) != 2 || list[0].Data != "a" || list[1].Data != "b" {
			t.Errorf("got %+v", list)
		}
		if fi.FirstTime != 1000*nanosecond || fi.LastTime != 2000*nanosecond {
			t.Errorf("info %+v", fi)
		}
	})
	t.Run("time_jumps_years", func(t *testing.T) {
		f := newPcapFile(binary.LittleEndian, magicMicro, 65535, 1)
		for _, sec := range []uint32{0, 1700000000, 1, 4294967295, 5} {
			f.packet(sec, 999999, "data")
		}
		list, fi, _ := readAll(t, f.Bytes())
		if len(list) != 5 || len(fi.Warnings) > 0 || list[3].Time != 4294967295_999999000 {
			t.Errorf("got %+v, %v", list, fi.Warnings)
		}
	})
	t.Run("empty_packet", func(t *testing.T) {
		f := newPcapFile(binary.LittleEndian, magicMicro, 65535, 1)
		f.packet(1000, 0, "")
		f.packet(1001, 0, payload(1))
		list, _, _ := readAll(t, f.Bytes())
		if len(list) != 2 || list[0].Data != "" || list[1].Data != payload(1) {
			t.Errorf("got %+v", list)
		}
	})
	t.Run("no_packets", func(t *testing.T) {
		list, fi, err := readAll(t, plainPcap(0).Bytes())
		if len(list) != 0 || err != nil || fi.HasTime || fi.Truncated {
			t.Errorf("%v, %v, %+v", list, err, fi)
		}
	})
}

// Damage in the middle: what was readable before and behind it is delivered.
func TestPcapDamage(t *testing.T) {
	const n = 8
	tests := []struct {
		name    string
		damage  func(f *pcapFile) // called between packets 3 and 4 of 8
		extra   int               // packets that come of the damage itself, with any content
		warning string            // the only one
		skipped uint64
	}{
		{"claims_4_gib", func(f *pcapFile) { f.record(1003, 0, 0xffffffff, 60, "lost") }, 0,
			"frame 5 at offset 170: record claims 4294967295 bytes; skipped 20 bytes to the next readable record", 20},
		{"claims_1_mib", func(f *pcapFile) { f.record(1003, 0, 1<<20, 1<<20, "lost") }, 0,
			"frame 5 at offset 170: record claims 1048576 bytes; skipped 20 bytes to the next readable record", 20},
		{"claims_all_others", func(f *pcapFile) { f.record(1003, 0, 150, 4, "lost") }, 0,
			"frame 5 at offset 170: record claims 150 bytes, but others start inside it; skipped 20 bytes to the next readable record", 20},
		{"reaches_over_the_end", func(f *pcapFile) { f.record(1003, 0, 70000, 70000, "lost") }, 0,
			"frame 5 at offset 170: record claims 70000 bytes, but others start inside it; skipped 20 bytes to the next readable record", 20},
		{"zeros", func(f *pcapFile) { f.Write(make([]byte, 5000)) }, 0,
			"frame 5 at offset 170: record header is all zeros; skipped 5000 bytes to the next readable record", 5000},
		{"ones", func(f *pcapFile) { f.WriteString(strings.Repeat("\xff", 999)) }, 0,
			"frame 5 at offset 170: record claims 4294967295 bytes; skipped 999 bytes to the next readable record", 999},
		{"text", func(f *pcapFile) { f.WriteString(strings.Repeat("some text of a log ", 30000)) }, 0,
			"frame 5 at offset 170: record claims 1718558836 bytes; skipped 570000 bytes to the next readable record", 570000},
	}
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for _, tt := range tests {
			t.Run(fmt.Sprint(tt.name, order), func(t *testing.T) {
				f := newPcapFile(order, magicMicro, 65535, 1)
				var numbers []int
				for i := range n {
					if i == 4 {
						tt.damage(f)
					}
					f.packet(1000+uint32(i), 0, payload(i))
					numbers = append(numbers, i)
				}
				list, fi, err := readAll(t, f.Bytes())
				if err != nil {
					t.Fatal(err)
				}
				wantPayloads(t, list, numbers...)
				if len(fi.Warnings) != 1 || fi.Warnings[0].Code != ProbRecord || fi.Skipped.Bytes != tt.skipped || fi.Truncated {
					t.Fatalf("warnings %v, skipped %d, truncated %v", fi.Warnings, fi.Skipped.Bytes, fi.Truncated)
				}
				if order == binary.LittleEndian && fi.Warnings[0].String() != tt.warning {
					t.Errorf("warning %q", fi.Warnings[0])
				}
			})
		}
	}
}

// Two files written one after the other are read as both.
func TestPcapConcatenated(t *testing.T) {
	f := plainPcap(2)
	g := newPcapFile(binary.BigEndian, magicNano, 65535, 113)
	g.packet(1002, 0, payload(2))
	f.Write(g.Bytes())
	list, fi, err := readAll(t, f.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	wantPayloads(t, list, 0, 1, 2)
	if list[1].Link != 1 || list[2].Link != 113 || len(fi.Warnings) != 1 || fi.Skipped.Bytes != 0 {
		t.Errorf("links %v and %v, %v", list[1].Link, list[2].Link, fi.Warnings)
	}
}

func TestPcapDamageAtTheEnd(t *testing.T) {
	f := plainPcap(3)
	f.record(1003, 0, 0xfffffff0, 60, "there is nothing behind this")
	list, fi, err := readAll(t, f.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	wantPayloads(t, list, 0, 1, 2)
	if len(fi.Warnings) != 1 || fi.Warnings[0].Code != ProbLost || !fi.Truncated || fi.Skipped.Bytes != 44 {
		t.Errorf("info %+v", fi)
	}
}

// The last record before the end is found too, though none follows it.
func TestPcapDamageBeforeLast(t *testing.T) {
	f := plainPcap(3)
	f.record(1003, 0, 0xfffffff0, 60, "lost")
	f.packet(1003, 0, payload(3))
	list, _, err := readAll(t, f.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	wantPayloads(t, list, upTo(4)...)
}

// Behind the search limit nothing is read, and the search costs little. A growing file is given up once.
func TestPcapSearchLimit(t *testing.T) {
	f := plainPcap(2)
	f.record(1003, 0, 0xfffffff0, 60, "")
	f.Write(make([]byte, scanLimit))
	f.packet(1003, 0, payload(3))
	f.packet(1004, 0, payload(4))
	list, fi, err := readAll(t, f.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	wantPayloads(t, list, 0, 1)
	if len(fi.Warnings) != 1 || fi.Warnings[0].Code != ProbLost || !fi.Truncated {
		t.Errorf("info %+v", fi)
	}
	r := newReader(plainInput{bytes.NewReader(f.Bytes()), nil}, false, "test", Options{Growing: true}, buffers)
	defer r.Close()
	for range 3 {
		if _, err := drain(t, r); err != nil {
			t.Fatal(err)
		}
	}
	if growing := r.Files()[0]; !reflect.DeepEqual(growing, fi) {
		t.Errorf("growing %+v, want %+v", growing, fi)
	}
}

// A long record needs a larger buffer than usual; longer ones need the file's snap length to say so.
func TestPcapLongRecords(t *testing.T) {
	long := strings.Repeat("x", hardMaxRecord)
	for _, tt := range []struct {
		snaplen uint32
		size    int
		ok      bool
	}{
		{65535, defaultMaxRecord, true},
		{65535, defaultMaxRecord + 1, false},
		{hardMaxRecord, hardMaxRecord, true},
		{0xffffffff, hardMaxRecord, true},
		{0, defaultMaxRecord + 1, false},
	} {
		f := newPcapFile(binary.LittleEndian, magicMicro, tt.snaplen, 1)
		f.packet(1000, 0, payload(0))
		f.packet(1001, 0, long[:tt.size])
		f.packet(1002, 0, payload(2))
		f.packet(1003, 0, payload(3))
		list, fi, err := readAll(t, f.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		want := 3
		if tt.ok {
			want = 4
		}
		if len(list) != want || list[want-1].Data != payload(3) || tt.ok != (len(fi.Warnings) == 0) {
			t.Errorf("snaplen %d, size %d: %d packets, %v", tt.snaplen, tt.size, len(list), fi.Warnings)
		}
	}
}
