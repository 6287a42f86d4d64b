package xmlscan

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// Attr is one attribute of a start tag: name [NameOff, NameEnd), value [ValOff, ValEnd) without
// quotes and with entities still in it.
type Attr struct {
	NameOff, NameEnd int
	ValOff, ValEnd   int
	Damage           Damage
}

// maxAttrs is how many attributes of one tag are read. The richest element of RFC 3680 has nine, real
// servers write up to a dozen; what damage is repaired by looking ahead costs at most this many looks.
const maxAttrs = 64

// Attr reads the next attribute of the current start tag into a. It returns false at the end of the
// tag; TextOff, SelfClosing and the tag's Damage are then known.
func (s *Scanner) Attr(a *Attr) bool {
	i := s.pos
	if i < 0 {
		return false
	}
	tag := s.data[:s.next]
	if i < len(tag) && tag[i] == ' ' {
		i++
	}
	if i >= len(tag) || class[tag[i]]&stopByte != 0 {
		if i = s.attrStart(tag, i); i < 0 {
			return false
		}
	}
	if s.n++; s.n > maxAttrs {
		s.skipRest(tag, i)
		return false
	}
	a.NameOff, a.Damage = i, 0
	for i < len(tag) && class[tag[i]]&stopByte == 0 {
		i++
	}
	a.NameEnd = i
	// The form that nearly all attributes have; everything else is left to oddAttr.
	if v := i + 2; v < len(tag) && tag[i] == '=' && tag[i+1] == '"' {
		if j := indexQuote(tag[v:]); j >= 0 {
			if end := v + j; end+1 < len(tag) && class[tag[end+1]]&afterValue != 0 {
				a.ValOff, a.ValEnd, s.pos = v, end, end+1
				return true
			}
		}
	}
	return s.oddAttr(a, tag, i)
}

// indexQuote is bytes.IndexByte(b, '"'), without the call: values are a dozen bytes long, and eight at
// a time find the quote before the call would have started. 4 % of a reginfo document (2026-11).
func indexQuote(b []byte) int {
	const ones = 0x0101010101010101
	i := 0
	for len(b)-i >= 8 {
		x := binary.LittleEndian.Uint64(b[i:]) ^ ('"' * ones)
		// The lowest zero byte of x sets the lowest of these bits.
		if m := (x - ones) &^ x & (0x80 * ones); m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
		i += 8
	}
	for ; i < len(b); i++ {
		if b[i] == '"' {
			return i
		}
	}
	return -1
}

// attrStart skips to the start of the next attribute and returns its offset, or ends the tag and
// returns -1.
func (s *Scanner) attrStart(tag []byte, i int) int {
	for ; i < len(tag); i++ {
		switch c := tag[i]; {
		case c == '>':
			s.endAt(i + 1)
			return -1
		case c == '/' && i+1 < len(tag) && tag[i+1] == '>':
			s.SelfClosing = true
			s.endAt(i + 2)
			return -1
		case class[c]&stopByte == 0:
			return i
		}
		// White space, or left over from damage before it.
	}
	s.Damage |= Unclosed
	s.endAt(len(tag))
	return -1
}

// skipRest ends a tag with too many attributes.
func (s *Scanner) skipRest(tag []byte, i int) {
	s.Damage |= TooMany
	j := bytes.IndexByte(tag[i:], '>')
	if j < 0 {
		s.Damage |= Unclosed
		s.endAt(len(tag))
		return
	}
	s.SelfClosing = tag[i+j-1] == '/'
	s.endAt(i + j + 1)
}

// quoted reads the value whose opening quote is at q.
func (s *Scanner) quoted(a *Attr, tag []byte, q int) {
	a.ValOff = q + 1
	j := bytes.IndexByte(tag[a.ValOff:], tag[q])
	if j < 0 {
		s.noQuote(a, tag)
		return
	}
	end := a.ValOff + j
	if end+1 < len(tag) && class[tag[end+1]]&afterValue == 0 {
		s.oddQuote(a, tag, end)
		return
	}
	a.ValEnd, s.pos = end, end+1
}

