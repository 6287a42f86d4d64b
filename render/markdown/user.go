package markdown

import (
	"slices"
	"strings"

	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/ladder"
	"imscope/render/report"
	"imscope/render/words"
)

// Limits of what is told of one user.
const (
	maxContacts      = 40
	maxRegistrations = 60
	maxDeregs        = 20
	maxFindings      = 60
	maxSubs          = 24
	maxDocuments     = 16 // of one subscription
	maxDisagreements = 20
	maxLanes         = 60
	maxSegments      = 12 // of one lane
)

// teller tells one user.
type teller struct {
	*doc
	user    *report.User
	nodes   *words.Nodes
	level   int           // of the headings below the user's
	telling words.Telling // the de-registrations that are told
	marks   map[uint32][]*finding.Finding
	beside  map[int][]*finding.Finding // findings that are told with a de-registration
	others  []*finding.Finding
	texts   map[*story.Event][]string  // of messages that there is room for; without lines of the others
	shown   map[*story.Document]string // documents told already, and where
}

// user writes the i-th user told in detail.
func (d *doc) user(i int, several bool) {
	u := d.plan.Detailed[i]
	t := &teller{doc: d, user: u, nodes: u.Nodes, level: 2, shown: map[*story.Document]string{},
		telling: words.Tell(u.Deregistrations, u.Findings, maxDeregs)}
	t.sort()
	if several {
		t.level = 3
		d.gap()
		d.line(`<a id="`, anchor(i), `"></a>`)
		d.heading(2, name(u.ID))
		line := say(words.Deregistrations(u.User))
		if f := words.Findings(u.Findings); len(f) > 0 {
			line = strings.Trim(line+" · "+say(f), " ·")
		}
		if i < maxOpen {
			d.unfold(folded(line))
		} else {
			d.fold(folded(line))
		}
		defer d.end()
		d.verdicts(u)
	} else {
		d.heading(2, "The user")
	}
	t.choose()
	t.who()
	t.contacts()
	t.registrations()
	t.beliefs()
	for _, j := range t.telling.InTime() {
		t.dereg(j, u.Deregistrations[j])
	}
	if t.telling.Rest != "" {
		t.para("… ", text(t.telling.Rest), ".")
	}
	t.found()
	t.subscriptions()
	t.flow()
}

// sort puts each finding where it is told: beside the first de-registration that its frames belong to, else
// among the user's.
func (t *teller) sort() {
	t.marks, t.beside = map[uint32][]*finding.Finding{}, map[int][]*finding.Finding{}
	beside := t.telling.Beside(t.user.Deregistrations, t.user.Findings)
	for i, f := range t.user.Findings {
		for _, frame := range f.Frames {
			t.marks[frame] = append(t.marks[frame], f)
		}
		if j := beside[i]; j >= 0 {
			t.beside[j] = append(t.beside[j], f)
			continue
		}
		t.others = append(t.others, f)
	}
}

// who writes the identities and devices.
func (t *teller) who() {
	u := t.user
	var nodes []string
	for _, n := range t.nodes.Legend() {
		nodes = append(nodes, text(n.Short)+" "+code(n.Address()))
	}
	rows := [][2]string{{"Identities", list(u.PublicIdentities)}, {"Private", list(u.PrivateIdentities)}, {"Devices", list(u.Instances)},
		{"User agents", list(u.UserAgents)}, {"Nodes", strings.Join(nodes, ", ")}}
	if u.FirstFrame != 0 {
		rows = append(rows, [2]string{"Seen", "from " + clock(u.FirstTime, t.day) + " to " + clock(u.LastTime, t.day) + " UTC"})
	}
	if u.Truncated > 0 {
		rows = append(rows, [2]string{"Limits", "**" + count(u.Truncated, "message") + " of this user went beyond the limits and were forgotten**"})
	}
	t.facts(rows)
}

