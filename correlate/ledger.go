package correlate

import "hash/maphash"

// ledger says what was told of a user. It holds what the user's story says now: fold strikes out what the story does not
// say any more.
type ledger map[thing]entered

// thing is something that a story says: the frame where it stands, and a hash of what it is.
type thing struct {
	frame uint32
	what  uint64
}

// entered is how often a thing was told, and how often a story said it: there may be several of a kind at a frame,
// findings of a rule above all.
type entered struct {
	told, met uint16
	pass      uint32 // of which story, see Live.pass
}

// What makes a thing one and the same, apart from its frame. All else of it may change as more becomes known.
type (
	anEvent struct {
		method string // "" for what only the clock did
		status int
	}
	aDeregistration struct {
		initiator string
		started   int64
	}
	anOutcome struct {
		aDeregistration
		outcome, missing string
		contacts         int
	}
	aFinding struct{ rule string }
)

// thingAt makes a thing of what stands at a frame.
func thingAt[T comparable](l *Live, frame uint32, what T) thing {
	return thing{frame, maphash.Comparable(l.seed, what)}
}

// meet takes note that the story at work says a thing, and reports whether that is news. What is not due yet is not.
func meet[T comparable](l *Live, u *user, frame uint32, what T, due bool) bool {
	t := thingAt(l, frame, what)
	e := u.told[t]
	if e.pass != l.pass {
		e.pass, e.met = l.pass, 0
	}
	e.met++
	news := due && e.met > e.told
	if news {
		e.told = e.met
	}
	if u.told == nil {
		u.told = ledger{}
	}
	u.told[t] = e
	return news && !l.silent
}

// move strikes out, once, a thing that was told and that the story at work, gone through, does not say any more. It reports
// whether there is one.
func (t ledger) move(k thing, pass uint32) bool {
	e := t[k]
	if e.pass != pass {
		e.met = 0
	}
	if e.told <= e.met {
		return false
	}
	e.told--
	t[k] = e
	return true
}

// keep strikes out what a story did not say.
func (t ledger) keep(pass uint32) {
	for k, e := range t {
		if e.pass != pass {
			delete(t, k)
		} else if e.met < e.told {
			e.told = e.met
			t[k] = e
		}
	}
}

// add adds to how often a thing was told.
func (t ledger) add(k thing, e entered) {
	e.told += t[k].told
	t[k] = e
}
