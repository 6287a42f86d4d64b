package sip

import "net/netip"

// IPv6Host returns the address of an IPv6 host in brackets (RFC 3261 25.1 IPv6reference). It is not
// valid for anything else; zones are not allowed.
func IPv6Host(host []byte) netip.Addr {
	if len(host) < 4 || host[0] != '[' || host[len(host)-1] != ']' {
		return netip.Addr{}
	}
	a, ok := parseIPv6(host[1 : len(host)-1])
	if !ok {
		return netip.Addr{}
	}
	return netip.AddrFrom16(a)
}

// parseIPv6 reads the text form of RFC 4291 2.2. netip.ParseAddr wants a string and allocates an
// error, and wrong addresses are daily bread here.
func parseIPv6(b []byte) (a [16]byte, ok bool) {
	n, gap := 0, -1 // bytes of a filled, and how many of them stand before "::"
	if len(b) >= 2 && b[0] == ':' && b[1] == ':' {
		gap, b = 0, b[2:]
	}
	for len(b) > 0 {
		if n == len(a) {
			return a, false
		}
		i, v := hexGroup(b)
		if i == 0 {
			return a, false
		}
		if i < len(b) && b[i] == '.' {
			ip, ok := parseIPv4(b)
			if !ok || n > len(a)-4 {
				return a, false
			}
			n += copy(a[n:], ip[:])
			b = nil
			break
		}
		a[n], a[n+1] = byte(v>>8), byte(v)
		n += 2
		if b = b[i:]; len(b) == 0 {
			break
		}
		if b[0] != ':' || len(b) == 1 {
			return a, false
		}
		if b = b[1:]; b[0] == ':' {
			if gap >= 0 {
				return a, false
			}
			gap, b = n, b[1:]
		}
	}
	switch {
	case gap < 0:
		return a, n == len(a)
	case n == len(a):
		return a, false // "::" stands for at least one group
	}
	tail := n - gap
	copy(a[len(a)-tail:], a[gap:n])
	clear(a[gap : len(a)-tail])
	return a, true
}

// hexGroup reads up to four hexadecimal digits and returns how many there are, 0 for none or more.
func hexGroup(b []byte) (n int, v uint16) {
	for n < len(b) {
		c := b[n]
		switch {
		case isDigit(c):
			c -= '0'
		case (c|0x20)-'a' < 6:
			c = c | 0x20 - 'a' + 10
		default:
			return n, v
		}
		if n == 4 {
			return 0, 0
		}
		v = v<<4 | uint16(c)
		n++
	}
	return n, v
}

// parseIPv4 reads four decimal bytes without leading zeros.
func parseIPv4(b []byte) (a [4]byte, ok bool) {
	for i := range a {
		n := 0
		for n < len(b) && isDigit(b[n]) {
			n++
		}
		v, _, ok := parseUint(b[:n])
		if !ok || v > 255 || n > 1 && b[0] == '0' {
			return a, false
		}
		a[i] = byte(v)
		b = b[n:]
		if i < 3 {
			if len(b) == 0 || b[0] != '.' {
				return a, false
			}
			b = b[1:]
		}
	}
	return a, len(b) == 0
}
