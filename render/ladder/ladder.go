package ladder

import (
	"cmp"
	"io"
	"slices"

	"imscope/correlate"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/style"
	"imscope/render/words"
)

// Limits unless everything is asked for.
const (
	maxUsers    = 10
	maxDeregs   = 10
	maxTimeline = 80 // rows of a user without a de-registration
	maxDereg    = 120
	// maxAll bounds the rows of one ladder when everything is asked for.
	maxAll = 100_000
)

// Renderer writes the flows of a report: of each user, each de-registration as a ladder, or with
// render.Options.All one ladder of everything that happened.
type Renderer struct{ opt render.Options }

// New makes a Renderer.
func New(opt render.Options) *Renderer { return &Renderer{opt} }

// Render writes the report.
func (r *Renderer) Render(w io.Writer, rep *correlate.Report) error {
	p := &page{w: w, opt: r.opt}
	p.head(rep)
	findings := map[string][]*finding.Finding{}
	for i := range rep.Findings {
		f := &rep.Findings[i]
		findings[f.User] = append(findings[f.User], f)
	}
	count := rep.Len()
	if r.opt.All || count <= 1 {
		for some := range correlate.Gather(rep, p.part, func(to *page, _ int, u *story.User) { to.user(u, findings[u.ID]) }) {
			if p.take(some); p.err != nil {
				break
			}
		}
		return p.flush()
	}
	list := words.Best(rep, maxUsers, findings)
	if count <= maxUsers {
		slices.SortFunc(list, words.ByScore)
	}
	for _, b := range list {
		p.user(b.User, findings[b.User.ID])
	}
	if n := count - len(list); n > 0 {
		p.gap()
		p.say(style.Faint, 0, render.Count(n, "more user")+", less interesting: --user NAME shows one, --all shows all.")
	}
	return p.flush()
}

// page takes lines and writes them. After a write failed it swallows the rest.
type page struct {
	w   io.Writer // nil: a part of another page
	opt render.Options
	b   []byte
	err error
}

// flushAt is how much output is gathered before it is written.
const flushAt = 32 << 10

// part begins a page that gathers lines until this one takes them.
func (p *page) part() *page { return &page{opt: p.opt} }

// take writes the lines of a part.
func (p *page) take(part *page) {
	p.b = append(p.b, part.b...)
	p.spill()
}

// spill writes what is gathered, if that is enough.
func (p *page) spill() {
	if p.w != nil && len(p.b) >= flushAt {
		p.flush()
	}
}

func (p *page) flush() error {
	if p.err == nil && len(p.b) > 0 {
		_, p.err = p.w.Write(p.b)
	}
	p.b = p.b[:0]
	return p.err
}

// word is a piece of a line with its meaning.
type word = words.Word

// line writes pieces as a line, cut where it is full.
func (p *page) line(list ...word) {
	room := p.opt.Columns()
	for _, w := range list {
		s := fit(clean(w.Text), room)
		room -= width(s)
		p.b = p.opt.Style.Append(p.b, w.Role, s)
	}
	p.b = append(p.b, '\n')
	p.spill()
}

func (p *page) gap() { p.b = append(p.b, '\n') }

// say writes a sentence, broken where lines are full.
func (p *page) say(role style.Role, indent int, sentence string) {
	for _, l := range wrap(clean(sentence), p.opt.Columns()-indent) {
		p.line(word{Text: line(" ", indent)}, word{Role: role, Text: l})
	}
}

// head writes what was read, in a line or two.
func (p *page) head(rep *correlate.Report) {
	const most = 3
	for i := range rep.Captures[:min(len(rep.Captures), most)] {
		f := &rep.Captures[i]
		l := []word{{Role: style.Heading, Text: f.Path}, {Text: "  " + render.Count(f.Packets, "packet")}}
		if f.HasTime {
			l = append(l, word{Role: style.Faint, Text: "  " + render.Stamp(f.FirstTime) + " UTC, " + render.Duration(f.LastTime-f.FirstTime)})
		}
		p.line(l...)
	}
	if n := len(rep.Captures) - most; n > 0 {
		p.line(word{Role: style.Faint, Text: "… " + render.Count(n, "more file")})
	}
	total, _ := words.Ended(&rep.Stats.Deregistrations)
	deregs := render.Count(total, "de-registration")
	if n := rep.Stats.Deregistrations.Failed; n > 0 {
		deregs += " (" + render.Count(n, "attempt") + " failed)"
	}
	p.line(word{Text: words.OfUsers(rep) + ", " + deregs + ", " + render.Count(len(rep.Findings), "finding")})
}

