package text

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

// Limits of a report unless everything is asked for. Up to maxDetailed users are all told in full; of
// more, that many of the most interesting, and maxListed in the table before them.
const (
	maxDetailed = 10
	maxListed   = 20
)

// Renderer writes a report for people.
type Renderer struct{ opt render.Options }

// New makes a Renderer.
func New(opt render.Options) *Renderer { return &Renderer{opt: opt} }

// Render writes the report.
func (r *Renderer) Render(w io.Writer, rep *correlate.Report) error {
	p := newPage(w, r.opt.Style, r.opt.Columns())
	p.captures(rep.Captures, r.opt.All)
	p.counts(rep)
	p.leftOut(&rep.Stats)

	findings := map[string][]*finding.Finding{}
	for i := range rep.Findings {
		f := &rep.Findings[i]
		findings[f.User] = append(findings[f.User], f)
	}

	day := int64(0)
	for i := range rep.Captures {
		if f := &rep.Captures[i]; f.HasTime && (day == 0 || f.FirstTime < day) {
			day = f.FirstTime
		}
	}
	tell := func(p *page, u *story.User) {
		t := teller{page: p, all: r.opt.All, user: u, findings: findings[u.ID], day: cmp.Or(day, u.FirstTime)}
		t.tell()
	}

	count := rep.Len()
	if count > maxDetailed {
		p.rules(rep.Findings, r.opt.All)
	}
	if count <= 1 || r.opt.All {
		for some := range correlate.Gather(rep, p.part, func(to *page, _ int, u *story.User) { tell(to, u) }) {
			if p.take(some); p.err != nil {
				break
			}
		}
		return p.flush()
	}

	// One pass ranks; only the best are told.
	list := words.Best(rep, maxListed, findings)
	head := "Users, the most interesting " + render.Number(len(list)) + " of " + render.Number(count)
	if count <= maxDetailed {
		slices.SortFunc(list, words.ByScore)
		head = "Users"
	}
	p.users(head, list, findings, day)
	detailed := list[:min(len(list), maxDetailed)]
	for _, b := range detailed {
		tell(p, b.User)
	}
	if n := count - len(detailed); n > 0 {
		p.gap()
		p.line(0, say(style.Heading, render.Count(n, "more user")), plain(", not shown in detail. "),
			say(style.Faint, "--user NAME shows one, --all shows all, --format json is complete."))
	}
	return p.flush()
}
