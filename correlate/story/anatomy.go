package story

import (
	"slices"
	"strconv"

	"imscope/correlate/fact"
)

const (
	// awaitAuth is how long the registrar waits for the answer to its challenge (reg-await-auth,
	// TS 24.229 table 7.8.1).
	awaitAuth = 240 * second
	// promptly is how soon a phone answers a challenge, with plenty to spare: after it, silence means
	// that no answer comes.
	promptly = 10 * second
	// openRegistrations bounds how far back the registration is looked for that a REGISTER continues:
	// the devices of one user that may be at it at the same time.
	openRegistrations = 8
	// maxRounds is when a phone that meets every challenge with a first REGISTER has tried once, and tries
	// again.
	maxRounds = 8
	// maxCxPerRound bounds the Cx transactions that are looked at for one round, which makes three.
	maxCxPerRound = 64
	// maxRepeats bounds the retransmissions that are listed of one round; at T1 of 500 ms there are ten.
	maxRepeats = 32
)

func (d *dissector) label(id fact.NodeID) string {
	if d.u.Label == nil {
		return ""
	}
	return d.u.Label(id)
}

func (d *dissector) addr(id fact.NodeID) string {
	if d.u.Context == nil || d.u.Context.Addr == nil {
		return ""
	}
	return d.u.Context.Addr(id)
}

func (d *dissector) role(id fact.NodeID) fact.Role {
	if d.u.Context == nil || d.u.Context.Role == nil {
		return fact.RoleUnknown
	}
	return d.u.Context.Role(id)
}

// same reports whether two nodes are one: a proxy may receive on one port and send from another.
func (d *dissector) same(a, b fact.NodeID) bool {
	if a == b {
		return a != 0
	}
	addr := d.addr(a)
	return addr != "" && addr == d.addr(b)
}

// end is when the capture ends.
func (d *dissector) end() int64 {
	if d.u.Context == nil {
		return d.u.LastTime
	}
	return max(d.u.Context.End, d.u.LastTime)
}

// continued finds the registration that a REGISTER goes on with: it gives what the answer to the one
// before had asked for.
func (d *dissector) continued(x *fact.Exchange) *Registration {
	reg := x.Register
	for i := len(d.list) - 1; i >= max(0, len(d.list)-openRegistrations); i-- {
		r := d.list[i]
		last := &r.Rounds[len(r.Rounds)-1]
		before := last.Exchange
		answers := reg.Nonce != 0 && before.Register.Answer.Nonce != "" && reg.Nonce == fact.NonceSum(before.Register.Answer.Nonce)
		switch {
		case x.CallID != before.CallID && !answers:
			continue
		case x.To.Key != before.To.Key:
			continue
		case x.FirstTime()-last.until() > awaitAuth:
			return nil
		case !x.Request.Seen() || !before.Request.Seen():
			// A request that the capture lost: its answer tells nothing but its place.
			if challenged(last.Status) {
				return r
			}
			return nil
		case removal(reg) != removal(before.Register):
			return nil
		}
		switch {
		case last.Status == 423 || last.Status == 421 || last.Status == 494:
			return r
		case challenged(last.Status) && (reg.Nonce != 0 || x.FirstTime()-last.until() <= promptly && len(r.Rounds) < maxRounds):
			return r // with an answer, or from the beginning: some phones take a challenge for a failure
		case last.Status == 0 && reg.Nonce != 0 && before.Register.Nonce == 0:
			return r // the capture lost the challenge
		}
		return nil
	}
	return nil
}

func challenged(status int) bool { return status == 401 || status == 407 }

// removal reports whether a REGISTER does nothing but remove bindings.
func removal(r *fact.Register) bool { return r.Removes() && !r.Binds() }

// until is the last moment of a round.
func (r *Round) until() int64 {
	if final := r.Exchange.Final(); final != nil {
		return final.Last().Time
	}
	at := r.Time
	for i := range r.Exchange.Request.Hops {
		at = max(at, r.Exchange.Request.Hops[i].Time)
	}
	return at
}

