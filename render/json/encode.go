package json

import (
	"slices"
	"strconv"
	"unicode/utf8"

	"imscope/render"
)

// encoder appends JSON to a buffer. It sets the commas itself: a value that follows the beginning of
// an object or array, or a key, gets none.
type encoder struct {
	b    []byte
	keys []string // scratch for sorting
	// detail adds each user's registrations round by round and what each party believed.
	detail bool

	second int64  // the last one that time has worded, seconds since the Unix epoch
	worded []byte // its date and time up to the seconds; nil while there is none
}

func (e *encoder) comma() {
	if n := len(e.b); n > 0 {
		switch e.b[n-1] {
		case '{', '[', ':', ',', '\n':
		default:
			e.b = append(e.b, ',')
		}
	}
}

func (e *encoder) open(c byte)  { e.comma(); e.b = append(e.b, c) }
func (e *encoder) close(c byte) { e.b = append(e.b, c) }

// line begins a new line after the opening bracket or the comma of an element.
func (e *encoder) line() {
	e.comma()
	e.b = append(e.b, '\n')
}

// key writes a member's name, which needs no escaping.
func (e *encoder) key(name string) {
	e.comma()
	e.b = append(e.b, '"')
	e.b = append(e.b, name...)
	e.b = append(e.b, '"', ':')
}

func (e *encoder) null() { e.comma(); e.b = append(e.b, "null"...) }

func (e *encoder) bool(v bool) { e.comma(); e.b = strconv.AppendBool(e.b, v) }

func (e *encoder) uint(v uint64) { e.comma(); e.b = strconv.AppendUint(e.b, v, 10) }

func (e *encoder) int(v int64) { e.comma(); e.b = strconv.AppendInt(e.b, v, 10) }

func (e *encoder) string(s string) { e.comma(); e.b = AppendString(e.b, s) }

// text writes a string, null if it is empty.
func (e *encoder) text(s string) {
	if s == "" {
		e.null()
		return
	}
	e.string(s)
}

// number writes an int64, null if it is negative: that is how the model marks what a message lacks.
func (e *encoder) number(v int64) {
	if v < 0 {
		e.null()
		return
	}
	e.int(v)
}

// frame writes a frame number, null if there is none.
func (e *encoder) frame(f uint32) {
	if f == 0 {
		e.null()
		return
	}
	e.uint(uint64(f))
}

// time writes a moment, null if it is unknown. The moments of a user lie close together, so the date and
// the seconds are mostly those of the moment before: without the calendar, time takes 6 % of an analysis
// less (2026-11-22).
func (e *encoder) time(ns int64) {
	if ns == 0 {
		e.null()
		return
	}
	second, rest := ns/1e9, ns%1e9
	if rest < 0 {
		second, rest = second-1, rest+1e9
	}
	if e.worded == nil || second != e.second {
		e.second = second
		e.worded = render.UTC(ns).AppendFormat(e.worded[:0], "2006-01-02T15:04:05.")
	}
	e.comma()
	e.b = append(e.b, '"')
	e.b = append(e.b, e.worded...)
	e.b = appendNano(e.b, uint32(rest))
	e.b = append(e.b, 'Z', '"')
}

// appendNano appends nanoseconds with all nine digits.
func appendNano(dst []byte, n uint32) []byte {
	var d [9]byte
	for i := len(d) - 1; i >= 0; i-- {
		d[i] = '0' + byte(n%10)
		n /= 10
	}
	return append(dst, d[:]...)
}

// millis writes a duration in milliseconds with as many decimals as it needs.
func (e *encoder) millis(ns int64) {
	e.comma()
	u := uint64(ns)
	if ns < 0 {
		e.b = append(e.b, '-')
		u = -u
	}
	e.b = strconv.AppendUint(e.b, u/1e6, 10)
	if frac := u % 1e6; frac != 0 {
		var room [8]byte
		digits := strconv.AppendUint(room[:0], 1e6+frac, 10)
		digits[0] = '.'
		for digits[len(digits)-1] == '0' {
			digits = digits[:len(digits)-1]
		}
		e.b = append(e.b, digits...)
	}
}

func (e *encoder) strings(list []string) {
	e.open('[')
	for _, s := range list {
		e.string(s)
	}
	e.close(']')
}

func (e *encoder) frames(list []uint32) {
	e.open('[')
	for _, f := range list {
		e.uint(uint64(f))
	}
	e.close(']')
}

// counts writes an object of numbers in the order of their names.
func (e *encoder) counts(m map[string]uint64) {
	e.keys = e.keys[:0]
	for k := range m {
		e.keys = append(e.keys, k)
	}
	slices.Sort(e.keys)
	e.open('{')
	for _, k := range e.keys {
		e.string(k)
		e.b = append(e.b, ':')
		e.uint(m[k])
	}
	e.close('}')
}

// statuses writes an object of numbers by status code, in numerical order.
func (e *encoder) statuses(m map[int]uint64) {
	codes := make([]int, 0, len(m))
	for c := range m {
		codes = append(codes, c)
	}
	slices.Sort(codes)
	e.open('{')
	for _, c := range codes {
		e.key(strconv.Itoa(c))
		e.uint(m[c])
	}
	e.close('}')
}

const hexDigits = "0123456789abcdef"

// plain tells the bytes that stand for themselves inside a string.
var plain = func() (t [256]bool) {
	for c := 0x20; c < 0x7f; c++ {
		t[c] = c != '"' && c != '\\'
	}
	return t
}()

// AppendString appends s as a JSON string. What is no UTF-8 becomes U+FFFD; control characters and
// whatever does not print are escaped.
func AppendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if plain[c] {
			i++
			continue
		}
		n := 1
		var r rune
		if c >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
			if !render.Unsafe(r) && (r != utf8.RuneError || n > 1) {
				i += n
				continue
			}
		} else {
			r = rune(c)
		}
		dst = append(dst, s[start:i]...)
		dst = appendEscape(dst, r)
		i += n
		start = i
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}

func appendEscape(dst []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(dst, '\\', byte(r))
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	if r > 0xffff {
		r -= 0x10000
		dst = appendUnit(dst, 0xd800|r>>10)
		r = 0xdc00 | r&0x3ff
	}
	return appendUnit(dst, r)
}

func appendUnit(dst []byte, u rune) []byte {
	return append(dst, '\\', 'u', hexDigits[u>>12&15], hexDigits[u>>8&15], hexDigits[u>>4&15], hexDigits[u&15])
}
