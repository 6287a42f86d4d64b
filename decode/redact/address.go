package redact

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"strconv"
	"strings"

	"imscope/decode/pseudonym"
)

// maxIPv6Text is the longest spelling of an IPv6 address with brackets and a zone.
const maxIPv6Text = 64

// quads replaces IPv4 addresses within a run of characters and reports whether the run is nothing else. Product names
// have versions of four numbers, so there an address counts only if it is known.
func (r *Redactor) quads(b []byte, c context) bool {
	whole := false
	for i := 0; i < len(b); {
		if !isDigit(b[i]) || i > 0 && (isDigit(b[i-1]) || b[i-1] == '.' && i > 1 && isDigit(b[i-2])) {
			i++
			continue
		}
		sep := byte('.')
		n, ok := quadLen(b[i:], sep)
		if !ok {
			sep = '-'
			n, ok = quadLen(b[i:], sep)
		}
		if !ok {
			i++
			continue
		}
		if a := quad(b[i : i+n]); sep == '.' && c != agent || r.isKnown(a) {
			r.putQuad(b[i:i+n], a)
			whole = i == 0 && n == len(b)
		}
		i += n
	}
	return whole
}

func (r *Redactor) isKnown(a [4]byte) bool {
	_, ok := r.known.addrs[netip.AddrFrom4(a)]
	return ok
}

// quadLen returns the length of the four numbers of an address that b begins with.
func quadLen(b []byte, sep byte) (n int, ok bool) {
	for part := range 4 {
		if part > 0 {
			if n == len(b) || b[n] != sep {
				return 0, false
			}
			n++
		}
		from, v := n, 0
		for n < len(b) && n-from < 3 && isDigit(b[n]) {
			v = v*10 + int(b[n]-'0')
			n++
		}
		if n == from || v > 255 {
			return 0, false
		}
	}
	if n < len(b) && (isDigit(b[n]) || b[n] == sep && n+1 < len(b) && isDigit(b[n+1])) {
		return 0, false
	}
	return n, true
}

// quad reads four numbers, whatever stands between them.
func quad(b []byte) (a [4]byte) {
	i := 0
	for _, c := range b {
		if !isDigit(c) {
			i++
			continue
		}
		a[i] = a[i]*10 + c - '0'
	}
	return a
}

// putQuad writes the pseudonym of a over its spelling.
func (r *Redactor) putQuad(b []byte, a [4]byte) {
	r.known.addr(netip.AddrFrom4(a))
	r.Book.IPv4(a[:])
	from, part := 0, 0
	for i := 0; i <= len(b); i++ {
		if i < len(b) && isDigit(b[i]) {
			continue
		}
		pad(b[from:i], uint64(a[part]), 10)
		from = i + 1
		part++
	}
}

// bracketed replaces the address in brackets that b begins with and returns its length, 0 if there is none.
func (r *Redactor) bracketed(b []byte) int {
	if len(b) == 0 || b[0] != '[' {
		return 0
	}
	end := bytes.IndexByte(b[:min(len(b), maxIPv6Text)], ']')
	if end < 0 {
		// A lost bracket: the address ends where it cannot go on.
		if n := ipv6Len(b[1:]); n > 0 && bytes.Count(b[1:1+n], []byte{':'}) >= 2 && r.ipv6(b[1:1+n], true) {
			return 1 + n
		}
		return 0
	}
	if n := ipv6Len(b[1:end]); n == 0 || n != end-1 && b[1+n] != '%' || !r.ipv6(b[1:1+n], true) {
		return 0
	}
	return end + 1
}

// bareIPv6 replaces an address without brackets at the beginning of b and returns its length, 0 if there is none.
func (r *Redactor) bareIPv6(b []byte) int {
	n := ipv6Len(b)
	if n > 1 && b[n-1] == ':' && b[n-2] != ':' {
		n-- // as in "from 2001:db8::1: refused"
	}
	if bytes.Count(b[:n], []byte{':'}) < 2 || !r.ipv6(b[:n], false) {
		return 0
	}
	return n
}