// proxys reports whether the P-CSCF made a REGISTER itself: of what binds it makes none, of what removes the story has
// found out.
func (d *dissector) proxys(x *fact.Exchange) bool {
	return slices.ContainsFunc(d.u.Deregistrations, func(o *Deregistration) bool {
		return o.Initiator == ByNetwork && slices.Contains(o.Requests, x)
	})
}

// begin makes the registration of a REGISTER that continues none.
func (d *dissector) begin(x *fact.Exchange) *Registration {
	reg := x.Register
	r := d.made.registrations.One()
	*r = Registration{AOR: x.To.Raw, CallID: x.CallID, Started: x.FirstTime(),
		Requested: fact.Absent, Granted: fact.Absent, MinExpires: fact.Absent}
	if x.Request.Seen() {
		first := x.Request.First()
		r.Origin = d.label(d.sender(x))
		r.ByProxy, r.PCSCF = d.proxys(x), d.addr(first.Dst)
		if first.Vias > 1 || d.role(first.Src) == fact.RolePCSCF {
			r.PCSCF = d.addr(first.Src)
		}
	}
	if reg.Star {
		r.Contacts = d.made.strings.Add(r.Contacts, "*")
	}
	for i := range reg.Contacts {
		r.Contacts = d.made.strings.Add(r.Contacts, reg.Contacts[i].URI)
	}
	return r
}

// sender gives the node that sent a REGISTER: where it was seen first, or the phone that its answer reached.
func (d *dissector) sender(x *fact.Exchange) fact.NodeID {
	if !x.Request.Seen() {
		return 0
	}
	first := x.Request.First()
	if final := x.Final(); first.Vias > 1 && final != nil {
		if h := outermost(final); h.Vias <= 1 && d.role(h.Dst) == fact.RoleUE {
			return h.Dst
		}
	}
	return first.Src
}

