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

// stray keeps a call or message of a user who was told that nothing is registered any more. Others are
// none of this program's business and are not kept.
func (e *Engine) stray(x *fact.Exchange) {
	switch x.Method {
	case sip.MethodInvite, sip.MethodMessage, sip.MethodRefer:
	default:
		return
	}
	if u := e.users.known(public(x.From)); u != nil && u.gone && len(u.in.Strays) < maxStrays {
		u.in.Strays = append(u.in.Strays, x)
	}
}
