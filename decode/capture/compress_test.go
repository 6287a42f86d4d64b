package capture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz"
)

// bzip2One and xzBlocks are plainPcap(1) as bzip2 and xz --lzma2=preset=0,dict=4KiB --block-size=30 made them.
const (
	bzip2One = "\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\x6c\xa7\xf9\xa5\x00\x00\x19\x79\x9f\xfe\x00\x08\x00\x40" +
		"\x00\x40\x00\x2f\x0c\xc4\x20\x20\x00\x10\x00\x08\x00\x04\x00\x00\x40\x00\x00\xa0\x00\x21\xa6\xa9" +
		"\xe9\x3d\x40\x68\x68\xd9\x47\xa8\x50\x00\x00\x64\xc8\x5a\x60\x18\x52\x55\x11\x8a\x07\x32\x42\x97" +
		"\xe6\xd5\x77\x36\x17\x5f\x22\x32\x1b\x46\x7e\xfd\x32\xd7\x9f\xc5\xdc\x91\x4e\x14\x24\x1b\x29\xfe" +
		"\x69\x40"
	xzBlocks = "\xfd\x37\x7a\x58\x5a\x00\x00\x04\xe6\xd6\xb4\x46\x02\x00\x21\x01\x00\x00\x00\x00\x37\x27\x97\xd6" +
		"\xe0\x00\x1d\x00\x18\x5d\x00\x6a\x30\xd1\xc8\x7d\x8b\xf8\x09\x9b\xad\x94\x14\xbe\xc9\x38\x5f\xf9" +
		"\x5b\x13\x03\xe0\xe2\x9e\x80\x00\xf4\xc3\x3a\x4f\x22\x4a\x43\xb8\x02\x00\x21\x01\x00\x00\x00\x00" +
		"\x37\x27\x97\xd6\x01\x00\x1c\x00\x00\x13\x00\x00\x00\x13\x00\x00\x00\x70\x61\x79\x6c\x6f\x61\x64" +
		"\x20\x6f\x66\x20\x70\x61\x63\x6b\x65\x74\x20\x30\x00\x00\x00\x00\xd3\x55\xab\x70\x68\x0c\xa2\x8d" +
		"\x00\x02\x34\x1e\x35\x1d\x00\x00\xa8\x9a\x8d\x61\xb1\xc4\x67\xfb\x02\x00\x00\x00\x00\x04\x59\x5a"
)

// compressed writes the parts of data each as a stream of its own, one after the other.
func compressed(t *testing.T, open func(io.Writer) (io.WriteCloser, error), parts ...[]byte) []byte {
	t.Helper()
	var z bytes.Buffer
	for _, p := range parts {
		w, err := open(&z)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(p); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return z.Bytes()
}

func openGzip(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil }

func xzConfig(check byte, block int64) func(io.Writer) (io.WriteCloser, error) {
	return func(w io.Writer) (io.WriteCloser, error) {
		return xz.WriterConfig{CheckSum: check, NoCheckSum: check == xz.None, BlockSize: block, DictCap: 1 << 16}.NewWriter(w)
	}
}

func TestCompressions(t *testing.T) {
	writers := []struct {
		name string
		open func(io.Writer) (io.WriteCloser, error)
	}{
		{"gzip", openGzip},
		{"zstd", func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) }},
		{"lz4", func(w io.Writer) (io.WriteCloser, error) { return lz4.NewWriter(w), nil }},
		{"lz4", func(w io.Writer) (io.WriteCloser, error) {
			z := lz4.NewWriter(w)
			return z, z.Apply(lz4.LegacyOption(true))
		}},
		{"xz", xzConfig(xz.CRC64, 0)},
		{"xz", xzConfig(xz.CRC32, 5000)},
		{"xz", xzConfig(xz.SHA256, 3001)},
		{"xz", xzConfig(xz.None, 0)},
	}
	const n = 800 // more than one chunk of the goroutine that decompresses
	for _, f := range []struct {
		format string
		data   []byte
	}{{"pcap", longPcap(n)}, {"pcapng", plainNg(n).Bytes()}} {
		half := len(f.data) / 2
		for i, w := range writers {
			t.Run(fmt.Sprint(w.name, i, f.format), func(t *testing.T) {
				for _, z := range [][]byte{compressed(t, w.open, f.data), compressed(t, w.open, f.data[:half], f.data[half:])} {
					list, fi, err := readAll(t, z)
					if err != nil {
						t.Fatal(err)
					}
					if fi.Format != f.format || fi.Compression != w.name || len(fi.Warnings) > 0 || fi.Truncated {
						t.Errorf("info %+v", fi)
					}
					if len(list) != n || !strings.HasPrefix(list[n-1].Data, payload(n-1)) {
						t.Fatalf("%d packets", len(list))
					}
				}
			})
		}
	}
	for name, z := range map[string]string{"bzip2": bzip2One, "xz": xzBlocks,
		"zstd": "\x50\x2a\x4d\x18\x04\x00\x00\x00skip" + string(compressed(t, writers[1].open, plainPcap(1).Bytes()))} {
		list, fi, err := readAll(t, []byte(z))
		if err != nil || fi.Compression != name || len(fi.Warnings) > 0 {
			t.Errorf("%s: %v, %+v", name, err, fi)
		}
		wantPayloads(t, list, 0)
	}
}

