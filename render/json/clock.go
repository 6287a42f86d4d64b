package json

import (
	"encoding/binary"
	"time"

	"imscope/render"
)

// clock words moments. Those of a user lie close together, so the date and the seconds are mostly those of a
// moment before. With the calendar for each of them, a user takes 60 % longer; with one second that is
// remembered, 13 % (2026-11-29).
type clock struct {
	// seconds are the last ones that were worded, each in the place that its number gives it. How many there
	// are is a prime number, since times that run out are round ones later.
	seconds [13]second
}

// second is one of these.
type second struct {
	key   int64    // from the Unix epoch, times two plus one: 0, the key of none, is the key of no second
	words [21]byte // `"2006-01-02T15:04:05.`
}

// append appends a moment with all nine decimals, in quotation marks.
func (c *clock) append(dst []byte, ns int64) []byte {
	whole, rest := ns/1e9, ns%1e9
	if rest < 0 {
		whole, rest = whole-1, rest+1e9
	}
	s := &c.seconds[uint64(whole)%uint64(len(c.seconds))]
	if key := whole<<1 | 1; s.key != key {
		s.key = key
		render.UTC(ns).AppendFormat(append(s.words[:0], '"'), time.RFC3339)
		s.words[20] = '.' // in place of the Z
	}
	dst = append(dst, s.words[:]...)
	dst = binary.LittleEndian.AppendUint64(dst, digits(uint64(rest/10)))
	return append(dst, '0'+byte(rest%10), 'Z', '"')
}
