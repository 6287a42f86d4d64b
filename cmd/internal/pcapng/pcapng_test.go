package pcapng

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"testing"

	"imscope/decode/capture"
	"imscope/samples"
)

func read(t *testing.T, data []byte) (list []capture.Packet, info capture.FileInfo) {
	t.Helper()
	r := capture.NewReader(bytes.NewReader(data), "test")
	defer r.Close()
	for {
		b, err := r.Next(context.Background())
		if err == io.EOF {
			return list, r.Files()[0]
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

// What is written is read again as what it was, from every sample.
func TestRoundTrip(t *testing.T) {
	for _, s := range samples.List() {
		data, err := samples.FS.ReadFile(s.Name)
		if err != nil {
			t.Fatal(err)
		}
		packets, info := read(t, data)
		var out bytes.Buffer
		w := NewWriter(&out, Options{Application: "imscope", Interface: func(_ uint16, i uint32) capture.Interface { return info.Interfaces[i] }})
		for i, f := range info.Interfaces {
			w.Describe(0, uint32(i), f.Link)
		}
		for i := range packets {
			if err := w.Packet(&packets[i]); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		got, gotInfo := read(t, out.Bytes())
		if !slices.Equal(gotInfo.Interfaces, info.Interfaces) || len(gotInfo.Warnings) > 0 {
			t.Errorf("%s: interfaces %+v, want %+v; %v", s.Name, gotInfo.Interfaces, info.Interfaces, gotInfo.Warnings)
		}
		same(t, s.Name, got, packets)
	}
}

func same(t *testing.T, name string, got, want []capture.Packet) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d packets, want %d", name, len(got), len(want))
	}
	for i := range got {
		g, w := got[i], want[i]
		if !bytes.Equal(g.Data, w.Data) || g.Time != w.Time || g.Link != w.Link || g.OrigLen != w.OrigLen || g.NoTime != w.NoTime || g.Frame != w.Frame {
			t.Errorf("%s: packet %d is %+v, want %+v", name, i+1, g, w)
		}
	}
}

// Units of time, link types and packets without a time stay, whatever order they come in.
func TestMixed(t *testing.T) {
	ifaces := []capture.Interface{
		{Name: "a", Link: capture.LinkEthernet, Resolution: 6},
		{Name: "b", Description: "second", Link: capture.LinkRaw, SnapLen: 96, Resolution: 3},
		{Link: capture.LinkLinuxSLL2, Resolution: 0x8a},
	}
	packets := []capture.Packet{
		{Data: []byte("one"), Time: 1_700_000_000_123_456_000, Link: capture.LinkEthernet, OrigLen: 3, Frame: 1},
		{Data: []byte("two"), Time: 1_700_000_000_123_000_000, Iface: 1, Link: capture.LinkRaw, OrigLen: 1500, Frame: 2},
		{Data: []byte("three"), NoTime: true, Iface: 1, Link: capture.LinkRaw, OrigLen: 5, Frame: 3},
		{Data: []byte("four"), NoTime: true, Iface: 1, Link: capture.LinkRaw, OrigLen: 4, Frame: 4},
		{Data: []byte("five"), Time: 1_700_000_000_123_456_789, Iface: 2, Link: capture.LinkLinuxSLL2, OrigLen: 4, Frame: 5},
		{Data: nil, Time: 5, Iface: 2, Link: 4711, Frame: 6},
	}
	var out bytes.Buffer
	w := NewWriter(&out, Options{Comment: "of a test", Interface: func(_ uint16, i uint32) capture.Interface { return ifaces[i] }})
	for i := range packets {
		if err := w.Packet(&packets[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	got, info := read(t, out.Bytes())
	same(t, "mixed", got, packets)
	want := []capture.Interface{ifaces[0], ifaces[1], ifaces[1], {Link: capture.LinkLinuxSLL2, Resolution: 9}, {Link: 4711, Resolution: 9}}
	if !slices.Equal(info.Interfaces, want) {
		t.Errorf("interfaces %+v, want %+v", info.Interfaces, want)
	}
}

// The end of the time covered is kept, whatever the resolution.
func TestSpan(t *testing.T) {
	for res := range uint8(10) {
		var out bytes.Buffer
		w := NewWriter(&out, Options{Interface: func(uint16, uint32) capture.Interface { return capture.Interface{Resolution: res} }})
		if err := w.Packet(&capture.Packet{Data: []byte("x"), Time: 1_700_000_010_000_000_000, Link: capture.LinkRaw, OrigLen: 1}); err != nil {
			t.Fatal(err)
		}
		const from, to = 1_700_000_000_000_000_000, 1_700_000_099_123_456_789
		w.Span(from, to)
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		_, info := read(t, out.Bytes())
		unit := int64(1)
		for range 9 - res {
			unit *= 10
		}
		if gotFrom, gotTo, _ := info.Span(); gotFrom != from || gotTo < to || gotTo-to >= unit {
			t.Errorf("resolution %d: %d to %d", res, gotFrom, gotTo)
		}
	}
}

// failing takes a few bytes.
type failing struct{ room int }

func (f *failing) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, errors.New("full")
	}
	return len(p), nil
}

func TestError(t *testing.T) {
	w := NewWriter(&failing{room: 300 << 10}, Options{})
	pk := capture.Packet{Data: make([]byte, 64<<10), Link: capture.LinkRaw}
	var err error
	for range 10 {
		err = w.Packet(&pk)
	}
	if err == nil || w.Flush() == nil {
		t.Error("a full disk was not noticed")
	}
}
