package markdown

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"imscope/correlate/finding"
	"imscope/decode/problem"
	"imscope/render"
	"imscope/render/report"
	"imscope/render/words"
)

// Limits of a report. What is beyond is counted and said.
const (
	maxLeads    = 6   // verdicts at the top
	maxCaptures = 200 // rows of the table of captures
	maxRows     = 2000
	maxOpen     = 2  // users that are unfolded at first, of several
	maxKinds    = 12 // kinds of one count
)

func anchor(i int) string { return "u" + strconv.Itoa(i+1) }

// head writes what stands before the users.
func (d *doc) head(several bool) {
	d.line("# ", d.title())
	d.para(d.captured())
	d.leads(several)
	d.heading(2, "Summary")
	d.counts()
	d.captures()
	d.rules()
	if several {
		d.users()
	}
}

// title is what the report is called.
func (d *doc) title() string {
	if d.opt.Title != "" {
		return text(d.opt.Title)
	}
	return d.plan.Title(name)
}

// captured sums up the captures.
func (d *doc) captured() string {
	var packets uint64
	for i := range d.plan.Captures {
		packets += d.plan.Captures[i].Packets
	}
	s := count(len(d.plan.Captures), "capture") + ", " + render.Count(packets, "packet")
	if d.plan.Start != 0 {
		s += ", " + render.Stamp(d.plan.Start) + " UTC, " + render.Duration(d.plan.End-d.plan.Start)
	}
	return s + ", " + words.OfUsers(d.plan.Report) + "."
}

// leads writes the verdicts at the top. Of many users each kind of case is there once.
func (d *doc) leads(several bool) {
	if !several {
		for _, u := range d.plan.Detailed {
			d.verdicts(u)
		}
		return
	}
	each := len(d.plan.Detailed) > maxLeads
	kinds := map[string]bool{}
	n := 0
	for i, u := range d.plan.Detailed {
		kind := words.Kind(u.User, u.Findings)
		if each && kinds[kind] {
			continue
		}
		kinds[kind] = true
		if n == maxLeads {
			continue
		}
		n++
		d.quote("["+name(u.ID)+"](#"+anchor(i)+") ", u.Foremost())
	}
	if each {
		d.para(words.Examples(n, len(kinds)), "; ", count(d.plan.Len(), "user"), " below.")
	}
}

// verdicts writes those on a user, as many as are read.
func (d *doc) verdicts(u *report.User) {
	list, rest := u.Verdicts(maxLeads)
	for _, v := range list {
		d.quote("", v)
	}
	if rest != "" {
		d.para("… ", text(rest), ".")
	}
}

// quote writes a verdict so that it stands out.
func (d *doc) quote(who string, v report.Verdict) {
	d.gap()
	d.line("> ", who, "**", d.brief(v), "**  ")
	d.line("> ", text(v.Sentence))
	d.line()
}

// brief words what a verdict is on, what came of it, and when.
func (d *doc) brief(v report.Verdict) string {
	var s []string
	for _, w := range v.Brief {
		s = append(s, say([]words.Word{w}))
	}
	if v.Started != 0 {
		s = append(s, clock(v.Started, d.day))
	}
	return strings.Join(s, " · ")
}

// counts writes the numbers of the capture.
func (d *doc) counts() {
	s := &d.plan.Stats
	users := render.Number(s.Users)
	if n := d.plan.Len(); n != s.Users {
		d.para("De-registrations and findings are of the users in this report, all other numbers of the whole capture.")
		users += ", " + render.Number(n) + " of them in this report"
	}
	total, by := words.Ended(&s.Deregistrations)
	deregs := render.Number(total)
	if len(by) > 0 {
		deregs += " (" + words.Join(by) + ")"
	}
	var list []*finding.Finding
	for i := range d.plan.Findings {
		list = append(list, &d.plan.Findings[i])
	}
	found := render.Number(len(list))
	if len(list) > 0 {
		found += " (" + words.Join(words.Findings(list)) + ")"
	}
	sip := render.Number(s.SIPMessages)
	if s.Messages > 0 && s.Messages < s.SIPMessages {
		sip += " on all hops, " + render.Number(s.Messages) + " end to end"
	}
	rows := [][2]string{{"Users", users}, {"De-registrations", deregs}, {"Findings", found}, {"SIP messages", sip}}
	for _, c := range []struct {
		label string
		n     uint64
	}{{"Reginfo documents", s.ReginfoDocuments}, {"Diameter messages", s.DiameterMessages}, {"Retransmissions", s.Retransmissions},
		{"Captured more than once", s.Duplicates}} {
		if c.n > 0 {
			rows = append(rows, [2]string{c.label, render.Number(c.n)})
		}
	}
	d.facts(rows)
}

// captures writes the table of what was read.
func (d *doc) captures() {
	var rows [][]string
	for i := range d.plan.Captures[:min(len(d.plan.Captures), maxCaptures)] {
		f := &d.plan.Captures[i]
		format := text(f.Format)
		if f.Compression != "" {
			format += ", " + text(f.Compression)
		}
		first, span := "", ""
		if f.HasTime {
			first, span = render.Stamp(f.FirstTime), render.Duration(f.LastTime-f.FirstTime)
		}
		rows = append(rows, []string{code(words.CaptureName(f.Path)), format, render.Number(f.Packets), first, span, strings.Join(words.CaptureWarnings(f, text), "; ")})
	}
	d.table([]string{"Capture", "Format", "Packets:", "From (UTC)", "Span:", "What was wrong"}, rows)
	d.moreCaptures()
}

