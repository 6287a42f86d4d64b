package sip

import "bytes"

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
	rest, ok = p.next(params)
	return p, rest, ok
}

// next is NextParam into p. Walking over a list with it saves copying each Parameter, a third of the time
// (2026-11-29).
func (p *Parameter) next(b []byte) (rest []byte, ok bool) {
	*p = Parameter{}
	for len(b) > 0 && (b[0] == ';' || isLWS(b[0])) {
		b = b[1:]
	}
	if len(b) == 0 {
		return nil, false
	}
	i := 0
	for i < len(b) && b[i] != ';' && b[i] != '=' {
		i++
	}
	p.Name = trimRight(b[:i])
	b = b[i:]
	if len(b) == 0 || b[0] == ';' {
		return b, true
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
			return b[n:], true
		}
		p.open = true
		b = b[1:]
	}
	if i = bytes.IndexByte(b, ';'); i < 0 {
		i = len(b)
	}
	p.Value = trimRight(b[:i])
	return b[i:], true
}

// Param returns the value of the first parameter with this name, in any case, without quotes. ok
// tells a parameter without a value from none.
func Param(params []byte, name string) (value []byte, ok bool) {
	var p Parameter
	for {
		rest, more := p.next(params)
		if !more {
			return nil, false
		}
		if equalFold(p.Name, name) {
			return p.Value, true
		}
		params = rest
	}
}
