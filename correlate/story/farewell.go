package story

import "imscope/correlate/fact"

// farewell takes the third-party REGISTERs by which the S-CSCF tells application servers that nothing is registered any
// more (TS 24.229 5.4.1.7), where the capture holds nothing else of a registration: on ISC there is no other sign.
func (t *Teller) farewell() {
	var last *dereg // of those that the list before tells
	asked, known := "", false
	for _, x := range t.farewells {
		if final := x.Final(); !x.Request.Seen() || final != nil && final.Status >= 300 {
			continue
		}
		if x.To.Key != asked { // mostly the same as before
			asked, known = x.To.Key, t.knows(x.To.Key)
		}
		if known {
			continue
		}
		at := x.FirstTime()
		if last != nil && at-last.lastTime <= timerF && t.together(last.farewell.To.Key, x.To.Key) {
			last.lastTime = at
			continue
		}
		last = t.newDereg(ByUnknown, x.FirstFrame(), at)
		last.farewell = x
		last.why = "the S-CSCF tells application servers that nothing is registered any more"
		t.evidence(last, x.FirstFrame(), "third-party REGISTER for ", x.To.Raw, " with expires=0")
	}
}

// knows reports whether something was bound to an identity, or to one that is registered together with it, or whether Cx
// tells of its end.
func (t *Teller) knows(aor string) bool {
	for _, b := range t.bindings {
		for _, r := range b.rows {
			if t.together(r.aor, aor) {
				return true
			}
		}
	}
	for _, d := range t.deregs {
		if d.termination != nil && t.names(d.termination.cx, aor) || d.assignment != nil && t.names(d.assignment, aor) {
			return true
		}
	}
	return false
}

// farewellState is what is left of the identity that application servers were told of.
func (t *Teller) farewellState(x *fact.Exchange) []IdentityState {
	out := t.made.states.Some(1)
	out[0] = IdentityState{AOR: x.To.Raw, State: stateWord(false), Before: stateWord(true)}
	return out
}
