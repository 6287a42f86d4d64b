package reginfo

import (
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"

	"imscope/decode/problem"
)

// isUTF16 recognises a byte order mark, or a '<' in either byte order.
func isUTF16(b []byte) bool {
	if len(b) < 2 {
		return false
	}
	switch uint16(b[0])<<8 | uint16(b[1]) {
	case 0xFEFF, 0xFFFE, 0x003C, 0x3C00:
		return true
	}
	return false
}

// parseUTF16 reads a document in UTF-16, which RFC 3680 5 does not allow and every XML parser reads (XML 1.0 4.3.3). Its
// spans are the whole of raw: what they stand for lies elsewhere there.
func (d *Document) parseUTF16(raw []byte) error {
	order := binary.ByteOrder(binary.LittleEndian)
	if raw[0] == 0xFE || raw[0] == 0 {
		order = binary.BigEndian
	}
	text := raw[:min(len(raw), maxDocument)]
	if order.Uint16(text) == 0xFEFF {
		text = text[2:]
	}
	d.text = d.text[:0]
	for ; len(text) >= 2; text = text[2:] {
		r := rune(order.Uint16(text))
		if utf16.IsSurrogate(r) && len(text) >= 4 {
			if pair := utf16.DecodeRune(r, rune(order.Uint16(text[2:]))); pair != utf8.RuneError {
				r, text = pair, text[2:]
			}
		}
		d.text = utf8.AppendRune(d.text, r)
	}
	d.Problems = append(d.Problems, problem.Problem{Code: ProbEncoding})
	err := d.parse(d.text)
	whole := problem.Span{Len: uint32(len(raw))}
	for i := range d.Problems {
		d.Problems[i].Span = whole
	}
	for i := range d.Registrations {
		r := &d.Registrations[i]
		r.Span = whole
		for j := range r.Contacts {
			r.Contacts[j].Span = whole
		}
	}
	return err
}
