package xmlscan

import "bytes"

// Kind says what a token is.
type Kind uint8

const (
	// None is the kind before the first and after the last token.
	None Kind = iota
	// Start is <name …> or <name …/>; its attributes come from Attr.
	Start
	// End is </name>.
	End
	// CData is <![CDATA[…]]>; Body is its content.
	CData
	// Comment is <!--…-->.
	Comment
	// PI is <?…?>, the XML declaration included; Body is its content.
	PI
	// Directive is <!DOCTYPE…>, <!ENTITY…> and everything else that begins with "<!". The internal
	// subset of a DOCTYPE comes out as directives of its own; nothing in it is ever interpreted.
	Directive
)

// Damage is a set of what was wrong with a token or an attribute.
type Damage uint8

const (
	// Unclosed is a tag, comment, section or directive whose end is missing.
	Unclosed Damage = 1 << iota
	// NoValue is an attribute name with nothing behind it.
	NoValue
	// NoQuote is a value that lost its closing quote; it ends where the line, the tag or the next
	// attribute says.
	NoQuote
	// Unquoted is a value that never had an opening quote.
	Unquoted
	// NoSpace is a value directly followed by the next attribute.
	NoSpace
	// TooMany is a tag with more than maxAttrs attributes; the rest of it was skipped.
	TooMany
)

// Scanner walks over a document. The exported fields describe the current token; all numbers are
// offsets into the document, which the scanner borrows until the next Reset.
type Scanner struct {
	data []byte
	next int // where the next token starts: the next '<', or len(data)
	pos  int // attribute cursor, or -1 when the tag has ended
	n    int // attributes of this tag so far

	Kind Kind
	// Damage of the tag itself; complete once Attr has returned false.
	Damage Damage
	// SelfClosing is valid iff Kind is Start and Attr has returned false.
	SelfClosing bool
	// Off is the offset of the token's '<'.
	Off int
	// NameOff, Local, NameEnd are the qualified name [NameOff, NameEnd) and where its local part
	// starts; valid iff Kind is Start or End.
	NameOff, Local, NameEnd int
	// BodyOff, BodyEnd are the content; valid iff Kind is CData or PI.
	BodyOff, BodyEnd int
	// TextOff, TextEnd are the text between this token and the next one. For Start it is valid once
	// Attr has returned false.
	TextOff, TextEnd int

	// A search that found nothing up to the end of the document will find nothing later either.
	// Remembering that keeps "<!--<!--<!--…" linear.
	noComment, noCData, noPI bool

	subset bool // inside the internal subset of a DOCTYPE
}

// Reset makes s ready to walk over data from offset off; it borrows data. Text before the first '<'
// becomes the text of an initial token of kind None, readable right after Reset.
func (s *Scanner) Reset(data []byte, off int) {
	*s = Scanner{data: data, pos: -1, Off: off, TextOff: off}
	s.next = s.find('<', off)
	s.TextEnd = s.next
}

// find returns the offset of the first c at or behind off, or the length of the document.
func (s *Scanner) find(c byte, off int) int {
	if i := bytes.IndexByte(s.data[off:], c); i >= 0 {
		return off + i
	}
	return len(s.data)
}

// Byte classes. A name ends at anything that is not nameByte; what a name may really contain
// (XML 1.0, production 5) does not matter to a reader that only compares names.
const (
	spaceByte  = 1 << iota
	stopByte   // ends a name: white space and > / = < " '
	afterValue // may follow the closing quote of a value: white space and > /
)

var class = [256]uint8{
	' ':  spaceByte | stopByte | afterValue,
	'\t': spaceByte | stopByte | afterValue,
	'\r': spaceByte | stopByte | afterValue,
	'\n': spaceByte | stopByte | afterValue,
	'>':  stopByte | afterValue,
	'/':  stopByte | afterValue,
	'=':  stopByte, '<': stopByte, '"': stopByte, '\'': stopByte,
}

// IsSpace reports whether c is white space in the sense of XML.
func IsSpace(c byte) bool { return class[c]&spaceByte != 0 }

