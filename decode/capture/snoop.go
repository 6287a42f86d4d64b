package capture

import (
	"encoding/binary"
	"fmt"
	"time"
)

const (
	snoopMagic        = "snoop\x00\x00\x00"
	snoopFileHeader   = 16 // + version (4), data link (4)
	snoopRecordHeader = 24 // original, captured and record length, drops, seconds, microseconds
)

// snoop decodes the captures of Solaris (RFC 1761), big-endian throughout.
type snoop struct {
	link    LinkType
	lostAt  int64 // valid iff lostWhy is set
	lostWhy string
}

func newSnoop(head []byte, r *Reader) (*snoop, error) {
	switch n := binary.BigEndian.Uint32(head[12:]); n {
	case 0, 4: // IEEE 802.3, Ethernet
		r.info.describe(Interface{Link: LinkEthernet, Resolution: microseconds})
		return &snoop{link: LinkEthernet}, nil
	default:
		return nil, fmt.Errorf("%w: snoop with data link %d%s", ErrUnsupported, n, editcap)
	}
}

func (d *snoop) format() string { return "snoop" }

func (d *snoop) decode(r *Reader) (int, error) {
	for len(r.batch.Packets) < maxBatchPackets {
		h := r.window()
		if d.lostWhy != "" {
			return d.skipRest(r)
		}
		if len(h) < snoopRecordHeader {
			return d.more(r, snoopRecordHeader)
		}
		orig, incl, n := binary.BigEndian.Uint32(h), binary.BigEndian.Uint32(h[4:]), binary.BigEndian.Uint32(h[8:])
		limit := r.maxRecord(0)
		if incl > uint32(limit) || uint64(n) < uint64(incl)+snoopRecordHeader || n > uint32(limit)+2*snoopRecordHeader {
			d.lostAt, d.lostWhy = r.offset(), fmt.Sprintf("record of %d bytes claims a packet of %d", n, incl)
			continue
		}
		if len(h) < int(n) {
			return d.more(r, int(n))
		}
		r.frame++
		end := snoopRecordHeader + int(incl)
		r.batch.Packets = append(r.batch.Packets, Packet{
			Data: h[snoopRecordHeader:end:end], Frame: r.frame, OrigLen: orig, File: r.file, Link: d.link,
			Time: int64(binary.BigEndian.Uint32(h[16:]))*int64(time.Second) +
				int64(binary.BigEndian.Uint32(h[20:]))*int64(time.Microsecond),
		})
		r.pos += int(n)
	}
	return 0, nil
}

func (d *snoop) more(r *Reader, need int) (int, error) {
	if r.eof {
		return 0, r.truncated("the record")
	}
	return need, nil
}

// skipRest counts what is behind damage; the format is too rare to search for more records.
func (d *snoop) skipRest(r *Reader) (int, error) {
	r.pos += int(min(int64(r.end-r.pos), d.lostAt+scanLimit-r.offset()))
	if r.eof || r.offset()-d.lostAt == scanLimit {
		return 0, r.lost(d.lostAt, d.lostWhy)
	}
	return 1, nil
}
