package fact

import (
	"strings"

	"imscope/decode/sip"
)

// doubledRoute gives the first URI of Route that is Doubled, "" if none is.
func doubledRoute(m *sip.Message) string {
	for v := range m.All(sip.HdrRoute) {
		for {
			na, rest, ok := sip.NextNameAddr(v)
			if !ok {
				break
			}
			if uri := view(na.URI); Doubled(uri) {
				return uri
			}
			v = rest
		}
	}
	return ""
}

// Doubled reports whether a URI of a route, as it stands between its angle brackets, has further ones, or its lr parameter
// twice (RFC 3261 19.1.1: no parameter appears more than once).
func Doubled(uri string) bool {
	if strings.IndexByte(uri, '<') >= 0 || strings.IndexByte(uri, '>') >= 0 {
		return true
	}
	if strings.Count(uri, ";") < 2 {
		return false
	}
	lr := 0
	_, params, _ := strings.Cut(uri, ";")
	for p := range strings.SplitSeq(params, ";") {
		name, _, _ := strings.Cut(strings.TrimSpace(p), "=")
		if strings.EqualFold(name, "lr") {
			lr++
		}
	}
	return lr > 1
}
