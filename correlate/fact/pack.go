package fact

import (
	"unsafe"

	"imscope/decode/problem"
)

// The packed form of what a transmission says. It is made and read by this package alone and never leaves the
// process; TestPack and FuzzPack hold packing and reading to be each other's inverse.
//
// Numbers are varints, strings their length and bytes. Strings that all users share (see words) are numbers.

// packer appends to b.
type packer struct {
	b        []byte
	words    *speaker
	sections []Section // of b
}

func (p *packer) byte(v byte) { p.b = append(p.b, v) }
func (p *packer) int(v int64) { p.uint(uint64(v<<1 ^ v>>63)) }

// uint is binary.AppendUvarint to p.b, which only needs its length changed.
func (p *packer) uint(v uint64) {
	for ; v >= 0x80; v >>= 7 {
		p.b = append(p.b, byte(v)|0x80)
	}
	p.b = append(p.b, byte(v))
}

func (p *packer) str(s string) {
	p.uint(uint64(len(s)))
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
		p.int(int64(c.Q)<<1 | int64(flags(c.GRUU)))
	}
}

// terms packs for how long contacts are asked or granted, which changes where the contacts do not.
func (p *packer) terms(list []ContactValue) {
	for i := range list {
		p.int(list[i].Expires)
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

// base packs all of an exchange but its transmissions and its answer.
func (p *packer) base(x *Exchange) {
	same := x.From == x.To
	p.byte(byte(x.Method))
	p.byte(byte(flags(same, x.Register != nil, x.Subscribe != nil, x.Notify != nil, x.MethodName != "")))
	p.uint(uint64(x.CSeq))
	if x.MethodName != "" {
		p.str(x.MethodName)
	}
	p.str(x.Branch)
	p.str(x.ToTag)
	kind := ofOthers
	switch {
	case x.Register != nil:
		kind = ofRegister
	case x.Notify != nil:
		kind = ofNotify
	}
	p.section(kind, func() {
		p.str(x.CallID)
		p.str(x.FromTag)
		p.uri(x.From)
		if !same {
			p.uri(x.To)
		}
		if x.Register != nil {
			p.word(x.RequestURI)
		} else {
			p.str(x.RequestURI)
		}
	})
	switch {
	case x.Register != nil:
		p.register(x.Register)
	case x.Subscribe != nil:
		p.subscribe(x.Subscribe)
	case x.Notify != nil:
		p.notify(x.Notify)
	}
}

func (p *packer) register(r *Register) {
	f := flags(r.Star, r.HasAuth, r.Response, r.AUTS, r.ThirdParty, r.SecurityOld, r.Security != nil)
	p.uint(uint64(f))
	p.int(r.Expires)
	p.uint(uint64(r.Nonce))
	p.word(r.Integrity)
	if r.Security != nil {
		p.mechanisms(&r.Security.Client)
		p.mechanisms(&r.Security.Verify)
	}
	p.section(ofDevice, func() {
		p.str(r.IMPI)
		p.contacts(r.Contacts)
		p.word(r.Supported)
		p.word(r.UserAgent)
		p.str(r.Access)
	})
	p.terms(r.Contacts)
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
	p.byte(byte(flags(n.HasState, n.HasBody, n.Document != nil, n.Unread)))
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
	p.section(ofDocument, func() {
		p.uint(uint64(len(d.Registrations)))
		for i := range d.Registrations {
			p.registration(&d.Registrations[i])
		}
	})
	for i := range d.Registrations {
		for j := range d.Registrations[i].Contacts {
			p.int(d.Registrations[i].Contacts[j].Expires)
		}
	}
}

// registration packs a registration but how long its contacts have left.
func (p *packer) registration(r *Registration) {
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
		p.int(c.Retry)
		p.str(c.CallID)
		p.int(c.CSeq)
	}
}

func (p *packer) problems(list []*problem.Code) {
	p.uint(uint64(len(list)))
	for _, c := range list {
		id, _ := p.words.all.codes.enter(c, func(c *problem.Code) *problem.Code { return c })
		p.uint(uint64(id))
	}
}

// view gives bytes as a string without copying them: the string is good for as long as they stay what they are.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
