package correlate

import (
	"hash/maphash"

	"imscope/correlate/fact"
	"imscope/decode"
	"imscope/decode/sip"
)

// Engine joins records to users. It takes one at a time, on whatever goroutine.
type Engine struct {
	facts     *fact.Extractor
	users     users
	exchanges index[uint64, open]
	cx        index[fact.CxKey, openCx]
	dialogs   index[fact.Name, *user] // Call-ID of a reg subscription → whose state it is
	rx        rx

	// Facts of users are kept in log. It is nil in a Live, which keeps exchanges and transactions as they are.
	log  *fact.Log
	room fact.Room // scratch of exchange and transaction
	hops []fact.Hop

	start, end int64
	dated      bool // the logs have their epoch
	counts     counts
	touched    func(*user, *decode.Record) // called when a record has changed a user's facts; nil outside a Live
}

// counts are the engine's own statistics.
type counts struct {
	sip, unique, repeats, copies, sipCopies, documents, diameter uint64
	requests                                                     [256]uint64 // by sip.Method
	others                                                       map[string]uint64
	responses                                                    [1000]uint64
	problems                                                     map[string]uint64 // of reginfo documents and Cx messages
}

// maxMethods bounds the unknown methods that are counted by name.
const maxMethods = 64

// Options of an engine.
type Options struct {
	// KeepDuplicates takes a transmission that was captured twice for two.
	KeepDuplicates bool
}

// NewEngine returns an engine without users.
func NewEngine(opt Options) *Engine {
	x, seed := fact.NewExtractor(), maphash.MakeSeed()
	x.KeepCopies = opt.KeepDuplicates
	e := &Engine{
		facts: x, users: newUsers(), log: new(fact.Log),
		exchanges: newIndex[uint64, open](func(key uint64) uint64 { return key }),
		cx:        newIndex[fact.CxKey, openCx](func(key fact.CxKey) uint64 { return maphash.Comparable(seed, key) }),
		dialogs:   newIndex[fact.Name, *user](func(name fact.Name) uint64 { return uint64(name) }),
		rx:        newRx(),
		counts:    counts{others: map[string]uint64{}, problems: map[string]uint64{}},
	}
	e.exchanges.passing, e.cx.passing = new(fact.Log), new(fact.Log)
	return e
}

// Digester returns what reads messages for this engine, see decode.Options.Digest. The engine does so itself for
// records without a digest.
func (e *Engine) Digester() decode.Digester { return e.facts.NewReader() }

// Observe takes the next record. It keeps nothing that the record borrows.
func (e *Engine) Observe(rec *decode.Record) {
	if e.start == 0 || rec.Time < e.start {
		e.start = rec.Time
	}
	e.end = max(e.end, rec.Time)
	if e.log != nil && !e.dated {
		e.dated = true
		e.facts.Epoch, e.log.Epoch = rec.Time, rec.Time
		e.exchanges.passing.Epoch, e.cx.passing.Epoch = rec.Time, rec.Time
	}
	switch {
	case rec.SIP != nil:
		e.touch(e.sip(rec), rec)
	case rec.Diameter != nil:
		e.touch(e.diameter(rec), rec)
	}
}

// touch notes that a record has changed a user's facts.
func (e *Engine) touch(u *user, rec *decode.Record) {
	if u == nil {
		return
	}
	u = u.find()
	u.last = max(u.last, rec.Time)
	if e.touched != nil {
		e.touched(u, rec)
	}
}

// sip takes a SIP message and returns the user whom it is about, nil if nobody.
func (e *Engine) sip(rec *decode.Record) *user {
	m := rec.SIP
	e.counts.sip++
	if m.IsRequest {
		e.counts.requests[m.Method]++
		if m.Method == sip.MethodOther {
			e.otherMethod(m.MethodSpan.In(m.Raw))
		}
	} else if m.Status >= 0 && m.Status < len(e.counts.responses) {
		e.counts.responses[m.Status]++
	}
	d := e.facts.Draft(rec)
	o := e.exchanges.get(d.Key)
	begins := o == nil
	if begins {
		o = e.begin(d, rec)
	}
	if m.IsRequest {
		e.request(o, d, rec, begins)
	} else {
		e.response(o, d, rec, begins)
	}
	return o.u
}

// count takes note of a repeated transmission and reports whether it is a new one.
func (e *Engine) count(n fact.Novelty) bool {
	switch n {
	case fact.Retransmission:
		e.counts.repeats++
	case fact.Copy:
		e.counts.copies++
	}
	return n == fact.NewHop
}

func (e *Engine) otherMethod(name []byte) {
	if _, ok := e.counts.others[string(name)]; !ok && len(e.counts.others) >= maxMethods {
		name = []byte("other")
	}
	e.counts.others[string(name)]++
}
