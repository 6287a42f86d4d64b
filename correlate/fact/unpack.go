package fact

import (
	"encoding/binary"

	"imscope/decode/problem"
	"imscope/decode/reginfo"
	"imscope/decode/sip"
)

// unpacker reads what a packer wrote. Its strings are views of b, which therefore must not change any more.
type unpacker struct {
	b     []byte
	pos   int  // of the next byte to read
	log   *Log // where sections may stand; nil if b has all of its own
	words *Words
	room  *Room
}

// uint reads a varint. Most are one byte, which is worth not making a call for.
func (u *unpacker) uint() uint64 {
	c := u.b[u.pos]
	if u.pos++; c < 0x80 {
		return uint64(c)
	}
	return u.long()
}

// long reads the varint whose first byte was read.
func (u *unpacker) long() uint64 {
	v, n := binary.Uvarint(u.b[u.pos-1:])
	u.pos += n - 1
	return v
}

func (u *unpacker) int() int64 {
	v := u.uint()
	return int64(v>>1) ^ -int64(v&1)
}

func (u *unpacker) byte() byte {
	c := u.b[u.pos]
	u.pos++
	return c
}

func (u *unpacker) bytes(n uint64) string {
	s := view(u.b[u.pos:][:n])
	u.pos += int(n)
	return s
}

func (u *unpacker) str() string { return u.bytes(u.uint()) }

func (u *unpacker) word() string {
	v := u.uint()
	if v&1 != 0 {
		return u.words.words.at(uint32(v >> 1))
	}
	return u.bytes(v >> 1)
}

func (u *unpacker) wordList() []string {
	list := u.room.strings.Some(int(u.uint()))
	for i := range list {
		list[i] = u.word()
	}
	return list
}

func (u *unpacker) spelled() (raw, key string) {
	raw = u.str()
	if n := u.uint(); n > 0 {
		return raw, raw[:n-1]
	}
	return raw, u.str()
}

func (u *unpacker) uri() (v URI) {
	v.Raw, v.Key = u.spelled()
	return v
}

func (u *unpacker) uris() []URI {
	list := u.room.uris.Some(int(u.uint()))
	for i := range list {
		list[i] = u.uri()
	}
	return list
}

func (u *unpacker) contacts() []ContactValue {
	list := u.room.contacts.Some(int(u.uint()))
	for i := range list {
		c := &list[i]
		c.URI, c.Key = u.spelled()
		c.Instance, c.RegID = u.str(), u.str()
		q := u.int()
		c.Q, c.GRUU = int16(q>>1), q&1 != 0
	}
	return list
}

func (u *unpacker) terms(list []ContactValue) {
	for i := range list {
		list[i].Expires = u.int()
	}
}

func (u *unpacker) mechanisms() (m Mechanisms) {
	if m.Offers = u.word(); m.Offers == "" {
		return m
	}
	m.Sum, m.SPIC, m.SPIS = uint32(u.uint()), uint32(u.uint()), uint32(u.uint())
	m.PortC, m.PortS = uint16(u.uint()), uint16(u.uint())
	return m
}

func (u *unpacker) base(x *Exchange) {
	x.Method = sip.Method(u.byte())
	f := u.byte()
	x.CSeq, x.MethodName = uint32(u.uint()), ""
	if f&(1<<4) != 0 {
		x.MethodName = u.str()
	}
	x.Branch, x.ToTag = u.str(), u.str()
	s := u.section()
	x.CallID, x.FromTag, x.From = s.str(), s.str(), s.uri()
	if x.To = x.From; f&(1<<0) == 0 {
		x.To = s.uri()
	}
	if f&(1<<1) != 0 {
		x.RequestURI = s.word()
	} else {
		x.RequestURI = s.str()
	}
	switch {
	case f&(1<<1) != 0:
		x.Register = u.register()
	case f&(1<<2) != 0:
		x.Subscribe = u.subscribe()
	case f&(1<<3) != 0:
		x.Notify = u.notify()
	}
}

func (u *unpacker) register() *Register {
	r := &u.room.registers.Some(1)[0]
	f := u.uint()
	r.Star, r.HasAuth, r.Response, r.AUTS = f&1 != 0, f&2 != 0, f&4 != 0, f&8 != 0
	r.ThirdParty, r.SecurityOld = f&16 != 0, f&32 != 0
	r.Expires, r.Nonce, r.Integrity = u.int(), uint32(u.uint()), u.word()
	if f&64 != 0 {
		r.Security = &Security{Client: u.mechanisms(), Verify: u.mechanisms()}
	}
	s := u.section()
	r.IMPI, r.Contacts, r.Supported, r.UserAgent, r.Access = s.str(), s.contacts(), s.word(), s.word(), s.str()
	u.terms(r.Contacts)
	r.Answer.Expires, r.Answer.MinExpires, r.Answer.RetryAfter = Absent, Absent, Absent
	return r
}

func (u *unpacker) subscribe() *Subscribe {
	s := &u.room.subscribes.Some(1)[0]
	s.Event, s.Expires, s.Contact, s.PAI, s.Agent, s.Routes = u.word(), u.int(), u.str(), u.uri(), u.word(), u.wordList()
	s.Granted = Absent
	return s
}

func (u *unpacker) notify() *Notify {
	n := &u.room.notifies.Some(1)[0]
	f := u.byte()
	n.HasState, n.HasBody, n.Unread = f&1 != 0, f&2 != 0, f&8 != 0
	n.Event, n.State, n.Reason, n.Expires, n.RetryAfter = u.word(), u.word(), u.word(), u.int(), u.int()
	n.Agent, n.ICID, n.Contact = u.word(), u.str(), u.word()
	if f&4 != 0 {
		n.Document = u.document()
	}
	return n
}

func (u *unpacker) document() *Document {
	d := &u.room.documents.Some(1)[0]
	d.Version, d.State = u.int(), reginfo.State(u.byte())
	d.Problems = u.problems()
	s := u.section()
	d.Registrations = u.room.registrations.Some(int(s.uint()))
	for i := range d.Registrations {
		s.registration(&d.Registrations[i])
	}
	for i := range d.Registrations {
		for j := range d.Registrations[i].Contacts {
			d.Registrations[i].Contacts[j].Expires = u.int()
		}
	}
	return d
}

func (u *unpacker) registration(r *Registration) {
	r.AOR, r.ID, r.State = u.uri(), u.str(), reginfo.RegState(u.byte())
	r.Contacts = u.room.listed.Some(int(u.uint()))
	for j := range r.Contacts {
		c := &r.Contacts[j]
		f := u.byte()
		c.State, c.GRUU, c.Event = reginfo.ContactState(f>>1), f&1 != 0, reginfo.Event(u.byte())
		c.ID = u.str()
		c.URI, c.Key = u.spelled()
		c.Instance, c.Q, c.RegID = u.str(), int16(u.int()), int32(u.int())
		c.Retry, c.CallID, c.CSeq = u.int(), u.str(), u.int()
	}
}

func (u *unpacker) problems() []*problem.Code {
	n := int(u.uint())
	if n == 0 {
		return nil
	}
	list := make([]*problem.Code, n)
	for i := range list {
		list[i] = u.words.codes.at(uint32(u.uint()))
	}
	return list
}
