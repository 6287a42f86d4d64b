package fact

import "imscope/decode/diameter"

// An entry of a Cx transaction is like one of an exchange, see parts: its base is what names the transaction, and it
// has a reply where it is the first transmission of the request or of the answer.

// cxBase packs what names a transaction.
func (p *packer) cxBase(m *diameter.Message) {
	p.uint(uint64(m.Command))
	p.uint(uint64(m.EndToEnd))
	request := diameter.Message{Command: m.Command, AppID: m.AppID, Request: true}
	p.word(request.Name())
}

func (u *unpacker) cxBase(x *Cx) {
	x.Command, x.EndToEnd, x.Name = uint32(u.uint()), uint32(u.uint()), u.word()
}

// cx packs what a message says.
func (p *packer) cx(x *Cx) {
	p.byte(byte(flags(x.Resync)))
	p.str(x.UserName)
	p.uris(x.Public)
	p.uris(x.Profile)
	p.strs(x.Barred)
	p.strs(x.Associated)
	p.word(x.ServerName)
	p.word(x.Visited)
	p.word(x.Origin)
	p.str(x.ReasonInfo)
	p.str(x.Nonce)
	for _, n := range [...]int32{x.AuthorizationType, x.AssignmentType, x.ReasonCode, x.Result, x.Experimental} {
		p.int(int64(n))
	}
}

func (u *unpacker) cx(x *Cx) {
	x.Resync = u.byte() != 0
	x.UserName, x.Public, x.Profile, x.Barred, x.Associated = u.str(), u.uris(), u.uris(), u.strs(), u.strs()
	x.ServerName, x.Visited, x.Origin, x.ReasonInfo, x.Nonce = u.word(), u.word(), u.word(), u.str(), u.str()
	for _, n := range [...]*int32{&x.AuthorizationType, &x.AssignmentType, &x.ReasonCode, &x.Result, &x.Experimental} {
		*n = int32(u.int())
	}
}

// strs packs strings that nobody else has.
func (p *packer) strs(list []string) {
	p.uint(uint64(len(list)))
	for _, s := range list {
		p.str(s)
	}
}

func (u *unpacker) strs() []string {
	list := u.room.strings.Some(int(u.uint()))
	for i := range list {
		list[i] = u.str()
	}
	return list
}

// NewCx is a transaction of which nothing is known.
func NewCx() Cx {
	return Cx{AuthorizationType: Absent, AssignmentType: Absent, ReasonCode: Absent, Result: Absent, Experimental: Absent}
}

// takeCx gives a transaction the parts of an entry. Its hop is in its place already.
func (u *unpacker) takeCx(x *Cx, k *link) {
	if k.parts&hasBase != 0 {
		u.cxBase(x)
	}
	if k.parts&hasReply != 0 {
		var said Cx
		u.cx(&said)
		x.merge(&said, k.status == asked)
	}
}

// merge takes what the request or the answer says.
func (x *Cx) merge(said *Cx, request bool) {
	if x.UserName == "" {
		x.UserName = said.UserName
	}
	if request {
		x.Public, x.Visited, x.Origin, x.Resync = said.Public, said.Visited, said.Origin, said.Resync
		x.AuthorizationType, x.AssignmentType = said.AuthorizationType, said.AssignmentType
		x.ReasonCode, x.ReasonInfo = said.ReasonCode, said.ReasonInfo
	} else {
		x.Result, x.Experimental, x.Nonce = said.Result, said.Experimental, said.Nonce
	}
	x.Profile, x.Barred, x.Associated = joinLists(x.Profile, said.Profile), joinLists(x.Barred, said.Barred), joinLists(x.Associated, said.Associated)
	if said.ServerName != "" {
		x.ServerName = said.ServerName
	}
}

// joinLists appends a list to one that it leaves as it is. Mostly one of them is empty.
func joinLists[T any](a, b []T) []T {
	switch {
	case len(a) == 0:
		return b
	case len(b) == 0:
		return a
	}
	return append(a[:len(a):len(a)], b...)
}

// Transaction makes a transaction of its chain, which is given by its head. It is good for as long as the room is.
func (l *Log) Transaction(head Ref, words *Words, room *Room) *Cx {
	room.heads[0] = head
	return l.Transactions(room.heads[:], words, room)[0]
}

// Transactions makes the transactions of some chains. They are good for as long as the room is.
func (l *Log) Transactions(heads []Ref, words *Words, room *Room) []*Cx {
	l.fetch(heads, room)
	list := room.transactions.Some(len(heads))
	for i, at := range heads {
		x := room.cx.One()
		*x = NewCx()
		u := unpacker{log: l, words: words, room: room}
		for at != 0 {
			u.pos = 0
			u.b, at = l.entry(at)
			var k link
			u.link(&k, l.Epoch)
			m := x.message(k.status == asked)
			m.Hops = room.hops.Add(m.Hops, k.hop)
			u.takeCx(x, &k)
		}
		list[i] = x
	}
	return list
}

// Take adds an entry to a transaction that is kept as it is, as Exchange.Take does.
func (x *Cx) Take(entry []byte, words *Words, room *Room) {
	defer room.leave()
	u := unpacker{b: entry, words: words, room: room}
	var k link
	u.link(&k, 0)
	m := x.message(k.status == asked)
	m.Hops = append(m.Hops, k.hop)
	u.takeCx(x, &k)
}

// message gives the request or the answer.
func (x *Cx) message(request bool) *Message {
	if request {
		return &x.Request
	}
	return &x.Answer
}
