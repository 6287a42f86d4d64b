package fact

import (
	"encoding/binary"
	"math"
)

// A section is a part of an entry that later entries of a user mostly repeat: a phone's REGISTERs differ in little more
// than their CSeq, and what a registrar answers and reports stays the same until something happens. Such a repetition
// is kept as the place of the first. This takes a fifth of the log of users who register, refresh once and leave, and
// most of that of users who refresh all day (2026-11-29).

// Section is where a section stands in an entry's body, with its length before it.
type Section struct {
	kind     sectionKind
	from, to uint32
}

// sections are those of one draft: no message has more.
type sections struct {
	list [2]Section
	n    uint8
}

func (s *sections) take(list []Section) { s.n = uint8(copy(s.list[:], list)) }

func (s *sections) all() []Section { return s.list[:s.n] }

// sectionKind says which of the sections that went before to compare with.
type sectionKind uint8

const (
	ofOthers   sectionKind = iota // compared with none
	ofRegister                    // what names the dialog of a REGISTER
	ofDevice                      // who registers what from where
	ofAnswer                      // what a registrar answers
	ofNotify                      // what names the dialog of a NOTIFY
	ofDocument                    // what a document lists
	sectionKinds
)

// Last is where the newest section of each kind of a user stands.
type Last [sectionKinds - 1]place

// place is where a section stands in a log: in which entry's body, and where in that.
type place struct {
	entry Ref // 0 for none
	off   uint16
	len   uint16
}

// section packs what pack packs as a section: twice its length, and its bytes.
func (p *packer) section(kind sectionKind, pack func()) {
	from := len(p.b)
	p.b = append(p.b, 0, 0) // for a length of up to 13 bits
	pack()
	n := len(p.b) - from - 2
	if n >= 1<<13 {
		// Longer ones move, and are not compared.
		body := append([]byte(nil), p.b[from+2:]...)
		p.b = append(binary.AppendUvarint(p.b[:from], uint64(n)<<1), body...)
		return
	}
	p.b[from], p.b[from+1] = byte(n<<1)|0x80, byte(n>>6)
	if kind != ofOthers {
		p.sections = append(p.sections, Section{kind, uint32(from), uint32(len(p.b))})
	}
}

// section gives what reads the next section. Odd is where it stands instead.
func (u *unpacker) section() unpacker {
	s := unpacker{log: u.log, words: u.words, room: u.room}
	v := u.uint()
	if v&1 == 0 {
		n := v >> 1
		s.b = u.b[u.pos:][:n]
		u.pos += int(n)
		return s
	}
	b, _ := u.log.entry(Ref(v >> 1))
	off := u.uint()
	s.b = b[off:][:u.uint()]
	return s
}

// AddShared is Add for an entry of a user, of whose body list says the sections: what repeats the newest section of its
// kind becomes the place of that one.
func (l *Log) AddShared(c *Chain, last *Last, head, body []byte, list []Section) {
	out, at := l.body[:0], uint32(0)
	fresh := l.fresh[:0]
	for _, s := range list {
		what := body[s.from+2 : s.to]
		p := &last[s.kind-1]
		out = append(out, body[at:s.from]...)
		if at = s.to; p.entry != 0 && int(p.len) == len(what) && string(l.bytes(*p)) == string(what) {
			out = binary.AppendUvarint(out, uint64(p.entry)<<1|1)
			out = binary.AppendUvarint(out, uint64(p.off))
			out = binary.AppendUvarint(out, uint64(p.len))
			continue
		}
		out = append(out, body[s.from:s.to]...)
		fresh = append(fresh, Section{s.kind, uint32(len(out) - len(what)), uint32(len(out))})
	}
	out = append(out, body[at:]...)
	l.body, l.fresh = out, fresh
	if !l.Add(c, head, out, 0) {
		return
	}
	for _, s := range fresh {
		if off := len(head) + int(s.from); off <= math.MaxUint16 {
			last[s.kind-1] = place{c.tail, uint16(off), uint16(s.to - s.from)}
		}
	}
}

// bytes gives a section.
func (l *Log) bytes(p place) []byte {
	b, _ := l.entry(p.entry)
	return b[p.off:][:p.len]
}
