package reginfo

import (
	"bytes"
	"math"

	"imscope/decode/problem"
)

// enum reads a token and reports what had to be done to recognise it.
func (p *parser) enum(e *enum, a *attrs, unknown *problem.Code) uint8 {
	i, how := e.lookup(p.value(a))
	switch how {
	case matchExact:
	case matchCropped:
		p.report(ProbEnumCropped, a.ValOff, a.ValEnd)
	case matchNone:
		p.report(unknown, a.ValOff, a.ValEnd)
	default:
		p.report(ProbEnumSpelling, a.ValOff, a.ValEnd)
	}
	return i
}

// version reads the document's version, which must fit 32 bits (RFC 3680 5.1).
func (p *parser) version(a *attrs) int64 {
	n, ok := unsigned(trim(p.value(a)))
	if !ok || n > math.MaxUint32 {
		p.report(ProbVersion, a.ValOff, a.ValEnd)
	}
	if !ok {
		return -1
	}
	return n
}

// number reads an xs:unsignedLong, -1 if it is none.
func (p *parser) number(a *attrs) int64 {
	n, ok := unsigned(trim(p.value(a)))
	if !ok {
		p.report(ProbNumber, a.ValOff, a.ValEnd)
		return -1
	}
	return n
}

// unsigned reads decimal digits; what does not fit becomes the largest number.
func unsigned(b []byte) (int64, bool) {
	if len(b) == 0 {
		return 0, false
	}
	var n int64
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		d := int64(c - '0')
		if n > (math.MaxInt64-d)/10 {
			n = math.MaxInt64
			continue
		}
		n = n*10 + d
	}
	return n, true
}

// isURI reports whether v begins like an address-of-record.
func isURI(v []byte) bool {
	i := bytes.IndexByte(v[:min(len(v), len("sips:"))], ':')
	if i < 0 {
		return false
	}
	return equalFold(v[:i], "sip") || equalFold(v[:i], "tel") || equalFold(v[:i], "sips")
}
