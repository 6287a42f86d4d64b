package capture

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

func TestPcapngBlocks(t *testing.T) {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		t.Run(order.String(), func(t *testing.T) {
			f := newNgFile(order)
			f.iface(1, 0, ngOption{2, []byte("eth0")})
			f.iface(276, 100, ngOption{optTsResol, []byte{9}})
			f.block(blockNRB, make([]byte, 8))
			f.packet(0, 1_000_000_000_000_001, "first")
			f.block(0x4711, []byte("unknown block"))
			f.epb(1, 2_000_000_000_000_000_002, 6, 1500, "second", ngOption{1, []byte("a comment")}, ngOption{2, []byte{1, 0, 0, 0}})
			f.spb(5, "third")
			f.spb(900, "fourth__")                                                         // cut by what the block holds
			f.block(blockPB, append(append(append(order.AppendUint16(nil, 1), 0xff, 0xff), // interface, drops
				order.AppendUint32(order.AppendUint32(order.AppendUint32(order.AppendUint32(nil, 0), 7), 5), 50)...), "fifth"...))
			f.block(blockISB, make([]byte, 12))
			f.block(blockCustom, make([]byte, 12))
			f.block(blockCustom2, make([]byte, 12))
			for _, kind := range []uint32{blockJournal, blockSysdig, blockSysdig2, blockSysdig3} {
				f.block(kind, make([]byte, 36))
			}
			f.block(blockDSB, append(order.AppendUint32(order.AppendUint32(nil, 0x544c534b), 7), "secret!"...))
			f.packet(0, 3_000_000_000_000_000, "sixth")

			r := NewReader(bytes.NewReader(f.Bytes()), "test")
			list, err := drain(t, r)
			if err != nil {
				t.Fatal(err)
			}
			want := []got{
				{Data: "first", Time: 1_000_000_000_000_001_000, Frame: 1, OrigLen: 5, Link: 1},
				{Data: "second", Time: 2_000_000_000_000_000_002, Frame: 2, OrigLen: 1500, Iface: 1, Link: 276},
				{Data: "third", NoTime: true, Frame: 3, OrigLen: 5, Link: 1},
				{Data: "fourth__", NoTime: true, Frame: 4, OrigLen: 900, Link: 1},
				{Data: "fifth", Time: 7, Frame: 5, OrigLen: 50, Iface: 1, Link: 276},
				{Data: "sixth", Time: 3_000_000_000_000_000_000, Frame: 12, OrigLen: 5, Link: 1}, // behind six blocks that Wireshark numbers too
			}
			if !slices.Equal(list, want) {
				t.Errorf("got %+v", list)
			}
			fi := r.Files()[0]
			if fi.Format != "pcapng" || len(fi.Warnings) != 0 || fi.Skipped != (Skipped{Blocks: 7}) || fi.FirstTime != 7 {
				t.Errorf("info %+v", fi)
			}
			if s := r.Secrets(); len(s) != 1 || s[0].Type != 0x544c534b || string(s[0].Data) != "secret!" {
				t.Errorf("secrets %+v", s)
			}
		})
	}
}

// A simple packet is cut by the snap length of the first interface, whatever its block holds.
func TestPcapngSimplePacketSnaplen(t *testing.T) {
	f := newNgFile(binary.LittleEndian)
	f.iface(1, 6)
	f.spb(100, "123456")
	f.spb(3, "123")
	list, _, _ := readAll(t, f.Bytes())
	if len(list) != 2 || list[0].Data != "123456" || list[0].OrigLen != 100 || list[1].Data != "123" {
		t.Errorf("got %+v", list)
	}
}

