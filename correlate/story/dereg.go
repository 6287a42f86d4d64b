package story

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/identity"
)

// dereg is a de-registration while it is put together.
type dereg struct {
	initiator string
	frame     uint32 // of the trigger
	time      int64
	lastTime  int64
	why       string
	silent    bool  // nothing but the clock says so
	next      int64 // when the next one begins; 0 if none does

	attempt     *attempt
	termination *termination

	rows     []*row
	bindings []*binding
	notifies []*fact.Exchange
	told     []toldBy
	proof    []Evidence

	pub *Deregistration
}

type toldBy struct {
	s   *subscription
	x   *fact.Exchange
	doc *Document
}

func (t *teller) newDereg(initiator string, frame uint32, now int64) *dereg {
	d := &dereg{initiator: initiator, frame: frame, time: now, lastTime: now, pub: &Deregistration{}}
	t.deregs = append(t.deregs, d)
	return d
}

// bornOf reports whether the de-registration ended rows of this binding.
func (d *dereg) bornOf(b *binding) bool { return slices.Contains(d.bindings, b) }

func (d *dereg) evidence(frame uint32, what string) {
	e := Evidence{frame, what}
	if !slices.Contains(d.proof, e) {
		d.proof = append(d.proof, e)
	}
}

// attach notes that a document told a watcher of a de-registration.
func (t *teller) attach(d *dereg, s *subscription, x *fact.Exchange, pub *Document, m mark) {
	hop := x.Request.First()
	d.lastTime = max(d.lastTime, hop.Time)
	if slices.Contains(d.notifies, x) {
		return
	}
	d.notifies = append(d.notifies, x)
	d.told = append(d.told, toldBy{s, x, pub})
	what := fmt.Sprintf("reginfo %s to %s: ", pub.version(), s.pub.Watcher.Label())
	switch {
	case m.silent:
		what += "contact not listed any more"
	default:
		what += fmt.Sprintf("contact terminated, event %q", m.event)
	}
	d.evidence(hop.Frame, what)
}

// report turns the played state into the user's story.
func (t *teller) report() {
	n := 0
	for _, b := range t.bindings {
		n += len(b.rows)
	}
	t.u.Bindings = slices.Grow(t.u.Bindings, n)
	for _, b := range t.bindings {
		for _, r := range b.rows {
			pb := Binding{AOR: t.known[r.aor], AORKey: r.aor, Contact: b.uri, ContactKey: b.key, Instance: b.instance, Active: r.active, Event: r.event,
				Registered: r.since, Refreshed: r.refreshed, Ended: r.ended}
			if pb.AOR == "" {
				pb.AOR = r.aor
			}
			if b.latest != 0 {
				pb.Expires = b.soonest
			}
			if r.by != nil {
				pb.EndedBy = r.by.pub
			}
			t.u.Bindings = append(t.u.Bindings, pb)
		}
	}
	for _, s := range t.subs {
		if !s.ended && s.pub.Expires != 0 && s.pub.Expires < t.ctx.End && t.ctx.covers(s.pub.Started, s.pub.Expires) {
			s.pub.State, s.pub.Reason, s.pub.Ended = "terminated", "ran out", s.pub.Expires
		}
		t.u.Subscriptions = append(t.u.Subscriptions, s.pub)
	}
	slices.SortStableFunc(t.u.Subscriptions, func(a, b *Subscription) int { return cmp.Compare(a.FirstFrame, b.FirstFrame) })
	events := t.timeline()
	slices.SortStableFunc(t.deregs, func(a, b *dereg) int {
		return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(a.frame, b.frame))
	})
	t.collectActivity()
	for i, d := range t.deregs {
		for _, o := range t.deregs[i+1:] {
			if o.time > d.time {
				d.next = o.time
				break
			}
		}
		t.finish(d, events)
		t.u.Deregistrations = append(t.u.Deregistrations, d.pub)
	}
	t.u.Timeline = t.withExpiries(events)
	if n := len(events); n > 0 {
		t.u.FirstTime, t.u.FirstFrame = events[0].Time, events[0].Frame
		for _, e := range events {
			t.u.LastTime = max(t.u.LastTime, e.Time)
		}
	}
}

