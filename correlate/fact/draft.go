package fact

import (
	"hash/maphash"

	"imscope/decode/reginfo"
	"imscope/decode/sip"
)

// Draft is what one transmission says, before it is known what it belongs to. It borrows the message: its strings
// are good for as long as that is.
type Draft struct {
	Route
	Key    uint64 // names the exchange end to end, see Reader.key
	CSeq   uint32
	Method sip.Method // of the exchange
	name   []byte     // of the method as the message spells it

	read   bool     // what follows was filled in
	X      Exchange // what a request says, of a response what it repeats of that once Base was called
	added  added    // what the hop of a request adds
	Reply  Reply    // what a response says
	packed []byte   // the packed form of one of the two

	sections []Section // of packed

	// Room for X.
	register  Register
	security  Security
	subscribe Subscribe
	notify    Notify
	document  Document
	contacts  []Contact // of the document
	doc       *reginfo.Document
}

// Reader makes drafts of messages. It keeps nothing between them but scratch; each goroutine needs its own.
type Reader struct {
	seed  maphash.Seed
	words *speaker
	seen  recent
}

// NewReader returns a Reader whose drafts this Extractor takes.
func (e *Extractor) NewReader() *Reader { return &Reader{seed: e.seed, words: newSpeaker(e.Words)} }

// Digest makes the draft of a message, in the room of an earlier one if reuse is one. What a message says is read
// only if it did not come just before, on another link; the draft of such a copy is little more than its key.
func (r *Reader) Digest(m *sip.Message, reuse any) any {
	d, _ := reuse.(*Draft)
	if d == nil {
		d = new(Draft)
	}
	r.key(d, m)
	if r.seen.first(d.Key, m.Status) {
		r.fill(d, m)
	}
	return d
}

// fill reads what the message says, unless that was done.
func (r *Reader) fill(d *Draft, m *sip.Message) {
	if d.read {
		return
	}
	d.read = true
	p := packer{d.packed[:0], r.words, d.sections[:0]}
	if m.IsRequest {
		r.base(d, m)
		p.base(&d.X)
		d.added = onTheWay(d.added.path[:0], d.X.Method, m, false)
		if d.X.Register != nil {
			d.added.integrity = d.X.Register.Integrity // read with the rest of the credentials
		}
		p.onTheWay(d.added)
	} else {
		r.reply(d, m)
		p.reply(&d.Reply)
	}
	d.packed, d.sections = p.b, p.sections
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
