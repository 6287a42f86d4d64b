package story

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"imscope/correlate/fact"
	"imscope/correlate/identity"
)

// sentence says who de-registered whom, why, who was told, and what came of it.
func (t *teller) sentence(d *dereg) string {
	p := d.pub
	parts := []string{t.head(d)}
	if p.Successful() {
		if s := t.toldText(p); s != "" {
			parts = append(parts, s)
		}
		if s := leftText(p); s != "" {
			parts = append(parts, s)
		}
		if s := t.lieText(d); s != "" {
			parts = append(parts, s)
		}
	}
	if s := t.aftermath(d); s != "" {
		parts = append(parts, s)
	}
	return strings.Join(parts, "; ")
}

// head says who did it and how it ended.
func (t *teller) head(d *dereg) string {
	p := d.pub
	if a := d.attempt; a != nil {
		who := "the user"
		if a.initiator == ByNetwork {
			who = "the network (the P-CSCF's own REGISTER with expires=0)"
		}
		switch {
		case a.ignored:
			return "Not de-registered: " + p.Cause
		case p.Outcome == Rejected:
			return "De-registration by " + who + " failed: " + p.Cause + t.cxReason(a)
		case p.Outcome == Unanswered:
			return "De-registration by " + who + " failed: " + p.Cause
		case p.Idle:
			return "De-registration by " + who + " had nothing to remove: no binding was left"
		case a.accepted == nil:
			return "De-registered by " + who + ", though the REGISTER was never answered with 200"
		}
		asked := "REGISTER with expires=0"
		if a.star {
			asked = "REGISTER with Contact: *"
		}
		rounds := ""
		if n := len(a.exchanges); n > 1 {
			rounds = fmt.Sprintf(" in round %d", n)
		}
		s := fmt.Sprintf("De-registered by %s: %s answered %d%s after %s", who, asked, a.answer.Status, rounds,
			short(a.answer.Last().Time-a.exchanges[0].FirstTime()))
		if a.initiator == ByNetwork {
			s = fmt.Sprintf("De-registered by %s, answered %d", who, a.answer.Status)
		}
		return s
	}
	switch d.initiator {
	case ByExpiry:
		if b := d.granted(); b > 0 {
			return fmt.Sprintf("Expired: %s after a grant of %s", p.Cause, short(b))
		}
		return "Expired: " + p.Cause
	case ByNetwork:
		switch p.Outcome {
		case Rejected:
			return "De-registration by the network (" + d.termination.String() + ") refused: " + resultText(d.termination.cx)
		case Unanswered:
			return "De-registration by the network (" + p.Cause + ") not answered by the S-CSCF"
		}
		return "De-registered by the network (" + p.Cause + ")"
	case ByUser:
		return "De-registered by the user: " + p.Cause
	}
	return "De-registered, initiator unknown: " + p.Cause
}

// granted gives the shortest grant that ran out.
func (d *dereg) granted() int64 {
	g := int64(0)
	for _, b := range d.bindings {
		if b.answered && b.soonest > b.answerAt && (g == 0 || b.soonest-b.answerAt < g) {
			g = b.soonest - b.answerAt
		}
	}
	return g
}

// toldText says which watchers learnt of it.
func (t *teller) toldText(p *Deregistration) string {
	if len(p.Told) == 0 {
		return "no watcher is known to the capture"
	}
	var told, untold distinct
	for _, td := range p.Told {
		name := td.Node
		if name == "" || td.Watcher == WatcherUnknown {
			name = td.Watcher.Label()
		}
		if td.Frame != 0 {
			told.add(name)
		} else {
			untold.add(name)
		}
	}
	yes, no := told.list, untold.list
	switch {
	case len(no) == 0:
		return list(yes) + be(yes) + "told"
	case len(yes) == 0:
		return "nobody was told, not even " + list(no)
	}
	return list(yes) + be(yes) + "told, " + list(no) + be(no) + "not"
}

// leftText says what stays reachable.
func leftText(p *Deregistration) string {
	var left, gone []string
	for _, i := range p.Identities {
		switch {
		case i.State == "active":
			left = append(left, i.AOR)
		case i.Before == "active":
			gone = append(gone, i.AOR)
		}
	}
	switch {
	case len(left) == 0 || len(left)+len(gone) > 6:
		return ""
	case len(gone) == 0 && len(left) == 1:
		return list(left) + " stays reachable"
	case len(gone) == 0:
		return list(left) + " stay reachable"
	case len(left) == 1:
		return list(left) + " stays reachable, " + list(gone) + " not"
	}
	return list(left) + " stay reachable, " + list(gone) + " not"
}

