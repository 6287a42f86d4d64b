package fact

import (
	"encoding/binary"
	"unsafe"

	"imscope/decode/problem"
	"imscope/decode/reginfo"
	"imscope/decode/sip"
)

// The packed form of what a transmission says. It is made and read by this package alone and never leaves the
// process; TestPack and FuzzPack hold packing and reading to be each other's inverse.
//
// Numbers are varints, strings their length and bytes. Strings that all users share (see words) are numbers.

// packer appends to b.
type packer struct {
	b     []byte
	words *speaker
}

func (p *packer) uint(v uint64) { p.b = binary.AppendUvarint(p.b, v) }
func (p *packer) int(v int64)   { p.b = binary.AppendVarint(p.b, v) }
func (p *packer) byte(v byte)   { p.b = append(p.b, v) }

func (p *packer) str(s string) {
	p.b = binary.AppendUvarint(p.b, uint64(len(s)))
	p.b = append(p.b, s...)
}

// word packs a string that many messages share.
func (p *packer) word(s string) {
	if len(s) == 0 {
		p.b = append(p.b, 0)
		return
	}
	if id, ok := p.words.word(s); ok {
		p.uint(uint64(id)<<1 | 1)
		return
	}
	p.uint(uint64(len(s)) << 1)
	p.b = append(p.b, s...)
}

func (p *packer) wordList(list []string) {
	p.uint(uint64(len(list)))
	for _, s := range list {
		p.word(s)
	}
}

// spelled packs a spelling with its comparable form, which mostly begins the spelling.
func (p *packer) spelled(raw, key string) {
	p.str(raw)
	if len(key) <= len(raw) && raw[:len(key)] == key {
		p.uint(uint64(len(key)) + 1)
		return
	}
	p.uint(0)
	p.str(key)
}

func (p *packer) uri(u URI) { p.spelled(u.Raw, u.Key) }

func (p *packer) uris(list []URI) {
	p.uint(uint64(len(list)))
	for _, u := range list {
		p.uri(u)
	}
}

// flags makes a bit set of what is true.
func flags(list ...bool) (f uint16) {
	for i, v := range list {
		if v {
			f |= 1 << i
		}
	}
	return f
}

func (p *packer) contacts(list []ContactValue) {
	p.uint(uint64(len(list)))
	for i := range list {
		c := &list[i]
		p.spelled(c.URI, c.Key)
		p.str(c.Instance)
		p.str(c.RegID)
		p.int(c.Expires)
		p.int(int64(c.Q)<<1 | int64(flags(c.GRUU)))
	}
}

func (p *packer) mechanisms(m *Mechanisms) {
	p.word(m.Offers)
	if m.Offers == "" {
		return
	}
	for _, n := range [...]uint32{m.Sum, m.SPIC, m.SPIS, uint32(m.PortC), uint32(m.PortS)} {
		p.uint(uint64(n))
	}
}

// base packs what New read: all of an exchange but its transmissions and its answer.
func (p *packer) base(x *Exchange) {
	same := x.From == x.To
	p.byte(byte(x.Method))
	p.byte(byte(flags(same, x.Register != nil, x.Subscribe != nil, x.Notify != nil, x.MethodName != "")))
	p.uint(uint64(x.CSeq))
	if x.MethodName != "" {
		p.str(x.MethodName)
	}
	for _, s := range [...]string{x.CallID, x.Branch, x.FromTag, x.ToTag} {
		p.str(s)
	}
	p.uri(x.From)
	if !same {
		p.uri(x.To)
	}
	switch {
	case x.Register != nil:
		p.word(x.RequestURI)
		p.register(x.Register)
	case x.Subscribe != nil:
		p.str(x.RequestURI)
		p.subscribe(x.Subscribe)
	case x.Notify != nil:
		p.str(x.RequestURI)
		p.notify(x.Notify)
	default:
		p.str(x.RequestURI)
	}
}

func (p *packer) register(r *Register) {
	f := flags(r.Star, r.HasAuth, r.Response, r.AUTS, r.ThirdParty, r.SecurityOld, r.Security != nil)
	p.uint(uint64(f))
	p.str(r.IMPI)
	p.contacts(r.Contacts)
	p.int(r.Expires)
	p.uint(uint64(r.Nonce))
	p.word(r.Integrity)
	p.word(r.Supported)
	p.word(r.UserAgent)
	p.str(r.Access)
	if r.Security != nil {
		p.mechanisms(&r.Security.Client)
		p.mechanisms(&r.Security.Verify)
	}
}

func (p *packer) subscribe(s *Subscribe) {
	p.word(s.Event)
	p.int(s.Expires)
	p.str(s.Contact)
	p.uri(s.PAI)
	p.word(s.Agent)
	p.wordList(s.Routes)
}

func (p *packer) notify(n *Notify) {
	p.byte(byte(flags(n.HasState, n.HasBody, n.Document != nil)))
	p.word(n.Event)
	p.word(n.State)
	p.word(n.Reason)
	p.int(n.Expires)
	p.int(n.RetryAfter)
	p.word(n.Agent)
	p.str(n.ICID)
	p.word(n.Contact)
	if n.Document != nil {
		p.document(n.Document)
	}
}

