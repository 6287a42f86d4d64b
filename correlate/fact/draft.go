package fact

import (
	"imscope/decode/problem"
	"imscope/decode/reginfo"
	"imscope/decode/sip"
)

// Draft is what one transmission says, before it is known what it belongs to. It borrows the message, and is good for
// as long as that is.
//
// A draft is made on one core and taken up on another, where each cache line of it costs more than what is done with
// it. So it holds what is needed there, some lines in a row, and the packed form for the rest.
type Draft struct {
	Key uint64 // names the exchange end to end, see Reader.key
	Top uint32 // hash of the top Via's branch

	Vias   uint8      // number of Via values
	Method sip.Method // of the exchange
	Read   bool       // the message was read, not only keyed; what follows the names is valid iff so
	had    had        // what this hop says, see State
	Traits Traits     // of a request; of a response FromProxy alone, until Base was called

	To, From, IMPI, Dialog Name            // those of a request; of a response once Base was called
	Names                  []Name          // the identities that a 2xx to a REGISTER or a document lists
	Problems               []*problem.Code // of reginfo documents, read or not

	packed   []byte // the packed form
	whole    uint32 // how much of it says all that the message says
	hop      uint32 // where what only this hop says begins
	sections sections
	kind     replyKind // of a response
	words    *Words    // of whoever takes it up
}

// reading is what a Reader has read of the newest message, in full.
type reading struct {
	x     Exchange // what a request says, of a response what it repeats of that
	said  Reply    // what a response says
	added added    // what this hop of a request adds

	route  route
	cseq   uint32
	method []byte // as the message spells it

	// Room for x.
	register  Register
	security  Security
	subscribe Subscribe
	notify    Notify
	document  Document
	contacts  []Contact // of the document
	doc       *reginfo.Document
	unread    []*problem.Code // of documents that cannot be read
	auth      sip.Auth
}

// Reader makes drafts of messages. It keeps nothing between them but scratch; each goroutine needs its own.
type Reader struct {
	namer
	reading
	words    *speaker
	seen     recent
	sections []Section // scratch

	drafts []Draft // what is left of the last allocation
	room   []byte  // for packed
}

// NewReader returns a Reader whose drafts this Extractor takes.
func (e *Extractor) NewReader() *Reader { return &Reader{namer: e.namer, words: newSpeaker(e.Words)} }

const (
	// draftsAtATime are allocated in a row, so that going through those of a batch is going through memory.
	draftsAtATime = 64
	// usualPacked is what the packed form of most messages takes, maxPacked what is kept of the room of a giant.
	usualPacked = 384
	maxPacked   = 4 << 10
)

func (r *Reader) draft() *Draft {
	if len(r.drafts) == 0 {
		r.drafts, r.room = make([]Draft, draftsAtATime), make([]byte, draftsAtATime*usualPacked)
	}
	d := &r.drafts[0]
	d.packed, d.words = r.room[:0:usualPacked], r.words.all
	r.drafts, r.room = r.drafts[1:], r.room[usualPacked:]
	return d
}

// Digest makes the draft of a message, in the room of an earlier one if reuse is one. What a message says is read
// only if it did not come just before, on another link; of such a copy, only what this hop says.
func (r *Reader) Digest(m *sip.Message, reuse any) any {
	d, _ := reuse.(*Draft)
	if d == nil || d.words != r.words.all {
		d = r.draft()
	}
	if cap(d.packed) > maxPacked {
		d.packed = nil
	}
	r.key(d, m)
	if r.seen.first(d.Key, m.Status) {
		r.fill(d, m)
	} else {
		r.copied(d, m)
	}
	return d
}

// fill reads what the message says, unless that was done.
func (r *Reader) fill(d *Draft, m *sip.Message) {
	if d.Read {
		return
	}
	d.Read = true
	p := packer{d.packed[:0], r.words, r.sections[:0]}
	if m.IsRequest {
		r.base(d, m)
		p.base(&r.x)
		r.added = onTheWay(r.added.path[:0], r.x.Method, m, false)
		if r.x.Register != nil {
			r.added.integrity = r.x.Register.Integrity // read with the rest of the credentials
		}
		d.hop, d.had = uint32(len(p.b)), r.added.had(d.Vias)
		p.onTheWay(r.added)
		d.whole = uint32(len(p.b))
	} else {
		r.reply(d, m)
		p.reply(&r.said)
		d.whole, d.hop = uint32(len(p.b)), uint32(len(p.b))
		r.replied(d, &p)
	}
	d.packed, r.sections = p.b, p.sections
	d.sections.take(p.sections)
}

// copied reads what only this hop of a message says.
func (r *Reader) copied(d *Draft, m *sip.Message) {
	p := packer{b: d.packed[:0], words: r.words}
	d.whole, d.hop, d.had = 0, 0, 0
	switch {
	case m.IsRequest && (d.Method == sip.MethodRegister || d.Method == sip.MethodSubscribe):
		r.added = onTheWay(r.added.path[:0], d.Method, m, true)
		d.had = r.added.had(d.Vias)
		p.onTheWay(r.added)
	case m.IsRequest:
	case d.Method == sip.MethodRegister && (m.Status == 401 || m.Status == 407):
		r.said.kind, r.said.onGm = replyChallenge, challenged(m, d.Vias)
		r.replied(d, &p)
	case d.Method == sip.MethodSubscribe && m.Status >= 200 && m.Status < 300:
		r.said.kind, r.said.subscribed = replySubscribed, subscribedBy(m)
		r.replied(d, &p)
	default:
		d.kind = replyPlain
	}
	d.packed = p.b
}

// replied packs what only this hop of a response says.
func (r *Reader) replied(d *Draft, p *packer) {
	d.had, d.kind = 0, r.said.kind
	switch d.kind {
	case replyChallenge:
		d.had = r.said.onGm.had()
		p.challenge(&r.said.onGm)
	case replySubscribed:
		p.subscribed(&r.said.subscribed)
	}
}

// recent tells which messages came lately. What it forgets, or takes for another, is read once more or when it is
// needed.
type recent [512]uint64

// first reports whether a message of this status, 0 for a request, did not come lately, and takes note of it.
func (r *recent) first(key uint64, status int) bool {
	key += uint64(status) * 0x9e3779b97f4a7c15 // 2^64 over the golden ratio: spreads small numbers
	slot := &r[key%uint64(len(r))]
	if *slot == key {
		return false
	}
	*slot = key
	return true
}