// finish fills in the public form of a de-registration.
func (t *teller) finish(d *dereg, events []Event) {
	p := d.pub
	p.Initiator, p.TriggerFrame, p.Started = d.initiator, d.frame, d.time
	frames, last := t.framesOf(d)
	end := d.time
	at, _ := slices.BinarySearchFunc(events, d.frame, func(e Event, f uint32) int { return cmp.Compare(e.Frame, f) })
	for ; at < len(events) && events[at].Frame <= last; at++ {
		e := events[at]
		if !frames[e.Frame] || !t.belongs(d, e, frames) {
			continue
		}
		if p.Steps == nil {
			p.Steps = make([]Event, 0, len(frames)) // mostly a message each
		}
		p.Steps = append(p.Steps, e)
		p.Frames = append(p.Frames, e.Frames...)
		for _, h := range e.Hops {
			end = max(end, h.Time)
		}
	}
	slices.Sort(p.Frames)
	p.Frames = slices.Compact(p.Frames)
	p.Ended = end

	var contacts distinct
	seen := map[string]bool{}
	for _, b := range d.bindings {
		if !seen[b.key] {
			seen[b.key] = true
			contacts.add(b.uri)
		}
	}
	p.Contacts = contacts.list
	if d.attempt != nil && len(p.Contacts) == 0 && (d.attempt.accepted == nil || d.attempt.ignored) {
		// What the attempt was after, though nothing came of it.
		for _, x := range d.attempt.exchanges {
			for _, c := range x.Register.Contacts {
				contacts.add(c.URI)
			}
		}
		if d.attempt.star {
			for _, r := range t.rowsAt(d.time) {
				if slices.Contains(t.set(d.attempt.exchanges[0]), r.aor) {
					contacts.add(r.b.uri)
				}
			}
		}
		p.Contacts = contacts.list
	}
	p.Identities = t.identitiesAfter(d, end)
	p.Scope = t.scope(d, p)
	for _, td := range d.told {
		p.Documents = append(p.Documents, DocumentRef{td.s.pub, td.doc})
	}
	p.Told = t.whoWasTold(d)
	t.outcome(d)
	if d.attempt != nil {
		p.Requests = d.attempt.exchanges
	}
	if d.termination != nil {
		p.Trigger = d.termination.cx
	}
	p.Verdict = t.sentence(d)
	p.Evidence = d.proof
	slices.SortStableFunc(p.Evidence, func(a, b Evidence) int { return cmp.Compare(key0(a.Frame), key0(b.Frame)) })
}

// key0 sorts evidence of absence, which has no frame, to the end.
func key0(frame uint32) uint64 {
	if frame == 0 {
		return 1 << 40
	}
	return uint64(frame)
}

// framesOf gives the first frames of all messages that belong to a de-registration, and the last of
// these.
func (t *teller) framesOf(d *dereg) (fs map[uint32]bool, last uint32) {
	fs = map[uint32]bool{}
	mark := func(m *fact.Message) {
		if m.Seen() {
			fs[m.Hops[0].Frame] = true
			last = max(last, m.Hops[0].Frame)
		}
	}
	add := func(x *fact.Exchange) {
		mark(&x.Request)
		for i := range x.Responses {
			mark(&x.Responses[i])
		}
	}
	from, to := d.time, d.lastTime
	if a := d.attempt; a != nil {
		for _, x := range a.exchanges {
			add(x)
			for i := range x.Responses {
				to = max(to, x.Responses[i].Last().Time)
			}
		}
	}
	for _, x := range d.notifies {
		add(x)
		for i := range x.Responses {
			to = max(to, x.Responses[i].Last().Time)
		}
	}
	if d.silent {
		return fs, last
	}
	to += settleTime
	// What else belongs to it by kind and time: Cx, third-party REGISTERs, last words of subscriptions.
	for _, c := range after(t.in.Cx, d.frame) {
		if c.FirstTime() > to+reach {
			break
		}
		if t.cxBelongs(d, c, from, to) {
			mark(&c.Request)
			mark(&c.Answer)
		}
	}
	if len(d.rows) == 0 {
		return fs, last
	}
	for _, x := range after(t.in.Exchanges, d.frame) {
		at := x.FirstTime()
		if at > to+reach {
			break
		}
		switch {
		case at < from || at > to || d.next != 0 && at >= d.next:
		case x.Register != nil && x.Register.ThirdParty && x.Register.Expires == 0:
			add(x)
		case x.Notify != nil && x.Notify.State == "terminated" && x.Notify.Document == nil:
			add(x)
		}
	}
	return fs, last
}