// Each section has its own byte order, and its interfaces are numbered from 0 again.
func TestPcapngSections(t *testing.T) {
	f := newNgFile(binary.BigEndian)
	f.iface(1, 65535)
	f.iface(113, 65535)
	f.packet(1, 1000*1_000_000, payload(0))
	f.section(binary.LittleEndian)
	f.iface(101, 65535, ngOption{optTsResol, []byte{0}})
	f.packet(0, 1001, payload(1))
	f.packet(1, 1002, "interface of the section before")
	f.section(binary.BigEndian)
	f.spb(4, "spb without interface")
	f.iface(228, 65535, ngOption{optTsResol, []byte{3}})
	f.packet(0, 1002_000, payload(2))
	list, fi, err := readAll(t, f.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	wantPayloads(t, list, 0, 1, 2)
	if list[0].Link != 113 || list[1].Link != 101 || list[2].Link != 228 {
		t.Errorf("links of %+v", list)
	}
	if !slices.Equal(codes(fi), []string{ProbInterface.ID, ProbInterface.ID}) || fi.Skipped.Packets != 2 {
		t.Errorf("info %+v", fi)
	}
}

// The section length field is not relied on: writers leave it at anything.
func TestPcapngSectionLength(t *testing.T) {
	for _, length := range []uint64{0, 1, 4, 1 << 63, 1 << 40} {
		data := slices.Clone(plainNg(3).Bytes())
		binary.LittleEndian.PutUint64(data[16:], length)
		list, fi, err := readAll(t, data)
		if err != nil || len(fi.Warnings) > 0 {
			t.Fatal(err, fi.Warnings)
		}
		wantPayloads(t, list, upTo(3)...)
	}
}

func TestPcapngTime(t *testing.T) {
	offset := func(s int64) ngOption {
		return ngOption{optTsOffset, binary.LittleEndian.AppendUint64(nil, uint64(s))}
	}
	resol := func(b byte) ngOption { return ngOption{optTsResol, []byte{b}} }
	const max = 1<<64 - 1
	tests := []struct {
		name  string
		opts  []ngOption
		ticks uint64
		time  int64
		bad   bool
	}{
		{"default", nil, 1_000_001, 1_000_001_000, false},
		{"seconds", []ngOption{resol(0)}, 1700000000, 1700000000_000000000, false},
		{"milli", []ngOption{resol(3)}, 1700000000_123, 1700000000_123000000, false},
		{"nano", []ngOption{resol(9)}, 1700000000_123456789, 1700000000_123456789, false},
		{"pico", []ngOption{resol(12)}, 1700000_123456789_999, 1700000_123456789, false},
		{"10^-19", []ngOption{resol(19)}, 19_999_999_999, 1, false},
		{"10^-28", []ngOption{resol(28)}, max, 1, false},
		{"10^-29", []ngOption{resol(29)}, max - 1, 0, false},
		{"10^-127", []ngOption{resol(127)}, max - 1, 0, false},
		{"binary_seconds", []ngOption{resol(0x80)}, 1700000000, 1700000000_000000000, false},
		{"1/2", []ngOption{resol(0x81)}, 3, 1_500000000, false},
		{"1/1024", []ngOption{resol(0x8a)}, 1024*1700000000 + 512, 1700000000_500000000, false},
		{"2^-32", []ngOption{resol(0xa0)}, 1700000000<<32 | 1<<31, 1700000000_500000000, false},
		{"2^-63", []ngOption{resol(0xbf)}, 1<<63 | 1<<62, 1_500000000, false},
		{"2^-64", []ngOption{resol(0xc0)}, 1 << 63, 500000000, false},
		{"2^-127", []ngOption{resol(0xff)}, max, 0, false},
		{"offset", []ngOption{resol(6), offset(1700000000)}, 5, 1700000000_000005000, false},
		{"offset_before_1970", []ngOption{offset(-10)}, 4_000_000, -6_000000000, false},
		{"too_late", nil, max, 0, true},
		{"too_late_seconds", []ngOption{resol(0)}, 9223372037, 0, true},
		{"last_second", []ngOption{resol(0)}, 9223372036, 9223372036_000000000, false},
		{"binary_too_late", []ngOption{resol(0x80)}, max, 0, true},
		{"offset_too_large", []ngOption{offset(1 << 62)}, 0, 0, true},
		{"offset_too_small", []ngOption{offset(-1 << 63)}, 0, 0, true},
		{"sum_too_large", []ngOption{resol(9), offset(9223372036)}, 1 << 62, 0, true},
		{"resolution_without_value", []ngOption{{optTsResol, nil}}, 1_000_001, 1_000_001_000, false},
		{"offset_too_short", []ngOption{{optTsOffset, []byte{1, 0, 0, 0}}}, 1_000_001, 1_000_001_000, false},
		{"behind_end_of_options", []ngOption{{optEnd, nil}, resol(0)}, 1_000_001, 1_000_001_000, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newNgFile(binary.LittleEndian)
			f.iface(1, 65535, tt.opts...)
			f.packet(0, tt.ticks, "data")
			list, fi, err := readAll(t, f.Bytes())
			if err != nil || len(list) != 1 {
				t.Fatal(list, err)
			}
			if list[0].Time != tt.time || list[0].NoTime != tt.bad || tt.bad != (count(fi, ProbTime) == 1) {
				t.Errorf("got %d (no time %v, %v), want %d", list[0].Time, list[0].NoTime, fi.Warnings, tt.time)
			}
		})
	}
	t.Run("big_endian_offset", func(t *testing.T) {
		f := newNgFile(binary.BigEndian)
		f.iface(1, 65535, ngOption{optTsOffset, binary.BigEndian.AppendUint64(nil, 1<<32+1)})
		f.packet(0, 0, "data")
		if list, _, _ := readAll(t, f.Bytes()); len(list) != 1 || list[0].Time != (1<<32+1)*nanosecond {
			t.Errorf("got %+v", list)
		}
	})
	t.Run("options_cut", func(t *testing.T) {
		f := newNgFile(binary.LittleEndian)
		f.block(blockIDB, []byte{1, 0, 0, 0, 0, 0, 0, 0, optTsResol, 0, 200, 0, 9, 0, 0, 0})
		f.packet(0, 1, "data")
		if list, _, _ := readAll(t, f.Bytes()); len(list) != 1 || list[0].Time != 1000 {
			t.Errorf("got %+v", list)
		}
	})
}

