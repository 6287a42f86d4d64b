package identity

import (
	"net/netip"
	"strings"
)

// plain finds the comparable form of a SIP URI that needs no change but to be cut off: scheme and host are in lower
// case, nothing is escaped, there is no password. It is then the beginning of the URI, up to its default port, parameters
// or headers, and costs no allocation; nearly all URIs of signalling are like this. ok is false for the others, and for
// some that might have been.
func plain(uri string) (form string, ok bool) {
	at := len("sip:")
	switch {
	case strings.HasPrefix(uri, "sip:"):
	case strings.HasPrefix(uri, "sips:"):
		at = len("sips:")
	default:
		return "", false
	}
	// Past the user part. An "@" behind the host cannot be told from one before it here.
	host := at
	for i := at; i < len(uri); i++ {
		switch c := uri[i]; {
		case c == '@':
			if i == at || host > at {
				return "", false
			}
			host = i + 1
		case c == ':' && host == at && strings.IndexByte(uri[i:], '@') >= 0:
			return "", false // a password
		case c <= ' ' || c == '%' || c >= 0x7f:
			return "", false
		}
	}
	end := host
	if end < len(uri) && uri[end] == '[' {
		n := strings.IndexByte(uri[end:], ']')
		if n < 0 || !canonicalIPv6(uri[end+1:end+n]) {
			return "", false
		}
		if end += n + 1; end < len(uri) && uri[end] != ':' && uri[end] != ';' && uri[end] != '?' {
			return "", false
		}
	}
	for ; end < len(uri) && uri[end] != ':' && uri[end] != ';' && uri[end] != '?'; end++ {
		if c := uri[end]; c >= 'A' && c <= 'Z' || c == '[' || c == ']' {
			return "", false
		}
	}
	port := end
	if port < len(uri) && uri[port] == ':' {
		for port++; port < len(uri) && uri[port] >= '0' && uri[port] <= '9'; port++ {
		}
		if port == end+1 || port < len(uri) && uri[port] != ';' && uri[port] != '?' {
			return "", false
		}
		if uri[end+1:port] == "5060" {
			port = end
		}
	}
	return uri[:port], true
}

// canonicalIPv6 reports whether an address is written as RFC 5952 has it.
func canonicalIPv6(s string) bool {
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" {
		return false
	}
	var room [64]byte
	return string(a.AppendTo(room[:0])) == s
}

// plainNumber finds the comparable form of a tel URI of a global number without visual separators, which is its
// beginning.
func plainNumber(uri string) (form string, ok bool) {
	const scheme = "tel:+"
	if !strings.HasPrefix(uri, scheme) {
		return "", false
	}
	i := len(scheme)
	for i < len(uri) && uri[i] >= '0' && uri[i] <= '9' {
		i++
	}
	return uri[:i], i == len(uri) || uri[i] == ';'
}
