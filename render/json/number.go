package json

import (
	"encoding/binary"
	"strconv"
)

// appendUint appends a number. Those with up to eight digits, as nearly all are, take half the time that
// strconv needs; with it, a user takes 7 % longer (2026-11-29).
func appendUint(dst []byte, v uint64) []byte {
	if v >= 1e8 {
		return strconv.AppendUint(dst, v, 10)
	}
	zeros := 8 - length(v)
	dst = binary.LittleEndian.AppendUint64(dst, digits(v)>>(8*zeros))
	return dst[:len(dst)-int(zeros)]
}

func appendInt(dst []byte, v int64) []byte {
	if v < 0 {
		return appendUint(append(dst, '-'), -uint64(v))
	}
	return appendUint(dst, uint64(v))
}

// length is how many digits a number below 1e8 has. Comparisons, since the place of all that follows depends
// on it: the processor guesses them and goes on.
func length(v uint64) uint {
	switch {
	case v < 10:
		return 1
	case v < 100:
		return 2
	case v < 1e3:
		return 3
	case v < 1e4:
		return 4
	case v < 1e5:
		return 5
	case v < 1e6:
		return 6
	case v < 1e7:
		return 7
	}
	return 8
}

// digits gives the eight digits of a number below 1e8 as ASCII, the first one in the lowest byte. It halves
// all parts at once: into two of four digits, four of two, eight of one.
func digits(v uint64) uint64 {
	v = v/1e4 | v%1e4<<32
	high := v * 10486 >> 20 & 0x7f_0000_007f // each divided by 100
	v = high | (v-100*high)<<16
	high = v * 103 >> 10 & 0x0f_000f_000f_000f // each divided by 10
	return (high | (v-10*high)<<8) + '0'*each
}

// appendMillis appends nanoseconds as milliseconds with as many decimals as they need.
func appendMillis(dst []byte, ns int64) []byte {
	u := uint64(ns)
	if ns < 0 {
		dst = append(dst, '-')
		u = -u
	}
	dst = appendUint(dst, u/1e6)
	frac := u % 1e6
	if frac == 0 {
		return dst
	}
	point := len(dst)
	dst = appendUint(dst, 1e6+frac)
	dst[point] = '.'
	for dst[len(dst)-1] == '0' {
		dst = dst[:len(dst)-1]
	}
	return dst
}
