package capture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// snoopFile is a snoop capture of n packets with the payloads of payload.
func snoopFile(n int) []byte {
	b := append([]byte(snoopMagic), 0, 0, 0, 2, 0, 0, 0, 4)
	for i := range n {
		data := []byte(payload(i))
		pad := (4 - len(data)%4) % 4
		for _, v := range []int{len(data), len(data), snoopRecordHeader + len(data) + pad, 0, 1000 + i, 0} {
			b = binary.BigEndian.AppendUint32(b, uint32(v))
		}
		b = append(append(b, data...), make([]byte, pad)...)
	}
	return b
}

// Every format cut at every byte: what is whole before the cut is delivered, and the cut is told once,
// unless it is between two records.
func TestCutAnywhere(t *testing.T) {
	big := newNgFile(binary.BigEndian)
	big.iface(1, 65535)
	for i := range 5 {
		big.packet(0, (1000+uint64(i))*1_000_000, payload(i))
	}
	files := []struct {
		name   string
		header int // bytes without which it is no capture
		file   func(n int) []byte
	}{
		{"pcap", pcapFileHeader, func(n int) []byte { return plainPcap(n).Bytes() }},
		{"pcapng", shbMin, func(n int) []byte { return plainNg(n).Bytes() }},
		{"snoop", snoopFileHeader, snoopFile},
	}
	const n = 5
	for _, tt := range files {
		t.Run(tt.name, func(t *testing.T) {
			whole := tt.file(n)
			ends := map[int]int{} // length of the file with so many packets
			for k := range n + 1 {
				ends[len(tt.file(k))] = k
			}
			ends[tt.header] = 0
			packets := 0
			for cut := 1; cut <= len(whole); cut++ {
				if k, ok := ends[cut]; ok {
					packets = k
				}
				list, fi, err := readAll(t, whole[:cut])
				if cut < tt.header {
					if !errors.Is(err, ErrHeaderCut) && !errors.Is(err, ErrNotCapture) || err != fi.Err {
						t.Fatalf("cut at %d: error %v", cut, err)
					}
					if _, ok := errors.AsType[*Error](err); !ok {
						t.Fatalf("cut at %d: untyped error %v", cut, err)
					}
					continue
				}
				if err != nil {
					t.Fatalf("cut at %d: %v", cut, err)
				}
				wantPayloads(t, list, upTo(packets)...)
				_, clean := ends[cut]
				if clean && (len(fi.Warnings) != 0 || fi.Truncated) {
					t.Errorf("cut at %d: %+v", cut, fi)
				}
				if !clean && (fmt.Sprint(codes(fi)) != "[capture-truncated]" || !fi.Truncated || fi.Skipped.Bytes == 0) {
					t.Errorf("cut at %d: %+v", cut, fi)
				}
			}
		})
	}
}

// A compressed file cut at every byte gives a beginning of the packets and one warning.
func TestCutCompressed(t *testing.T) {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	for i, b := range plainPcap(20).Bytes() {
		w.Write([]byte{b})
		if i%100 == 99 {
			w.Flush()
		}
	}
	w.Close()
	seen := 0
	for cut := 2; cut < z.Len(); cut++ {
		list, fi, err := readAll(t, z.Bytes()[:cut])
		if err != nil {
			if len(list) > 0 {
				t.Fatalf("cut at %d: %v after %d packets", cut, err, len(list))
			}
			continue
		}
		if len(list) < seen {
			t.Fatalf("cut at %d: %d packets, %d before", cut, len(list), seen)
		}
		seen = len(list)
		wantPayloads(t, list, upTo(seen)...)
		if fmt.Sprint(codes(fi)) != "[capture-bad-compression]" || !fi.Truncated || fi.Err != nil {
			t.Fatalf("cut at %d: %+v", cut, fi)
		}
	}
	if seen < 15 {
		t.Errorf("only %d packets before the last byte", seen)
	}
}
