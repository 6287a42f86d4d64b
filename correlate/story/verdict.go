package story

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"time"

	"imscope/correlate/identity"
)

// sentence says who de-registered whom, why, who was told, and what came of it.
func (t *Teller) sentence(d *dereg, next comeback) string {
	p := d.pub
	parts := append(t.parts[:0], t.head(d))
	add := func(s string) {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if p.Successful() {
		add(t.toldText(p))
		add(t.leftText(p))
		add(t.lieText(d))
		add(t.claimText(d))
	}
	add(t.aftermath(d, next))
	t.parts = parts
	return t.joined(parts, "; ")
}

// head says who did it and how it ended.
func (t *Teller) head(d *dereg) string {
	p := d.pub
	if a := d.attempt; a != nil {
		who := "the user"
		if a.initiator == ByNetwork {
			who = "the network (the P-CSCF's own REGISTER with expires=0)"
		}
		switch {
		case a.ignored:
			return t.words("Not de-registered: ", p.Cause)
		case d.undecided:
			return t.words("De-registration by ", who, " is not decided: ", p.Cause)
		case p.Outcome == Rejected:
			return t.words("De-registration by ", who, " failed: ", p.Cause, t.cxReason(a))
		case p.Outcome == Unanswered:
			return t.words("De-registration by ", who, " failed: ", p.Cause)
		case p.Idle:
			return t.words("De-registration by ", who, " had nothing to remove: no binding was left")
		case a.accepted == nil:
			return t.words("De-registered by ", who, ", though the REGISTER was never answered with 200")
		}
		asked := "REGISTER with expires=0"
		if a.star {
			asked = "REGISTER with Contact: *"
		}
		status := t.number(int64(a.answer.Status))
		if a.initiator == ByNetwork {
			return t.words("De-registered by ", who, ", answered ", status)
		}
		rounds := ""
		if n := a.rounds(); n > 1 {
			rounds = t.words(" in round ", t.number(int64(n)))
		}
		return t.words("De-registered by ", who, ": ", asked, " answered ", status, rounds, " after ",
			t.short(max(0, a.answer.Last().Time-a.exchanges[0].FirstTime())))
	}
	switch d.initiator {
	case ByExpiry:
		if b := d.granted(); b > 0 && d.short == 0 {
			return t.words("Expired: ", p.Cause, " after a grant of ", t.short(b))
		}
		return t.words("Expired: ", p.Cause)
	case ByNetwork:
		switch p.Outcome {
		case Rejected:
			return t.words("De-registration by the network (", d.termination.String(), ") refused: ", resultText(d.termination.cx))
		case Unanswered:
			return t.words("De-registration by the network (", p.Cause, ") not answered by the S-CSCF")
		}
		if p.Idle {
			return t.words("De-registration by the network (", d.termination.String(), ") had nothing to remove: ", d.termination.idle)
		}
		return t.words("De-registered by the network (", p.Cause, ")")
	case ByUser:
		return t.words("De-registered by the user: ", p.Cause)
	}
	return t.words("De-registered, initiator unknown: ", p.Cause)
}

// granted gives the shortest grant that ran out.
func (d *dereg) granted() int64 {
	g := int64(0)
	for _, r := range d.rows {
		if r.answered && r.soonest > r.answerAt && (g == 0 || r.soonest-r.answerAt < g) {
			g = r.soonest - r.answerAt
		}
	}
	return g
}

// toldText says which watchers learnt of it.
func (t *Teller) toldText(p *Deregistration) string {
	if len(p.Told) == 0 {
		return "no watcher is known to the capture"
	}
	t.yes.reset()
	t.no.reset()
	t.mute.reset()
	refused := ""
	for i := range p.Told {
		td := &p.Told[i]
		name := t.watcherName(td)
		switch {
		case td.Frame == 0:
			t.no.add(name)
		case td.Silent:
			t.mute.add(name)
		case td.Answer >= 300:
			refused = t.words(refused, "; ", name, " answered the NOTIFY with ", t.number(int64(td.Answer)))
		default:
			t.yes.add(name)
		}
	}
	t.others(&t.no, &t.yes)
	t.others(&t.mute, &t.yes, &t.no)
	yes, no, mute := t.yes.list, t.no.list, ""
	if len(t.mute.list) > 0 {
		mute = t.words(t.list(t.mute.list), " did not answer the NOTIFY")
	}
	told := ""
	switch {
	case len(no) == 0 && len(yes) > 0:
		told = t.words(t.list(yes), be(yes), "told")
	case len(no) > 0 && len(yes) > 0:
		told = t.words(t.list(yes), be(yes), "told, ", t.list(no), be(no), "not")
	case len(no) > 0 && mute != "":
		told = t.words(t.list(no), be(no), "not told")
	case len(no) > 0:
		told = t.words("nobody was told, not even ", t.list(no))
	}
	if told != "" && mute != "" {
		told = t.words(told, ", ", mute)
	} else {
		told = t.words(told, mute)
	}
	if told == "" {
		return strings.TrimPrefix(refused, "; ")
	}
	told = t.words(told, t.leftOutText(p))
	return t.words(told, refused)
}

// watcherName names a watcher in a sentence.
func (t *Teller) watcherName(w *Told) string {
	name := w.Node
	if name == "" || w.Watcher == WatcherUnknown {
		name = w.Watcher.Label()
	}
	if w.Resource != "" {
		return t.words(name, " for ", w.Resource)
	}
	return name
}

// leftOutText says of which identities watchers were not told.
func (t *Teller) leftOutText(p *Deregistration) string {
	t.no.reset()
	t.keys.reset()
	told := 0
	for i := range p.Told {
		td := &p.Told[i]
		if td.Frame == 0 {
			continue
		}
		told++
		if len(td.LeftOut) == 0 {
			continue
		}
		t.no.list = append(t.no.list, t.watcherName(td))
		for _, aor := range td.LeftOut {
			t.keys.add(aor)
		}
	}
	switch n := len(t.no.list); {
	case n == 0:
		return ""
	case n == told:
		return t.words(", though not of ", t.list(t.keys.list))
	default:
		return t.words(", ", t.list(t.no.list), " not of ", t.list(t.keys.list))
	}
}

// others tells names from the same ones in lists before: several phones of a user may have one name.
func (t *Teller) others(of *distinct, before ...*distinct) {
	for i, name := range of.list {
		for _, d := range before {
			if slices.Contains(d.list, name) {
				of.list[i] = t.words("another ", name)
			}
		}
	}
}

// leftText says what stays reachable.
func (t *Teller) leftText(p *Deregistration) string {
	left, gone := t.left[:0], t.gone[:0]
	for _, i := range p.Identities {
		switch {
		case i.State == "active":
			left = append(left, i.AOR)
		case i.Before == "active":
			gone = append(gone, i.AOR)
		}
	}
	t.left, t.gone = left, gone
	switch {
	case len(left) == 0 && len(gone) > 0:
		return "no identity stays reachable"
	case len(left) == 0 || len(left)+len(gone) > 6:
		return ""
	case len(gone) == 0 && len(left) == 1:
		return t.words(t.list(left), " stays reachable")
	case len(gone) == 0:
		return t.words(t.list(left), " stay reachable")
	case len(left) == 1:
		return t.words(t.list(left), " stays reachable, ", t.list(gone), " not")
	}
	return t.words(t.list(left), " stay reachable, ", t.list(gone), " not")
}

// lieText says where the documents call it something else.
func (t *Teller) lieText(d *dereg) string {
	if d.initiator == ByUnknown {
		return ""
	}
	t.keys.reset()
	d.calls(func(c *Change) {
		if !d.fits(c.Event) && d.about(c) {
			t.keys.add(c.Event)
		}
	})
	if len(t.keys.list) == 0 {
		return ""
	}
	also := ""
	d.calls(func(c *Change) {
		if also == "" && d.fits(c.Event) && d.about(c) {
			also = "also "
		}
	})
	slices.Sort(t.keys.list)
	return t.words("reginfo ", also, "calls it ", t.list(t.keys.list))
}

// claimText says which identities a document calls registered though nothing is bound to them any more.
func (t *Teller) claimText(d *dereg) string {
	t.keys.reset()
	for _, key := range d.claimed {
		if i := t.orderIndex.find(t.order, key); i >= 0 && !t.activeAfter(d, key) {
			t.keys.add(t.spelled[i])
		}
	}
	if len(t.keys.list) == 0 {
		return ""
	}
	return t.words("reginfo still calls ", t.list(t.keys.list), " active, without a contact")
}

// activeAfter reports whether something is bound to an identity behind a de-registration.
func (t *Teller) activeAfter(d *dereg, key string) bool {
	return slices.ContainsFunc(d.pub.Identities, func(i IdentityState) bool { return i.State == "active" && identity.Canonical(i.AOR) == key })
}

// calls gives every change that calls an end something.
func (d *dereg) calls(yield func(c *Change)) {
	for _, td := range d.told {
		for i := range td.doc.Changes {
			if c := &td.doc.Changes[i]; c.To == "terminated" && c.Event != "" && c.Event != "unknown" {
				yield(c)
			}
		}
	}
}

// fits reports whether an event is what a de-registration by this initiator should be called.
func (d *dereg) fits(event string) bool {
	switch event {
	case "unregistered":
		return d.initiator == ByUser
	case "expired":
		return d.initiator == ByExpiry
	case "deactivated", "rejected", "probation":
		return d.initiator == ByNetwork
	}
	return false
}

// about reports whether a change speaks of a contact that the de-registration ended.
func (d *dereg) about(c *Change) bool {
	key := identity.Contact(c.Contact)
	return slices.ContainsFunc(d.bindings, func(b *binding) bool { return b.key == key })
}

// says reports whether a document gave this event for one of the contacts that ended.
func (d *dereg) says(event string) bool {
	return slices.ContainsFunc(d.rows, func(r *row) bool { return r.event == event })
}

// cxReason adds what the HSS had answered where that explains a rejection.
func (t *Teller) cxReason(a *attempt) string {
	for _, c := range t.in.Cx {
		if c.Answer.Seen() && !c.Succeeded() && t.within(a, c.FirstFrame()) {
			return t.words(" (HSS: ", answerName(c.Name), " ", resultText(c), ")")
		}
	}
	return ""
}

// short spells a time span with three significant places.
func short(ns int64) string { return string(appendShort(nil, ns)) }

func (t *wording) short(ns int64) string {
	t.text = appendShort(t.text[:0], ns)
	return t.phrases.of(t.text)
}

func appendShort(b []byte, ns int64) []byte {
	d := time.Duration(ns)
	switch {
	case d < time.Millisecond:
		return append(strconv.AppendInt(b, d.Microseconds(), 10), " µs"...)
	case d < time.Second:
		return append(strconv.AppendInt(b, d.Round(time.Millisecond).Milliseconds(), 10), " ms"...)
	case d < time.Minute:
		b = strconv.AppendFloat(b, d.Seconds(), 'f', 1, 64)
		return append(bytes.TrimSuffix(b, []byte(".0")), " s"...)
	case d < time.Hour:
		b = append(strconv.AppendInt(b, int64(d.Minutes()), 10), " min "...)
		return append(strconv.AppendInt(b, int64(d.Seconds())%60, 10), " s"...)
	}
	b = append(strconv.AppendInt(b, int64(d.Hours()), 10), " h "...)
	return append(strconv.AppendInt(b, int64(d.Minutes())%60, 10), " min"...)
}

// list joins names as a sentence does.
func (t *Teller) list(s []string) string {
	if n := len(s); n > 1 {
		return t.words(t.joined(s[:n-1], ", "), " and ", s[n-1])
	}
	return t.joined(s, "")
}

func be(s []string) string {
	if len(s) == 1 {
		return " was "
	}
	return " were "
}