func ipv6Len(b []byte) int {
	n := 0
	for n < len(b) && n < maxIPv6Text && (unhex(b[n]) >= 0 || b[n] == ':' || b[n] == '.') {
		n++
	}
	return n
}

// ipv6 replaces the spelling of an IPv6 address. sure says that something else than its looks tells that it is one: then
// a spelling counts too that lost its "::".
func (r *Redactor) ipv6(b []byte, sure bool) bool {
	a, err := netip.ParseAddr(string(b))
	if err == nil && a.Is4In6() || err == nil && bytes.IndexByte(b, '.') >= 0 {
		return r.mapped(b, a)
	}
	var spelled [8]uint16
	n := 0
	for part := range strings.SplitSeq(string(b), ":") {
		if part == "" {
			continue
		}
		v, perr := strconv.ParseUint(part, 16, 16)
		if perr != nil || n == len(spelled) {
			return false
		}
		spelled[n] = uint16(v)
		n++
	}
	const fewest = 5 // of a damaged address; times have three parts
	if n == 0 && err != nil || err != nil && n < fewest && !sure || n < 2 && err != nil {
		return false
	}
	if err == nil {
		r.known.addr(a)
		if p := r.Book.Addr(a); p == a {
			return true // it is nobody's
		}
	}
	before, fresh := r.fresh(b)
	r.Book.Groups(spelled[:n])
	putGroups(b, spelled[:n])
	if fresh {
		r.Book.Note(pseudonym.KindAddress, before, string(b))
	}
	return true
}

// mapped replaces an address that holds an IPv4 address.
func (r *Redactor) mapped(b []byte, a netip.Addr) bool {
	if dot := bytes.IndexByte(b, '.'); dot >= 0 {
		from := bytes.LastIndexByte(b[:dot], ':') + 1
		r.putQuad(b[from:], quad(b[from:]))
		return true
	}
	p := r.Book.Addr(a).As16()
	var groups []uint16
	for part := range strings.SplitSeq(string(b), ":") {
		if part != "" {
			groups = append(groups, 0)
		}
	}
	// The groups that are spelled are the last ones: all others are zero.
	for i := range groups {
		groups[i] = binary.BigEndian.Uint16(p[16-2*len(groups)+2*i:])
	}
	putGroups(b, groups)
	return true
}

// putGroups writes groups over the spelling of others. What needs more digits than there are loses the first ones.
func putGroups(b []byte, groups []uint16) {
	upper := false
	for _, c := range b {
		upper = upper || c >= 'A' && c <= 'F'
	}
	from, k := 0, 0
	for i := 0; i <= len(b); i++ {
		if i < len(b) && b[i] != ':' {
			continue
		}
		if i > from {
			for j, v := i-1, groups[k]; j >= from; j-- {
				b[j] = "0123456789abcdef"[v&15]
				if upper && v&15 > 9 {
					b[j] -= 0x20
				}
				v >>= 4
			}
			k++
		}
		from = i + 1
	}
}

// host replaces a host where one stands: a name or an address, with or without a port.
func (r *Redactor) host(b []byte) {
	b = bytes.Trim(b, " \t")
	if len(b) == 0 || r.bracketed(b) > 0 {
		return
	}
	if a, err := netip.ParseAddr(string(b)); err == nil && a.Is6() {
		r.ipv6(b, true)
		return
	}
	if i := bytes.IndexByte(b, ':'); i >= 0 {
		if bytes.Count(b, []byte{':'}) > 1 && r.ipv6(b, true) {
			return
		}
		b = b[:i]
	}
	if r.quads(b, free) {
		return
	}
	for _, c := range b {
		if !isAlnum(c) && c != '.' && c != '-' && c != '_' {
			r.called(b)
			return
		}
	}
	if len(b) == 0 {
		return
	}
	r.known.host(b)
	r.Book.Host(b)
}