// moreCaptures says how many captures a table has no room for.
func (d *doc) moreCaptures() {
	if n := len(d.plan.Captures) - maxCaptures; n > 0 {
		d.para("… ", count(n, "more file"), ".")
	}
}

// rules writes the tables of findings by rule; those of severity info are folded.
func (d *doc) rules() {
	var rows, minor [][]string
	for _, c := range words.ByRule(d.plan.Findings) {
		rule := code(c.First.Rule)
		if c.First.Clause != "" {
			rule += ", " + text(c.First.Clause)
		}
		row := []string{severity(c.First.Severity), render.Number(c.N), render.Number(c.Users), text(c.First.Title), rule, text(string(c.First.Actor))}
		if c.First.Severity > problem.Info {
			rows = append(rows, row)
		} else {
			minor = append(minor, row)
		}
	}
	if len(rows)+len(minor) == 0 {
		return
	}
	heads := []string{"Severity", "Times:", "Users:", "What is wrong", "Rule", "To mend by"}
	d.heading(3, "Findings by rule")
	d.table(heads, rows)
	if len(minor) > 0 {
		d.fold(count(len(minor), "rule") + " of severity info")
		d.table(heads, minor)
		d.end()
	}
}

// users writes the tables of users: those told in detail, and all others.
func (d *doc) users() {
	d.heading(2, "Users")
	heads := []string{"User", "Contacts", "De-registrations", "Findings", "First frame:", "Last seen"}
	row := func(id string, r *report.Row) []string {
		if len(r.Also) > 0 {
			id += ", " + list(r.Also)
		}
		if r.More > 0 {
			id += " and " + render.Number(r.More) + " more"
		}
		contacts := render.Number(r.Active) + " active"
		if n := r.Contacts - r.Active; n > 0 {
			contacts += ", " + render.Number(n) + " ended"
		}
		return []string{id, contacts, say(r.Deregs), say(r.Findings), frame(r.First), render.When(r.Last, d.day)}
	}
	var rows [][]string
	for i, u := range d.plan.Detailed {
		r := report.RowOf(u.User, u.Findings)
		rows = append(rows, row("["+name(u.ID)+"](#"+anchor(i)+")", &r))
	}
	d.para(count(len(rows), "user"), " of ", render.Number(d.plan.Len()), " told in detail, the most interesting first.")
	d.table(heads, rows)
	if len(d.plan.Rows) == 0 {
		return
	}
	d.fold("All other users (" + render.Number(len(d.plan.Rows)) + ")")
	rows = rows[:0]
	for i := range d.plan.Rows[:min(len(d.plan.Rows), maxRows)] {
		rows = append(rows, row(name(d.plan.Rows[i].ID), &d.plan.Rows[i]))
	}
	d.table(heads, rows)
	if n := len(d.plan.Rows) - len(rows) + d.plan.Left; n > 0 {
		d.para("… ", count(n, "more user"), " that a report has no room for.")
	}
	d.end()
}

// tail writes what the report was made from.
func (d *doc) tail() {
	s := &d.plan.Stats
	d.heading(2, "How this report was made")
	dropped := kinds(s.Dropped)
	if dropped == "" {
		dropped = "nothing"
	}
	times := "UTC, by the clocks of the captures; frames as Wireshark counts them"
	if len(d.plan.Captures) > 1 {
		times += ", across the files as mergecap would write them"
	}
	rows := [][2]string{
		{"Program", "imscope " + code(d.made.Version)}, {"Options", code(strings.Join(d.made.Options, " "))}, {"Times", times},
		{"Packets", render.Count(s.Packets, "packet") + ", " + render.Number(s.Signalling) + " with signalling"},
		{"Without signalling", kinds(s.Other)}, {"Not decoded", kinds(s.Undecodable)}, {"Problems on the wire", kinds(s.Problems)},
		{"Forgotten at limits", dropped},
	}
	switch {
	case d.made.NoTexts != "":
		rows = append(rows, [2]string{"Messages", "none: " + text(d.made.NoTexts)})
	case d.msgs != nil:
		rows = append(rows, [2]string{"Messages", "Cipher and integrity keys are left out."})
	}
	for _, skipped := range d.made.Skipped {
		rows = append(rows, [2]string{"Not read", text(skipped)})
	}
	if d.made.NoSums != "" {
		rows = append(rows, [2]string{"Checksums", "none: " + text(d.made.NoSums)})
		d.facts(rows)
		return
	}
	d.facts(rows)
	var sums [][]string
	for i := range d.plan.Captures[:min(len(d.plan.Captures), maxCaptures)] {
		f := &d.plan.Captures[i]
		sum := "not known: no regular file"
		if v := d.made.Sums[f.Path]; v != "" {
			sum = code(v)
		}
		sums = append(sums, []string{code(words.CaptureName(f.Path)), render.Number(f.Bytes), sum})
	}
	d.table([]string{"File", "Bytes of packets:", "SHA-256"}, sums)
	d.moreCaptures()
}

// kinds words counts by kind, the most frequent first.
func kinds(m map[string]uint64) string {
	var keys []string
	for k, n := range m {
		if n > 0 {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(m[b], m[a]), cmp.Compare(a, b)) })
	var b strings.Builder
	for i, k := range keys {
		if i == maxKinds {
			b.WriteString(" and " + render.Number(len(keys)-i) + " more kinds")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(text(k) + " " + render.Number(m[k]))
	}
	return b.String()
}
