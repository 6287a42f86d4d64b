package correlate

import (
	"imscope/correlate/fact"
	"imscope/decode/reginfo"
	"imscope/decode/sip"
)

// maxStrays bounds the requests that are kept of a user who should not send any.
const maxStrays = 16

// heard takes note of whether the newest document leaves the user anything.
func (u *user) heard(x *fact.Exchange) {
	if x.Notify == nil || x.Notify.Document == nil || len(x.Notify.Document.Registrations) == 0 {
		return
	}
	u = u.find()
	u.gone = true
	for i := range x.Notify.Document.Registrations {
		if x.Notify.Document.Registrations[i].State == reginfo.RegActive {
			u.gone = false
		}
	}
}

// strayOf finds who makes a call or sends a message though they were told that nothing of theirs is registered any
// more; nil for others, whose calls are none of this program's business and are not kept.
func (e *Engine) strayOf(x *fact.Exchange) *user {
	switch x.Method {
	case sip.MethodInvite, sip.MethodMessage, sip.MethodRefer:
	default:
		return nil
	}
	if u := e.users.known(e.users.public(x.From)); u != nil && u.gone && u.strays() < maxStrays {
		return u
	}
	return nil
}
