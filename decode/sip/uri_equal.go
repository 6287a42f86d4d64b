package sip

import "bytes"

// Equal compares two URIs by RFC 3261 19.1.4: user and password by case, everything else without;
// escapes of bytes that need none are equal to the bytes; a port that is written differs from the
// default that is not; parameters in one URI only are ignored unless they are user, ttl, method or
// maddr; header fields must be the same in any order. IPv6 hosts are compared as addresses, tel URIs
// by RFC 3966 4 (visual separators do not count), other URIs byte by byte behind the scheme.
func (u URI) Equal(v URI) bool {
	if !equalFoldBytes(u.Scheme, v.Scheme) {
		return false
	}
	switch {
	case u.IsSIP():
		return equalEscaped(u.User, v.User, false) && (u.User == nil) == (v.User == nil) &&
			equalEscaped(u.Password, v.Password, false) && equalHost(u.Host, v.Host) && equalPort(u.Port, v.Port) &&
			equalParams(u.Params, v.Params, ignorable) && equalParams(v.Params, u.Params, ignorable) &&
			equalHeaders(u.Headers, v.Headers) && equalHeaders(v.Headers, u.Headers)
	case u.IsTel():
		return equalNumber(u.User, v.User) && equalParams(u.Params, v.Params, never) && equalParams(v.Params, u.Params, never)
	}
	return bytes.Equal(u.Host, v.Host)
}

func equalHost(a, b []byte) bool {
	if x, y := IPv6Host(a), IPv6Host(b); x.IsValid() && y.IsValid() {
		return x == y
	}
	return equalEscaped(a, b, true)
}

// equalPort compares ports as numbers; one that is absent equals only another absent one.
func equalPort(a, b []byte) bool {
	x, _, okx := parseUint(a)
	y, _, oky := parseUint(b)
	if okx && oky {
		return x == y
	}
	return bytes.Equal(a, b) && (a == nil) == (b == nil)
}

// equalEscaped compares two components with their escapes.
func equalEscaped(a, b []byte, fold bool) bool {
	for len(a) > 0 && len(b) > 0 {
		x, escx, n := unescaped(a)
		y, escy, k := unescaped(b)
		if fold {
			x, y = lower(x), lower(y)
		}
		if x != y || escx != escy {
			return false
		}
		a, b = a[n:], b[k:]
	}
	return len(a) == len(b)
}

// unescaped returns the first character of b and how many bytes it takes. escaped is set for a
// reserved one that is escaped, which is another than the same one in the open.
func unescaped(b []byte) (c byte, escaped bool, n int) {
	if b[0] != '%' || len(b) < 3 {
		return b[0], false, 1
	}
	i, v := hexGroup(b[1:3])
	if i != 2 {
		return b[0], false, 1
	}
	c = byte(v)
	return c, bytes.IndexByte([]byte(";/?:@&=+$,%"), c) >= 0, 3
}

func lower(c byte) byte {
	if isAlpha(c) {
		return c | 0x20
	}
	return c
}

// ignorable says that a parameter may be in one SIP URI and not in the other.
func ignorable(name []byte) bool {
	return !equalFold(name, "user") && !equalFold(name, "ttl") && !equalFold(name, "method") && !equalFold(name, "maddr")
}

func never([]byte) bool { return false }

// maxCompared bounds the parameters and header fields of a URI that are compared: each one is looked up
// in the other URI, and no URI of a binding has as many.
const maxCompared = 32

// equalParams reports whether every parameter of a is in b with the same value, or ignored. The first of
// a repeated parameter counts, in both.
func equalParams(a, b []byte, ignored func([]byte) bool) bool {
	rest := a
	for i := 0; i < maxCompared; i++ {
		p, next, ok := NextParam(rest)
		if !ok {
			return true
		}
		rest = next
		x, _ := Param(a, string(p.Name))
		y, there := Param(b, string(p.Name))
		if there && !equalEscaped(x, y, true) || !there && !ignored(p.Name) {
			return false
		}
	}
	return true
}

// equalHeaders reports whether every header field of a is in b with the same value.
func equalHeaders(a, b []byte) bool {
	for i := 0; i < maxCompared && len(a) > 0; i++ {
		var h []byte
		h, a = cutAt(a, '&')
		found := false
		for rest := b; len(rest) > 0 && !found; {
			var o []byte
			o, rest = cutAt(rest, '&')
			hn, hv := cutAt(h, '=')
			on, ov := cutAt(o, '=')
			found = equalEscaped(hn, on, true) && equalEscaped(hv, ov, false)
		}
		if !found {
			return false
		}
	}
	return true
}

func cutAt(b []byte, sep byte) (before, after []byte) {
	if i := bytes.IndexByte(b, sep); i >= 0 {
		return b[:i], b[i+1:]
	}
	return b, nil
}

// equalNumber compares telephone numbers without visual separators (RFC 3966 3).
func equalNumber(a, b []byte) bool {
	for {
		a, b = skipVisual(a), skipVisual(b)
		if len(a) == 0 || len(b) == 0 {
			return len(a) == len(b)
		}
		if lower(a[0]) != lower(b[0]) {
			return false
		}
		a, b = a[1:], b[1:]
	}
}

func skipVisual(b []byte) []byte {
	for len(b) > 0 && (b[0] == '-' || b[0] == '.' || b[0] == '(' || b[0] == ')') {
		b = b[1:]
	}
	return b
}