// after cuts off the facts before a frame; they are in the order of their first frames.
func after[F interface{ FirstFrame() uint32 }](facts []F, frame uint32) []F {
	i, _ := slices.BinarySearchFunc(facts, frame, func(f F, frame uint32) int { return cmp.Compare(f.FirstFrame(), frame) })
	return facts[i:]
}

// cxBelongs decides whether a Cx transaction is a step of a de-registration.
func (t *teller) cxBelongs(d *dereg, c *fact.Cx, from, to int64) bool {
	if d.termination != nil && d.termination.cx == c {
		return true
	}
	at := c.FirstTime()
	if at < from || at > to {
		return false
	}
	switch c.Name {
	case "UAR":
		return d.attempt != nil && (c.AuthorizationType == 1 || t.within(d.attempt, c.FirstFrame()))
	case "MAR":
		return d.attempt != nil && t.within(d.attempt, c.FirstFrame())
	case "SAR":
		switch c.AssignmentType {
		case sarTimeout, sarTimeoutStore:
			return d.initiator == ByExpiry
		case sarUser, sarUserStore:
			return d.attempt != nil
		case sarAdministrative:
			return d.initiator == ByNetwork
		}
	}
	return false
}

// within reports whether a frame lies between the request and the final response of one of the
// attempt's rounds.
func (t *teller) within(a *attempt, frame uint32) bool {
	for _, x := range a.exchanges {
		if final := x.Final(); final != nil && x.FirstFrame() < frame && frame < final.Last().Frame {
			return true
		}
	}
	return false
}

// belongs keeps the steps that start at one of the frames; two messages can share a frame.
func (t *teller) belongs(d *dereg, e Event, frames map[uint32]bool) bool {
	if e.Exchange == nil && e.Cx == nil {
		return false
	}
	if e.Exchange != nil {
		x := e.Exchange
		if d.attempt != nil && slices.Contains(d.attempt.exchanges, x) || slices.Contains(d.notifies, x) {
			return true
		}
		return x.Register != nil && x.Register.ThirdParty || x.Notify != nil && x.Notify.Document == nil
	}
	return frames[e.Frame]
}

// rowsAt gives the rows that were active at a moment.
func (t *teller) rowsAt(at int64) []*row {
	var rows []*row
	for _, b := range t.bindings {
		for _, r := range b.rows {
			if r.since <= at && (r.active || r.ended > at) {
				rows = append(rows, r)
			}
		}
	}
	return rows
}

// identitiesAfter tells for each identity whether anything is bound to it once d is over.
func (t *teller) identitiesAfter(d *dereg, end int64) []IdentityState {
	var out []IdentityState
	for _, k := range t.order {
		a := t.activity[k]
		if a == nil {
			continue
		}
		st := IdentityState{AOR: t.known[k], State: stateWord(a.at(end) > 0), Before: stateWord(a.before(d.time) > 0)}
		out = append(out, st)
	}
	return out
}

// activity is when something was bound to an identity.
type activity struct{ since, ended []int64 } // each in ascending order

