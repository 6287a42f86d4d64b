package rewrite

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"testing"

	"imscope/decode"
	"imscope/decode/capture"
	"imscope/decode/pseudonym"
	"imscope/decode/redact"
	"imscope/samples"
)

// memory is a Source of packets in memory.
type memory struct {
	packets []capture.Packet
	done    bool
}

func (m *memory) Next(context.Context) (*capture.Batch, error) {
	if m.done || len(m.packets) == 0 {
		return nil, io.EOF
	}
	m.done = true
	return &capture.Batch{Packets: slices.Clone(m.packets)}, nil
}
func (m *memory) Files() []capture.FileInfo { return nil }
func (m *memory) Close() error              { return nil }

// load reads all packets of a capture.
func load(t testing.TB, data []byte) []capture.Packet {
	t.Helper()
	r := capture.NewReader(bytes.NewReader(data), "test")
	defer r.Close()
	var list []capture.Packet
	for {
		b, err := r.Next(context.Background())
		if err == io.EOF {
			return list
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

// said is what a record says, in a form that compares.
type said struct {
	raw, problems, frames string
	src, dst              netip.AddrPort
	path                  string
	time                  int64
}

func records(t testing.TB, packets []capture.Packet, each func(*decode.Record) *decode.Record) ([]said, *decode.Stats) {
	t.Helper()
	var list []said
	st, err := decode.Run(context.Background(), &memory{packets: packets}, decode.Options{Check: true}, func(rec *decode.Record) error {
		rec = each(rec)
		s := said{src: rec.Src, dst: rec.Dst, path: rec.Path.String(), time: rec.Time, frames: fmt.Sprint(rec.Frame, rec.Sub, rec.Frames)}
		if rec.SIP != nil {
			s.raw = string(rec.SIP.Raw)
			for _, p := range rec.SIP.Problems {
				s.problems += p.Code.ID + " "
			}
		} else {
			s.raw = string(rec.Diameter.Raw)
			for _, p := range rec.Diameter.Problems {
				s.problems += p.Code.ID + " "
			}
		}
		list = append(list, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list, st
}

// rewritten redacts packets with what their records teach.
func rewritten(t testing.TB, packets []capture.Packet, r *redact.Redactor) []capture.Packet {
	t.Helper()
	w := New(r)
	for i := range packets {
		before := bytes.Clone(packets[i].Data)
		if err := w.Add(&packets[i]); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(before, packets[i].Data) {
			t.Fatalf("packet %d was changed", i+1)
		}
	}
	w.Finish()
	out := slices.Clone(packets)
	for i := range out {
		out[i].Data = w.Packet(i)
		if len(out[i].Data) != len(packets[i].Data) {
			t.Fatalf("packet %d: %d bytes became %d", i+1, len(packets[i].Data), len(out[i].Data))
		}
	}
	return out
}

// Decoding rewritten packets gives what redacting decoded messages gives.
func TestSamples(t *testing.T) {
	for _, s := range samples.List() {
		t.Run(s.File(), func(t *testing.T) {
			data, err := samples.FS.ReadFile(s.Name)
			if err != nil {
				t.Fatal(err)
			}
			same(t, load(t, data))
		})
	}
}

func same(t testing.TB, packets []capture.Packet) {
	t.Helper()
	r := redact.New(pseudonym.New([]byte("key"), pseudonym.Options{}))
	_, before := records(t, packets, func(rec *decode.Record) *decode.Record { r.Learn(rec); return rec })
	want, _ := records(t, packets, r.Record)
	got, after := records(t, rewritten(t, packets, r), func(rec *decode.Record) *decode.Record { return rec })
	if len(got) != len(want) || len(got) == 0 {
		t.Fatalf("%d records, want %d", len(got), len(want))
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("record %d is\n%+v\nwant\n%+v", i, got[i], want[i])
		}
	}
	if before.Signalling != after.Signalling || len(after.Undecodable) > len(before.Undecodable) {
		t.Errorf("%d packets of signalling, undecodable %v; before %d, %v", after.Signalling, after.Undecodable, before.Signalling, before.Undecodable)
	}
}
