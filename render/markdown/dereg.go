package markdown

import (
	"slices"
	"strings"

	"github.com/clipperhouse/displaywidth"

	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/report"
	"imscope/render/words"
)

// Limits of what is told of a de-registration.
const (
	maxEvidence = 12
	maxChanges  = 60  // lines of one diff
	maxFilter   = 120 // frames in one filter
)

// dereg writes a de-registration.
func (t *teller) dereg(i int, d *story.Deregistration) {
	v := t.user.Verdict(i)
	t.heading(t.level+1, t.user.DeregistrationName(i), ": ", t.brief(v))
	t.para(text(v.Sentence))
	t.effect(d)
	t.diagram(d.Steps, d.Started)
	if f := t.beside[i]; len(f) > 0 {
		t.heading(t.level+2, "Findings in these frames")
		t.findings(f, t.nodes)
	}
	t.documents(i, d)
	t.messages(d)
	if f := filter(d); f != "" {
		t.para("Wireshark filter: `", f, "`")
	}
}

// effect writes what it did and who was told.
func (t *teller) effect(d *story.Deregistration) {
	var active, gone []string
	for _, s := range d.Identities {
		switch {
		case s.State == "active":
			active = append(active, s.AOR)
		case s.Before == "active":
			gone = append(gone, s.AOR)
		}
	}
	left := list(active)
	if d.Successful() && len(active) == 0 && len(d.Identities) > 0 {
		left = "nothing: no identity of this user is registered any more"
	}
	var told, not []string
	for _, w := range d.Told {
		name := t.nodes.Told(&w)
		switch {
		case w.Frame != 0:
			s := text(name) + " (" + inFrame(w.Frame) + ", " + strings.Trim(words.Status(w.Answer).Text, "()") + ")"
			if len(w.LeftOut) > 0 {
				s += " **not of** " + list(w.LeftOut)
			}
			told = append(told, s)
		case w.URI != "" && w.URI != name:
			not = append(not, "**"+text(name)+"** ("+code(w.URI)+")")
		default:
			not = append(not, "**"+text(name)+"**")
		}
	}
	cause := ""
	if d.Cause != "" && d.Verdict != "" && !strings.Contains(d.Verdict, d.Cause) {
		cause = text(t.nodes.In(d.Cause))
	}
	missing := ""
	if d.Missing != "" {
		missing = "**" + text(t.nodes.In(d.Missing)) + "**"
	}
	noun := "Contact"
	if len(d.Contacts) > 1 {
		noun = "Contacts"
	}
	t.facts([][2]string{{noun, list(d.Contacts)}, {"Cause", cause}, {"Missing", missing}, {"No longer", list(gone)}, {"Still reachable", left},
		{"Told", strings.Join(told, ", ")}, {"Not told", strings.Join(not, ", ")}})
	if len(d.Evidence) == 0 {
		return
	}
	t.para("Evidence:")
	for i, e := range d.Evidence {
		if i == maxEvidence {
			t.line("- … ", render.Number(len(d.Evidence)-i), " more")
			break
		}
		where := ""
		if e.Frame != 0 {
			where = inFrame(e.Frame) + ": "
		}
		t.line("- ", where, text(t.nodes.In(e.What)))
	}
	t.line()
}

// documents writes the documents of a de-registration as diffs; watchers that were told the same share one.
func (t *teller) documents(i int, d *story.Deregistration) {
	type group struct {
		first story.DocumentRef
		also  []story.DocumentRef
	}
	var groups []*group
	bySignature := map[string]*group{}
	for _, r := range d.Documents {
		if r.Document == nil {
			continue
		}
		if t.shown[r.Document] == "" {
			t.shown[r.Document] = strings.ToLower(t.user.DeregistrationName(i))
		}
		sig := words.Signature(r.Document)
		if g := bySignature[sig]; g != nil {
			g.also = append(g.also, r)
			continue
		}
		g := &group{first: r}
		bySignature[sig] = g
		groups = append(groups, g)
	}
	if len(groups) == 0 {
		return
	}
	t.heading(t.level+2, "What reginfo said")
	for _, g := range groups {
		doc := g.first.Document
		t.para(t.docHead(doc, g.first.Subscription), ", ", offset(doc.Time, d.Started))
		t.diff(doc, false)
		if len(g.also) > 0 {
			var also []string
			for _, r := range g.also {
				also = append(also, text(t.nodes.Of(r.Subscription))+" "+words.Version(r.Document.Version)+" ("+inFrame(r.Document.Frame)+")")
			}
			t.para("The same to ", strings.Join(also, ", "), ".")
		}
	}
}

// docHead words what a document is.
func (t *teller) docHead(d *story.Document, s *story.Subscription) string {
	l := "reginfo **" + say(words.Title(d)) + "**"
	if s != nil {
		l += " to **" + text(t.nodes.Of(s)) + "**"
	}
	if d.Frame != 0 {
		l += ", " + inFrame(d.Frame)
	}
	if d.SubscriptionState != "" {
		l += ", subscription " + text(d.SubscriptionState)
	}
	for _, f := range words.Flags(d) {
		l += ", **" + text(f) + "**"
	}
	return l
}

