package sip

import "bytes"

// Resync returns the offset, above 0, of the next start line in b, or -1. It also finds one that
// begins in the middle of a line, behind a body whose length was wrong or whose beginning was lost.
//
// After -1 everything up to and including the last line feed can be dropped, and all of b if it has
// none in its last 8 KiB.
func Resync(b []byte) int {
	const mark = "SIP/2.0"
	line, seen := 0, 0 // where the line begins that the mark is in, and how far that is known
	for from := 1; from < len(b); {
		i := bytes.Index(b[from:], []byte(mark))
		if i < 0 {
			return -1
		}
		at := from + i
		if lf := bytes.LastIndexByte(b[seen:at], '\n'); lf >= 0 {
			line = seen + lf + 1
		}
		seen = at
		from = at + len(mark)
		if v, _ := sniff(b[at:]); v == isYes {
			return at
		}
		if start := requestStart(b, line, at); start > 0 && IsStart(b[start:]) {
			return start
		}
	}
	return -1
}

// requestStart returns the offset, not before line, of the method of the request line whose version
// is at at, or -1.
func requestStart(b []byte, line, at int) int {
	uri := backOverSpace(b, line, at)
	if uri == at {
		return -1
	}
	sp := uri
	for sp > line && !isLWS(b[sp-1]) {
		sp--
	}
	end := backOverSpace(b, line, sp)
	start := end
	for start > line && isToken(b[start-1]) && end-start < maxMethod {
		start--
	}
	if start == end {
		return -1
	}
	if ParseMethod(b[start:end]) == MethodOther {
		// Behind a body without a line end the method is glued to the last word.
		for m := MethodRegister; m < MethodOther; m++ {
			if s := m.String(); end-start > len(s) && string(b[end-len(s):end]) == s {
				return end - len(s)
			}
		}
	}
	return start
}

// glued reports whether the request line that b begins with is one of a known method with something in front: what was
// left of a body when Content-Length was wrong. Capital letters in front of a method are another method.
func glued(b []byte) bool {
	i := 0
	for i < len(b) && isToken(b[i]) {
		i++
	}
	if i == len(b) || !isBlank(b[i]) || ParseMethod(b[:i]) != MethodOther {
		return false
	}
	end, _ := lineEnd(b[:min(len(b), maxStartLine)], 0, '\n')
	at := bytes.LastIndex(b[:end], []byte(usualVersion))
	if at < 0 {
		return false
	}
	start := requestStart(b, 0, at)
	if start <= 0 {
		return false
	}
	for n, c := range b[start:at] {
		if !isToken(c) {
			if ParseMethod(b[start:start+n]) == MethodOther {
				return false
			}
			break
		}
	}
	for _, c := range b[:start] {
		if c < 'A' || c > 'Z' {
			return true
		}
	}
	return false
}

// backOverSpace returns the end of what is before the white space in front of at.
func backOverSpace(b []byte, line, at int) int {
	for at > line && isLWS(b[at-1]) {
		at--
	}
	return at
}