func (p *packer) document(d *Document) {
	p.int(d.Version)
	p.byte(byte(d.State))
	p.problems(d.Problems)
	p.uint(uint64(len(d.Registrations)))
	for i := range d.Registrations {
		r := &d.Registrations[i]
		p.uri(r.AOR)
		p.str(r.ID)
		p.byte(byte(r.State))
		p.uint(uint64(len(r.Contacts)))
		for j := range r.Contacts {
			c := &r.Contacts[j]
			p.byte(byte(c.State)<<1 | byte(flags(c.GRUU)))
			p.byte(byte(c.Event))
			p.str(c.ID)
			p.spelled(c.URI, c.Key)
			p.str(c.Instance)
			p.int(int64(c.Q))
			p.int(int64(c.RegID))
			p.int(c.Expires)
			p.int(c.Retry)
			p.str(c.CallID)
			p.int(c.CSeq)
		}
	}
}

func (p *packer) problems(list []*problem.Code) {
	p.uint(uint64(len(list)))
	for _, c := range list {
		id, _ := p.words.all.codes.enter(c, func(c *problem.Code) *problem.Code { return c })
		p.uint(uint64(id))
	}
}

// unpacker reads what a packer wrote. Its strings are views of b, which therefore must not change any more.
type unpacker struct {
	b     []byte
	words *Words
	room  *Room
}

// uint reads a varint. Most are one byte, which is worth not making a call for.
func (u *unpacker) uint() uint64 {
	if c := u.b[0]; c < 0x80 {
		u.b = u.b[1:]
		return uint64(c)
	}
	v, n := binary.Uvarint(u.b)
	u.b = u.b[n:]
	return v
}

func (u *unpacker) int() int64 {
	v := u.uint()
	return int64(v>>1) ^ -int64(v&1)
}

func (u *unpacker) byte() byte {
	c := u.b[0]
	u.b = u.b[1:]
	return c
}

func (u *unpacker) bytes(n uint64) string {
	s := view(u.b[:n])
	u.b = u.b[n:]
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
	list := u.room.strings.take(int(u.uint()))
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
	list := u.room.uris.take(int(u.uint()))
	for i := range list {
		list[i] = u.uri()
	}
	return list
}

func (u *unpacker) contacts() []ContactValue {
	list := u.room.contacts.take(int(u.uint()))
	for i := range list {
		c := &list[i]
		c.URI, c.Key = u.spelled()
		c.Instance, c.RegID, c.Expires = u.str(), u.str(), u.int()
		q := u.int()
		c.Q, c.GRUU = int16(q>>1), q&1 != 0
	}
	return list
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
	x.CallID, x.Branch, x.FromTag, x.ToTag = u.str(), u.str(), u.str(), u.str()
	x.From = u.uri()
	if x.To = x.From; f&(1<<0) == 0 {
		x.To = u.uri()
	}
	switch {
	case f&(1<<1) != 0:
		x.RequestURI = u.word()
		x.Register = u.register()
	case f&(1<<2) != 0:
		x.RequestURI = u.str()
		x.Subscribe = u.subscribe()
	case f&(1<<3) != 0:
		x.RequestURI = u.str()
		x.Notify = u.notify()
	default:
		x.RequestURI = u.str()
	}
}

func (u *unpacker) register() *Register {
	r := &u.room.registers.take(1)[0]
	f := u.uint()
	r.Star, r.HasAuth, r.Response, r.AUTS = f&1 != 0, f&2 != 0, f&4 != 0, f&8 != 0
	r.ThirdParty, r.SecurityOld = f&16 != 0, f&32 != 0
	r.IMPI = u.str()
	r.Contacts = u.contacts()
	r.Expires, r.Nonce = u.int(), uint32(u.uint())
	r.Integrity, r.Supported, r.UserAgent, r.Access = u.word(), u.word(), u.word(), u.str()
	if f&64 != 0 {
		r.Security = &Security{Client: u.mechanisms(), Verify: u.mechanisms()}
	}
	r.Answer.Expires, r.Answer.MinExpires, r.Answer.RetryAfter = Absent, Absent, Absent
	return r
}

func (u *unpacker) subscribe() *Subscribe {
	s := &u.room.subscribes.take(1)[0]
	s.Event, s.Expires, s.Contact, s.PAI, s.Agent, s.Routes = u.word(), u.int(), u.str(), u.uri(), u.word(), u.wordList()
	s.Granted = Absent
	return s
}

func (u *unpacker) notify() *Notify {
	n := &u.room.notifies.take(1)[0]
	f := u.byte()
	n.HasState, n.HasBody = f&1 != 0, f&2 != 0
	n.Event, n.State, n.Reason, n.Expires, n.RetryAfter = u.word(), u.word(), u.word(), u.int(), u.int()
	n.Agent, n.ICID, n.Contact = u.word(), u.str(), u.word()
	if f&4 != 0 {
		n.Document = u.document()
	}
	return n
}

func (u *unpacker) document() *Document {
	d := &u.room.documents.take(1)[0]
	d.Version, d.State = u.int(), reginfo.State(u.byte())
	d.Problems = u.problems()
	d.Registrations = u.room.registrations.take(int(u.uint()))
	for i := range d.Registrations {
		r := &d.Registrations[i]
		r.AOR, r.ID, r.State = u.uri(), u.str(), reginfo.RegState(u.byte())
		r.Contacts = u.room.entries.take(int(u.uint()))
		for j := range r.Contacts {
			c := &r.Contacts[j]
			f := u.byte()
			c.State, c.GRUU, c.Event = reginfo.ContactState(f>>1), f&1 != 0, reginfo.Event(u.byte())
			c.ID = u.str()
			c.URI, c.Key = u.spelled()
			c.Instance, c.Q, c.RegID = u.str(), int16(u.int()), int32(u.int())
			c.Expires, c.Retry, c.CallID, c.CSeq = u.int(), u.int(), u.str(), u.int()
		}
	}
	return d
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

// view gives bytes as a string without copying them: the string is good for as long as they stay what they are.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
