package capture

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"time"
)

// Magic numbers of classic pcap as a little-endian reader sees them.
const (
	magicMicro    = 0xa1b2c3d4
	magicNano     = 0xa1b23c4d
	magicModified = 0xa1b2cd34 // A. Kuznetzov's patch: 24-byte record headers
)

const (
	pcapFileHeader     = 24
	pcapRecordHeader   = 16
	pcapModifiedHeader = 24 // + interface index (4), protocol (2), packet type (1), padding (1)
)

const (
	// plausibleGap is how far apart the times of neighbouring records usually are. A record with another
	// time is looked at closely, and not taken for one while the next record is searched behind damage.
	plausibleGap = 7 * 24 * time.Hour
	// jumboFrame is the longest packet on usual links; what is longer was put together by a network card, or
	// is a damaged length that would swallow the records behind it.
	jumboFrame = 9216
)

func isPcap(magic uint32) bool {
	for _, m := range [...]uint32{magicMicro, magicNano, magicModified} {
		if magic == m || magic == bits.ReverseBytes32(m) {
			return true
		}
	}
	return false
}

// pcap decodes records of classic pcap files.
type pcap struct {
	big      bool // written big-endian
	nano     bool
	oldSwap  bool   // version 2.3 or older: some writers swapped the two lengths
	hdr      int    // bytes of a record header
	snap     uint32 // the snap length, the greatest number where there is none
	usual    uint32 // records are rarely longer: a jumbo frame, or the snap length
	limit    int    // longest record believed
	link     LinkType
	iface    uint32
	name     string
	last     int64 // time of the last good record
	hasLast  bool
	scanning bool
	lostAt   int64 // valid iff scanning: where the damaged record starts
	lostWhy  string
}

func newPcap(head []byte, r *Reader) *pcap {
	d := &pcap{}
	d.init(head, r)
	return d
}

// init reads the file header.
func (d *pcap) init(head []byte, r *Reader) {
	*d = pcap{hdr: pcapRecordHeader, name: "pcap"}
	magic := binary.LittleEndian.Uint32(head)
	if magic != magicMicro && magic != magicNano && magic != magicModified {
		d.big = true
		magic = bits.ReverseBytes32(magic)
	}
	switch magic {
	case magicNano:
		d.nano, d.name = true, "pcap-ns"
	case magicModified:
		d.hdr, d.name = pcapModifiedHeader, "pcap-modified"
	}
	version := d.u32(head[4:])
	major, minor := version&0xffff, version>>16
	if d.big {
		major, minor = minor, major
	}
	d.oldSwap = major == 2 && minor <= 3
	snaplen := d.u32(head[16:])
	d.limit = r.maxRecord(snaplen)
	if d.snap = snaplen; snaplen == 0 { // where some writers mean "no limit"
		d.snap = math.MaxUint32
	}
	d.usual = min(jumboFrame, d.snap)
	// The upper half holds the length of a frame check sequence, if any.
	d.link = LinkType(d.u32(head[20:]))
	f := Interface{Link: d.link, SnapLen: snaplen, Resolution: microseconds}
	if d.nano {
		f.Resolution = nanoseconds
	}
	d.iface = r.info.describe(f)
}

func (d *pcap) format() string { return d.name }

func (d *pcap) u32(b []byte) uint32 {
	v := binary.LittleEndian.Uint32(b)
	if d.big {
		v = bits.ReverseBytes32(v)
	}
	return v
}

// time gives the time of the record header h.
func (d *pcap) time(h []byte) int64 {
	frac := int64(d.u32(h[4:]))
	if !d.nano {
		frac *= 1000
	}
	return int64(d.u32(h))*int64(time.Second) + frac
}

// lengths gives captured and original length of the record header h.
func (d *pcap) lengths(h []byte) (incl, orig uint32) {
	incl, orig = d.u32(h[8:]), d.u32(h[12:])
	if d.oldSwap && incl > orig {
		incl, orig = orig, incl
	}
	return incl, orig
}

func (d *pcap) decode(r *Reader) (int, error) {
	for {
		if d.scanning {
			if need, err := d.scan(r); need > 0 || err != nil {
				return need, err
			}
		}
		if need, err := d.records(r); need > 0 || err != nil || !d.scanning {
			return need, err
		}
	}
}

// records takes records up to the end of the window, the end of the batch or the first damaged header.
func (d *pcap) records(r *Reader) (int, error) {
	packets := r.batch.Packets
	w := r.window()
	off, need := 0, 0
	for len(packets) < maxBatchPackets {
		h := w[off:]
		if len(h) < d.hdr {
			need = d.hdr
			break
		}
		incl, orig := d.lengths(h)
		if incl > uint32(d.limit) {
			d.lose(r, off, fmt.Sprintf("record claims %d bytes", incl))
			break
		}
		if incl|orig == 0 && isPcap(binary.LittleEndian.Uint32(h)) {
			if len(h) < pcapFileHeader {
				need = pcapFileHeader
				break
			}
			// The time would be in 2055: somebody wrote two files into one.
			r.info.warn(ProbRecord, r.frame+1, r.offset()+int64(off), "another file header; read on in its format")
			d.init(h, r)
			off += pcapFileHeader
			continue
		}
		n := d.hdr + int(incl)
		t := d.time(h)
		if incl > d.usual || incl > orig || t == 0 || !near(t, d.last) {
			why, more := d.doubt(r, h, n, t)
			if more > 0 {
				need = more
				break
			}
			if why != "" {
				d.lose(r, off, why)
				break
			}
			if incl > orig {
				r.info.warn(ProbLength, r.frame+1, r.offset()+int64(off), "%d bytes captured of %d", incl, orig)
			}
		}
		if len(h) < n {
			need = n
			break
		}
		d.last, d.hasLast = t, true
		r.frame++
		// Field by field: a Packet that is made on the stack and copied is a third of this loop (2026-11-29).
		packets = packets[:len(packets)+1]
		p := &packets[len(packets)-1]
		p.Data, p.Time, p.Frame, p.OrigLen = h[d.hdr:n:n], t, r.frame, orig
		p.Iface, p.File, p.Link, p.NoTime = d.iface, r.file, d.link, false
		off += n
	}
	r.batch.Packets = packets
	r.pos += off
	if need > 0 && r.eof {
		return d.tail(r)
	}
	return need, nil
}
