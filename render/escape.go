package render

import (
	"unicode"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// Unsafe reports whether a character must not reach a terminal as it is: control characters of both
// sets, whatever changes the direction or is invisible (overrides, zero-width, tags), line and
// paragraph separators, and all else that does not print. The replacement character U+FFFD prints.
func Unsafe(r rune) bool {
	if r < utf8.RuneSelf {
		return r < 0x20 || r == 0x7f
	}
	return !unicode.IsPrint(r)
}

// Escape makes wire text fit for a terminal: unsafe characters become \n, \r, \t, \xHH or \uHHHH,
// bytes that are no UTF-8 become \xHH. Text without any of these is returned as it is.
func Escape(s string) string {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if Unsafe(r) || r == utf8.RuneError && n == 1 {
			return string(AppendEscaped(append(make([]byte, 0, len(s)+16), s[:i]...), s[i:]))
		}
		i += n
	}
	return s
}

// AppendEscaped appends the escaped form of s to dst.
func AppendEscaped(dst []byte, s string) []byte {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			dst = append(dst, '\\', 'x', hexDigits[s[i]>>4], hexDigits[s[i]&15])
		case !Unsafe(r):
			dst = append(dst, s[i:i+n]...)
		case r == '\n':
			dst = append(dst, '\\', 'n')
		case r == '\r':
			dst = append(dst, '\\', 'r')
		case r == '\t':
			dst = append(dst, '\\', 't')
		case r < utf8.RuneSelf:
			dst = append(dst, '\\', 'x', hexDigits[r>>4], hexDigits[r&15])
		case r <= 0xffff:
			dst = appendHex(append(dst, '\\', 'u'), uint32(r), 4)
		default:
			dst = appendHex(append(dst, '\\', 'U'), uint32(r), 8)
		}
		i += n
	}
	return dst
}

// appendHex appends the low digits of v.
func appendHex(dst []byte, v uint32, digits int) []byte {
	for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
		dst = append(dst, hexDigits[v>>shift&15])
	}
	return dst
}
