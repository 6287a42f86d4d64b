package sip

// Parameter is one ;name=value. Value is without quotes and keeps its escapes.
type Parameter struct {
	Name, Value []byte
	HasValue    bool // there was a =
	Quoted      bool // the value was in quotes
	open        bool // the closing quote was missing
}

// NextParam cuts the first parameter off a list like ";tag=1;q=0.5" and returns what follows it.
// Empty parameters are passed over. A quoted value without its closing quote ends at the next
// semicolon. ok is false at the end.
func NextParam(params []byte) (p Parameter, rest []byte, ok bool) {
	b := params
	for len(b) > 0 && (b[0] == ';' || isLWS(b[0])) {
		b = b[1:]
	}
	if len(b) == 0 {
		return p, nil, false
	}
	i := 0
	for i < len(b) && b[i] != ';' && b[i] != '=' {
		i++
	}
	p.Name = trimRight(b[:i])
	b = b[i:]
	if len(b) == 0 || b[0] == ';' {
		return p, b, true
	}
	p.HasValue = true
	b = trimLeft(b[1:])
	if len(b) > 0 && b[0] == '"' {
		p.Quoted = true
		if n := quotedEnd(b); n > 0 {
			p.Value = b[1 : n-1]
			for n < len(b) && b[n] != ';' {
				n++
			}
			return p, b[n:], true
		}
		p.open = true
		b = b[1:]
	}
	i = 0
	for i < len(b) && b[i] != ';' {
		i++
	}
	p.Value = trimRight(b[:i])
	return p, b[i:], true
}

// Param returns the value of the first parameter with this name, in any case, without quotes. ok
// tells a parameter without a value from none.
func Param(params []byte, name string) (value []byte, ok bool) {
	for {
		p, rest, more := NextParam(params)
		if !more {
			return nil, false
		}
		if equalFold(p.Name, name) {
			return p.Value, true
		}
		params = rest
	}
}