// signs are the marks of a diff as readers of the language diff colour them.
var signs = map[string]string{"+": "+", "−": "-", "~": "!", words.UnmentionedMark: " "}

// diff writes what a document says, identity by identity. In brief it leaves out what a partial document does not
// mention.
func (t *teller) diff(d *story.Document, brief bool) {
	for _, k := range words.Damage(d) {
		t.line("- damaged: ", text(k))
	}
	if d.Duplicate || d.Stale {
		return
	}
	groups := words.Groups(d)
	if brief {
		groups = words.Changed(groups)
	}
	var lines []string
	wide, state, total := 0, 0, 0
	for _, g := range groups {
		for _, r := range g.Rows {
			total++
			wide = max(wide, displaywidth.String(contact(&r)))
			if r.Detail != "" {
				state = max(state, displaywidth.String(block(r.What)))
			}
		}
		for _, a := range g.AORs {
			wide = max(wide, displaywidth.String(block(a))-2)
		}
	}
	wide = min(wide, 80)
	for _, g := range groups {
		if len(lines) >= maxChanges {
			break
		}
		for i, a := range g.AORs {
			l := "  " + pad(block(a), wide+2)
			if i == 0 {
				l += "  " + block(words.Join(g.Verdict()))
			}
			lines = append(lines, l)
		}
		for _, r := range g.Rows {
			total--
			sign := signs[r.Mark]
			if sign == "" {
				sign = " "
			}
			l := sign + "   " + pad(contact(&r), wide) + "  " + block(r.What)
			if r.Detail != "" {
				l = sign + "   " + pad(contact(&r), wide) + "  " + pad(block(r.What), state) + "  " + block(r.Detail)
			}
			lines = append(lines, l)
			if len(lines) >= maxChanges {
				break
			}
		}
	}
	if len(lines) == 0 {
		t.para("No registration in it.")
		return
	}
	if total > 0 {
		lines = append(lines, "  … "+render.Number(total)+" more lines")
	}
	t.fence("diff", lines)
	if brief && len(d.Unmentioned) > 0 {
		t.para("Not mentioned: ", count(len(d.Unmentioned), "active contact"), ".")
	}
}

// contact is what a line of a diff is about.
func contact(r *words.Row) string {
	if r.ID == "" {
		return block(r.Contact)
	}
	return block(r.ID + "  " + r.Contact)
}

// pad fills text up to a number of columns.
func pad(s string, columns int) string {
	if n := columns - displaywidth.String(s); n > 0 {
		return s + strings.Repeat(" ", n)
	}
	return s
}

// filter is what Wireshark is asked to show the frames, "" where it would be too long to be of use.
func filter(d *story.Deregistration) string {
	all := slices.Clone(d.Frames)
	for i := range d.Steps {
		all = append(all, d.Steps[i].Frames...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	if len(all) > 0 && all[0] == 0 {
		all = all[1:]
	}
	if len(all) == 0 || len(all) > maxFilter {
		return ""
	}
	return report.Filter(all)
}

// subscriptions writes who watches the registration and what each document told them.
func (t *teller) subscriptions() {
	subs := t.user.Subscriptions
	if len(subs) == 0 {
		return
	}
	t.heading(t.level+1, "Subscriptions to the registration")
	same := map[string]string{}
	for i, s := range subs {
		if i == maxSubs {
			t.para("… ", count(len(subs)-i, "more subscription"), ".")
			break
		}
		t.subscription(s, same)
	}
}

func (t *teller) subscription(s *story.Subscription, same map[string]string) {
	name := t.nodes.Of(s)
	l := summary(name)
	if s.WatcherURI != "" && s.WatcherURI != name {
		l += " " + summary(s.WatcherURI)
	}
	l += " " + folded(text(s.State))
	if s.Reason != "" {
		l += " (" + summary(s.Reason) + ")"
	}
	if s.FirstFrame != 0 {
		l += ", " + folded(inFrame(s.FirstFrame))
	}
	if s.MidDialog {
		l += ", began before the capture"
	} else {
		l += ", from " + render.When(s.Started, t.day)
	}
	switch {
	case s.Ended != 0:
		l += " to " + render.When(s.Ended, t.day)
	case s.Expires != 0:
		l += ", runs out " + render.When(s.Expires, t.day)
	}
	t.fold(l + ", " + count(len(s.Documents), "document"))
	defer t.end()
	skipped := 0
	for i, d := range s.Documents {
		// The first one and the latest are what matters.
		if len(s.Documents) > maxDocuments && i > 0 && i <= len(s.Documents)-maxDocuments {
			skipped++
			continue
		}
		if skipped > 0 {
			t.para("… ", count(skipped, "document"), ".")
			skipped = 0
		}
		head := t.docHead(d, nil) + ", " + render.When(d.Time, t.day) + ", " + strings.Trim(words.Status(d.Answer).Text, "()")
		if where := t.shown[d]; where != "" {
			t.para(head, ", see ", where)
			continue
		}
		sig := words.Signature(d)
		if as := same[sig]; as != "" {
			t.para(head, ", says the same as ", as)
			continue
		}
		same[sig] = words.Version(d.Version) + " to " + text(name) + " in " + inFrame(d.Frame)
		t.para(head)
		t.diff(d, true)
	}
}
