package text

import (
	"strings"

	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/style"
	"imscope/render/words"
)

// deregLabels is the width of the labels of a de-registration.
const deregLabels = len("still reachable") + 2

// deregistration tells one de-registration: verdict, steps, what each watcher was told.
func (t *teller) deregistration(i int, d *story.Deregistration) {
	p := t.page
	name := "De-registration"
	if n := len(t.user.Deregistrations); n > 1 {
		name += " " + render.Number(i+1) + " of " + render.Number(n)
	}
	beside := line{plain(" "), initiator(d.Initiator), plain("   "), outcome(d)}
	if d.Started != 0 {
		beside = beside.add(plain("   "), say(style.Faint, "at "+render.When(d.Started, t.day)))
	}
	p.heading(0, name, beside...)
	t.verdict(d)

	if len(d.Steps) > 0 {
		p.gap()
		var steps []step
		list := words.Fold(d.Steps)
		for i := range t.limit(len(list), maxSteps) {
			steps = append(steps, t.nodes.step(list[i], offset(list[i].Time, d.Started), d.Started))
		}
		p.steps(2, steps)
		if n := len(list) - len(steps); n > 0 {
			p.line(2, say(style.Faint, "… "+render.Number(n)+" more steps (--all)"))
		}
	}
	t.deregDocuments(d)
}

// verdict writes who, why and with what effect.
func (t *teller) verdict(d *story.Deregistration) {
	p := t.page
	say1 := func(label string, l line) { p.labelled(2, deregLabels, label, l) }
	if d.Verdict != "" {
		p.wrapped(2, 2, line{plain(t.nodes.In(d.Verdict))})
	}
	noun := "contact"
	if len(d.Contacts) > 1 {
		noun = "contacts"
	}
	say1(noun, names(style.Plain, d.Contacts, t.all))
	if d.Cause != "" && !strings.Contains(d.Verdict, d.Cause) {
		say1("cause", line{plain(t.nodes.In(d.Cause))})
	}
	if d.Missing != "" {
		say1("missing", line{say(style.Warn, t.nodes.In(d.Missing))})
	}
	var active, gone []string
	for _, s := range d.Identities {
		switch {
		case s.State == "active":
			active = append(active, s.AOR)
		case s.Before == "active":
			gone = append(gone, s.AOR)
		}
	}
	say1("no longer", names(style.Removed, gone, t.all))
	say1("still reachable", names(style.Good, active, t.all))
	if d.Successful() && len(active) == 0 && len(d.Identities) > 0 {
		say1("still reachable", line{say(style.Removed, "nothing: no identity of this user is registered any more")})
	}

	var told, not line
	for _, w := range d.Told {
		name := t.nodes.Told(&w)
		if w.Frame != 0 {
			if len(told) > 0 {
				told = append(told, plain(", "))
			}
			told = append(told, say(style.Node, name), plain(" "), frame(w.Frame), plain(" "), status(w.Answer))
			if len(w.LeftOut) > 0 {
				told = append(told, say(style.Warn, " not of "+strings.Join(w.LeftOut, ", ")))
			}
			continue
		}
		if len(not) > 0 {
			not = append(not, plain(", "))
		}
		not = append(not, say(style.Warn, name))
		if w.URI != "" && w.URI != name {
			not = append(not, say(style.Faint, " ("+w.URI+")"))
		}
	}
	say1("told", told)
	say1("not told", not)

	label := "evidence"
	for i, e := range d.Evidence {
		if i == maxEvidence && !t.all {
			say1(label, line{say(style.Faint, "… "+render.Number(len(d.Evidence)-i)+" more (--all)")})
			break
		}
		l := line{frame(e.Frame)}
		if e.Frame != 0 {
			l = append(l, plain("  "))
		}
		say1(label, append(l, plain(t.nodes.In(e.What))))
		label = ""
	}
}

// Limits of what is told of one de-registration unless everything is asked for.
const (
	maxSteps    = 40
	maxEvidence = 8
)

// deregDocuments writes the documents of a de-registration as diffs; watchers that were told the same
// share one.
func (t *teller) deregDocuments(d *story.Deregistration) {
	type group struct {
		first story.DocumentRef
		told  string // where the document was told before, "" if it was not
		also  []story.DocumentRef
	}
	var groups []*group
	bySignature := map[string]*group{}
	for _, r := range d.Documents {
		if r.Document == nil {
			continue
		}
		told := t.shown[r.Document]
		if told == "" {
			t.shown[r.Document] = t.deregName(d)
		}
		sig := words.Signature(r.Document)
		if g := bySignature[sig]; g != nil && told == "" {
			g.also = append(g.also, r)
			continue
		}
		g := &group{first: r, told: told}
		if told == "" {
			bySignature[sig] = g
		}
		groups = append(groups, g)
	}
	for _, g := range groups {
		p := t.page
		p.gap()
		doc := g.first.Document
		l := line{plain("reginfo ")}.add(docTitle(doc)...).add(plain("  to "), say(style.Node, t.nodes.Of(g.first.Subscription)),
			plain("  "), frame(doc.Frame), plain("  "), offset(doc.Time, d.Started))
		if doc.SubscriptionState != "" {
			l = l.add(say(style.Faint, "  subscription "), state(doc.SubscriptionState))
		}
		l = l.add(docFlags(doc)...)
		if g.told != "" {
			p.wrapped(2, 4, l.add(plain("  "), say(style.Faint, "see "+g.told)))
			continue
		}
		p.wrapped(2, 4, l)
		p.damage(4, doc)
		if !doc.Duplicate && !doc.Stale {
			p.diff(4, doc, t.all, false)
		}
		if len(g.also) > 0 {
			l := line{say(style.Faint, "the same to ")}
			for i, r := range g.also {
				if i > 0 {
					l = append(l, plain(", "))
				}
				l = append(l, say(style.Node, t.nodes.Of(r.Subscription)), plain(" "), plain(words.Version(r.Document.Version)), plain(" "), frame(r.Document.Frame))
			}
			p.wrapped(4, 6, l)
		}
	}
}
