package rules

import (
	"sort"
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/identity"
	"imscope/decode/diameter"
)

// Values of Experimental-Result-Code, TS 29.229 6.2.
const (
	userUnknown           = 5001
	identitiesDontMatch   = 5002
	identityNotRegistered = 5003
	roamingNotAllowed     = 5004
	schemeNotSupported    = 5006
	firstRegistration     = 2001
)

// maxAsked bounds how many transactions are looked at for one REGISTER, which makes three of them.
const maxAsked = 64

// asked lists the Cx transactions of this private identity that began while a REGISTER was under way. It appends to a
// list.
func asked(out []*fact.Cx, c *finding.Case, r *finding.Round) []*fact.Cx {
	end := c.End
	if r.Final != nil {
		end = r.Final.Last().Time
	} else if end > r.At()+timerFCore {
		end = r.At() + timerFCore
	}
	tail := c.Cx[from(c.Cx, r.Frame()):]
	for _, q := range tail[:min(len(tail), maxAsked)] {
		if q.FirstTime() > end {
			break
		}
		if r.Final != nil && q.FirstFrame() > r.Final.Last().Frame {
			break
		}
		switch q.Name {
		case "UAR", "MAR", "SAR":
			if q.Request.Seen() && identity.SameIMPI(q.UserName, r.Register.IMPI) {
				out = append(out, q)
			}
		}
	}
	return out
}

// from returns the index of the first transaction behind a frame.
func from(list []*fact.Cx, frame uint32) int {
	return sort.Search(len(list), func(i int) bool { return list[i].FirstFrame() > frame })
}

// failure is how the HSS explains the answer to a REGISTER.
type failure struct {
	cx     *fact.Cx
	denied bool // the HSS says no; otherwise it could not say anything
}

// hssFailure finds the Cx transaction that made a REGISTER fail, nil if there is none.
func hssFailure(c *finding.Case, r *finding.Round) *failure {
	if r.Final == nil || r.Status() < 400 || r.Challenged() {
		return nil
	}
	var room [8]*fact.Cx
	for _, q := range asked(room[:0], c, r) {
		switch {
		case !q.Answer.Seen():
			if !c.View.Damaged && answersSeen(c, q) {
				return &failure{cx: q}
			}
		case !q.Succeeded():
			return &failure{cx: q, denied: denied(q)}
		}
	}
	return nil
}

// denied reports whether a result is a decision about the user (TS 29.229 6.2) and not a failure to
// answer.
func denied(q *fact.Cx) bool {
	switch q.Experimental {
	case userUnknown, identitiesDontMatch, identityNotRegistered, roamingNotAllowed, schemeNotSupported:
		return true
	}
	return q.Result == 5003 // DIAMETER_AUTHORIZATION_REJECTED, RFC 6733 7.1.5
}

// maxLook bounds what a rule looks at of one kind: grants of a REGISTER, de-registrations of a user.
const maxLook = 1000

// answersSeen reports whether the capture holds answers at both ends of a request, so that a missing one means
// something.
func answersSeen(c *finding.Case, q *fact.Cx) bool {
	h := q.Request.Hops[0]
	return c.Answers(h.Src) && c.Answers(h.Dst)
}

// outcome spells the answer of a Cx transaction.
func outcome(q *fact.Cx) string {
	if !q.Answer.Seen() {
		return q.Name + " not answered"
	}
	return string(diameter.AppendResult([]byte(strings.TrimSuffix(q.Name, "R")+"A "), q.Result, q.Experimental))
}

// cxFrames gives the frames of a transaction, the one to look at first in front.
func cxFrames(q *fact.Cx) []uint32 {
	if q.Answer.Seen() {
		f := []uint32{q.Answer.Hops[0].Frame}
		if q.Request.Seen() {
			f = append(f, q.Request.Hops[0].Frame)
		}
		return f
	}
	return []uint32{q.Request.Hops[0].Frame}
}

// refusal says who refused a REGISTER and is the word of one rule each, so that one refusal is told once.
type refusal int

const (
	refusedByNobody  refusal = iota
	refusedChallenge         // 401, 407
	refusedTooBrief          // 423
	refusedSecurity          // 420, 421, 494 of the security agreement
	refusedLoop              // 482, 483
	refusedByHSS             // the HSS said no
	refusedHSSFailed         // the HSS could not answer
	refusedByEdge            // the P-CSCF refused what the registrar had accepted or never saw
	refusedOtherwise         // nothing in the capture explains it
	refusedNotYet
)

// refused classes the final response to a REGISTER.
func refused(c *finding.Case, r *finding.Round) refusal {
	switch s := r.Status(); {
	case s == 0:
		return refusedNotYet
	case s < 300:
		return refusedByNobody
	case r.Challenged():
		return refusedChallenge
	case s == 423:
		return refusedTooBrief
	case s == 494 || s == 421:
		return refusedSecurity
	case s == 482 || s == 483 || circles(r) != nil:
		return refusedLoop
	}
	if f := hssFailure(c, r); f != nil {
		if f.denied {
			return refusedByHSS
		}
		return refusedHSSFailed
	}
	if edge(c, r) {
		return refusedByEdge
	}
	return refusedOtherwise
}

// edge reports whether the P-CSCF answered by itself for want of resources on the access network: the
// request never went on.
func edge(c *finding.Case, r *finding.Round) bool {
	gm, ok := fromPhone(c, r.Exchange)
	return ok && !onMw(&r.Request) && (speaksOfQoS(r.Final) || c.Rx(c.Addr(gm.Src), gm.Time, r.Final.Hops[0].Time) != nil)
}

// speaksOfQoS reports whether a reason phrase names what a P-CSCF asks the PCRF for.
func speaksOfQoS(m *fact.Message) bool { return strings.Contains(strings.ToLower(m.Reason), "qos") }

// explains reports whether a transaction lies within a REGISTER that was refused in the end: the rules
// about refusals tell it then.
func explains(c *finding.Case, q *fact.Cx) bool {
	list := before(c.Rounds(), q.FirstFrame())
	for _, r := range list[max(0, len(list)-maxAsked):] {
		if r.Status() >= 400 && !r.Challenged() && r.Final.Last().Frame > q.FirstFrame() && identity.SameIMPI(q.UserName, r.Register.IMPI) {
			return true
		}
	}
	return false
}
