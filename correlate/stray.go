package correlate

import "imscope/correlate/fact"

// maxStrays bounds the requests that are kept of a user who should not send any, or whom they do not reach.
const maxStrays = 16

// heard takes note of whether the newest document leaves the user anything.
func (u *user) heard(t fact.Traits) {
	if t.Is(fact.HasList) {
		u.find().gone = !t.Is(fact.HasActive)
	}
}

// strayOf finds who makes a call or sends a message though they were told that nothing of theirs is registered any
// more; nil for others, whose calls are none of this program's business and are not kept.
func (e *Engine) strayOf(d *fact.Draft) *user {
	if !d.Traits.Is(fact.IsCall) {
		return nil
	}
	if u := e.users.known(d.From); u != nil && u.gone && u.strays() < maxStrays {
		return u
	}
	return nil
}

// failing takes a call or a message for that of the user whom it is for, unless it is somebody's already: it was sent
// again or refused, and may tell that the user cannot be reached at what the registrar has.
func (e *Engine) failing(o *open) {
	if o.u != nil || !o.traits.Is(fact.IsCall) {
		return
	}
	u := e.users.known(o.about)
	if u == nil || u.strays() >= maxStrays {
		return
	}
	o.u = u
	if e.log != nil {
		o.own(e.exchanges.passing, e.log)
	}
	u.stray(o)
}

// unreached reports whether a status is one that a call gets which finds nobody.
func unreached(status int) bool {
	switch status {
	case 404, 408, 410, 430, 480, 504:
		return true
	}
	return false
}
