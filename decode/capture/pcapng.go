package capture

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	"imscope/decode/problem"
)

// Block types of pcapng.
const (
	blockSHB     = 0x0a0d0d0a // section header; the number reads the same in both byte orders
	blockIDB     = 1          // interface description
	blockPB      = 2          // packet, obsolete
	blockSPB     = 3          // simple packet
	blockNRB     = 4          // name resolution
	blockISB     = 5          // interface statistics
	blockEPB     = 6          // enhanced packet
	blockJournal = 9          // systemd journal entry
	blockDSB     = 0x0a       // decryption secrets
	blockCustom  = 0x0bad     // custom, may be copied
	blockCustom2 = 0x40000bad // custom, must not be copied
	blockSysdig  = 0x204      // system call
	blockSysdig2 = 0x216
	blockSysdig3 = 0x221
)

const (
	blockHeader  = 8  // type, total length
	blockTrailer = 4  // total length again
	blockMin     = 12 // a block without a body
	epbFixed     = 20 // interface, time (8), captured and original length
	shbMin       = 28
	idbMin       = 20
	spbMin       = 16
	dsbFixed     = 8 // secrets type, length

	byteOrderMagic = 0x1a2b3c4d

	// maxBlock is the longest block believed. It must be seen whole, since only its end tells whether its
	// length is right; Wireshark draws the line in the same place.
	maxBlock = 16 << 20
	// maxInterfaces per section; each costs memory, and a real capture has a handful.
	maxInterfaces = 1 << 16
)

func isByteOrderMagic(b []byte) bool {
	m := binary.LittleEndian.Uint32(b)
	return m == byteOrderMagic || bits.ReverseBytes32(m) == byteOrderMagic
}

// pcapng decodes pcapng files.
type pcapng struct {
	big      bool
	ifaces   []iface
	section  int64 // offset of the section header; blocks are aligned to it
	scanning bool
	lostAt   int64 // valid iff scanning
	lostWhy  string
}

func newPcapng(head []byte) *pcapng {
	return &pcapng{big: binary.LittleEndian.Uint32(head[8:]) != byteOrderMagic}
}

func (d *pcapng) format() string { return "pcapng" }

func (d *pcapng) u16(b []byte) uint16 {
	v := binary.LittleEndian.Uint16(b)
	if d.big {
		v = bits.ReverseBytes16(v)
	}
	return v
}

func (d *pcapng) u32(b []byte) uint32 {
	v := binary.LittleEndian.Uint32(b)
	if d.big {
		v = bits.ReverseBytes32(v)
	}
	return v
}

// header reads type and total length of the block at w. A section header brings its own byte order.
func (d *pcapng) header(w []byte) (typ, total uint32) {
	if typ = d.u32(w); typ == blockSHB {
		return typ, u32as(w[4:], binary.LittleEndian.Uint32(w[8:]) != byteOrderMagic)
	}
	return typ, d.u32(w[4:])
}

func u32as(b []byte, big bool) uint32 {
	if big {
		return binary.BigEndian.Uint32(b)
	}
	return binary.LittleEndian.Uint32(b)
}

func (d *pcapng) decode(r *Reader) (int, error) {
	for len(r.batch.Packets) < maxBatchPackets {
		if d.scanning {
			if need, err := d.scan(r); need > 0 || err != nil {
				return need, err
			}
		}
		w := r.window()
		if len(w) < blockMin {
			if r.eof {
				return d.tail(r)
			}
			return blockMin, nil
		}
		typ, total := d.header(w)
		if why := badBlock(typ, total, w); why != "" {
			d.lose(r, why)
			continue
		}
		n := int(total)
		if len(w) < n {
			if r.eof {
				if need, err := d.tail(r); need > 0 || err != nil {
					return need, err
				}
				continue
			}
			return n, nil
		}
		b := w[:n:n]
		if got := u32as(b[n-4:], d.orderOf(typ, b)); got != total {
			ok, need := d.endsWell(r, w, n)
			if need > 0 {
				return need, nil
			}
			why := fmt.Sprintf("block starts with length %d and ends with %d", total, got)
			if !ok {
				d.lose(r, why)
				continue
			}
			r.info.warn(ProbBlock, 0, r.offset(), "%s", why)
		}
		d.block(r, typ, b)
		r.pos += n
	}
	return 0, nil
}

// orderOf gives the byte order the block b is written in.
func (d *pcapng) orderOf(typ uint32, b []byte) bool {
	if typ == blockSHB {
		return binary.LittleEndian.Uint32(b[8:]) != byteOrderMagic
	}
	return d.big
}

