package capture

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"testing"

	"github.com/google/gopacket/pcapgo"
)

// benchPcap is a capture of n packets of size bytes each.
func benchPcap(n, size int) []byte {
	b := binary.LittleEndian.AppendUint32(nil, magicMicro)
	b = append(b, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0)
	for i := range n {
		b = binary.LittleEndian.AppendUint32(b, uint32(1_700_000_000+i/1000))
		b = binary.LittleEndian.AppendUint32(b, uint32(i%1000*1000))
		b = binary.LittleEndian.AppendUint32(b, uint32(size))
		b = binary.LittleEndian.AppendUint32(b, uint32(size))
		b = append(b, make([]byte, size)...)
	}
	return b
}

// benchPcapng is the same as pcapng.
func benchPcapng(n, size int) []byte {
	le := binary.LittleEndian
	b := le.AppendUint32(nil, blockSHB)
	b = append(b, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0)
	b = append(b, bytes.Repeat([]byte{0xff}, 8)...)
	b = append(b, 28, 0, 0, 0)
	b = append(b, 1, 0, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 0, 0, 4, 0, 20, 0, 0, 0)
	total := uint32(32 + (size+3)&^3)
	for i := range n {
		t := uint64(1_700_000_000_000_000 + i)
		for _, v := range []uint32{blockEPB, total, 0, uint32(t >> 32), uint32(t), uint32(size), uint32(size)} {
			b = le.AppendUint32(b, v)
		}
		b = append(b, make([]byte, (size+3)&^3)...)
		b = le.AppendUint32(b, total)
	}
	return b
}

func benchmarkReader(b *testing.B, data []byte, packets int) {
	ctx := context.Background()
	p := newPool(bufferSize)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		r := newReader(plainInput{bytes.NewReader(data), nil}, false, "bench", Options{}, p)
		n := 0
		for {
			batch, err := r.Next(ctx)
			if err == io.EOF {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			n += len(batch.Packets)
			batch.Release()
		}
		if n != packets {
			b.Fatalf("%d packets", n)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(packets), "ns/packet")
}

const benchPackets, benchSize = 50_000, 214 // RTP

func BenchmarkPcap(b *testing.B) {
	benchmarkReader(b, benchPcap(benchPackets, benchSize), benchPackets)
}

func BenchmarkPcapng(b *testing.B) {
	benchmarkReader(b, benchPcapng(benchPackets, benchSize), benchPackets)
}

// BenchmarkPcapSmall shows the cost of a packet itself.
func BenchmarkPcapSmall(b *testing.B) { benchmarkReader(b, benchPcap(benchPackets, 8), benchPackets) }

// BenchmarkPcapgo is the yardstick: the same capture by gopacket without copying.
func BenchmarkPcapgo(b *testing.B) {
	data := benchPcap(benchPackets, benchSize)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		r, err := pcapgo.NewReader(bytes.NewReader(data))
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for {
			if _, _, err := r.ZeroCopyReadPacketData(); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != benchPackets {
			b.Fatalf("%d packets", n)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchPackets, "ns/packet")
}
