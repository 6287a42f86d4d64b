package correlate

import "imscope/correlate/fact"

// maxStrays bounds the requests that are kept of a user who should not send any.
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