// badBlock tells why a block header cannot be believed, or "".
func badBlock(typ, total uint32, w []byte) string {
	switch {
	case total < minTotal(typ) || total > maxBlock || total%4 != 0:
		return fmt.Sprintf("block claims %d bytes", total)
	case typ == blockSHB && !isByteOrderMagic(w[8:]):
		return "section header without its byte-order magic"
	}
	return ""
}

// minTotal is the shortest total length of a block.
func minTotal(typ uint32) uint32 {
	switch typ {
	case blockSHB:
		return shbMin
	case blockIDB:
		return idbMin
	case blockEPB, blockPB:
		return blockMin + epbFixed
	case blockSPB:
		return spbMin
	case blockDSB:
		return blockMin + dsbFixed
	}
	return blockMin
}

// block reads the whole block b.
func (d *pcapng) block(r *Reader, typ uint32, b []byte) {
	body := b[blockHeader : len(b)-blockTrailer]
	switch typ {
	case blockEPB:
		d.packet(r, d.u32(body), body)
	case blockPB:
		d.packet(r, uint32(d.u16(body)), body)
	case blockSPB:
		d.simplePacket(r, body)
	case blockSHB:
		d.big = d.orderOf(typ, b)
		d.ifaces = d.ifaces[:0]
		d.section = r.offset()
	case blockIDB:
		if len(d.ifaces) < maxInterfaces {
			d.ifaces = append(d.ifaces, d.describe(r, body))
		}
	case blockDSB:
		d.secrets(r, body)
	case blockISB:
		d.statistics(r, body)
	case blockNRB:
		// Names say nothing about packets.
	case blockCustom, blockCustom2, blockJournal, blockSysdig, blockSysdig2, blockSysdig3:
		r.frame++ // Wireshark shows these among the packets, so later numbers count them
		r.info.Skipped.Blocks++
	default:
		r.info.Skipped.Blocks++
	}
}

// packet reads an enhanced packet block or the older packet block, which differ in the interface field.
func (d *pcapng) packet(r *Reader, id uint32, body []byte) {
	caplen, orig := d.u32(body[12:]), d.u32(body[16:])
	if id >= uint32(len(d.ifaces)) {
		d.skip(r, ProbInterface, "packet names interface %d of %d", id, len(d.ifaces))
		return
	}
	if caplen > uint32(len(body)-epbFixed) {
		d.skip(r, ProbBlock, "packet claims %d bytes in a block of %d", caplen, len(body)+blockMin)
		return
	}
	f := &d.ifaces[id]
	if int(caplen) > r.maxRecord(f.snaplen) {
		d.skip(r, ProbTooLong, "packet of %d bytes", caplen)
		return
	}
	r.frame++
	if caplen > orig {
		r.info.warn(ProbLength, r.frame, r.offset(), "%d bytes captured of %d", caplen, orig)
	}
	t, ok := f.time(uint64(d.u32(body[4:]))<<32 | uint64(d.u32(body[8:])))
	if !ok {
		r.info.warn(ProbTime, r.frame, r.offset(), "time stamp out of range")
	}
	end := epbFixed + int(caplen)
	r.batch.Packets = append(r.batch.Packets, Packet{
		Data: body[epbFixed:end:end], Time: t, NoTime: !ok, Frame: r.frame, OrigLen: orig,
		Iface: f.index, File: r.file, Link: f.link,
	})
}

// simplePacket reads a simple packet block, which belongs to the first interface and has no time.
func (d *pcapng) simplePacket(r *Reader, body []byte) {
	if len(d.ifaces) == 0 {
		d.skip(r, ProbInterface, "simple packet without an interface")
		return
	}
	f := &d.ifaces[0]
	orig := d.u32(body)
	caplen := min(uint64(orig), uint64(len(body)-4))
	if f.snaplen > 0 {
		caplen = min(caplen, uint64(f.snaplen))
	}
	if caplen > uint64(r.maxRecord(f.snaplen)) {
		d.skip(r, ProbTooLong, "packet of %d bytes", caplen)
		return
	}
	r.frame++
	end := 4 + int(caplen)
	r.batch.Packets = append(r.batch.Packets, Packet{
		Data: body[4:end:end], NoTime: true, Frame: r.frame, OrigLen: orig, Iface: f.index, File: r.file,
		Link: f.link,
	})
}

// skip counts a packet that cannot be used in a block whose bounds are right.
func (d *pcapng) skip(r *Reader, code *problem.Code, why string, args ...any) {
	r.info.Skipped.Packets++
	r.info.warn(code, r.frame+1, r.offset(), why+"; packet skipped", args...)
}