// lieText says where the documents call it something else.
func (t *teller) lieText(d *dereg) string {
	if d.initiator == ByExpiry {
		return ""
	}
	want := map[string]bool{"unregistered": d.initiator == ByUser, "deactivated": d.initiator == ByNetwork, "rejected": d.initiator == ByNetwork, "probation": d.initiator == ByNetwork}
	var lies distinct
	also := ""
	for _, td := range d.told {
		for _, c := range td.doc.Changes {
			if c.To != "terminated" || c.Event == "" || c.Event == "unknown" || !d.about(c) {
				continue
			}
			if want[c.Event] {
				also = "also "
			} else {
				lies.add(c.Event)
			}
		}
	}
	if len(lies.list) == 0 || d.initiator == ByUnknown {
		return ""
	}
	slices.Sort(lies.list)
	return "reginfo " + also + "calls it " + list(lies.list)
}

// about reports whether a change speaks of a contact that the de-registration ended.
func (d *dereg) about(c Change) bool {
	key := identity.Contact(c.Contact)
	return slices.ContainsFunc(d.bindings, func(b *binding) bool { return b.key == key })
}

// aftermath says what the phone did next, and whether it should have.
func (t *teller) aftermath(d *dereg) string {
	p := d.pub
	next := t.nextBind(d)
	if next == nil {
		return ""
	}
	wait := short(next.FirstTime() - p.Ended)
	if next.FirstTime() < p.Ended {
		wait = short(next.FirstTime() - p.Started)
	}
	s := "the UE registered again " + wait + " later"
	if !p.Successful() {
		return s
	}
	switch {
	case d.initiator == ByNetwork && d.forbids():
		s += " although the reason forbids it"
	case d.initiator == ByNetwork && d.says("deactivated"):
		s += ", as deactivated asks"
	}
	return s
}

// forbids reports whether the network said that registering again will not help.
func (d *dereg) forbids() bool {
	return d.termination != nil && d.termination.cx.Name == "RTR" && d.termination.cx.ReasonCode == 0 || d.says("rejected")
}

// says reports whether a document gave this event for one of the contacts that ended.
func (d *dereg) says(event string) bool {
	return slices.ContainsFunc(d.rows, func(r *row) bool { return r.event == event })
}

// nextBind finds the next REGISTER that binds one of the contacts again, or one from the same device.
func (t *teller) nextBind(d *dereg) *fact.Exchange {
	if len(d.bindings) == 0 {
		return nil
	}
	for _, x := range after(t.in.Exchanges, d.frame+1) {
		r := x.Register
		if r == nil || r.ThirdParty || !r.Binds() || !x.Request.Seen() || x.FirstTime() < d.time {
			continue
		}
		if t.ctx.Role(x.Request.First().Src) == fact.RolePCSCF {
			continue
		}
		for _, b := range d.bindings {
			if b.source != "" && b.source == t.ctx.Addr(x.Request.First().Src) || slices.ContainsFunc(r.Contacts, func(c fact.ContactValue) bool {
				return c.Key == b.key || c.Instance != "" && c.Instance == b.instance
			}) {
				return x
			}
		}
	}
	return nil
}

// cxReason adds what the HSS had answered where that explains a rejection.
func (t *teller) cxReason(a *attempt) string {
	for _, c := range t.in.Cx {
		if c.Answer.Seen() && !c.Succeeded() && t.within(a, c.FirstFrame()) {
			return " (HSS: " + answerName(c.Name) + " " + resultText(c) + ")"
		}
	}
	return ""
}

// short spells a time span with three significant places.
func short(ns int64) string {
	d := time.Duration(ns)
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", d.Seconds()), ".0") + " s"
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
}

func list(s []string) string {
	if n := len(s); n > 1 {
		return strings.Join(s[:n-1], ", ") + " and " + s[n-1]
	}
	return strings.Join(s, "")
}

func be(s []string) string {
	if len(s) == 1 {
		return " was "
	}
	return " were "
}
