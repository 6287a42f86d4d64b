package correlate

import (
	"cmp"
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/finding/rules"
	"imscope/correlate/story"
	"imscope/decode"
	"imscope/decode/problem"
)

// caseOf makes the case of a user for the rules.
func (e *Engine) caseOf(u *story.User, in *story.Input, ctx *story.Context) finding.Case {
	return finding.Case{User: u, Exchanges: in.Exchanges, Cx: in.Cx, Strays: in.Strays, View: view(in, ctx), Role: ctx.Role,
		Label: u.Label, Answers: e.facts.Nodes.Answers, Rx: ctx.Rx, Addr: ctx.Addr, Path: ctx.Path, Start: ctx.Start, End: ctx.End}
}

const (
	// maxFindings bounds the findings of a report, maxUserFindings those of one user. The worst are kept.
	maxFindings     = 100000
	maxUserFindings = 200
	// maxOfARule bounds the findings of one rule that are only for information: a core does what it does
	// for everybody, and some hundred examples are enough to see it. They must not crowd out an error.
	maxOfARule = 500
)

// court is what judges the users of a report.
type court struct {
	judges *finding.Judge
	casing func(u *story.User, in *story.Input) finding.Case
	ofRule map[string]int // findings that are only for information
}

// verdict is what a court says of one user, or of several in a row.
type verdict struct {
	deregs   Deregistrations
	findings []finding.Finding
	dropped  int
}

// join appends the verdict on further users.
func (v *verdict) join(o verdict) {
	v.deregs.Add(o.deregs)
	v.findings = append(v.findings, o.findings...)
	v.dropped += o.dropped
}

func (e *Engine) court(st *decode.Stats, ctx *story.Context, sealed []Sealed) *court {
	denied := map[string][]finding.Denied{} // by user
	for i := range sealed {
		if a := &sealed[i]; a.Denied > 0 && a.User != "" {
			denied[a.User] = append(denied[a.User], finding.Denied{SPI: a.SPI, Dst: a.Dst.String(), Packets: a.Denied, Opened: a.Opened, Frame: a.Frame, Agreed: a.Agreed})
		}
	}
	damaged := st != nil && (st.Fragments.Incomplete > 0 || st.Streams.Gaps > 0 || st.Streams.Evicted > 0 || st.SCTP.Incomplete > 0 || st.SCTP.Evicted > 0)
	return &court{judges: finding.NewJudge(rules.Catalogue()), ofRule: map[string]int{}, casing: func(u *story.User, in *story.Input) finding.Case {
		c := e.caseOf(u, in, u.Context)
		c.View.Damaged = damaged || u.Truncated > 0
		c.Denied = denied[u.ID]
		return c
	}}
}

// judge counts a user's de-registrations and lets the rules look at them. Several goroutines may judge.
func (c *court) judge(u *story.User, in *story.Input) (v verdict) {
	for _, d := range u.Deregistrations {
		v.deregs.Count(d)
	}
	one := c.casing(u, in)
	v.findings, v.dropped = c.judges.Judge(&one, 10*maxUserFindings)
	if n := len(v.findings); n > maxUserFindings {
		slices.SortStableFunc(v.findings, func(a, b finding.Finding) int { return cmp.Compare(b.Severity, a.Severity) })
		v.findings = v.findings[:maxUserFindings]
		v.dropped += n - maxUserFindings
	}
	return v
}

// Judge lets the rules look at every user, unless that was done.
func (r *Report) Judge() {
	if r.court == nil {
		return
	}
	r.adjourn()
	for v := range inOrder(r.count, chunk, func(from int, d *desk) (v verdict) {
		d.teller.Outline = true
		for i := from; i < min(from+chunk, r.count); i++ {
			v.join(r.court.judge(r.tell(i, d)))
		}
		return v
	}) {
		r.enter(v)
	}
	r.court = nil
}

// adjourn begins anew: what was entered before the end of an earlier attempt is void.
func (r *Report) adjourn() {
	r.Findings, r.Stats.Deregistrations = nil, Deregistrations{}
	delete(r.Stats.Dropped, "findings")
	clear(r.court.ofRule)
}

// enter takes the verdict on the next users into the report.
func (r *Report) enter(v verdict) {
	r.Stats.Deregistrations.Add(v.deregs)
	for _, f := range v.findings {
		if f.Severity == problem.Info {
			if r.court.ofRule[f.Rule]++; r.court.ofRule[f.Rule] > maxOfARule {
				v.dropped++
				continue
			}
		}
		if len(r.Findings) >= maxFindings {
			v.dropped++
			continue
		}
		r.Findings = append(r.Findings, f)
	}
	if v.dropped > 0 {
		r.Stats.Dropped["findings"] += uint64(v.dropped)
	}
}

// view tells which links the capture shows of a user.
func view(in *story.Input, ctx *story.Context) finding.View {
	v := finding.View{Cx: len(in.Cx) > 0}
	for _, x := range in.Exchanges {
		for _, h := range x.Request.Hops {
			a, b := ctx.Role(h.Src), ctx.Role(h.Dst)
			switch {
			case a == fact.RoleUE || b == fact.RoleUE:
				v.Gm = true
			case a == fact.RoleAS || b == fact.RoleAS:
				v.ISC = true
			case a != fact.RoleUnknown && b != fact.RoleUnknown:
				v.Mw = true
			}
		}
	}
	return v
}

// Add adds another count.
func (d *Deregistrations) Add(o Deregistrations) {
	d.User += o.User
	d.Network += o.Network
	d.Expiry += o.Expiry
	d.Unknown += o.Unknown
	d.Failed += o.Failed
}

// Count counts a de-registration.
func (d *Deregistrations) Count(x *story.Deregistration) {
	if !x.Successful() {
		if x.Outcome == story.Rejected || x.Outcome == story.Unanswered {
			d.Failed++
		}
		return
	}
	switch x.Initiator {
	case story.ByUser:
		d.User++
	case story.ByNetwork:
		d.Network++
	case story.ByExpiry:
		d.Expiry++
	default:
		d.Unknown++
	}
}
