package sip

import "math"

// Security is one mechanism of Security-Client, Security-Server or Security-Verify (RFC 3329 2.2,
// 3GPP TS 33.203 Annex H). Names keep their case. The slices borrow the value it was parsed from.
type Security struct {
	Name []byte // "ipsec-3gpp", "tls", "digest"
	Q    []byte // as written
	Alg  []byte // integrity: "hmac-sha-1-96"
	EAlg []byte // encryption: "aes-cbc"; nil means null
	Prot []byte // nil means esp
	Mod  []byte // nil means trans

	// SPIs and ports, -1 if absent or out of range. SPI and Port1, Port2 are the form of RFC 3329
	// Appendix A that 3GPP replaced.
	SPIC, SPIS   int64
	PortC, PortS int32
	SPI          int64
	Port1, Port2 int32

	Params []byte
	flaws  securityFlaw
}

type securityFlaw uint8

const (
	flawSecurityName   securityFlaw = 1 << iota // the mechanism is not a token
	flawSecurityNumber                          // SPI or port is no number or too large
)

// IsIPsec3GPP reports the mechanism ipsec-3gpp.
func (s Security) IsIPsec3GPP() bool { return equalFold(s.Name, "ipsec-3gpp") }

// ParseSecurity reads a value that is one mechanism. ok is false when it does not begin with a token.
func ParseSecurity(v []byte) (s Security, ok bool) {
	head, params := cutParams(trim(v))
	s = Security{Name: trimRight(head), SPIC: -1, SPIS: -1, PortC: -1, PortS: -1, SPI: -1, Port1: -1, Port2: -1, Params: params}
	for {
		name, value, rest, form := cutParam(params)
		if form == noParam {
			break
		}
		params = rest
		s.set(name, value)
	}
	ok = allToken(s.Name)
	if !ok {
		s.flaws |= flawSecurityName
	}
	return s, ok
}

// NextSecurity cuts the first mechanism off a comma list and returns what follows it. Empty elements
// are passed over. ok is false at the end.
func NextSecurity(v []byte) (s Security, rest []byte, ok bool) {
	e, rest, ok := nextElement(v)
	if !ok {
		return s, nil, false
	}
	s, _ = ParseSecurity(e)
	return s, rest, true
}

func (s *Security) set(name, value []byte) {
	switch {
	case equalFold(name, "q"):
		s.Q = value
	case equalFold(name, "alg"):
		s.Alg = value
	case equalFold(name, "ealg"):
		s.EAlg = value
	case equalFold(name, "prot"):
		s.Prot = value
	case equalFold(name, "mod"):
		s.Mod = value
	case equalFold(name, "spi-c"):
		s.SPIC = s.number(value, math.MaxUint32)
	case equalFold(name, "spi-s"):
		s.SPIS = s.number(value, math.MaxUint32)
	case equalFold(name, "spi"):
		s.SPI = s.number(value, math.MaxUint32)
	case equalFold(name, "port-c"):
		s.PortC = int32(s.number(value, math.MaxUint16))
	case equalFold(name, "port-s"):
		s.PortS = int32(s.number(value, math.MaxUint16))
	case equalFold(name, "port1"):
		s.Port1 = int32(s.number(value, math.MaxUint16))
	case equalFold(name, "port2"):
		s.Port2 = int32(s.number(value, math.MaxUint16))
	}
}

// number reads a decimal number up to limit, -1 if it is none.
func (s *Security) number(v []byte, limit int64) int64 {
	n, _, ok := parseUint(v)
	if !ok || n > limit {
		s.flaws |= flawSecurityNumber
		return -1
	}
	return n
}
