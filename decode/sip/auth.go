package sip

// Auth is a value of Authorization, WWW-Authenticate and their Proxy- forms (RFC 3261 20.7, 20.44;
// RFC 3310; 3GPP TS 24.229 7.2A.1 and 7.2A.2), or of Authentication-Info, which has no scheme. Values
// are without quotes and keep their escapes. A field is nil if its parameter is absent, so
// an empty nonce="" is not nil. The slices borrow the value it was parsed from.
type Auth struct {
	Scheme    []byte // as spelled: "Digest"
	Username  []byte
	Realm     []byte
	Nonce     []byte
	URI       []byte
	Response  []byte
	Algorithm []byte
	CNonce    []byte
	NC        []byte
	QOP       []byte
	Opaque    []byte
	Stale     []byte
	Domain    []byte

	AUTS               []byte // RFC 3310: base64, sequence number resynchronisation
	IK, CK             []byte // keys for the P-CSCF, hexadecimal
	IntegrityProtected []byte // set by the P-CSCF: "yes", "no", "tls-yes", …

	Params []byte // everything behind the scheme, as written
	flaws  authFlaw
}

// authFlaw is what was repaired while reading credentials.
type authFlaw uint8

const (
	flawOpenQuote    authFlaw = 1 << iota // value without its closing quote
	flawMissingComma                      // two parameters with white space between them only
	flawEmptyParam                        // two commas in a row, or one at the end
	flawDuplicate                         // a parameter given twice
	flawParam                             // junk where name=value should be
)

// ParseAuth reads credentials or a challenge. One header field is one value: commas belong to it
// (RFC 3261 7.3.1). It reads on over a missing closing quote (the value ends at the next comma, or line
// end, that is followed by name=), a missing comma, an empty or repeated parameter; the first of a
// repeated one counts. ok is false when neither scheme nor parameter is there.
func ParseAuth(v []byte) (a Auth, ok bool) {
	v = trim(v)
	i := 0
	for i < len(v) && isToken(v[i]) {
		i++
	}
	if rest := trimLeft(v[i:]); len(rest) == 0 || rest[0] != '=' && rest[0] != ',' {
		a.Scheme, v = v[:i], rest
	}
	a.Params = v
	n := 0
	for sc := (authScanner{b: v}); ; n++ {
		name, value, more := sc.next()
		if !more {
			a.flaws |= sc.flaws
			break
		}
		a.set(name, value)
	}
	return a, len(a.Scheme) > 0 || n > 0
}

// set stores a parameter the first time it comes.
func (a *Auth) set(name, value []byte) {
	f := a.field(name)
	switch {
	case f == nil:
	case *f != nil:
		a.flaws |= flawDuplicate
	default:
		*f = value
	}
}

func (a *Auth) field(name []byte) *[]byte {
	if len(name) == 0 {
		return nil
	}
	switch name[0] | 0x20 {
	case 'u':
		if equalFold(name, "username") {
			return &a.Username
		}
		if equalFold(name, "uri") {
			return &a.URI
		}
	case 'r':
		if equalFold(name, "realm") {
			return &a.Realm
		}
		if equalFold(name, "response") {
			return &a.Response
		}
	case 'n':
		if equalFold(name, "nonce") {
			return &a.Nonce
		}
		if equalFold(name, "nc") {
			return &a.NC
		}
	case 'a':
		if equalFold(name, "algorithm") {
			return &a.Algorithm
		}
		if equalFold(name, "auts") {
			return &a.AUTS
		}
	case 'c':
		if equalFold(name, "cnonce") {
			return &a.CNonce
		}
		if equalFold(name, "ck") {
			return &a.CK
		}
	case 'i':
		if equalFold(name, "integrity-protected") {
			return &a.IntegrityProtected
		}
		if equalFold(name, "ik") {
			return &a.IK
		}
	case 'q':
		if equalFold(name, "qop") {
			return &a.QOP
		}
	case 'o':
		if equalFold(name, "opaque") {
			return &a.Opaque
		}
	case 's':
		if equalFold(name, "stale") {
			return &a.Stale
		}
	case 'd':
		if equalFold(name, "domain") {
			return &a.Domain
		}
	}
	return nil
}
