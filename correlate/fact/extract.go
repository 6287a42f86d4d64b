package fact

import (
	"hash/maphash"
	"slices"

	"imscope/decode"
	"imscope/decode/diameter"
	"imscope/decode/network"
	"imscope/decode/problem"
	"imscope/decode/sip"
)

// Limits of one message: far above what an IMS sends, low enough to keep hostile input cheap.
const (
	maxContacts   = 64
	maxIdentities = 256
	maxProblems   = 16
	// MaxHops is how many transmissions of one message are kept.
	MaxHops = 64
	// MaxResponses is how many statuses of one exchange are kept.
	MaxResponses = 16
)

// Extractor turns borrowed records into owned facts, one at a time; the Readers that it makes may work beside it.
type Extractor struct {
	namer
	Nodes Nodes
	Words *Words
	// Epoch is that of the Log which entries are for, 0 where Take gets them.
	Epoch int64
	// KeepCopies takes a transmission that was captured twice for two.
	KeepCopies bool

	reader *Reader // its own
	draft  any     // for messages that no other Reader has read
	head   []byte  // scratch of the entries
	body   []byte
	base   []byte // packed by Base
	codes  []*problem.Code

	sections []Section
	paths    paths
	cx       diameter.Cx
	said     Cx // scratch of CxEntry
}

// NewExtractor returns an Extractor with empty tables.
func NewExtractor() *Extractor {
	e := &Extractor{namer: namer{maphash.MakeSeed()}, Nodes: newNodes(), Words: NewWords(), paths: newPaths()}
	e.reader = e.NewReader()
	return e
}

// Draft gives the draft of a record's message: the one that came with it if it is for this Extractor, or its own.
func (e *Extractor) Draft(rec *decode.Record) *Draft {
	if d, ok := rec.Digest.(*Draft); ok && d.words == e.Words {
		return d
	}
	e.draft = e.reader.Digest(rec.SIP, e.draft)
	return e.draft.(*Draft)
}

// Read fills a draft in that is little more than a key so far.
func (e *Extractor) Read(d *Draft, m *sip.Message) {
	if !d.Read {
		e.reader.look(m)
		e.reader.fill(d, m)
	}
}

// Base fills in what the message tells of its exchange: of a response, what it repeats of its request.
func (e *Extractor) Base(d *Draft, m *sip.Message) {
	if m.IsRequest {
		e.Read(d, m)
		return
	}
	e.reader.look(m)
	e.reader.base(d, m)
	p := packer{b: e.base[:0], words: e.reader.words, sections: e.sections[:0]}
	p.base(&e.reader.x)
	e.base, e.sections = p.b, p.sections
}

// Hop makes the hop of a record.
func (e *Extractor) Hop(rec *decode.Record, top uint32, vias uint8) Hop {
	h := Hop{Time: rec.Time, Frame: rec.Frame, Branch: top, Vias: vias,
		Src: e.Nodes.ID(rec.Src), Dst: e.Nodes.ID(rec.Dst), Path: e.paths.id(rec.Path)}
	if rec.Proto == network.UDP {
		n := len(rec.Frames)
		if rec.SIP != nil && torn(rec.SIP) {
			n++
		}
		h.Pieces = uint8(min(n, 255))
	}
	return h
}

// torn reports whether the capture lacks fragments of a message.
func torn(m *sip.Message) bool {
	return slices.ContainsFunc(m.Problems, func(p problem.Problem) bool { return p.Code == decode.ProbFragment })
}

// Novelty tells what a transmission is to the message it belongs to.
type Novelty uint8

const (
	// NewHop is the message on a link where it was not seen before.
	NewHop Novelty = iota
	// Retransmission is the message on the same link again, sent once more (RFC 3261 17.2.3: the same
	// top branch).
	Retransmission
	// Copy is one transmission captured twice: by two mirror ports, on a bridge and its member, or by
	// the capture agents at both of its ends.
	Copy
)

// copyWindow tells a copy from a retransmission. Timer E starts at T1, 500 ms (RFC 3261 17.1.2.2);
// copies differ by what a mirror port or two agents' clocks do.
const copyWindow = 250 * int64(1e6)

// Mark tells what a hop is to the earlier ones of its message, and marks it so.
func (e *Extractor) Mark(h *Hop, earlier []Hop) Novelty {
	n := NewHop
	for i := range earlier {
		o := &earlier[i]
		if o.Src != h.Src || o.Dst != h.Dst || o.Branch != h.Branch || o.Copy {
			continue
		}
		n = Retransmission
		if d := h.Time - o.Time; d < copyWindow && d > -copyWindow && !e.KeepCopies {
			n = Copy
			break
		}
	}
	h.Repeat, h.Copy = n == Retransmission, n == Copy
	return n
}

// Request packs a request's transmission as an entry in two parts, valid until the next call. The first one of
// an exchange, and the first one of a request that came behind its response, says all; d is read then.
//
// The sections are of the body.
func (e *Extractor) Request(s *State, d *Draft, rec *decode.Record, h *Hop, n Novelty) (head, body []byte, list []Section) {
	what := parts(0)
	switch {
	case !s.Asked():
		s.added(d.had, h.Vias)
		what, body, list = hasBase|hasAdded, d.packed[:d.whole], d.sections.all()
	case n == NewHop && s.added(d.had, h.Vias):
		what, body = hasAdded, d.packed[d.hop:]
	}
	s.had |= hadRequest
	s.hops = min(s.hops+1, MaxHops)
	head, body = e.entry(what, asked, h, body, rec)
	return head, body, list
}

// Response packs a response's transmission as an entry in two parts, valid until the next call. first says that its
// status is new; d is read then. begins says that nothing was seen of the exchange before.
func (e *Extractor) Response(s *State, d *Draft, rec *decode.Record, h *Hop, first, begins bool) (head, body []byte, list []Section) {
	what := parts(0)
	news := s.challenged(d.had)
	switch {
	case first:
		what, body, list = hasReply, d.packed[:d.whole], d.sections.all()
	case d.kind == replyChallenge && news:
		what, body = hasChallenge, d.packed[d.hop:]
	case d.kind == replySubscribed:
		what, body = hasSubscribed, d.packed[d.hop:]
	}
	if begins {
		what |= hasBase
		e.body = append(append(e.body[:0], e.base...), body...)
		body, list = e.body, nil
	}
	head, body = e.entry(what, rec.SIP.Status, h, body, rec)
	return head, body, list
}

// entry packs the head of an entry, and behind its body what was wrong with the message.
func (e *Extractor) entry(what parts, status int, h *Hop, body []byte, rec *decode.Record) (_, _ []byte) {
	e.codes = e.codes[:0]
	for _, p := range rec.SIP.Problems {
		if p.Code.Severity != problem.Info && len(e.codes) < maxProblems {
			e.codes = append(e.codes, p.Code)
		}
	}
	if len(e.codes) > 0 {
		p := packer{b: append(e.body[:0], body...), words: e.reader.words}
		p.problems(e.codes)
		e.body, body = p.b, p.b
		what |= hasProblems
	}
	p := packer{b: e.head[:0], words: e.reader.words}
	p.head(what, status, h, e.Epoch)
	e.head = p.b
	return p.b, body
}