// at counts what is bound right after a moment.
func (a *activity) at(now int64) int { return upTo(a.since, now) - upTo(a.ended, now) }

// before counts what is bound when a moment comes.
func (a *activity) before(now int64) int { return upTo(a.since, now) - upTo(a.ended, now-1) }

// upTo counts the times that are not later than now.
func upTo(times []int64, now int64) int {
	n, _ := slices.BinarySearch(times, now+1)
	return n
}

// collectActivity makes the activity of every identity.
func (t *teller) collectActivity() {
	for _, b := range t.bindings {
		for _, r := range b.rows {
			a := t.activity[r.aor]
			if a == nil {
				a = &activity{}
				t.activity[r.aor] = a
			}
			a.since = append(a.since, r.since)
			if !r.active {
				a.ended = append(a.ended, max(r.ended, r.since))
			}
		}
	}
	for _, a := range t.activity {
		slices.Sort(a.since)
		slices.Sort(a.ended)
	}
}

// scope says how much went: everything, some identities of a contact that stays bound for others, or
// the contact.
func (t *teller) scope(d *dereg, p *Deregistration) string {
	left := slices.ContainsFunc(p.Identities, func(i IdentityState) bool { return i.State == "active" })
	if !left && len(d.rows) > 0 {
		return ScopeAll
	}
	for _, b := range d.bindings {
		if slices.ContainsFunc(b.rows, func(r *row) bool { return r.by != d && r.since <= p.Ended && (r.active || r.ended > p.Ended) }) {
			return ScopeIdentity
		}
	}
	return ScopeContact
}

// whoWasTold lists every watcher that had a subscription when it happened. A watcher with several
// dialogs (a P-CSCF opens one per registration) is told once one of them is.
func (t *teller) whoWasTold(d *dereg) []Told {
	var out []Told
	index := map[string]int{}
	for _, s := range t.subs {
		var hit *toldBy
		for i := range d.told {
			if d.told[i].s == s {
				hit = &d.told[i]
				break
			}
		}
		if hit == nil {
			if s.pub.Started >= d.time || s.pub.State == "rejected" || s.pub.Ended != 0 && s.pub.Ended <= d.time ||
				s.pub.Expires != 0 && s.pub.Expires <= d.time || !s.knows(d) {
				continue
			}
		}
		key := string(s.pub.Watcher) + "\x00" + s.pub.WatcherURI + "\x00" + s.pub.Contact + "\x00" + identity.Canonical(s.pub.Resource)
		if s.pub.Watcher == WatcherUE {
			key += "\x00" + s.pub.WatcherNode
		}
		td := Told{Watcher: s.pub.Watcher, URI: s.pub.WatcherURI, Node: s.pub.WatcherNode, CallID: s.pub.CallID}
		if hit != nil {
			td.Frame, td.Answer = hit.x.Request.First().Frame, hit.doc.Answer
		}
		if i, ok := index[key]; ok {
			if out[i].Frame == 0 {
				out[i] = td
			}
			continue
		}
		index[key] = len(out)
		out = append(out, td)
	}
	return out
}

// knows reports whether a subscription watches one of the identities that a de-registration is about.
func (s *subscription) knows(d *dereg) bool {
	return len(d.rows) == 0 || len(s.regs) == 0 || slices.ContainsFunc(d.rows, func(r *row) bool { return s.regs[r.aor] != nil })
}

