package capture

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"

	"github.com/ulikunitz/xz/lzma"
)

// The xz container around LZMA2 data is read here and not by package xz, which allocates the dictionary
// that each block header claims, up to 4 GiB.

const (
	xzMagic        = "\xfd7zXZ\x00"
	xzStreamHeader = 12
	xzFooter       = 12
	xzFilterLZMA2  = 0x21

	// A tiny block may claim a dictionary as large as a real one, and there may be many tiny blocks: the
	// memory they take one after the other is bounded by what they decompress to. xz itself makes blocks
	// of three times the dictionary.
	xzFreeDicts  = 4 * maxWindow
	xzDictFactor = 16
)

// xzCheckSize is the length of the check behind each block, by the check's number.
var xzCheckSize = [16]int{0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64}

type xzReader struct {
	src      *bufio.Reader
	read     int64        // bytes taken from src
	inStream bool         // behind a stream header, before its index
	check    byte         // kind of check of the stream
	lz       io.Reader    // data of the current block; nil between blocks
	start    int64        // read at the start of its data
	sum      hash.Hash    // of the current block; nil where the kind of check is none or not known
	out      int64        // bytes decompressed
	dicts    int64        // bytes of dictionaries so far
	buf      [1024]byte   // a block header at its longest
	num      bytes.Reader // over buf
}

func openXZ(r io.Reader) (io.ReadCloser, error) {
	return io.NopCloser(&xzReader{src: bufio.NewReaderSize(r, 64<<10)}), nil
}

// Read implements io.Reader.
func (x *xzReader) Read(p []byte) (int, error) {
	for {
		if x.lz == nil {
			if err := x.nextBlock(); err != nil {
				return 0, err
			}
		}
		n, err := x.lz.Read(p)
		x.out += int64(n)
		if x.sum != nil {
			x.sum.Write(p[:n])
		}
		if err == io.EOF {
			err = x.endBlock()
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// nextBlock goes to the data of the next block, through the end of a stream into the next if need be. It
// returns io.EOF where the last stream ended.
func (x *xzReader) nextBlock() error {
	for {
		if !x.inStream {
			if err := x.streamHeader(); err != nil {
				return err
			}
		}
		size, err := x.byte()
		if err != nil {
			return err
		}
		if size != 0 {
			return x.blockHeader(size)
		}
		if err := x.index(); err != nil {
			return err
		}
		x.inStream = false
	}
}

// streamHeader reads the header of the next stream and any padding before it.
func (x *xzReader) streamHeader() error {
	for {
		if _, err := x.src.Peek(1); err != nil {
			return err
		}
		h, err := x.take(4)
		if err != nil {
			return err
		}
		if binary.LittleEndian.Uint32(h) != 0 {
			break
		}
	}
	if _, err := x.takeAt(4, xzStreamHeader-4); err != nil {
		return err
	}
	h := x.buf[:xzStreamHeader]
	if string(h[:len(xzMagic)]) != xzMagic || crc32.ChecksumIEEE(h[6:8]) != binary.LittleEndian.Uint32(h[8:]) ||
		h[6] != 0 || h[7] > 15 {
		return errors.New("bad stream header")
	}
	x.check, x.inStream = h[7], true
	return nil
}

// blockHeader reads a block header whose first byte is size, and opens the block.
func (x *xzReader) blockHeader(size byte) error {
	x.buf[0] = size
	n := (int(size) + 1) * 4
	if _, err := x.takeAt(1, n-1); err != nil {
		return err
	}
	h := x.buf[:n-4]
	if crc32.ChecksumIEEE(h) != binary.LittleEndian.Uint32(x.buf[n-4:]) {
		return errors.New("bad block header")
	}
	flags := h[1]
	x.num.Reset(h[2:])
	for _, present := range [2]bool{flags&0x40 != 0, flags&0x80 != 0} { // compressed, uncompressed size
		if present {
			if _, err := binary.ReadUvarint(&x.num); err != nil {
				return errors.New("bad block header")
			}
		}
	}
	filter, err := binary.ReadUvarint(&x.num)
	if flags&3 != 0 || err != nil || filter != xzFilterLZMA2 {
		return errors.New("only the LZMA2 filter is supported")
	}
	props := h[len(h)-x.num.Len():]
	if len(props) < 2 || props[0] != 1 {
		return errors.New("bad block header")
	}
	dict, err := lzma.DecodeDictCap(props[1])
	if err != nil {
		return err
	}
	if dict > maxWindow {
		return errWindow
	}
	dict = max(dict, lzma.MinDictCap)
	if x.dicts += dict; x.dicts > xzFreeDicts+xzDictFactor*x.out {
		return errors.New("dictionaries far larger than the data")
	}
	switch x.check {
	case 1:
		x.sum = crc32.NewIEEE()
	case 4:
		x.sum = crc64.New(crc64.MakeTable(crc64.ECMA))
	case 10:
		x.sum = sha256.New()
	default:
		x.sum = nil
	}
	x.start = x.read
	x.lz, err = lzma.Reader2Config{DictCap: int(dict)}.NewReader2(xzBytes{x})
	return err
}

// endBlock reads the padding and the check behind a block.
func (x *xzReader) endBlock() error {
	x.lz = nil
	if _, err := x.take(int(-(x.read - x.start) & 3)); err != nil {
		return err
	}
	want, err := x.take(xzCheckSize[x.check])
	if err != nil || x.sum == nil {
		return err
	}
	got := x.sum.Sum(nil)
	if x.check != 10 { // the CRCs are written little-endian
		for i, j := 0, len(got)-1; i < j; i, j = i+1, j-1 {
			got[i], got[j] = got[j], got[i]
		}
	}
	if !bytes.Equal(got, want) {
		return errors.New("checksum error")
	}
	return nil
}

// index walks over the index, whose first byte was read, and the stream footer.
func (x *xzReader) index() error {
	start := x.read - 1
	records, err := x.uvarint()
	for ; err == nil && records > 0; records-- {
		if _, err = x.uvarint(); err == nil {
			_, err = x.uvarint()
		}
	}
	if err != nil {
		return err
	}
	if _, err = x.take(int(-(x.read-start)&3) + crc32.Size); err != nil {
		return err
	}
	footer, err := x.take(xzFooter)
	if err == nil && string(footer[10:]) != "YZ" {
		err = errors.New("bad stream footer")
	}
	return err
}

func (x *xzReader) uvarint() (uint64, error) {
	v, err := binary.ReadUvarint(xzBytes{x})
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return v, err
}

func (x *xzReader) byte() (byte, error) {
	b, err := x.take(1)
	if err != nil {
		return 0, err
	}
	return b[0], nil
}

// take reads n bytes to the start of buf.
func (x *xzReader) take(n int) ([]byte, error) { return x.takeAt(0, n) }

func (x *xzReader) takeAt(at, n int) ([]byte, error) {
	b := x.buf[at : at+n]
	k, err := io.ReadFull(x.src, b)
	x.read += int64(k)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return b, err
}

// xzBytes is the counted source that the LZMA2 decoder reads from.
type xzBytes struct{ x *xzReader }

func (b xzBytes) Read(p []byte) (int, error) {
	n, err := b.x.src.Read(p)
	b.x.read += int64(n)
	return n, err
}

func (b xzBytes) ReadByte() (byte, error) {
	c, err := b.x.src.ReadByte()
	if err == nil {
		b.x.read++
	}
	return c, err
}
