package sip

// Contact is one Contact value (RFC 3261 20.10, RFC 5626, RFC 5627). The slices borrow the value it
// was parsed from.
type Contact struct {
	Star bool // "*": all bindings (RFC 3261 10.2.2); nothing else is set then but Expires
	NameAddr
	Expires  int64  // seconds of the expires parameter, -1 if absent or no number
	Q        []byte // as written: "0.5"
	Instance []byte // +sip.instance with its angle brackets: "<urn:gsma:imei:…>"
	RegID    []byte
	PubGRUU  []byte
	TempGRUU []byte
}

// ParseContact reads a value that is one Contact. ok is false when it is neither * nor has a URI.
func ParseContact(v []byte) (c Contact, ok bool) {
	ok = c.parse(v)
	return c, ok
}

// NextContact cuts the first Contact off a comma list and returns what follows it. Empty elements
// are passed over; one without a URI is returned with an empty one. ok is false at the end.
func NextContact(v []byte) (c Contact, rest []byte, ok bool) {
	rest, ok = c.Next(v)
	return c, rest, ok
}

// Next is NextContact into c, which is large enough for copying it to be felt.
func (c *Contact) Next(v []byte) (rest []byte, ok bool) {
	e, rest, ok := nextElement(v)
	c.parse(e)
	return rest, ok
}

func (c *Contact) parse(v []byte) (ok bool) {
	v = trim(v)
	*c = Contact{}
	c.Expires = -1
	if len(v) > 0 && v[0] == '*' {
		if rest := trimLeft(v[1:]); len(rest) == 0 || rest[0] == ';' {
			c.Star = true
			c.Params = rest
			c.params(rest)
			return true
		}
	}
	ok = c.NameAddr.parse(v)
	c.params(c.Params)
	return ok
}

func (c *Contact) params(b []byte) {
	for {
		name, value, rest, form := cutParam(b)
		if form == noParam {
			return
		}
		b = rest
		switch {
		case c.Expires < 0 && equalFold(name, "expires"):
			c.Expires = secondsParam(value)
		case c.Q == nil && equalFold(name, "q"):
			c.Q = value
		case c.Instance == nil && equalFold(name, "+sip.instance"):
			c.Instance = value
		case c.RegID == nil && equalFold(name, "reg-id"):
			c.RegID = value
		case c.PubGRUU == nil && equalFold(name, "pub-gruu"):
			c.PubGRUU = value
		case c.TempGRUU == nil && equalFold(name, "temp-gruu"):
			c.TempGRUU = value
		}
	}
}
