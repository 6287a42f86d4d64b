// Package identity brings the URIs of users and contacts into forms that compare.
//
// Public identities compare by the canonical form of RFC 3261 10.3 step 5 (parameters removed,
// escapes decoded) and RFC 3966 4 (visual separators removed); contacts by a reduced form of
// RFC 3261 19.1.4 that survives what registrars do to a Contact on its way into reginfo.
package identity

import (
	"net/netip"
	"strings"
)

// maxURI bounds what is looked at; a longer URI is compared as it stands.
const maxURI = 4096

// Canonical returns the form of a public identity that compares: scheme and host in lower case,
// no parameters, headers or password, escapes of unreserved characters decoded, default port removed;
// for tel URIs no visual separators. Anything that is no sip, sips or tel URI comes back trimmed.
func Canonical(uri string) string {
	if len(uri) <= maxURI {
		if form, ok := plain(uri); ok {
			return form
		}
		if form, ok := plainNumber(uri); ok {
			return form
		}
	}
	uri = strings.TrimSpace(uri)
	if len(uri) > maxURI {
		return uri
	}
	return long(uri)
}

// long is Canonical of any URI, trimmed.
func long(uri string) string {
	scheme, rest, ok := strings.Cut(uri, ":")
	if !ok {
		return uri
	}
	scheme = strings.ToLower(scheme)
	switch scheme {
	case "tel":
		return "tel:" + telNumber(rest)
	case "sip", "sips":
		user, host, port := split(rest)
		return join(scheme, unescape(user), Host(host), port)
	}
	return uri
}

// Display returns the identity as a person would write it down: the spelling of the wire without
// parameters and headers.
func Display(uri string) string {
	uri = strings.TrimSpace(uri)
	if i := paramsAt(uri); i > 0 {
		// A ";" before the "@" belongs to the user part.
		if at := strings.IndexByte(uri, '@'); at < i {
			uri = uri[:i]
		} else if j := paramsAt(uri[at:]); j >= 0 {
			uri = uri[:at+j]
		}
	}
	return uri
}

// paramsAt finds the first byte that may begin parameters or headers, -1 if there is none.
func paramsAt(s string) int {
	for i := range len(s) {
		if s[i] == ';' || s[i] == '?' {
			return i
		}
	}
	return -1
}

// Contact returns the form of a contact URI that compares: scheme, user, host and port. Parameters
// are left out since registrars drop, add and reorder them (transport, alias, ob, comp), apart from the one
// that tells the contact of an emergency registration from the phone's usual one (TS 24.229 5.1.6.2).
func Contact(uri string) string {
	key := Canonical(uri)
	if isEmergency(uri) {
		return key + emergency
	}
	return key
}

const emergency = ";sos"

// Emergency reports whether a contact in the form of [Contact] is that of an emergency registration.
func Emergency(key string) bool { return strings.HasSuffix(key, emergency) }

// isEmergency reports whether a contact URI has the sos parameter (TS 24.229 7.2A.13).
func isEmergency(uri string) bool {
	if len(uri) > maxURI {
		return false
	}
	at := strings.LastIndexByte(uri, '@') + 1
	for {
		i := strings.IndexByte(uri[at:], ';')
		if i < 0 {
			return false
		}
		if at += i + 1; len(uri)-at < len("sos") || !strings.EqualFold(uri[at:at+len("sos")], "sos") {
			continue
		}
		if end := at + len("sos"); end == len(uri) || strings.IndexByte(";=? ", uri[end]) >= 0 {
			return strings.IndexByte(uri[:at], '?') < 0 // not among the headers
		}
	}
}

// SamePlace reports whether two contacts in the form of [Contact] are the same, or would be had one of them not lost
// its port. Two that name different ports are two: phones behind one NAT.
func SamePlace(a, b string) bool {
	if a == b {
		return true
	}
	place := Place(a)
	return place == Place(b) && (place == a || place == b)
}

// Place returns a contact in the form of [Contact] without its port.
func Place(c string) string {
	if Emergency(c) {
		return dropPort(strings.TrimSuffix(c, emergency)) + emergency
	}
	return dropPort(c)
}