// Next moves to the next token and reports whether there is one.
func (s *Scanner) Next() bool {
	data, off := s.data, s.next
	if off >= len(data) {
		s.Kind, s.Off, s.pos = None, len(data), -1
		s.TextOff, s.TextEnd = len(data), len(data)
		return false
	}
	s.Off, s.Damage, s.SelfClosing, s.pos = off, 0, false, -1
	i := off + 1
	if i < len(data) {
		switch data[i] {
		case '!':
			s.bang()
			return true
		case '?':
			s.Kind = PI
			s.section(off+2, "?>", &s.noPI)
			return true
		case '/':
			s.Kind = End
			i++
		default:
			s.Kind = Start
		}
	} else {
		s.Kind = Start
	}

	end := len(data)
	if j := bytes.IndexByte(data[i:], '<'); j >= 0 {
		end = i + j
	}
	s.next = end
	tag := data[:end]
	s.NameOff, s.Local = i, i
	for i < len(tag) {
		c := tag[i]
		if class[c]&stopByte != 0 {
			break
		}
		i++
		if c == ':' {
			s.Local = i
		}
	}
	s.NameEnd = i
	if s.Kind == Start {
		s.pos, s.n = i, 0
		s.TextOff, s.TextEnd = end, end
		return true
	}
	// An end tag has no attributes: everything up to '>' belongs to it.
	s.TextEnd = end
	if i < len(tag) && tag[i] == '>' {
		s.TextOff = i + 1
		return true
	}
	s.endTag(tag, i)
	return true
}

// endTag finds the '>' of an end tag that does not directly follow the name.
func (s *Scanner) endTag(tag []byte, i int) {
	if j := bytes.IndexByte(tag[i:], '>'); j >= 0 {
		s.TextOff = i + j + 1
		return
	}
	s.Damage |= Unclosed
	s.TextOff = len(tag)
}

// bang reads a token that begins with "<!".
func (s *Scanner) bang() {
	rest := s.data[s.Off+2:]
	switch {
	case bytes.HasPrefix(rest, []byte("--")):
		s.Kind = Comment
		s.section(s.Off+4, "-->", &s.noComment)
	case bytes.HasPrefix(rest, []byte("[CDATA[")):
		s.Kind = CData
		s.section(s.Off+9, "]]>", &s.noCData)
	default:
		s.Kind = Directive
		s.directive()
	}
}

// section ends the current token at the given closing mark. Without one the token ends at the next
// '<', so that a cropped comment does not swallow the document.
func (s *Scanner) section(off int, mark string, missing *bool) {
	off = min(off, len(s.data))
	s.BodyOff = off
	i := -1
	if !*missing {
		i = bytes.Index(s.data[off:], []byte(mark))
	}
	if i < 0 {
		*missing = true
		s.Damage |= Unclosed
		s.next = s.find('<', off)
		s.BodyEnd, s.TextOff, s.TextEnd = s.next, s.next, s.next
		return
	}
	s.BodyEnd = off + i
	s.TextOff = s.BodyEnd + len(mark)
	s.next = s.find('<', s.TextOff)
	s.TextEnd = s.next
	s.endSubset()
}

// directive ends the current token at its '>', or at the '[' that opens a DOCTYPE's internal
// subset. A '>' in quotes does not count: an entity's value may hold whole elements.
func (s *Scanner) directive() {
	data := s.data
	i := s.Off + 2
	for i < len(data) && data[i] != '>' && data[i] != '[' {
		if c := data[i]; c == '"' || c == '\'' {
			j := bytes.IndexByte(data[i+1:], c)
			if j < 0 {
				// Nothing closes the quote, here or later: give up on quotes, not on the document.
				break
			}
			i += j + 1
		}
		i++
	}
	if i < len(data) && (data[i] == '"' || data[i] == '\'') {
		s.Damage |= Unclosed
		i = s.find('>', i)
	}
	if i >= len(data) {
		s.Damage |= Unclosed
		s.next, s.TextOff, s.TextEnd = len(data), len(data), len(data)
		return
	}
	s.TextOff = i + 1
	s.next = s.find('<', s.TextOff)
	s.TextEnd = s.next
	s.subset = s.subset || data[i] == '['
	s.endSubset()
}

// endSubset skips what closes the internal subset of a document type: it is no text.
func (s *Scanner) endSubset() {
	if !s.subset {
		return
	}
	i := skipSpace(s.data[:s.TextEnd], s.TextOff)
	if i == s.TextEnd || s.data[i] != ']' {
		return
	}
	s.subset = false
	if j := bytes.IndexByte(s.data[i:s.TextEnd], '>'); j >= 0 {
		s.TextOff = i + j + 1
	}
}
