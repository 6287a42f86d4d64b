package capture

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"imscope/decode/problem"
	"io"
	"testing"
	"testing/iotest"
)

// got is a packet as the tests compare it.
type got struct {
	Data    string
	Time    int64
	Frame   uint32
	OrigLen uint32
	Iface   uint32
	File    uint16
	Link    LinkType
	NoTime  bool
}

// drain reads src to its end and returns what it delivered and the error that ended it, nil for io.EOF.
func drain(t testing.TB, src Source) ([]got, error) {
	t.Helper()
	var list []got
	for {
		b, err := src.Next(context.Background())
		if err == io.EOF {
			return list, nil
		}
		if err != nil {
			return list, err
		}
		if len(b.Packets) == 0 {
			t.Fatal("empty batch")
		}
		if len(b.Packets) > maxBatchPackets {
			t.Fatalf("batch of %d packets", len(b.Packets))
		}
		for _, p := range b.Packets {
			if cap(p.Data) != len(p.Data) {
				t.Fatalf("frame %d: packet can be appended to over its neighbour", p.Frame)
			}
			list = append(list, got{string(p.Data), p.Time, p.Frame, p.OrigLen, p.Iface, p.File, p.Link, p.NoTime})
		}
		b.Release()
	}
}

// buffers serve all readers below. A pool for each would stay alive through two garbage collections, which
// lets the memory of thousands of readers grow without end.
var buffers = newPool(bufferSize)

// readAll reads data as one stream.
func readAll(t testing.TB, data []byte) ([]got, FileInfo, error) {
	t.Helper()
	r := newReader(plainInput{bytes.NewReader(data), nil}, true, "test", Options{}, buffers)
	defer r.Close()
	list, err := drain(t, r)
	return list, r.Files()[0], err
}

// readBytewise reads data one byte at a time.
func readBytewise(t testing.TB, data []byte) ([]got, FileInfo, error) {
	t.Helper()
	r := newReader(plainInput{iotest.OneByteReader(bytes.NewReader(data)), nil}, true, "test", Options{}, buffers)
	defer r.Close()
	list, err := drain(t, r)
	return list, r.Files()[0], err
}

// pcapFile builds classic pcap files.
type pcapFile struct {
	bytes.Buffer
	order binary.AppendByteOrder
	hdr   int
}

func newPcapFile(order binary.AppendByteOrder, magic, snaplen, network uint32) *pcapFile {
	f := &pcapFile{order: order, hdr: pcapRecordHeader}
	if magic == magicModified {
		f.hdr = pcapModifiedHeader
	}
	b := order.AppendUint32(nil, magic)
	b = order.AppendUint16(b, 2)
	b = order.AppendUint16(b, 4)
	b = append(b, make([]byte, 8)...)
	b = order.AppendUint32(b, snaplen)
	f.Write(order.AppendUint32(b, network))
	return f
}

// record adds a record with the lengths given, whatever data is.
func (f *pcapFile) record(sec, frac, incl, orig uint32, data string) {
	var b []byte
	for _, v := range []uint32{sec, frac, incl, orig} {
		b = f.order.AppendUint32(b, v)
	}
	f.Write(append(b, make([]byte, f.hdr-pcapRecordHeader)...))
	f.WriteString(data)
}

func (f *pcapFile) packet(sec, frac uint32, data string) {
	f.record(sec, frac, uint32(len(data)), uint32(len(data)), data)
}

// plainPcap is a little-endian file of n packets, packet i at second 1000+i with the payload of payload(i).
func plainPcap(n int) *pcapFile {
	f := newPcapFile(binary.LittleEndian, magicMicro, 65535, 1)
	for i := range n {
		f.packet(1000+uint32(i), 0, payload(i))
	}
	return f
}

func payload(i int) string { return fmt.Sprintf("payload of packet %d%*s", i, i%7, "") }

// ngFile builds pcapng files.
type ngFile struct {
	bytes.Buffer
	order binary.AppendByteOrder
}

