package capture

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Reading allocates per file, not per packet, batch or buffer.
func TestReadAllocs(t *testing.T) {
	const packets = 20_000
	for name, data := range map[string][]byte{"pcap": benchPcap(packets, 200), "pcapng": benchPcapng(packets, 200)} {
		p := newPool(bufferSize)
		allocs := testing.AllocsPerRun(5, func() {
			r := newReader(plainInput{bytes.NewReader(data), nil}, false, name, Options{}, p)
			for {
				b, err := r.Next(context.Background())
				if err == io.EOF {
					return
				}
				b.Release()
			}
		})
		// Reader, decoder, interface table; buffers and batches come from the pool, unless it was just emptied
		// (the race detector does that at random).
		if allocs > packets/500 {
			t.Errorf("%s: %.0f allocations for %d packets", name, allocs, packets)
		}
	}
}

// A batch keeps its bytes until it is released, however far reading went on.
func TestBatchKeepsBytes(t *testing.T) {
	r := NewReader(bytes.NewReader(longPcap(2000)), "x")
	var batches []*Batch
	for {
		b, err := r.Next(context.Background())
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		batches = append(batches, b)
	}
	r.Close()
	n := 0
	for _, b := range batches {
		for _, p := range b.Packets {
			if !strings.HasPrefix(string(p.Data), payload(n)) {
				t.Fatalf("frame %d is %.20q", p.Frame, p.Data)
			}
			n++
		}
		b.Release()
		b.Release() // harmless as long as the batch was not handed out again
	}
	if n != 2000 || len(batches) < 5 {
		t.Errorf("%d packets in %d batches", n, len(batches))
	}
}

// Claims cost no memory: files of a few bytes that say they are long.
func TestClaimsCostNothing(t *testing.T) {
	f := newPcapFile(binary.LittleEndian, magicMicro, 0xffffffff, 1)
	f.record(1000, 0, hardMaxRecord, hardMaxRecord, "few")
	g := newNgFile(binary.LittleEndian)
	g.iface(1, 0xffffffff)
	g.Write([]byte{blockEPB, 0, 0, 0, 0, 0, 0, 1}) // 16 MiB
	g.WriteString("few bytes of it")
	for name, data := range map[string][]byte{"pcap": f.Bytes(), "pcapng": g.Bytes()} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, fi, err := readAll(t, data)
		runtime.ReadMemStats(&after)
		if err != nil || !fi.Truncated || len(fi.Warnings) != 1 {
			t.Errorf("%s: %v, %+v", name, err, fi)
		}
		if n := after.TotalAlloc - before.TotalAlloc; n > 4*bufferSize {
			t.Errorf("%s: %d bytes allocated", name, n)
		}
	}
}

// Closing ends the goroutines that read ahead, wherever reading stands.
func TestNoGoroutineLeft(t *testing.T) {
	dir := tree(t, map[string][]byte{
		"a.gz": compressed(t, openGzip, longPcap(10_000)),
		"b.gz": compressed(t, openGzip, longPcap(10_000)),
	})
	before := runtime.NumGoroutine()
	s, err := Open(context.Background(), []string{filepath.Join(dir, "a.gz"), filepath.Join(dir, "b.gz")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.Next(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if runtime.NumGoroutine() <= before {
		t.Error("decompression does not run beside reading")
	}
	s.Close()
	b.Release()
	if _, err := s.Next(context.Background()); err == nil {
		t.Error("reads on after Close")
	}
	for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines left", runtime.NumGoroutine()-before)
		}
	}
}