// contacts writes which contact is bound to which identities until when.
func (t *teller) contacts() {
	all := words.Contacts(t.user.Bindings)
	if len(all) == 0 {
		return
	}
	var rows [][]string
	for _, c := range words.TellContacts(all, maxContacts) {
		contact := code(c.Contact)
		if c.Instance != "" {
			contact += ", " + code(c.Instance)
		}
		since := render.When(c.Registered, t.day)
		if c.Registered == 0 {
			since = "earlier"
		}
		state, until := "active", render.When(c.Expires, t.day)
		if !c.Active {
			state, until = "**ended**", render.When(c.Ended, t.day)
			if i := slices.Index(t.user.Deregistrations, c.EndedBy); i >= 0 {
				state += " by " + strings.ToLower(t.user.DeregistrationName(i))
			}
		}
		if until == "" {
			until = "unknown"
		}
		rows = append(rows, []string{contact, state, text(c.Event), since, until, list(c.AORs)})
	}
	t.heading(t.level+1, "Contacts")
	t.table([]string{"Contact", "State", "Last event", "Registered", "Until", "Identities"}, rows)
	if n := len(all) - len(rows); n > 0 {
		t.para("… ", count(n, "more contact"), ".")
	}
}

// registrations writes how each try to register, refresh or de-register went.
func (t *teller) registrations() {
	all := t.user.Registrations()
	if len(all) == 0 {
		return
	}
	var rows [][]string
	var notes []string
	for _, r := range words.TellRegistrations(all, maxRegistrations) {
		took, slowest := "", ""
		if r.Status != 0 && len(r.Rounds) > 0 && r.Rounds[0].Exchange.Request.Seen() {
			took = render.Duration(r.Ended - r.Started)
		}
		if s, ok := words.Slowest(r); ok {
			slowest = say(words.Delay(s, t.nodes))
		}
		first := uint32(0)
		if len(r.Rounds) > 0 {
			first = r.Rounds[0].Frame
		}
		rows = append(rows, []string{clock(r.Started, t.day), frame(first), text(t.nodes.Name(r.Origin)), text(words.RegistrationKind(r).Text),
			text(words.RegistrationOutcome(r).Text), render.Number(len(r.Rounds)), took, slowest, text(words.Interval(r)), text(words.Next(r, t.day).Text)})
		for _, n := range words.Notes(r, t.nodes, false) {
			notes = append(notes, "- "+inFrame(n.Frame)+": "+say(n.Words))
		}
	}
	t.heading(t.level+1, "Registrations")
	t.table([]string{"At", "Frame:", "From", "What", "Answer", "Rounds:", "Took:", "Slowest", "Asked → granted", "Then"}, rows)
	if n := len(all) - len(rows); n > 0 {
		t.para("… ", count(n, "more registration"), ".")
	}
	if len(notes) > 0 {
		t.gap()
		for _, n := range notes {
			t.line(n)
		}
		t.line()
	}
}

// beliefs writes what each party believed, folded, and where they disagreed.
func (t *teller) beliefs() {
	b := t.user.Beliefs()
	if len(b.Lanes) == 0 {
		return
	}
	t.heading(t.level+1, "What each party believed")
	if len(b.Disagreements) == 0 {
		if who := words.Agreement(&b, t.nodes); len(who) > 0 {
			t.para(words.Agreed, text(strings.Join(who, ", ")), ".")
		}
	}
	for i := range b.Disagreements {
		if i == maxDisagreements {
			t.line("- … ", count(len(b.Disagreements)-i, "more disagreement"))
			break
		}
		t.disagreement(&b.Disagreements[i])
	}
	t.fold("Party by party")
	var rows [][]string
	lanes := merged(b.Lanes)
	for i := range lanes {
		if i == maxLanes {
			rows = append(rows, []string{"… " + render.Number(len(lanes)-i) + " more", "", ""})
			break
		}
		rows = append(rows, t.lane(&lanes[i]))
	}
	t.table([]string{"Party", "Of", "Believed, from"}, rows)
	t.end()
}

// lane makes the row of what a party believed.
func (t *teller) lane(l *story.Lane) []string {
	var parts []string
	for i, s := range l.Segments {
		// The first one and the latest are what matters.
		if left := len(l.Segments) - maxSegments; left > 0 && i > 0 && i <= left {
			if i == left {
				parts = append(parts, "… "+render.Number(left)+" more")
			}
			continue
		}
		part := render.When(s.From, t.day) + " " + text(s.State)
		if s.Why != "" {
			part += ": " + text(t.nodes.In(s.Why))
		}
		if s.Frame != 0 {
			part += ", " + inFrame(s.Frame)
		}
		parts = append(parts, part)
	}
	of := list(l.AORs)
	if l.Contact != "" {
		of = code(l.Contact)
		if len(l.AORs) < len(t.user.PublicIdentities) {
			of += " for " + list(l.AORs)
		}
	}
	return []string{text(t.nodes.Name(l.Party)), of, strings.Join(parts, "<br>")}
}