// outcome decides whether it happened, and what is missing.
func (t *teller) outcome(d *dereg) {
	p := d.pub
	var missing []string
	untold := 0
	for _, td := range p.Told {
		if td.Frame == 0 {
			untold++
		}
	}
	if untold > 0 {
		missing = append(missing, fmt.Sprintf("%d of %d watchers not told", untold, len(p.Told)))
	}
	switch {
	case d.attempt != nil:
		missing = append(missing, t.attemptOutcome(d)...)
	case d.termination != nil:
		c := d.termination.cx
		p.Cause = d.termination.String()
		d.evidence(c.FirstFrame(), p.Cause)
		switch {
		case d.termination.failed:
			p.Outcome = Rejected
			p.Cause += ", refused by the S-CSCF: " + resultText(c)
		case !c.Answer.Seen() && len(d.rows) == 0:
			p.Outcome = Unanswered
		case !c.Answer.Seen():
			missing = append(missing, c.Name+" not answered")
		case len(d.told) == 0 && len(p.Told) == 0:
			missing = append(missing, "no NOTIFY seen")
		}
	case d.initiator == ByNetwork:
		p.Cause = "S-CSCF: " + d.why
	case d.initiator == ByExpiry && d.silent:
		p.Cause = d.why
		d.evidence(d.frame, "last refresh; the granted time ended "+clock(d.time-0, t.ctx.Start)+" into the capture")
		if len(p.Told) == 0 {
			missing = append(missing, "no NOTIFY seen")
		}
	default:
		p.Cause = d.why
	}
	if d.initiator == ByNetwork && d.attempt == nil && d.termination == nil {
		d.evidence(0, "no REGISTER of the phone asks for it")
	}
	p.Missing = strings.Join(missing, ", ")
	if p.Outcome == "" {
		p.Outcome = Complete
		if len(missing) > 0 {
			p.Outcome = Incomplete
		}
	}
}

// clock spells a moment as seconds since the capture's start.
func clock(at, start int64) string {
	return strconv.FormatFloat(float64(at-start)/1e9, 'f', 3, 64) + " s"
}

// attemptOutcome is outcome for a REGISTER.
func (t *teller) attemptOutcome(d *dereg) (missing []string) {
	p, a := d.pub, d.attempt
	who := "the phone"
	if a.initiator == ByNetwork {
		who = "the P-CSCF"
	}
	first := a.exchanges[0]
	asked := "REGISTER with expires=0"
	if a.star {
		asked = "REGISTER with Contact: * and Expires: 0"
	}
	d.evidence(first.FirstFrame(), asked+" from "+who)
	last := a.last()
	final := last.Final()
	switch {
	case a.ignored:
		p.Outcome = Rejected
		p.Cause = who + " asked for it; the registrar answered " + strconv.Itoa(a.answer.Status) + " and kept the bindings"
	case a.accepted != nil:
		p.Cause = who + " asked for it"
		if p.Idle = len(d.rows) == 0; p.Idle {
			p.Cause += ", but nothing was bound any more"
		}
		d.evidence(a.answer.First().Frame, strconv.Itoa(a.answer.Status)+" to it")
		if a.accepted.Request.Seen() {
			if want, got := a.accepted.Request.First().Src, a.answer.Last().Dst; t.ctx.Addr(want) != t.ctx.Addr(got) {
				missing = append(missing, "the "+strconv.Itoa(a.answer.Status)+" was last seen on its way to "+t.label.of(got))
			}
		}
	case final == nil && len(d.rows) > 0:
		p.Cause = who + " asked for it"
		missing = append(missing, "REGISTER not answered")
	case final == nil:
		p.Outcome = Unanswered
		p.Cause = who + " asked for it and got no answer; last seen at " + t.label.of(last.Request.Last().Dst)
	case final.Status == 408 && len(d.rows) == 0:
		p.Outcome = Unanswered
		p.Cause = who + " asked for it; " + statusText(final)
	case len(d.rows) > 0:
		p.Cause = who + " asked for it"
		missing = append(missing, "REGISTER answered "+statusText(final))
	default:
		p.Outcome = Rejected
		p.Cause = who + " asked for it; answered " + statusText(final)
		if final.Status == 401 || final.Status == 407 {
			p.Cause = who + " asked for it, was challenged with " + strconv.Itoa(final.Status) + " and gave up"
		}
	}
	return missing
}

func statusText(m *fact.Message) string {
	return strings.TrimSpace(strconv.Itoa(m.Status) + " " + m.Reason)
}
