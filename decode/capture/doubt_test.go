package capture

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// trickle ends after every byte, like a file that is read faster than it is written.
type trickle struct {
	data  []byte
	pause bool
}

func (g *trickle) Read(p []byte) (int, error) {
	if g.pause = !g.pause; !g.pause || len(g.data) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:1], g.data)
	g.data = g.data[n:]
	return n, nil
}

// readGrowing reads data as a file that grows by a byte at a time, up to where nothing more comes.
func readGrowing(t testing.TB, data []byte) ([]got, error) {
	t.Helper()
	g := &trickle{data: data}
	r := newReader(plainInput{g, nil}, false, "test", Options{Growing: true}, buffers)
	defer r.Close()
	var list []got
	for len(g.data) > 0 {
		more, err := drain(t, r)
		if list = append(list, more...); err != nil {
			return list, err
		}
	}
	return list, nil
}

// header is a record header as it may stand in a payload.
func header(sec, incl, orig uint32) string {
	f := &pcapFile{order: binary.LittleEndian, hdr: pcapRecordHeader}
	f.record(sec, 0, incl, orig, "")
	return f.String()
}

// Whether an odd record is believed depends on the bytes alone, not on how many have come when it is whole.
func TestPcapDoubtHoweverTheBytesArrive(t *testing.T) {
	const now = 1_700_000_000
	text := strings.Repeat("SIP/2.0 200 OK\r\n", 1000)
	tests := []struct {
		name  string
		write func(f *pcapFile)
		want  []string // payloads; their first 20 bytes
	}{
		{"fuzz_29458717", func(f *pcapFile) { // an empty record at an odd time, and the end of its header looks like another
			f.WriteString("00000000\x00\x00\x00\x00\x15\x00\x00\x0000\x00\x00000000000000000000000")
		}, []string{""}},
		{"first_swallows_others", func(f *pcapFile) {
			f.record(now, 0, 90, 90, "one")
			f.packet(now+1, 0, "two")
			f.packet(now+2, 0, "three")
			f.packet(now+3, 0, "four, and so much that the first ends inside it")
		}, []string{"two", "three", "four, and so much th"}},
		{"length_one_too_long", func(f *pcapFile) {
			f.packet(now, 0, "one")
			f.record(now+1, 0, 4, 3, "two")
			f.packet(now+2, 0, "three")
			f.packet(now+3, 0, "four")
		}, []string{"one", "three", "four"}},
		{"one_too_long_for_the_snap_length", func(f *pcapFile) {
			f.record(now, 0, 20001, 30000, strings.Repeat("x", 20000))
			f.packet(now+1, 0, "two")
			f.packet(now+2, 0, "three")
		}, []string{"two", "three"}},
		{"more_than_the_packet_had", func(f *pcapFile) {
			f.record(now, 0, 5, 3, "12345")
			f.record(now, 0, 5, 3, "67890")
		}, []string{"12345", "67890"}},
		{"header_in_the_payload", func(f *pcapFile) {
			f.packet(now, 0, "before "+header(now, 1, 1)+"x"+header(now, 2, 2)+" behind")
			f.packet(now+1, 0, "two")
		}, []string{"before " + header(now, 1, 1)[:13], "two"}},
		{"header_at_the_end_of_the_payload", func(f *pcapFile) {
			f.packet(now, 0, "before "+header(now, 40, 40))
			f.packet(now+30*86400, 0, "two, so long that it ends where another begins")
		}, []string{"before " + header(now, 40, 40)[:13], "two, so long that it"}},
		{"long", func(f *pcapFile) {
			f.packet(now, 0, text)
			f.packet(now, 0, text)
		}, []string{text[:20], text[:20]}},
		{"long_pause", func(f *pcapFile) {
			f.packet(now, 0, "one")
			f.packet(now+30*86400, 0, "two")
			f.packet(now+90*86400, 0, "three")
		}, []string{"one", "two", "three"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newPcapFile(binary.LittleEndian, magicMicro, 20000, 1)
			tt.write(f)
			list, fi, err := readAll(t, f.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			var payloads []string
			for _, g := range list {
				payloads = append(payloads, g.Data[:min(len(g.Data), 20)])
			}
			if !slices.Equal(payloads, tt.want) {
				t.Errorf("got %q, %v", payloads, fi.Warnings)
			}
			bytewise, fi2, err := readBytewise(t, f.Bytes())
			if err != nil || !reflect.DeepEqual(list, bytewise) || !reflect.DeepEqual(fi, fi2) {
				t.Errorf("bytewise %+v %+v %v, want %+v %+v", bytewise, fi2, err, list, fi)
			}
			growing, err := readGrowing(t, f.Bytes())
			if err != nil || len(growing) > len(list) || !slices.Equal(growing, list[:len(growing)]) {
				t.Errorf("growing %+v %v, want a beginning of %+v", growing, err, list)
			}
		})
	}
}

// A record that is whole and not contradicted is delivered though nothing follows it yet, odd as its header
// may look: the first of a file, a long one, one after a long pause.
func TestPcapDeliversWithoutSuccessor(t *testing.T) {
	const now = 1_700_000_000
	f := newPcapFile(binary.LittleEndian, magicMicro, 65535, 1)
	var writes [][]byte
	for i, data := range []string{"first", strings.Repeat("long", 10_000), "soon", "much later", ""} {
		f.packet(now+uint32(i*i*i*86400), 0, data)
		writes = append(writes, bytes.Clone(f.Bytes()))
		f.Reset()
	}
	r, w := io.Pipe()
	next := make(chan struct{})
	go func() {
		for _, b := range writes {
			w.Write(b)
			<-next
		}
		w.Close()
	}()
	src := NewReader(r, "pipe")
	for i := range writes {
		b, err := src.Next(context.Background())
		if err != nil || len(b.Packets) != 1 {
			t.Fatalf("record %d: %v, %v", i, b, err)
		}
		b.Release()
		next <- struct{}{} // only now comes the next one
	}
	if b, err := src.Next(context.Background()); err != io.EOF {
		t.Error(b, err)
	}
	if fi := src.Files()[0]; len(fi.Warnings) > 0 {
		t.Error(fi.Warnings)
	}
}