// merged puts lanes of one contact together in which a party believed the same of several identities.
func merged(lanes []story.Lane) []story.Lane {
	var out []story.Lane
	for _, l := range lanes {
		i := slices.IndexFunc(out, func(o story.Lane) bool {
			return o.Party == l.Party && o.Role == l.Role && o.Contact == l.Contact && slices.EqualFunc(o.Segments, l.Segments, func(a, b story.Segment) bool {
				return a.From == b.From && a.To == b.To && a.State == b.State
			})
		})
		if i < 0 {
			l.AORs = slices.Clone(l.AORs)
			out = append(out, l)
			continue
		}
		for _, a := range l.AORs {
			if !slices.Contains(out[i].AORs, a) {
				out[i].AORs = append(out[i].AORs, a)
			}
		}
	}
	return out
}

// disagreement writes a time in which parties believed different things.
func (t *teller) disagreement(x *story.Disagreement) {
	what := "the user"
	if x.Contact != "" {
		what = code(x.Contact)
	}
	var camps []string
	for _, c := range words.Camps(x) {
		var who []string
		for _, v := range c.Views {
			s := text(t.nodes.Name(v.Party)) + " (" + text(t.nodes.In(v.Why))
			if v.Frame != 0 {
				s += ", " + inFrame(v.Frame)
			}
			who = append(who, s+")")
		}
		if len(who) > 0 {
			camps = append(camps, text(c.State)+": "+strings.Join(who, ", "))
		}
	}
	t.line("- **", words.Span(x, t.day), "**, about ", what, ": ", strings.Join(camps, "; "))
}

// found writes the findings that no de-registration tells.
func (t *teller) found() {
	if len(t.others) == 0 {
		return
	}
	title := "Findings"
	if len(t.beside) > 0 {
		title = "Other findings"
	}
	t.heading(t.level+1, title)
	t.findings(t.others, t.nodes)
}

// findings writes a list of findings; nodes may be nil.
func (d *doc) findings(list []*finding.Finding, nodes *words.Nodes) {
	in := func(s string) string {
		if nodes != nil {
			s = nodes.In(s)
		}
		return text(s)
	}
	d.gap()
	for i, f := range list {
		if i == maxFindings {
			d.line("- … ", count(len(list)-i, "more finding"))
			break
		}
		head := "- **" + severity(f.Severity) + "** " + in(f.Title)
		if s := inFrames(f.Frames); s != "" {
			head += ", " + s
		}
		rule := code(f.Rule)
		if f.Clause != "" {
			rule += ", " + text(f.Clause)
		}
		if f.Actor != "" {
			rule += "; to mend by: " + text(string(f.Actor))
		}
		d.line(head)
		if f.Detail != "" {
			d.line("  - ", in(f.Detail))
		}
		if f.Doubt != "" {
			d.line("  - doubtful: ", in(f.Doubt))
		}
		d.line("  - ", rule)
	}
	d.line()
}

// flow draws everything that the capture shows of the user.
func (t *teller) flow() {
	events := t.user.Timeline
	if len(events) == 0 || len(t.user.Deregistrations) == 1 && len(t.user.Deregistrations[0].Steps) == len(events) {
		return
	}
	t.fold("The whole flow: " + count(len(events), "message"))
	t.diagram(events, 0)
	t.end()
}

// diagram draws steps.
func (t *teller) diagram(steps []story.Event, base int64) {
	s := sequence{flow: ladder.NewFlow(steps, maxArrows), nodes: t.nodes, base: base, marks: t.marks}
	lines, left := s.lines()
	if len(lines) == 0 {
		return
	}
	t.fence("mermaid", lines)
	since := "time of day"
	if base != 0 {
		since = "time since " + clock(base, t.day)
	}
	note := "In brackets: frame, " + since + ". Broken lines are answers, open heads Cx."
	if left > 0 {
		note += " " + count(left, "more message hop") + " not drawn."
	}
	t.para("<sub>", note, "</sub>")
}
