package story

import (
	"slices"
	"strconv"

	"imscope/correlate/fact"
)

// dereg is a de-registration while it is put together.
type dereg struct {
	initiator string
	frame     uint32 // of the trigger
	time      int64
	lastTime  int64
	why       string
	silent    bool   // nothing but the clock says so
	gap       bool   // who did it a document tells that is missing
	short     uint32 // frame that had shortened what ran out; 0 if nothing had
	undecided bool   // the capture ends before it could be answered
	next      int64  // when the next one begins; 0 if none does

	attempt     *attempt
	termination *termination
	assignment  *fact.Cx       // the only sign of it
	farewell    *fact.Exchange // the only sign of it

	rows     []*row
	bindings []*binding
	notifies []*fact.Exchange
	told     []toldBy
	proof    []Evidence
	// stays are the identities that a document calls active still, by contacts that the capture does not show; claimed are
	// those of which it should have shown them.
	stays, claimed []string

	pub *Deregistration
}

type toldBy struct {
	s   *subscription
	x   *fact.Exchange
	doc *Document
}

func (t *Teller) newDereg(initiator string, frame uint32, now int64) *dereg {
	d := t.room.deregs.One()
	d.initiator, d.frame, d.time, d.lastTime, d.pub = initiator, frame, now, now, t.made.deregs.One()
	t.deregs = append(t.deregs, d)
	return d
}

// bornOf reports whether the de-registration ended rows of this binding.
func (d *dereg) bornOf(b *binding) bool { return slices.Contains(d.bindings, b) }

// evidence takes note of what a frame shows, once.
func (t *Teller) evidence(d *dereg, frame uint32, what ...string) {
	if t.Outline {
		return
	}
	e := Evidence{frame, t.words(what...)}
	if !slices.Contains(d.proof, e) {
		d.proof = t.made.evidence.Add(d.proof, e)
	}
}

// attach notes that a document told a watcher of a de-registration.
func (t *Teller) attach(d *dereg, s *subscription, x *fact.Exchange, pub *Document, m mark) {
	hop := &x.Request.Hops[0]
	d.lastTime = max(d.lastTime, hop.Time)
	if slices.Contains(d.notifies, x) {
		return
	}
	if d.gap && m.silent && !pub.Gap { // this watcher got all documents, and none told
		d.gap, d.initiator, d.why = false, ByNetwork, dropped
	}
	d.notifies = t.room.notifies.Add(d.notifies, x)
	d.told = t.room.told.Add(d.told, toldBy{s, x, pub})
	if t.Outline {
		return
	}
	b := append(pub.appendVersion(append(t.text[:0], "reginfo "...)), " to "...)
	name := s.pub.WatcherNode
	if name == "" || name == "?" {
		name = s.pub.Watcher.Label()
	}
	b = append(append(b, name...), ": contact "...)
	if m.silent {
		b = append(b, "not listed any more"...)
	} else {
		b = strconv.AppendQuote(append(b, "terminated, event "...), m.event)
	}
	t.text = b
	t.evidence(d, hop.Frame, t.phrases.of(b))
}
