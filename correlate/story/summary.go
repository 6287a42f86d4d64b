package story

import (
	"strconv"
	"strings"

	"imscope/correlate/fact"
	"imscope/decode/reginfo"
)

// requestSummary words a request.
func (t *Teller) requestSummary(x *fact.Exchange) (EventKind, string) {
	b := append(t.text[:0], method(x)...)
	kind := KindPublish
	switch {
	case x.Register != nil && x.Register.ThirdParty:
		kind = KindThirdParty
		b = append(append(b, " third-party for "...), x.To.Raw...)
		b = appendNumber(b, " expires=", x.Register.Expires)
	case x.Register != nil:
		b, kind = appendRegister(b, x)
	case x.Subscribe != nil:
		kind = KindSubscribe
		b = appendNumber(append(b, " reg"...), " expires=", x.Subscribe.Expires)
		if x.ToTag != "" {
			b = append(b, ", in dialog"...)
		}
	case x.Notify != nil:
		kind = KindNotify
		b = appendNotify(b, x.Notify)
	}
	t.text = b
	return kind, t.phrases.of(b)
}

// appendNumber appends a number behind its name, unless it is absent.
func appendNumber(b []byte, name string, n int64) []byte {
	if n == fact.Absent {
		return b
	}
	return strconv.AppendInt(append(b, name...), n, 10)
}

func appendNotify(b []byte, n *fact.Notify) []byte {
	if d := n.Document; d != nil {
		b = appendNumber(append(b, " reginfo"...), " v", d.Version)
		if d.State != reginfo.StateUnknown {
			b = append(append(b, ' '), d.State.String()...)
		}
	} else if !n.HasBody {
		b = append(b, " without a document"...)
	}
	if n.HasState {
		b = append(append(b, ", Subscription-State: "...), n.State...)
		if n.Reason != "" {
			b = append(append(b, ";reason="...), n.Reason...)
		}
	}
	return b
}

func appendRegister(b []byte, x *fact.Exchange) ([]byte, EventKind) {
	r := x.Register
	kind := KindRegister
	b = appendNumber(b, " ", int64(x.CSeq))
	switch {
	case r.Star:
		b = append(b, " Contact: *, expires=0"...)
		kind = KindDeregister
	case r.Removes():
		b = append(b, " expires=0"...)
		kind = KindDeregister
	case len(r.Contacts) == 0:
		b = append(b, " query"...)
	default:
		b = appendNumber(b, " expires=", r.EffectiveExpires(r.Contacts[0]))
	}
	switch {
	case r.Integrity == "yes" || strings.HasSuffix(r.Integrity, "-yes"):
		b = append(b, ", integrity-protected"...)
	case r.AUTS:
		b = append(b, ", resynchronisation (auts)"...)
	case r.Response:
		b = append(b, ", with credentials"...)
	}
	return b, kind
}

// responseSummary words a response.
func (t *Teller) responseSummary(x *fact.Exchange, m *fact.Message) (EventKind, string) {
	b := appendStatus(t.text[:0], m)
	kind := KindResponse
	switch {
	case m.Status == 401 || m.Status == 407:
		kind = KindChallenge
	case m.Status >= 300:
		kind = KindFailure
		b = append(append(b, " to "...), method(x)...)
	case x.Register != nil && !x.Register.ThirdParty:
		r := x.Register
		switch {
		case r.Removes():
			kind = KindDeregister
			if x.Final() == m && r.Answer.Expires == 0 || hasZero(r.Answer.Contacts) {
				b = append(b, ", expires=0"...)
			} else if n := len(r.Answer.Contacts); n > 0 {
				b = append(strconv.AppendInt(append(b, ", "...), int64(n), 10), " remaining"...)
			}
		case r.Binds():
			kind = KindRegistered
			if g, _ := r.Granted(r.Contacts[0]); g != fact.Absent {
				b = append(appendNumber(b, ", granted ", g), " s"...)
			}
		}
	case x.Subscribe != nil:
		b = appendNumber(b, ", expires=", x.Subscribe.Granted)
	}
	t.text = b
	return kind, t.phrases.of(b)
}

func hasZero(cs []fact.ContactValue) bool {
	for i := range cs {
		if cs[i].Expires == 0 {
			return true
		}
	}
	return false
}