// Damage in the middle: what was readable before and behind it is delivered.
func TestPcapngDamage(t *testing.T) {
	block := func(total uint32, body string, trailer uint32) string {
		b := binary.LittleEndian.AppendUint32(nil, blockEPB)
		b = binary.LittleEndian.AppendUint32(b, total)
		return string(binary.LittleEndian.AppendUint32(append(b, body...), trailer))
	}
	body := strings.Repeat("\x00", epbFixed+4) // an empty packet of interface 0 at time 0
	tests := []struct {
		name   string
		damage func(f *ngFile) // called between packets 3 and 4 of 8
		text   string          // of the only warning
		bytes  uint64          // skipped
		lost   uint64          // packets skipped
	}{
		{"claims_4_gib", func(f *ngFile) { f.WriteString(block(0xfffffffc, body, 0xfffffffc)) },
			"block claims 4294967292 bytes; skipped 36 bytes", 36, 0},
		{"claims_0", func(f *ngFile) { f.WriteString(block(0, body, 36)) },
			"block claims 0 bytes; skipped 36 bytes", 36, 0},
		{"claims_odd", func(f *ngFile) { f.WriteString(block(37, body, 37)) },
			"block claims 37 bytes; skipped 36 bytes", 36, 0},
		{"claims_others", func(f *ngFile) { f.WriteString(block(100, body, 36)) },
			"skipped 36 bytes", 36, 0},
		{"claims_all", func(f *ngFile) { f.WriteString(block(70000, body, 36)) },
			"block claims 70000 bytes, but others start inside it; skipped 36 bytes", 36, 0},
		{"claims_less", func(f *ngFile) { f.WriteString(block(32, body, 36)) },
			"block starts with length 32 and ends with 0; skipped 36 bytes", 36, 0},
		{"noise", func(f *ngFile) { f.WriteString(strings.Repeat("\xa5\x5a\x99", 400)) },
			"block claims 1520802138 bytes; skipped 1200 bytes", 1200, 0},
		{"caplen_over_block", func(f *ngFile) { f.epb(0, 0, 5, 5, "four") },
			"packet claims 5 bytes in a block of 36; packet skipped", 0, 1},
		{"caplen_4_gib", func(f *ngFile) { f.epb(0, 0, 0xffffffff, 5, "four") },
			"packet claims 4294967295 bytes in a block of 36; packet skipped", 0, 1},
		{"unknown_interface", func(f *ngFile) { f.packet(1, 0, "four") },
			"packet names interface 1 of 1; packet skipped", 0, 1},
		{"too_long", func(f *ngFile) { f.packet(0, 0, strings.Repeat("x", defaultMaxRecord+1)) },
			"packet of 262145 bytes; packet skipped", 0, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := plainNg(4)
			at := f.Len()
			tt.damage(f)
			for i := 4; i < 8; i++ {
				f.packet(0, (1000+uint64(i))*1_000_000, payload(i))
			}
			list, fi, err := readAll(t, f.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			wantPayloads(t, list, upTo(8)...)
			if len(fi.Warnings) != 1 || fi.Truncated {
				t.Fatalf("info %+v", fi)
			}
			w := fi.Warnings[0]
			if !strings.Contains(w.Text, tt.text) || w.Offset != int64(at) || w.Frame != 5 {
				t.Errorf("warning %q, want %q at %d", w, tt.text, at)
			}
			if fi.Skipped.Bytes != tt.bytes || fi.Skipped.Packets != tt.lost {
				t.Errorf("skipped %+v", fi.Skipped)
			}
		})
	}
}

