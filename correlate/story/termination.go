package story

import (
	"slices"
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/identity"
	"imscope/decode/diameter"
)

// termination is a Registration-Termination-Request or an administrative Server-Assignment: the
// network's own trigger.
type termination struct {
	cx     *fact.Cx
	time   int64
	failed bool
	idle   string // why it removed nothing
	d      *dereg
}

// cxRequest sees a Cx request for the first time.
func (t *Teller) cxRequest(c *fact.Cx) {
	switch {
	case c.Name == "RTR":
		t.terminate(c)
	case c.Name == "SAR":
		t.sarSeen = true
		switch c.AssignmentType {
		case diameter.AssignAdministrativeDeregistration:
			t.terminate(c)
		case diameter.AssignTimeoutDeregistration, diameter.AssignTimeoutDeregistrationStore, diameter.AssignUserDeregistration, diameter.AssignUserDeregistrationStore:
			t.assigned = append(t.assigned, c)
		}
	}
}

// terminate takes a trigger of the network.
func (t *Teller) terminate(c *fact.Cx) {
	r := t.room.terminations.One()
	r.cx, r.time = c, c.FirstTime()
	// Registrars are known to notify first.
	for _, d := range slices.Backward(t.deregs) {
		if r.time-d.lastTime > settleTime {
			break
		}
		if d.initiator == ByNetwork && d.attempt == nil && d.termination == nil && slices.ContainsFunc(d.rows, func(o *row) bool { return t.names(c, o.aor) }) {
			r.d, d.termination = d, r
			break
		}
	}
	t.rtrs, t.pending = append(t.rtrs, r), append(t.pending, r)
}

// cxAnswer sees a Cx answer for the first time.
func (t *Teller) cxAnswer(c *fact.Cx) {
	for _, r := range slices.Backward(t.rtrs) {
		if r.cx == c {
			r.failed = !c.Succeeded()
			return
		}
	}
}

// names reports whether a Cx request speaks of this address-of-record. An RTR without
// Public-Identity means all of the private identity's (TS 29.228 6.1.3.1); registrars end the whole
// implicit set with any member of it.
func (t *Teller) names(c *fact.Cx, aor string) bool {
	if len(c.Public) == 0 {
		return true
	}
	for _, p := range c.Public {
		if t.related(p.Key, aor) {
			return true
		}
	}
	return false
}

// concerned reports whether a Cx request is about a row: one of its identities, registered by the private identity that it
// is for. A public identity that another private identity has registered as well stays with that.
func (t *Teller) concerned(c *fact.Cx, o *row) bool {
	return t.names(c, o.aor) && (o.impi == "" || isFor(c, o.impi))
}

// isFor reports whether a Cx request is for a private identity (TS 29.228 6.1.3).
func isFor(c *fact.Cx, impi string) bool {
	if identity.SameIMPI(c.UserName, impi) || slices.ContainsFunc(c.Associated, func(a string) bool { return strings.EqualFold(a, impi) }) {
		return true
	}
	// Phones are known to leave the realm away.
	name, _, full := strings.Cut(c.UserName, "@")
	other, _, too := strings.Cut(impi, "@")
	return full != too && strings.EqualFold(name, other)
}

// terminated gives the de-registration of a network trigger.
func (t *Teller) terminated(r *termination) *dereg {
	if r.d == nil {
		r.d = t.newDereg(ByNetwork, r.cx.FirstFrame(), r.time)
		r.d.termination = r
	}
	return r.d
}

func (r *termination) String() string {
	if r.cx.Name != "RTR" {
		return "S-CSCF, SAR ADMINISTRATIVE_DEREGISTRATION"
	}
	s := "HSS RTR"
	if r.cx.ReasonCode != fact.Absent {
		s += ", reason " + diameter.ReasonCodeName(r.cx.ReasonCode)
	}
	if info := strings.TrimSpace(r.cx.ReasonInfo); info != "" {
		s += " (" + info + ")"
	}
	return s
}
