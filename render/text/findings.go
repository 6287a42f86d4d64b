package text

import (
	"cmp"
	"slices"

	"imscope/correlate/finding"
	"imscope/render"
	"imscope/render/style"
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
		l = l.add(plain("  "), solid(style.Faint, "["+by+"]"))
		p.wrapped(indent, indent+label, l)
		if f.Detail != "" {
			p.wrapped(indent+label, indent+label, line{say(style.Faint, f.Detail)})
		}
		if f.Doubt != "" {
			p.wrapped(indent+label, indent+label, line{say(style.Faint, "doubtful: "+f.Doubt)})
		}
	}
	if n := len(list) - most; n > 0 {
		p.line(indent, say(style.Faint, "… "+render.Number(n)+" more (--all)"))
	}
}

// ruleCount is how often a rule was broken.
type ruleCount struct {
	first *finding.Finding
	n     int
	users map[string]bool
}

// byRule counts findings by rule, the severest and most frequent first.
func byRule(list []finding.Finding) []*ruleCount {
	var out []*ruleCount
	rules := map[string]*ruleCount{}
	for i := range list {
		f := &list[i]
		r := rules[f.Rule]
		if r == nil {
			r = &ruleCount{first: f, users: map[string]bool{}}
			rules[f.Rule] = r
			out = append(out, r)
		}
		r.n++
		r.users[f.User] = true
		if f.Severity > r.first.Severity {
			r.first = f
		}
	}
	slices.SortStableFunc(out, func(a, b *ruleCount) int {
		return cmp.Or(cmp.Compare(b.first.Severity, a.first.Severity), cmp.Compare(b.n, a.n))
	})
	return out
}

// maxRules is how many rules the summary's table lists.
const maxRules = 15

// rules writes the table of findings by rule.
func (p *page) rules(list []finding.Finding, all bool) {
	counts := byRule(list)
	if len(counts) == 0 {
		return
	}
	tab := &table{columns: []column{{head: "severity"}, {head: "times", right: true}, {head: "users", right: true, spare: 2}, {head: "rule", min: 24}, {head: "what is wrong", min: 30, wrap: true, spare: 1}}}
	shown := len(counts)
	if !all {
		shown = min(shown, maxRules)
	}
	for _, c := range counts[:shown] {
		delete(c.users, "")
		tab.row(line{severity(c.first.Severity)}, line{plain(render.Number(c.n))}, line{plain(render.Number(len(c.users)))},
			line{plain(c.first.Rule)}, line{plain(c.first.Title)})
	}
	p.heading(0, "Findings by rule")
	p.table(2, tab)
	if n := len(counts) - shown; n > 0 {
		p.line(2, say(style.Faint, "… "+render.Count(n, "more rule")+" (--all)"))
	}
}
