package fact

import (
	"encoding/binary"

	"imscope/decode/problem"
)

// An entry is one transmission in its packed form: what it is, its hop, and then those of its parts that it says to
// have.
//
//	parts  1 byte
//	status varint, one more than that of a response, 0 for a request
//	hop    see packer.hop
//	base   what New read; of the first transmission, and of a request that came behind its response
//	added  what a hop of a request added
//	reply  what a response said for the first time
//	on Gm  what another hop of a challenge said
//	subscribed  what another hop of a 2xx to a SUBSCRIBE said
//	problems    of this transmission
type parts uint8

const (
	hasBase parts = 1 << iota
	hasAdded
	hasReply
	hasChallenge
	hasSubscribed
	hasProblems
)

// asked stands in the place of a response's status, which may be 0 if it was no number, for the request.
const asked = -1

// link is an entry whose head is read.
type link struct {
	parts  parts
	status int
	hop    Hop
}

// head packs the beginning of an entry.
func (p *packer) head(what parts, status int, h *Hop, epoch int64) {
	p.byte(byte(what))
	p.uint(uint64(status + 1))
	p.hop(h, epoch)
}

// What a hop may have besides what each has.
const (
	hopRepeat = 1 << iota
	hopCopy
	hopPath
	hopPieces // other than one
)

// hop packs a hop, its time as the difference to the log's epoch.
func (p *packer) hop(h *Hop, epoch int64) {
	f := byte(flags(h.Repeat, h.Copy, h.Path != 0, h.Pieces != 1))
	p.b = append(p.b, f, h.Vias)
	p.b = binary.LittleEndian.AppendUint32(p.b, h.Branch)
	p.int(h.Time - epoch)
	p.uint(uint64(h.Frame))
	p.uint(uint64(h.Src))
	p.uint(uint64(h.Dst))
	if f&hopPath != 0 {
		p.uint(uint64(h.Path))
	}
	if f&hopPieces != 0 {
		p.byte(h.Pieces)
	}
}

func (u *unpacker) hop(h *Hop, epoch int64) {
	b := u.b[u.pos:][:6]
	u.pos += len(b)
	f, vias, branch := b[0], b[1], binary.LittleEndian.Uint32(b[2:])
	*h = Hop{Time: epoch + u.int(), Frame: uint32(u.uint()), Branch: branch,
		Vias: vias, Repeat: f&hopRepeat != 0, Copy: f&hopCopy != 0, Pieces: 1, Src: NodeID(u.uint()), Dst: NodeID(u.uint())}
	if f&hopPath != 0 {
		h.Path = uint32(u.uint())
	}
	if f&hopPieces != 0 {
		h.Pieces = u.byte()
	}
}

// link reads the head of an entry.
func (u *unpacker) link(l *link, epoch int64) {
	l.parts = parts(u.byte())
	l.status = int(u.uint()) - 1
	u.hop(&l.hop, epoch)
}

// Hops appends the hops of the request, or of the response with a status, and tells how many statuses there are.
func (l *Log) Hops(c Chain, request bool, status int, dst []Hop) (hops []Hop, statuses int) {
	if request {
		status = asked
	}
	var u unpacker
	var k link
	for at := c.Head; at != 0; {
		u.pos = 0
		u.b, at = l.entry(at)
		u.link(&k, l.Epoch)
		if k.status == status {
			dst = append(dst, k.hop)
		}
		if k.parts&hasReply != 0 {
			statuses++
		}
	}
	return dst, statuses
}

// HopsOf gives the hops of the request, or of the response with a status.
func (x *Exchange) HopsOf(request bool, status int) []Hop {
	if request {
		return x.Request.Hops
	}
	if r := x.response(status); r != nil {
		return r.Hops
	}
	return nil
}

// Exchange makes an exchange of its chain, which is given by its head. It is good for as long as the room is.
func (l *Log) Exchange(head Ref, words *Words, room *Room) *Exchange {
	room.heads[0] = head
	return l.Exchanges(room.heads[:], words, room)[0]
}

// Exchanges makes the exchanges of some chains. They are good for as long as the room is.
func (l *Log) Exchanges(heads []Ref, words *Words, room *Room) []*Exchange {
	l.fetch(heads, room)
	list := room.pointers.Some(len(heads))
	for i, at := range heads {
		x := room.exchanges.One()
		u := unpacker{log: l, words: words, room: room}
		for at != 0 {
			u.pos = 0
			u.b, at = l.entry(at)
			u.add(x, l.Epoch)
		}
		list[i] = x
	}
	return list
}