type ngOption struct {
	code uint16
	val  []byte
}

func newNgFile(order binary.AppendByteOrder) *ngFile {
	f := &ngFile{}
	f.section(order)
	return f
}

func (f *ngFile) section(order binary.AppendByteOrder) {
	f.order = order
	b := order.AppendUint32(nil, byteOrderMagic)
	b = order.AppendUint16(b, 1)
	b = order.AppendUint16(b, 0)
	f.block(blockSHB, append(b, bytes.Repeat([]byte{0xff}, 8)...))
}

func (f *ngFile) block(typ uint32, body []byte) {
	for len(body)%4 != 0 {
		body = append(body, 0)
	}
	total := uint32(blockMin + len(body))
	f.Write(f.order.AppendUint32(f.order.AppendUint32(nil, typ), total))
	f.Write(body)
	f.Write(f.order.AppendUint32(nil, total))
}

func (f *ngFile) options(b []byte, opts []ngOption) []byte {
	for _, o := range opts {
		b = f.order.AppendUint16(b, o.code)
		b = f.order.AppendUint16(b, uint16(len(o.val)))
		b = append(b, o.val...)
		for len(b)%4 != 0 {
			b = append(b, 0)
		}
	}
	if len(opts) > 0 {
		b = append(b, 0, 0, 0, 0)
	}
	return b
}

func (f *ngFile) iface(link uint16, snaplen uint32, opts ...ngOption) {
	b := f.order.AppendUint16(nil, link)
	b = f.order.AppendUint16(b, 0)
	f.block(blockIDB, f.options(f.order.AppendUint32(b, snaplen), opts))
}

// epb adds an enhanced packet with the lengths given, whatever data is.
func (f *ngFile) epb(iface uint32, ts uint64, caplen, orig uint32, data string, opts ...ngOption) {
	var b []byte
	for _, v := range []uint32{iface, uint32(ts >> 32), uint32(ts), caplen, orig} {
		b = f.order.AppendUint32(b, v)
	}
	b = append(b, data...)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	f.block(blockEPB, f.options(b, opts))
}

func (f *ngFile) packet(iface uint32, ts uint64, data string) {
	f.epb(iface, ts, uint32(len(data)), uint32(len(data)), data)
}

func (f *ngFile) spb(orig uint32, data string) {
	f.block(blockSPB, append(f.order.AppendUint32(nil, orig), data...))
}

// plainNg is a little-endian file of n packets, packet i at second 1000+i with the payload of payload(i).
func plainNg(n int) *ngFile {
	f := newNgFile(binary.LittleEndian)
	f.iface(1, 65535)
	for i := range n {
		f.packet(0, (1000+uint64(i))*1_000_000, payload(i))
	}
	return f
}

// wantPayloads checks that list is the packets of plainPcap or plainNg with the numbers given, numbered in
// order of delivery.
func wantPayloads(t *testing.T, list []got, numbers ...int) {
	t.Helper()
	if len(list) != len(numbers) {
		t.Fatalf("%d packets, want %d", len(list), len(numbers))
	}
	for k, i := range numbers {
		g := list[k]
		if g.Data != payload(i) || g.Time != int64(1000+i)*nanosecond || g.Frame != uint32(k+1) || g.OrigLen != uint32(len(g.Data)) {
			t.Errorf("packet %d is %+v, want number %d", k, g, i)
		}
	}
}

// upTo lists 0, 1, … n-1.
func upTo(n int) []int {
	var list []int
	for i := range n {
		list = append(list, i)
	}
	return list
}

// codes lists the IDs of the warnings of fi.
func codes(fi FileInfo) []string {
	var list []string
	for _, w := range fi.Warnings {
		list = append(list, w.Code.ID)
	}
	return list
}

// count tells how often a warning occurred.
func count(fi FileInfo, code *problem.Code) uint64 {
	for _, c := range fi.Counts {
		if c.Code == code {
			return c.N
		}
	}
	return 0
}
