package capture

import (
	"math"
	"math/bits"
)

// Options of the interface description and the interface statistics block.
const (
	optEnd      = 0
	optName     = 2  // if_name
	optAbout    = 3  // if_description
	optBegan    = 2  // isb_starttime, of interface statistics
	optEnded    = 3  // isb_endtime
	optTsResol  = 9  // if_tsresol: time unit, 10^-n s or, with the top bit set, 2^-n s
	optTsOffset = 14 // if_tsoffset: seconds to add to every time
)

// Units of time as if_tsresol says them.
const (
	microseconds = 6
	nanoseconds  = 9
)

const (
	nanosecond      = 1_000_000_000
	maxDecimalUnits = 19 // 10^19 is the last power of ten in 64 bits
	// maxInterfaceText is how much is kept of the name of an interface and of its description.
	maxInterfaceText = 128
)

// iface is what an interface description says about its packets.
type iface struct {
	link    LinkType
	index   uint32 // in FileInfo.Interfaces
	snaplen uint32
	unit    uint8 // if_tsresol
	offset  int64 // if_tsoffset, seconds
	scale   uint64
	divide  bool // ticks are divided by scale, not multiplied
}

// describe reads the body of an interface description block.
func (d *pcapng) describe(r *Reader, body []byte) iface {
	f := iface{link: LinkType(d.u16(body)), snaplen: d.u32(body[4:]), unit: microseconds}
	var name, about []byte
	for opts := body[8:]; len(opts) >= 4; {
		code, n := d.u16(opts), int(d.u16(opts[2:]))
		opts = opts[4:]
		if code == optEnd || n > len(opts) {
			break
		}
		switch val := opts[:n]; {
		case code == optName:
			name = val[:min(n, maxInterfaceText)]
		case code == optAbout:
			about = val[:min(n, maxInterfaceText)]
		case code == optTsResol && n >= 1:
			f.unit = val[0]
		case code == optTsOffset && n >= 8:
			lo, hi := uint64(d.u32(val)), uint64(d.u32(val[4:]))
			if d.big {
				lo, hi = hi, lo
			}
			f.offset = int64(hi<<32 | lo)
		}
		opts = opts[min((n+3)&^3, len(opts)):]
	}
	f.prepare()
	f.index = r.info.describe(Interface{
		Name: string(name), Description: string(about), Link: f.link, SnapLen: f.snaplen, Resolution: f.unit,
	})
	return f
}

// statistics reads the body of an interface statistics block: interface, time (8), options.
func (d *pcapng) statistics(r *Reader, body []byte) {
	const fixed, value = 12, 8
	if len(body) < fixed {
		return
	}
	id := d.u32(body)
	if id >= uint32(len(d.ifaces)) {
		return
	}
	var c Cover
	defer func() {
		if c.From != 0 && c.From <= c.To && len(r.info.covers) < maxCovers {
			r.info.covers = append(r.info.covers, c)
		}
	}()
	for opts := body[fixed:]; len(opts) >= 4; {
		code, n := d.u16(opts), int(d.u16(opts[2:]))
		opts = opts[4:]
		if code == optEnd || n > len(opts) {
			return
		}
		if n == value {
			t, ok := d.ifaces[id].time(uint64(d.u32(opts))<<32 | uint64(d.u32(opts[4:])))
			switch {
			case !ok || t == 0:
			case code == optBegan:
				c.From = t
			case code == optEnded:
				c.To = t
			}
		}
		opts = opts[min((n+3)&^3, len(opts)):]
	}
}

// prepare works out the factor between ticks of a decimal unit and nanoseconds.
func (f *iface) prepare() {
	if f.unit&0x80 != 0 {
		return
	}
	exp := 9 - int(f.unit)
	if f.divide = exp < 0; f.divide {
		exp = -exp
	}
	f.scale = 1
	for range min(exp, maxDecimalUnits) {
		f.scale *= 10
	}
	if exp > maxDecimalUnits {
		f.scale = math.MaxUint64 // units so small that 64 bits of them are nothing
	}
}

// time converts ticks to nanoseconds since the epoch; ok is false where they do not fit.
func (f *iface) time(ticks uint64) (ns int64, ok bool) {
	var hi, lo uint64
	switch {
	case f.unit&0x80 != 0:
		n := uint(f.unit & 0x7f)
		hi, lo = bits.Mul64(ticks, nanosecond)
		if n >= 64 {
			hi, lo = 0, hi>>(n-64)
		} else if n > 0 {
			hi, lo = hi>>n, hi<<(64-n)|lo>>n
		}
	case f.divide:
		lo = ticks / f.scale
	default:
		hi, lo = bits.Mul64(ticks, f.scale)
	}
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	if f.offset == 0 {
		return int64(lo), true
	}
	const most = math.MaxInt64 / nanosecond
	if f.offset > most || f.offset < -most {
		return 0, false
	}
	ns = int64(lo) + f.offset*nanosecond
	if f.offset > 0 && ns < 0 {
		return 0, false
	}
	return ns, true
}
