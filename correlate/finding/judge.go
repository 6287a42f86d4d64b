package finding

import (
	"slices"
	"sync"

	"imscope/correlate/fact"
	"imscope/decode"
	"imscope/decode/problem"
	"imscope/decode/sip"
)

// Judge lets rules look at one case after the other. Several goroutines may share it.
type Judge struct {
	gates   []gate
	benches sync.Pool // of *bench
}

// gate is a rule with what decides whether it is asked, side by side: most rules are not, for most users.
type gate struct {
	needs Facets
	check func(c *Case, report func(Hit))
	rule  *Rule
}

// bench is what one case needs while it is judged. Memory of its own for each case, and for each rule in it, was a
// third of the time of all rules (2026-11-29).
type bench struct {
	c        Case
	memo     memo
	rule     *Rule
	findings []Finding
	limit    int
	dropped  int
	report   func(Hit)
}

// NewJudge returns a judge that knows these rules.
func NewJudge(rules []*Rule) *Judge {
	j := &Judge{gates: make([]gate, len(rules))}
	for i, r := range rules {
		j.gates[i] = gate{r.Needs, r.Check, r}
	}
	j.benches.New = func() any {
		b := new(bench)
		b.report = b.take
		return b
	}
	return j
}

// Judge returns what the rules find in a case, rule after rule, up to a number of findings, and how many more there
// were. The findings keep nothing of the case but strings.
func (j *Judge) Judge(c *Case, limit int) (findings []Finding, dropped int) {
	b := j.benches.Get().(*bench)
	b.c, b.limit, b.dropped = *c, limit, 0
	b.c.memo, b.memo.known = &b.memo, known{}
	has := b.c.facets()
	for i := range j.gates {
		if g := &j.gates[i]; has&g.needs == g.needs {
			b.rule = g.rule
			g.check(&b.c, b.report)
		}
	}
	if len(b.findings) > 0 {
		findings = slices.Clone(b.findings)
		clear(b.findings)
		b.findings = b.findings[:0]
	}
	dropped = b.dropped
	j.benches.Put(b)
	return findings, dropped
}

// take makes a finding of a hit of the rule at work.
func (b *bench) take(h Hit) {
	if len(b.findings) >= b.limit {
		b.dropped++
		return
	}
	r := b.rule
	if h.Doubt == "" && !r.Torn && b.cut(h.Frames) {
		h.Doubt = "the capture cut the message short"
	}
	f := Finding{Rule: r.Code, Severity: r.Severity, User: b.c.User.ID, Title: r.Title, Detail: h.Detail,
		Clause: r.Clause, Actor: r.Actor, Doubt: h.Doubt, Frames: slices.Clone(h.Frames)}
	if h.HasMild && h.Mild < f.Severity {
		f.Severity = h.Mild
	}
	if h.Doubt != "" && f.Severity > problem.Info {
		f.Severity--
	}
	b.findings = append(b.findings, f)
}

// cut reports whether one of these frames has a message of which the capture holds the beginning only: what seems to be
// missing in it may have been there.
func (b *bench) cut(frames []uint32) bool {
	has := func(m *fact.Message) bool {
		return slices.ContainsFunc(m.Hops, func(h fact.Hop) bool { return slices.Contains(frames, h.Frame) })
	}
	for _, x := range b.c.Exchanges {
		if !slices.ContainsFunc(x.Problems, func(p fact.Problem) bool {
			return p.Code == decode.ProbIncomplete || p.Code == decode.ProbFragment || p.Code == sip.ProbNoHeaderEnd
		}) {
			continue
		}
		if has(&x.Request) || slices.ContainsFunc(x.Responses, func(m fact.Message) bool { return has(&m) }) {
			return true
		}
	}
	return false
}