// round adds one REGISTER with its answer. The next REGISTER of the user begins at frame until.
func (d *dissector) round(r *Registration, x *fact.Exchange, until uint32) {
	reg := x.Register
	o := Round{Exchange: x, CSeq: x.CSeq, Frame: x.FirstFrame(), Time: x.FirstTime(), Credentials: CredentialsNone,
		Protected: reg.Integrity == "yes" || len(reg.Integrity) > 4 && reg.Integrity[len(reg.Integrity)-4:] == "-yes"}
	switch {
	case reg.AUTS:
		o.Credentials = CredentialsAUTS
	case reg.Response:
		o.Credentials = CredentialsResponse
	case reg.HasAuth && reg.Nonce != 0:
		o.Credentials = CredentialsMACFailure
	case reg.HasAuth:
		o.Credentials = CredentialsIdentity
	}
	final := x.Final()
	if final != nil {
		o.Status, o.Reason, o.AnswerFrame = final.Status, final.Reason, final.First().Frame
		o.By = d.label(final.First().Src)
		o.Challenge = challenge(r, &o)
		if x.Request.Seen() {
			o.Took = final.Last().Time - o.Time
		}
	}
	o.Cx = d.asked(x, final, until)
	o.Delays = d.delays(x, final, o.Cx)
	d.repeats(&o, final)
	o.LastSeen = d.lastSeen(x, final)

	if s := d.sender(x); len(r.Rounds) > 0 && d.role(s) == fact.RoleUE && d.role(d.sender(r.Rounds[0].Exchange)) != fact.RoleUE {
		r.Origin = d.label(s) // the capture lost the first one on its first link
	}
	r.IMPI, r.Agent = first(r.IMPI, reg.IMPI), first(r.Agent, reg.UserAgent)
	r.Access, r.Visited = first(r.Access, reg.Access), first(r.Visited, reg.Visited)
	r.Rounds = d.made.rounds.Add(r.Rounds, o)
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// challenge says what the answer to a round asks for.
func challenge(r *Registration, o *Round) string {
	switch {
	case o.Status == 423:
		return ChallengeInterval
	case o.Status == 421 || o.Status == 494:
		return ChallengeSecurity
	case !challenged(o.Status):
		return ""
	case o.Credentials == CredentialsAUTS:
		return ChallengeResync
	case o.Credentials == CredentialsMACFailure:
		return ChallengeMAC
	case o.Exchange.Register.Answer.Stale:
		return ChallengeStale
	case o.Credentials == CredentialsResponse && len(r.Rounds) > 0 && challenged(r.Rounds[len(r.Rounds)-1].Status):
		return ChallengeRefused
	}
	return ChallengeFirst
}

// finish decides what kind of registration it is and how it ended. later are those after it.
func (d *dissector) finish(r *Registration, later []*Registration) {
	last := &r.Rounds[len(r.Rounds)-1]
	x := last.Exchange
	reg := x.Register
	r.Status, r.Reason, r.LastSeen = last.Status, last.Reason, last.LastSeen
	r.Ended = last.until()
	r.Kind = d.kind(r)
	for i := range reg.Contacts {
		c := reg.Contacts[i]
		if e := reg.EffectiveExpires(c); e != 0 || r.Kind == RegistrationRemoval {
			r.Requested = e
			break
		}
	}
	if reg.Star {
		r.Requested = 0
	}
	r.MinExpires = reg.Answer.MinExpires
	for i := range r.Rounds {
		o := &r.Rounds[i]
		r.Retransmissions += o.Exchange.Request.Repeats()
		if final := o.Exchange.Final(); final != nil {
			r.Retransmissions += final.Repeats()
		}
	}
	r.Frames = d.frames(r)
	switch {
	case last.Status >= 200 && last.Status < 300:
		r.Outcome, r.answer = Succeeded, x.Final()
		d.granted(r, reg)
	case last.Status == 408:
		r.Outcome = Unanswered
	case last.Challenge != "":
		r.Outcome = Abandoned
		if d.end()-r.Ended < promptly && !d.again(r, later) {
			r.Outcome = Open
		}
	case last.Status != 0:
		r.Outcome = Rejected
	default:
		r.Outcome = Unanswered
		if d.end() < last.TimerF && !d.again(r, later) {
			r.Outcome = Open
		}
	}
	r.Explanation = d.explain(r)
}

// again reports whether the same phone tried once more: it did not wait any longer.
func (d *dissector) again(r *Registration, later []*Registration) bool {
	for i, o := range later {
		if i == openRegistrations {
			break
		}
		if o.CallID == r.CallID || o.Origin == r.Origin && o.AOR == r.AOR {
			return true
		}
	}
	return false
}

// frames lists every frame of a registration.
func (d *dissector) frames(r *Registration) []uint32 {
	list := d.list32[:0]
	add := func(m *fact.Message) {
		for i := range m.Hops {
			list = append(list, m.Hops[i].Frame)
		}
	}
	for i := range r.Rounds {
		o := &r.Rounds[i]
		add(&o.Exchange.Request)
		for j := range o.Exchange.Responses {
			add(&o.Exchange.Responses[j])
		}
		for j := range o.Cx {
			add(&o.Cx[j].Cx.Request)
			add(&o.Cx[j].Cx.Answer)
		}
	}
	d.list32 = list
	slices.Sort(list)
	return d.made.frames.Copy(slices.Compact(list))
}

// message names a request of a registration.
func message(x *fact.Exchange) string { return string(appendMessage(nil, x)) }

func (t *wording) message(x *fact.Exchange) string {
	t.text = appendMessage(t.text[:0], x)
	return t.phrases.of(t.text)
}

func appendMessage(b []byte, x *fact.Exchange) []byte {
	return strconv.AppendUint(append(b, "REGISTER "...), uint64(x.CSeq), 10)
}
