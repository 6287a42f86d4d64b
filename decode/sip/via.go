package sip

import "bytes"

// Via is one Via value (RFC 3261 20.42). The slices borrow the value it was parsed from.
type Via struct {
	Transport []byte // as spelled: "UDP"
	Host      []byte // sent-by; IPv6 with its brackets
	Port      []byte // digits as written, nil if absent
	Branch    []byte
	Received  []byte
	RPort     []byte // empty in a request that only asks for it
	HasRPort  bool
	Comp      []byte
	Params    []byte // all of them: ";branch=…"

	// IPv6Broken is set when Host is in brackets and no IPv6 address.
	IPv6Broken bool
	flaws      viaFlaw
}

type viaFlaw uint8

const (
	flawViaProto   viaFlaw = 1 << iota // not name / version / transport
	flawViaVersion                     // not SIP/2.0
	flawViaHost                        // no sent-by, or one with junk
	flawViaPort                        // port is no number up to 65535
	flawViaBranch                      // no branch
)

// MagicCookie is what a branch made by RFC 3261 begins with (RFC 3261 8.1.1.7).
const MagicCookie = "z9hG4bK"

// HasMagicCookie reports whether the branch is unique by RFC 3261, so that it alone can name the
// transaction.
func (v Via) HasMagicCookie() bool {
	return len(v.Branch) > len(MagicCookie) && equalFold(v.Branch[:len(MagicCookie)], MagicCookie)
}

// ParseVia reads a value that is one Via. ok is false when transport or host is missing.
func ParseVia(v []byte) (via Via, ok bool) {
	v = trim(v)
	head, params := cutParams(v)
	rest := via.protocol(head)
	i := 0
	for i < len(rest) && isToken(rest[i]) {
		i++
	}
	via.Transport = rest[:i]
	if i == 0 || i == len(rest) || !isLWS(rest[i]) {
		via.flaws |= flawViaProto
	}
	via.sentBy(trim(rest[i:]))
	via.Params = params
	via.params(params)
	return via, len(via.Transport) > 0 && len(via.Host) > 0
}

// protocol reads name and version of the sent-protocol, and returns what follows them.
func (v *Via) protocol(b []byte) []byte {
	const usual = "SIP/2.0/"
	if len(b) >= len(usual) && string(b[:len(usual)]) == usual {
		return trimLeft(b[len(usual):])
	}
	name, rest := cutSlash(b)
	version, rest := cutSlash(rest)
	if !equalFold(name, "SIP") || !equalFold(version, "2.0") {
		v.flaws |= flawViaVersion
		if len(name) == 0 || len(version) == 0 {
			v.flaws |= flawViaProto
		}
	}
	return rest
}

// NextVia cuts the first Via off a comma list and returns what follows it. Empty elements are passed
// over. ok is false at the end.
func NextVia(v []byte) (via Via, rest []byte, ok bool) {
	e, rest, ok := nextElement(v)
	if !ok {
		return via, nil, false
	}
	via, _ = ParseVia(e)
	return via, rest, true
}

// cutSlash cuts at the first slash, with white space allowed around it.
func cutSlash(b []byte) (before, after []byte) {
	if i := bytes.IndexByte(b, '/'); i >= 0 {
		return trim(b[:i]), trimLeft(b[i+1:])
	}
	return nil, trimLeft(b)
}

func (v *Via) sentBy(b []byte) {
	var rest []byte
	v.Host, v.Port, rest = cutHostPort(b)
	v.Host, v.Port = trim(v.Host), trim(v.Port)
	v.IPv6Broken = brokenIPv6(v.Host)
	if len(v.Host) == 0 || hasLWS(v.Host) || len(rest) > 0 {
		v.flaws |= flawViaHost
	}
	if v.Port != nil && !validPort(v.Port) {
		v.flaws |= flawViaPort
	}
}

// validPort reports whether b is a number from 0 to 65535.
func validPort(b []byte) bool {
	n, _, ok := parseUint(b)
	return ok && n <= 65535
}

func (v *Via) params(b []byte) {
	for {
		name, value, rest, form := cutParam(b)
		if form == noParam {
			break
		}
		switch b = rest; {
		case v.Branch == nil && equalFold(name, "branch"):
			v.Branch = value
		case v.Received == nil && equalFold(name, "received"):
			v.Received = value
		case !v.HasRPort && equalFold(name, "rport"):
			v.RPort, v.HasRPort = value, true
		case v.Comp == nil && equalFold(name, "comp"):
			v.Comp = value
		}
	}
	if len(v.Branch) == 0 {
		v.flaws |= flawViaBranch
	}
}