// Only the length at the end of a block is wrong: the block is used.
func TestPcapngTrailer(t *testing.T) {
	f := plainNg(2)
	data := f.Bytes()
	binary.LittleEndian.PutUint32(data[len(data)-4:], 1)
	g := &ngFile{order: binary.LittleEndian}
	g.packet(0, 1002_000_000, payload(2))
	for _, data := range [][]byte{data, slices.Concat(data, g.Bytes())} {
		list, fi, err := readAll(t, data)
		if err != nil {
			t.Fatal(err)
		}
		wantPayloads(t, list, upTo(2+(len(data)-f.Len())/g.Len())...)
		if !slices.Equal(codes(fi), []string{ProbBlock.ID}) || fi.Skipped.Bytes > 0 {
			t.Errorf("info %+v", fi)
		}
	}
}

// A section that was cut at any place is followed by a whole one.
func TestPcapngSectionCut(t *testing.T) {
	first, second := plainNg(3).Bytes(), newNgFile(binary.BigEndian)
	second.iface(113, 65535)
	second.packet(0, 1700_000_000, "of the second section")
	second.packet(0, 1701_000_000, "again")
	for n := shbMin; n < len(first); n++ {
		list, fi, err := readAll(t, slices.Concat(first[:n], second.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if len(list) < 2 || list[len(list)-2].Data != "of the second section" || list[len(list)-1].Data != "again" {
			t.Fatalf("cut at %d: %+v, %v", n, list, fi.Warnings)
		}
		for i, g := range list[:len(list)-2] {
			if g.Data != payload(i) {
				t.Fatalf("cut at %d: packet %d is %+v", n, i, g)
			}
		}
		if len(fi.Warnings) > 1 {
			t.Errorf("cut at %d: %v", n, fi.Warnings)
		}
	}
}

func TestPcapngDamagedFirstBlock(t *testing.T) {
	data := slices.Clone(plainNg(3).Bytes())
	binary.LittleEndian.PutUint32(data[4:], 0xffff)
	list, fi, err := readAll(t, data)
	if err != nil {
		t.Fatal(err)
	}
	wantPayloads(t, list, upTo(3)...)
	if len(fi.Warnings) != 1 {
		t.Error(fi.Warnings)
	}
}

// Blocks that are not read may be longer than the buffer.
func TestPcapngLongBlocks(t *testing.T) {
	f := plainNg(1)
	f.block(blockNRB, make([]byte, maxBlock-blockMin))
	f.packet(0, 1001_000_000, payload(1))
	f.block(0x4711, make([]byte, 3<<20))
	f.packet(0, 1002_000_000, payload(2))
	list, fi, err := readAll(t, f.Bytes())
	if err != nil || len(fi.Warnings) > 0 {
		t.Fatal(err, fi.Warnings)
	}
	wantPayloads(t, list, upTo(3)...)
}

func TestPcapngSecretsLimit(t *testing.T) {
	f := plainNg(0)
	big := make([]byte, 7<<20)
	for range 3 {
		f.block(blockDSB, append(binary.LittleEndian.AppendUint32([]byte("KSLT"), uint32(len(big))), big...))
	}
	r := NewReader(bytes.NewReader(f.Bytes()), "test")
	if _, err := drain(t, r); err != nil {
		t.Fatal(err)
	}
	if fi := r.Files()[0]; len(r.Secrets()) != 2 || count(fi, ProbSecrets) != 1 {
		t.Errorf("%d secrets, %v", len(r.Secrets()), fi.Warnings)
	}
}