// oddAttr reads what follows an attribute's name, which ends at i, whatever it is.
func (s *Scanner) oddAttr(a *Attr, tag []byte, i int) bool {
	i = skipSpace(tag, i)
	if i < len(tag) && tag[i] == '=' {
		i = skipSpace(tag, i+1)
		if i < len(tag) && (tag[i] == '"' || tag[i] == '\'') {
			s.quoted(a, tag, i)
			return true
		}
		a.ValOff = i
		for i < len(tag) && !IsSpace(tag[i]) && tag[i] != '>' && tag[i] != '"' && tag[i] != '\'' {
			if tag[i] == '/' && i+1 < len(tag) && tag[i+1] == '>' {
				break
			}
			i++
		}
		a.ValEnd, s.pos = i, i
		a.Damage = Unquoted
		if a.ValOff == i {
			a.Damage = NoValue
		}
		return true
	}
	// A name alone. Where the tag has no '>' left and the "name" is an address, the '>' was lost and
	// this is already text: <contact id="15"⏎ sip:[5555::1]⏎</contact>.
	if looksLikeURI(tag[a.NameOff:a.NameEnd]) && bytes.IndexByte(tag[a.NameEnd:], '>') < 0 {
		s.Damage |= Unclosed
		s.endAt(a.NameOff)
		return false
	}
	a.ValOff, a.ValEnd = a.NameEnd, a.NameEnd
	a.Damage = NoValue
	s.pos = a.NameEnd
	return true
}

// noQuote ends a value that no quote closes before the next tag: at the '>' of the tag or at the
// end of the line, whatever comes first.
func (s *Scanner) noQuote(a *Attr, tag []byte) {
	a.Damage = NoQuote
	rest := tag[a.ValOff:]
	if i := bytes.IndexAny(rest, ">\r\n"); i >= 0 {
		rest = rest[:i]
	}
	a.ValEnd = a.ValOff + len(rest)
	s.pos = a.ValEnd
	if a.ValEnd < len(tag) && tag[a.ValEnd] != '>' && !bytes.ContainsAny(tag[a.ValEnd:], "=>") {
		// Nothing behind the line looks like more of a tag: the '>' was cropped as well.
		s.Damage |= Unclosed
		s.endAt(a.ValEnd)
	}
}

// endAt ends the current tag; the text starts at off. The attribute in hand is still returned.
func (s *Scanner) endAt(off int) {
	s.pos, s.TextOff = -1, off
}

// oddQuote judges a closing quote at end that nothing sensible follows.
func (s *Scanner) oddQuote(a *Attr, tag []byte, end int) {
	v := tag[a.ValOff:end]
	// id="a1 state="active": the quote found is the next attribute's opening one.
	if len(v) > 0 && v[len(v)-1] == '=' {
		if i := bytes.LastIndexAny(v, " \t\r\n"); i >= 0 && i < len(v)-2 {
			a.ValEnd = a.ValOff + len(bytes.TrimRight(v[:i], " \t\r\n"))
			a.Damage, s.pos = NoQuote, a.ValOff+i
			return
		}
	}
	// name="expires>"600000"</…: the quote found belongs to the text.
	if i := bytes.IndexByte(v, '>'); i >= 0 {
		a.ValEnd, a.Damage = a.ValOff+i, NoQuote
		s.pos = a.ValEnd
		return
	}
	a.ValEnd, a.Damage, s.pos = end, NoSpace, end+1
}

func skipSpace(b []byte, i int) int {
	for i < len(b) && IsSpace(b[i]) {
		i++
	}
	return i
}

func looksLikeURI(b []byte) bool {
	return bytes.HasPrefix(b, []byte("sip:")) || bytes.HasPrefix(b, []byte("sips:")) || bytes.HasPrefix(b, []byte("tel:"))
}
