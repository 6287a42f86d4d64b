package text

import (
	"cmp"
	"slices"

	"imscope/correlate/finding"
	"imscope/render"
	"imscope/render/style"
	"imscope/render/words"
)

// findings writes the first most findings, the severest first.
func (p *page) findings(indent int, list []*finding.Finding, most int) {
	const label = len("warning") + 2
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b *finding.Finding) int { return cmp.Compare(b.Severity, a.Severity) })
	for _, f := range list[:most] {
		l := line{severity(f.Severity)}.pad(label).add(plain(f.Title))
		if len(f.Frames) > 0 {
			l = l.add(plain("  "), frames(f.Frames, maxFrames))
		}
		by := f.Rule
		if f.Clause != "" {
			by += ", " + f.Clause
		}
		tag := line{plain("  "), solid(style.Faint, "["+by+"]")}
		detail := line{say(style.Faint, f.Detail)}
		if f.Detail == "" || indent+l.width()+tag.width() <= p.width {
			l = append(l, tag...)
		} else {
			detail = append(detail, tag...)
		}
		p.wrapped(indent, indent+label, l)
		if f.Detail != "" {
			p.wrapped(indent+label, indent+label, detail)
		}
		if f.Doubt != "" {
			p.wrapped(indent+label, indent+label, line{say(style.Faint, "doubtful: "+f.Doubt)})
		}
	}
	if n := len(list) - most; n > 0 {
		p.line(indent, say(style.Faint, "… "+render.Number(n)+" more (--all)"))
	}
}

// maxRules is how many rules the summary's table lists.
const maxRules = 15

// rules writes the table of findings by rule.
func (p *page) rules(list []finding.Finding, all bool) {
	counts := words.ByRule(list)
	if len(counts) == 0 {
		return
	}
	tab := &table{columns: []column{{head: "severity"}, {head: "times", right: true}, {head: "users", right: true, spare: 2}, {head: "rule", min: 24}, {head: "what is wrong", min: 30, wrap: true, spare: 1}}}
	shown := len(counts)
	if !all {
		shown = min(shown, maxRules)
	}
	for _, c := range counts[:shown] {
		tab.row(line{severity(c.First.Severity)}, line{plain(render.Number(c.N))}, line{plain(render.Number(c.Users))},
			line{plain(c.First.Rule)}, line{plain(c.First.Title)})
	}
	p.heading(0, "Findings by rule")
	p.table(2, tab)
	if n := len(counts) - shown; n > 0 {
		p.line(2, say(style.Faint, "… "+render.Count(n, "more rule")+" (--all)"))
	}
}
