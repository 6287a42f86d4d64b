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
	ok = a.Parse(v)
	return a, ok
}

// Parse is ParseAuth into a, which is large enough for copying it to be felt.
func (a *Auth) Parse(v []byte) (ok bool) {
	*a = Auth{}
	a.Scheme, a.Params = cutScheme(v)
	n := 0
	sc := authScanner{b: a.Params}
	for ; ; n++ {
		name, value, more := sc.next()
		if !more {
			break
		}
		a.set(name, value)
	}
	a.flaws |= sc.flaws
	return len(a.Scheme) > 0 || n > 0
}

// AuthParam returns the value of the first parameter with this name, in lower case, of credentials or a challenge. It is
// what [ParseAuth] reads of it, without reading the rest.
func AuthParam(v []byte, name string) (value []byte, ok bool) {
	_, params := cutScheme(v)
	sc := authScanner{b: params}
	for {
		n, value, more := sc.next()
		if !more || equalFold(n, name) {
			return value, more
		}
	}
}

// cutScheme cuts the scheme off, which Authentication-Info lacks.
func cutScheme(v []byte) (scheme, params []byte) {
	v = trim(v)
	i := 0
	for i < len(v) && isToken(v[i]) {
		i++
	}
	if rest := trimLeft(v[i:]); len(rest) == 0 || rest[0] != '=' && rest[0] != ',' {
		return v[:i], rest
	}
	return nil, v
}

// set stores a parameter the first time it comes.
func (a *Auth) set(name, value []byte) {
	f := a.field(name)
	if f == nil {
		var room [len("integrity-protected") + 1]byte // a longer name is none of these
		n := copy(room[:], name)
		for i, c := range room[:n] {
			room[i] = lower(c)
		}
		f = a.field(room[:n])
	}
	switch {
	case f == nil:
	case *f != nil:
		a.flaws |= flawDuplicate
	default:
		*f = value
	}
}

// field returns where the parameter of a name in lower case is kept, nil where it is not.
func (a *Auth) field(name []byte) *[]byte {
	switch string(name) {
	case "username":
		return &a.Username
	case "realm":
		return &a.Realm
	case "nonce":
		return &a.Nonce
	case "uri":
		return &a.URI
	case "response":
		return &a.Response
	case "algorithm":
		return &a.Algorithm
	case "cnonce":
		return &a.CNonce
	case "nc":
		return &a.NC
	case "qop":
		return &a.QOP
	case "opaque":
		return &a.Opaque
	case "stale":
		return &a.Stale
	case "domain":
		return &a.Domain
	case "auts":
		return &a.AUTS
	case "ik":
		return &a.IK
	case "ck":
		return &a.CK
	case "integrity-protected":
		return &a.IntegrityProtected
	}
	return nil
}