// fetch looks at the entries of some chains, one of each at a time, so that the cache has them when they are unpacked: a
// user's are far from each other, and memory is slow but answers several questions at once. It does not wait to hear how
// long an entry is, but looks at as much as most take (2026-11-29: an eighth of unpacking less).
func (l *Log) fetch(heads []Ref, room *Room) {
	const line = 64
	next, seen := append(room.next[:0], heads...), byte(0)
	for n := len(next); n > 0; {
		all := next[:n]
		n = 0
		for _, at := range all {
			b := l.at(at)
			if len(b) > 3*line {
				seen |= b[line] | b[2*line] | b[3*line]
			}
			if at = Ref(binary.LittleEndian.Uint32(b)); at != 0 {
				next[n] = at
				n++
			}
		}
	}
	room.next, room.seen = next, seen
}

// add adds an entry to an exchange.
func (u *unpacker) add(x *Exchange, epoch int64) {
	var k link
	u.link(&k, epoch)
	switch {
	case k.status == asked:
		x.Request.Hops = u.room.hops.Add(x.Request.Hops, k.hop)
	case k.parts&hasReply != 0:
		x.Responses = u.room.messages.Add(x.Responses, Message{Status: k.status, Hops: u.room.hops.Add(nil, k.hop)})
	default:
		if r := x.response(k.status); r != nil {
			r.Hops = u.room.hops.Add(r.Hops, k.hop)
		}
	}
	if k.parts != 0 { // most are a hop and no more
		u.take(x, &k)
	}
}

// Take adds an entry to an exchange that is kept as it is. The entry becomes part of it; the room is only where it is
// unpacked, and is empty then.
func (x *Exchange) Take(entry []byte, words *Words, room *Room) {
	defer room.leave()
	u := unpacker{b: entry, words: words, room: room}
	var k link
	u.link(&k, 0)
	switch {
	case k.status == asked:
		x.Request.Hops = append(x.Request.Hops, k.hop)
	case k.parts&hasReply != 0:
		x.Responses = append(x.Responses, Message{Status: k.status, Hops: []Hop{k.hop}})
	default:
		if r := x.response(k.status); r != nil {
			r.Hops = append(r.Hops, k.hop)
		}
	}
	u.take(x, &k)
}

// response finds the response of a status.
func (x *Exchange) response(status int) *Message {
	for i := range x.Responses {
		if x.Responses[i].Status == status {
			return &x.Responses[i]
		}
	}
	return nil
}

// take gives an exchange the parts of an entry. Its hop is in its place already.
func (u *unpacker) take(x *Exchange, k *link) {
	if k.parts&hasBase != 0 {
		u.begin(x)
	}
	if k.parts&hasAdded != 0 {
		a := u.onTheWay()
		a.apply(x, k.hop.Vias)
	}
	if k.parts&hasReply != 0 {
		var r Reply
		u.reply(&r)
		r.apply(x, true)
		x.Responses[len(x.Responses)-1].Reason = r.Reason
	}
	if k.parts&hasChallenge != 0 {
		if c := u.challenge(); x.Register != nil {
			c.apply(x.Register)
		}
	}
	if k.parts&hasSubscribed != 0 {
		if s := u.subscribed(); x.Subscribe != nil {
			s.apply(x.Subscribe)
		}
	}
	if k.parts&hasProblems != 0 {
		for _, c := range u.problems() {
			x.problem(c, k.hop.Frame)
		}
	}
}

// begin reads the base of an exchange. Where the response came first, what it said stays.
func (u *unpacker) begin(x *Exchange) {
	if x.Register == nil && x.Subscribe == nil && x.Notify == nil {
		u.base(x)
		return
	}
	had := *x
	*x = Exchange{Request: had.Request, Responses: had.Responses, Problems: had.Problems}
	u.base(x)
	if x.Register != nil && had.Register != nil {
		x.Register.Answer = had.Register.Answer
	}
	if x.Subscribe != nil && had.Subscribe != nil {
		x.Subscribe.Granted, x.Subscribe.DialogTag = had.Subscribe.Granted, had.Subscribe.DialogTag
	}
}

// problem keeps what was wrong with a message, once per code.
func (x *Exchange) problem(c *problem.Code, frame uint32) {
	for _, have := range x.Problems {
		if have.Code == c {
			return
		}
	}
	if len(x.Problems) < maxProblems {
		x.Problems = append(x.Problems, Problem{c, frame})
	}
}
