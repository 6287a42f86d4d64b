package redact

import (
	"net/netip"

	"imscope/decode"
	"imscope/decode/diameter"
	"imscope/decode/pseudonym"
	"imscope/decode/sip"
)

// Redactor redacts messages. It belongs to one goroutine.
type Redactor struct {
	Book  *pseudonym.Book
	known known

	rec    decode.Record
	sip    sip.Message
	dia    diameter.Message
	raw    []byte
	fields []sip.Header
	views  []view // for escapes within escapes
	depth  int
	nested int // values within values
}

// New makes a Redactor that takes its pseudonyms from book.
func New(book *pseudonym.Book) *Redactor {
	return &Redactor{Book: book, known: newKnown()}
}

// Learn takes note of the names in a message.
func (r *Redactor) Learn(rec *decode.Record) { r.Record(rec) }

// Record gives the redacted form of a record. It is borrowed, valid until the next call and as long as rec is; rec
// itself stays as it is.
func (r *Redactor) Record(rec *decode.Record) *decode.Record {
	r.rec = *rec
	r.rec.Digest = nil // says what the message said before
	r.rec.Src, r.rec.Dst = r.AddrPort(rec.Src), r.AddrPort(rec.Dst)
	switch {
	case rec.SIP != nil:
		r.raw = append(r.raw[:0], rec.SIP.Raw...)
		r.sip = *rec.SIP // nothing that its spans point at moves
		r.sip.Raw = r.raw
		r.message(&r.sip)
		r.rec.SIP = &r.sip
	case rec.Diameter != nil:
		r.raw = append(r.raw[:0], rec.Diameter.Raw...)
		r.dia = *rec.Diameter
		r.dia.Raw = r.raw
		r.avps(r.raw[min(diameter.HeaderLen, len(r.raw)):], 0)
		r.rec.Diameter = &r.dia
	}
	return &r.rec
}

// SIP redacts a message in place. What is no SIP message is made unreadable.
func (r *Redactor) SIP(b []byte) {
	if r.sip.Parse(b) != nil {
		Blank(b)
		return
	}
	r.message(&r.sip)
}

// Diameter redacts a message in place. What is no Diameter message is made unreadable.
func (r *Redactor) Diameter(b []byte) {
	if r.dia.Parse(b) != nil {
		Blank(b)
		return
	}
	r.avps(r.dia.Raw[diameter.HeaderLen:], 0)
	Blank(b[len(r.dia.Raw):])
}

// HTTP redacts the head of a WebSocket handshake in place.
func (r *Redactor) HTTP(b []byte) { r.http(b) }

// Text redacts any text in place: what has the form of an identity or address, and names that are known.
func (r *Redactor) Text(b []byte) { r.escaped(b, free) }

// String is Text for a string, for example a file name.
func (r *Redactor) String(s string) string {
	b := []byte(s)
	r.Text(b)
	return string(b)
}

// Label redacts what somebody called a thing, for example an interface: every word that may be a name.
func (r *Redactor) Label(s string) string {
	b := []byte(s)
	r.escaped(b, prose)
	return string(b)
}

// IP redacts the four or sixteen bytes of an address in place.
func (r *Redactor) IP(b []byte) {
	if a, ok := netip.AddrFromSlice(b); ok {
		r.known.addr(a)
		copy(b, r.Book.Addr(a).AsSlice())
	}
}

// MAC redacts the six bytes of a hardware address in place.
func (r *Redactor) MAC(b []byte) { r.Book.MAC(b) }

// Identity redacts what is known to be a name, whatever its form.
func (r *Redactor) Identity(s string) string {
	b := []byte(s)
	r.identity(b)
	return string(b)
}

// AddrPort redacts an endpoint. Ports stay.
func (r *Redactor) AddrPort(a netip.AddrPort) netip.AddrPort {
	if !a.Addr().IsValid() {
		return a
	}
	r.known.addr(a.Addr())
	return netip.AddrPortFrom(r.Book.Addr(a.Addr()), a.Port())
}

// Blank makes bytes unreadable that nobody understands.
func Blank(b []byte) { clear(b) }