// longPcap is plainPcap with packets of about a kilobyte.
func longPcap(n int) []byte {
	f := newPcapFile(binary.LittleEndian, magicMicro, 65535, 1)
	for i := range n {
		f.packet(1000+uint32(i), 0, payload(i)+strings.Repeat("x", 1000))
	}
	return f.Bytes()
}

func TestCompressedDamage(t *testing.T) {
	whole := longPcap(1200)
	t.Run("checksum", func(t *testing.T) {
		for name, open := range map[string]func(io.Writer) (io.WriteCloser, error){
			"gzip": openGzip, "xz": xzConfig(xz.CRC64, 0), "xz-32": xzConfig(xz.CRC32, 0), "xz-sha": xzConfig(xz.SHA256, 0)} {
			z := compressed(t, open, whole)
			switch name {
			case "gzip":
				z[len(z)-8] ^= 1
			default:
				// The check is before the index, whose length the footer of 12 bytes tells.
				index := (int(binary.LittleEndian.Uint32(z[len(z)-8:])) + 1) * 4
				z[len(z)-12-index-1] ^= 1
			}
			list, fi, err := readAll(t, z)
			if err != nil || len(list) != 1200 || !slices.Equal(codes(fi), []string{ProbCompression.ID}) {
				t.Errorf("%s: %d packets, %v, %v", name, len(list), err, fi.Warnings)
			}
		}
	})
	t.Run("middle", func(t *testing.T) {
		z := compressed(t, openGzip, whole[:1<<20], whole[1<<20:])
		second := len(compressed(t, openGzip, whole[:1<<20]))
		z[second+12] = 0xff // a block type that does not exist
		list, fi, err := readAll(t, z)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(list); n < 1000 || n >= 1100 || !slices.Equal(codes(fi), []string{ProbCompression.ID}) || !fi.Truncated {
			t.Errorf("%d packets, %+v", n, fi)
		}
	})
	t.Run("nested", func(t *testing.T) {
		_, _, err := readAll(t, compressed(t, openGzip, compressed(t, openGzip, whole)))
		if !errors.Is(err, ErrNotCapture) || !strings.Contains(err.Error(), "gzip inside gzip") {
			t.Error(err)
		}
	})
	t.Run("no_capture_inside", func(t *testing.T) {
		_, fi, err := readAll(t, compressed(t, openGzip, []byte("just text, and some more of it")))
		if !errors.Is(err, ErrNotCapture) || fi.Compression != "gzip" {
			t.Error(err, fi)
		}
	})
	t.Run("empty_inside", func(t *testing.T) {
		if _, _, err := readAll(t, compressed(t, openGzip, nil)); !errors.Is(err, ErrEmpty) {
			t.Error(err)
		}
	})
	t.Run("cut_header", func(t *testing.T) {
		_, _, err := readAll(t, compressed(t, openGzip, whole)[:5])
		if err == nil || err.Error() != "test: gzip data is cut short" {
			t.Error(err)
		}
	})
}

// Nothing is allocated because a compressed file says that it needs a large window.
func TestCompressedWindowLimit(t *testing.T) {
	t.Run("zstd", func(t *testing.T) {
		// Frame header: no checksum, window descriptor for 1 GiB.
		_, _, err := readAll(t, []byte("\x28\xb5\x2f\xfd\x00\xa0\x01\x00\x00 and more of it"))
		if err == nil || err.Error() != "test: zstd data needs more than 128 MiB of memory to be decompressed; decompress it first" {
			t.Error(err)
		}
	})
	block := func(dict byte) string {
		h := []byte{2, 0, 0x21, 1, dict, 0, 0, 0}
		return string(binary.LittleEndian.AppendUint32(h, crc32.ChecksumIEEE(h)))
	}
	head := xzBlocks[:xzStreamHeader]
	t.Run("xz", func(t *testing.T) {
		_, _, err := readAll(t, []byte(head+block(39)+"\x00 and more of it"))
		if err == nil || err.Error() != "test: xz data needs more than 128 MiB of memory to be decompressed; decompress it first" {
			t.Error(err)
		}
	})
	t.Run("xz_many_blocks", func(t *testing.T) {
		// Blocks without content: the data ends at once, padding of 3, a CRC-64 of 0.
		empty := block(28) + "\x00\x00\x00\x00" + strings.Repeat("\x00", 8)
		_, _, err := readAll(t, []byte(head+strings.Repeat(empty, 50)))
		if err == nil || err.Error() != "test: xz data is damaged: dictionaries far larger than the data" {
			t.Error(err)
		}
	})
}

// Damage anywhere in an xz file is an error of the data, never a crash, and never more packets than there are.
func TestXZMutations(t *testing.T) {
	for i := range len(xzBlocks) {
		for _, bit := range []byte{1, 0x80, 0xff} {
			z := []byte(xzBlocks)
			z[i] ^= bit
			list, fi, err := readAll(t, z)
			if err == nil && len(fi.Warnings) == 0 && (len(list) != 1 || list[0].Data != payload(0)) {
				t.Errorf("byte %d: %+v goes unnoticed", i, list)
			}
		}
		list, fi, err := readAll(t, []byte(xzBlocks[:i]))
		if err == nil && (len(list) > 1 || len(fi.Warnings) == 0) {
			t.Errorf("cut at %d: %+v, %v", i, list, fi.Warnings)
		}
	}
}