// user writes the flows of a user.
func (p *page) user(u *story.User, findings []*finding.Finding) {
	t := teller{page: p, user: u, findings: findings, nodes: words.NodesOf(u), marks: map[uint32][]*finding.Finding{}}
	for _, f := range findings {
		for _, n := range f.Frames {
			t.marks[n] = append(t.marks[n], f)
		}
	}
	p.gap()
	id := fit(clean(u.ID), p.opt.Columns()-8)
	p.line(word{Role: style.Faint, Text: "━━ "}, word{Role: style.Identity, Text: id},
		word{Role: style.Faint, Text: " " + line("━", p.opt.Columns()-4-width(id))})
	t.legend()
	switch {
	case p.opt.All:
		t.everything()
	case len(u.Deregistrations) == 0:
		t.timeline()
	default:
		told := words.Tell(u.Deregistrations, findings, maxDeregs)
		for _, i := range told.InTime() {
			t.dereg(i, u.Deregistrations[i])
		}
		if told.Rest != "" {
			p.gap()
			p.say(style.Faint, 0, "… "+told.Rest+" (--all)")
		}
	}
}

// teller tells one user.
type teller struct {
	*page
	user     *story.User
	findings []*finding.Finding
	nodes    *words.Nodes
	marks    map[uint32][]*finding.Finding
}

// legend says which node a short name stands for.
func (t *teller) legend() {
	s := ""
	for i, n := range t.nodes.Legend() {
		if i > 0 {
			s += ", "
		}
		s += n.Short + " " + n.Address()
	}
	t.say(style.Faint, 0, s)
}

// title words a de-registration.
func (t *teller) title(i int, d *story.Deregistration) []word {
	name := "De-registration"
	if n := len(t.user.Deregistrations); n > 1 {
		name += " " + render.Number(i+1) + " of " + render.Number(n)
	}
	return []word{{Role: style.Heading, Text: name + "   "}, words.Initiator(d.Initiator), {Text: "   "}, words.Outcome(d)}
}

// dereg draws a de-registration.
func (t *teller) dereg(i int, d *story.Deregistration) {
	t.gap()
	title := t.title(i, d)
	if d.Started != 0 {
		title = append(title, word{Role: style.Faint, Text: "   at " + render.When(d.Started, 0)})
	}
	t.line(title...)
	t.say(style.Plain, 2, t.nodes.In(cmp.Or(d.Verdict, d.Cause)))
	t.draw(d.Steps, maxDereg, nil)
}

// timeline draws what happened to a user who was not de-registered.
func (t *teller) timeline() {
	if len(t.user.Timeline) == 0 {
		return
	}
	t.gap()
	t.line(word{Role: style.Heading, Text: "Timeline"}, word{Role: style.Faint, Text: "   no de-registration"})
	t.draw(t.user.Timeline, maxTimeline, nil)
}

// everything draws one ladder of all that happened, with de-registrations by their names.
func (t *teller) everything() {
	titles := map[uint32]string{}
	for i, d := range t.user.Deregistrations {
		if len(d.Steps) == 0 {
			continue
		}
		f := d.Steps[0].Frame
		if titles[f] != "" {
			titles[f] += "; "
		}
		titles[f] += words.Join(t.title(i, d))
	}
	t.draw(t.user.Timeline, maxAll, titles)
}

// draw draws a ladder and lists what was wrong with its frames.
func (t *teller) draw(steps []story.Event, most int, titles map[uint32]string) {
	if len(steps) == 0 {
		return
	}
	flow := NewFlow(steps, most)
	t.gap()
	text := &Text{Flow: flow, Nodes: t.nodes, Opt: t.opt, Marks: t.marks, Titles: titles}
	t.b = text.Append(t.b)
	var list []*finding.Finding
	for i := range flow.Rows {
		for _, f := range flow.Rows[i].Frames() {
			for _, x := range t.marks[f] {
				if !slices.Contains(list, x) {
					list = append(list, x)
				}
			}
		}
	}
	if len(list) == 0 {
		return
	}
	slices.SortStableFunc(list, func(a, b *finding.Finding) int { return cmp.Compare(b.Severity, a.Severity) })
	t.gap()
	for _, f := range list {
		const most = 6 // frames
		sign := word{Role: words.Severity(f.Severity).Role, Text: Mark(f.Severity) + " "}
		frames, rule := "  "+words.Frames(f.Frames, most), "  ["+f.Rule+"]"
		if width(clean(f.Title+frames+rule)) <= t.opt.Columns()-2 {
			t.line(sign, word{Text: f.Title}, word{Role: style.Frame, Text: frames}, word{Role: style.Faint, Text: rule})
			continue
		}
		for i, l := range wrap(clean(f.Title)+frames+" "+clean(rule), t.opt.Columns()-2) {
			if i > 0 {
				sign = word{Text: "  "}
			}
			t.line(sign, word{Text: l})
		}
	}
}
