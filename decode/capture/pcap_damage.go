package capture

import (
	"fmt"
	"time"
)

// Damage in a classic pcap file: there is nothing to synchronise on but the record headers themselves,
// so that a place is taken for a record only where a second one follows it.

// lose starts the search for the next record; the damaged one is off bytes into the window.
func (d *pcap) lose(r *Reader, off int, why string) {
	d.scanning, d.lostAt, d.lostWhy = true, r.offset()+int64(off), why
}

// scan moves the window to the next record. It returns the bytes it needs, or io.EOF where there is no
// record left.
func (d *pcap) scan(r *Reader) (int, error) {
	w := r.window()
	from := 0
	if r.offset() == d.lostAt {
		from = 1
	}
	to := int(min(int64(len(w)), d.lostAt+scanLimit-r.offset()))
	at, need := d.find(w, from, to, r.eof)
	r.pos += at
	if need > 0 {
		return need, nil
	}
	if at < to {
		d.scanning = false
		r.resynced(ProbRecord, d.lostAt, d.lostWhy)
		return 0, nil
	}
	return 0, r.lost(d.lostAt, d.lostWhy)
}

// tail judges the bytes between the last whole record and the end of the input.
func (d *pcap) tail(r *Reader) (int, error) {
	w := r.window()
	if len(w) > d.hdr {
		// A damaged length may reach over the end: then there are still records inside.
		if at, _ := d.find(w, 1, len(w), true); at < len(w) {
			d.lose(r, 0, d.swallows(w))
			return 0, nil
		}
	}
	return 0, r.truncated("the record")
}

// doubt tells why a record of n bytes whose header h looks odd is not to be believed, or how many bytes it
// must see to tell. Some tools do write such headers, so that it is believed where another header follows
// it or none starts inside it.
//
// The first record of every file is odd, since there is no time to compare its own with. What is whole must
// not wait for its successor, which may be a long time coming: where nothing inside a record looks like a
// header, no later byte changes that it is believed.
func (d *pcap) doubt(r *Reader, h []byte, n int, t int64) (why string, need int) {
	incl, orig := d.lengths(h)
	switch {
	case t == 0 && incl|orig == 0:
		return "record header is all zeros", 0 // as a crashed machine leaves them
	case len(h) < n && !r.eof:
		return "", n
	case len(h) <= n && r.eof: // ends with the record, or inside it, which tail judges
		return "", 0
	}
	followed := len(h) >= n+d.hdr
	if followed {
		next := h[n:]
		incl, _ := d.lengths(next)
		if incl <= uint32(d.limit) && near(d.time(next), t) && d.fraction(next) {
			return "", 0
		}
	}
	// A header that starts inside ends inside, unless the length is a few bytes too long: then it exceeds the
	// packet's own or the snap length, and is worth waiting for the next header.
	to := n
	if incl <= orig && incl <= d.snap {
		to -= d.hdr - 1
	}
	at, more := d.find(h, 1, to, r.eof)
	switch {
	case more == 0 && at == to:
		return "", 0
	case !followed && !r.eof:
		return "", n + d.hdr
	case more > 0:
		return "", n + d.limit + 2*d.hdr // enough for every place
	}
	return d.swallows(h), 0
}

func (d *pcap) swallows(h []byte) string {
	incl, _ := d.lengths(h)
	return fmt.Sprintf("record claims %d bytes, but others start inside it", incl)
}

// find looks for a plausible record whose header starts in w[from:to], followed by a second one or by
// the end of the input. It returns its place, or to where there is none, or, with need > 0, the first
// place that cannot be judged before need bytes are there from it on.
func (d *pcap) find(w []byte, from, to int, eof bool) (at, need int) {
	for i := from; i < to; i++ {
		if len(w)-i < d.hdr {
			if eof {
				break
			}
			return i, d.hdr
		}
		// The length alone rules out nearly every place.
		n := d.u32(w[i+8:])
		if n-1 >= uint32(d.limit) || !d.plausible(w[i:]) {
			continue
		}
		t := d.time(w[i:])
		if d.hasLast && !near(t, d.last) {
			continue
		}
		next := i + d.hdr + int(n)
		switch {
		case len(w) >= next+d.hdr:
			if d.plausible(w[next:]) && near(d.time(w[next:]), t) {
				return i, 0
			}
		case !eof:
			return i, next + d.hdr - i
		case len(w) >= next: // ends with it, or inside the next header
			return i, 0
		}
	}
	return to, 0
}

// plausible tells whether h may be the header of a regular record.
func (d *pcap) plausible(h []byte) bool {
	incl, orig := d.u32(h[8:]), d.u32(h[12:])
	return incl > 0 && incl <= orig && incl <= uint32(d.limit) && orig <= hardMaxRecord &&
		d.u32(h) != 0 && d.fraction(h)
}

// fraction tells whether the fraction of a second in h is one.
func (d *pcap) fraction(h []byte) bool {
	if d.nano {
		return d.u32(h[4:]) < uint32(time.Second)
	}
	return d.u32(h[4:]) < uint32(time.Second/time.Microsecond)
}

func near(a, b int64) bool { return a-b <= int64(plausibleGap) && b-a <= int64(plausibleGap) }