func dropPort(c string) string {
	i := strings.LastIndexByte(c, ':')
	if i <= len("sips") || strings.IndexByte(c[i:], ']') >= 0 || strings.IndexByte(c[i:], '@') >= 0 {
		return c
	}
	return c[:i]
}

// Host brings a host into the form that compares: lower case, an IPv6 reference as RFC 5952 writes
// it. A damaged IPv6 reference of fewer than eight groups without "::" gets one after its first
// group: the guess serves comparison only and is never printed.
func Host(h string) string {
	if len(h) > 2 && h[0] == '[' && h[len(h)-1] == ']' {
		in := h[1 : len(h)-1]
		if a, err := netip.ParseAddr(in); err == nil {
			return "[" + a.WithZone("").String() + "]"
		}
		if first, rest, ok := strings.Cut(in, ":"); ok && !strings.Contains(in, "::") {
			if a, err := netip.ParseAddr(first + "::" + rest); err == nil {
				return "[" + a.WithZone("").String() + "]"
			}
		}
	}
	return strings.ToLower(h)
}

// HostOf returns the host of a sip or sips URI in comparable form, or "".
func HostOf(uri string) string {
	scheme, rest, ok := strings.Cut(strings.TrimSpace(uri), ":")
	if !ok || (!strings.EqualFold(scheme, "sip") && !strings.EqualFold(scheme, "sips")) {
		return ""
	}
	_, host, _ := split(rest)
	return Host(host)
}

// HasUser reports whether a SIP URI names a user, that is, more than a host.
func HasUser(uri string) bool { return strings.IndexByte(uri, '@') > 0 }

// split takes apart what follows "sip:".
func split(rest string) (user, host, port string) {
	// The last "@" before parameters ends the user part; user parts may hold ";" and "?".
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		user, rest = rest[:at], rest[at+1:]
		user, _, _ = strings.Cut(user, ":") // no password
	}
	if i := paramsAt(rest); i >= 0 {
		rest = rest[:i]
	}
	rest = strings.TrimSpace(rest)
	host = rest
	if strings.HasPrefix(rest, "[") {
		if i := strings.IndexByte(rest, ']'); i >= 0 {
			host = rest[:i+1]
			port = strings.TrimPrefix(rest[i+1:], ":")
		}
	} else if i := strings.LastIndexByte(rest, ':'); i >= 0 {
		host, port = strings.TrimRight(rest[:i], ":"), rest[i+1:] // of "h::" what is left must be the same again
	}
	return user, host, strings.TrimSpace(port)
}

func join(scheme, user, host, port string) string {
	var b strings.Builder
	b.Grow(len(scheme) + len(user) + len(host) + len(port) + 3)
	b.WriteString(scheme)
	b.WriteByte(':')
	if user != "" {
		b.WriteString(user)
		b.WriteByte('@')
	}
	b.WriteString(host)
	if port != "" && port != "5060" {
		b.WriteByte(':')
		b.WriteString(port)
	}
	return b.String()
}

// telNumber removes the visual separators of RFC 3966 3 and all parameters but phone-context, which
// is part of a local number's identity.
func telNumber(s string) string {
	number, params, _ := strings.Cut(s, ";")
	number = strings.ToLower(strings.Map(func(r rune) rune {
		switch r {
		case '-', '.', '(', ')', ' ':
			return -1
		}
		return r
	}, number))
	if strings.HasPrefix(number, "+") {
		return number
	}
	for p := range strings.SplitSeq(params, ";") {
		if name, v, ok := strings.Cut(p, "="); ok && strings.EqualFold(strings.TrimSpace(name), "phone-context") {
			return number + ";phone-context=" + strings.ToLower(strings.TrimSpace(v))
		}
	}
	return number
}

// unescape decodes %HH of characters that need no escape in a user part (RFC 3261 19.1.4).
func unescape(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			hi, ok1 := hexDigit(s[i+1])
			lo, ok2 := hexDigit(s[i+2])
			if c := hi<<4 | lo; ok1 && ok2 && c > ' ' && c < 0x7f && c != '@' && c != '%' && c != ':' {
				b = append(b, c)
				i += 2
				continue
			}
		}
		b = append(b, s[i])
	}
	return string(b)
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}
