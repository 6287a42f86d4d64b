package text

import (
	"cmp"
	"slices"

	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
	"imscope/render"
	"imscope/render/style"
)

// interest says how much a user deserves to be looked at: what the network or nobody asked for before
// what failed before what was wanted.
func interest(u *story.User, findings []*finding.Finding) int {
	n := 0
	for _, d := range u.Deregistrations {
		switch {
		case d.Outcome == story.Rejected, d.Outcome == story.Unanswered:
			n += 80
		case d.Initiator == story.ByNetwork:
			n += 100
		case d.Initiator == story.ByUnknown:
			n += 60
		case d.Initiator == story.ByExpiry:
			n += 30
		default:
			n += 5
		}
		if d.Outcome == story.Incomplete {
			n += 40
		}
	}
	for _, f := range findings {
		switch f.Severity {
		case problem.Error:
			n += 50
		case problem.Warning:
			n += 10
		default:
			n++
		}
	}
	return n
}

// kind names what makes a user interesting: its weightiest de-registration and its severest finding.
func kind(u *story.User, findings []*finding.Finding) string {
	best, name := -1, ""
	for _, d := range u.Deregistrations {
		one := story.User{Deregistrations: []*story.Deregistration{d}}
		if n := interest(&one, nil); n > best {
			best, name = n, d.Initiator+" "+d.Outcome
		}
	}
	var worst *finding.Finding
	for _, f := range findings {
		if worst == nil || f.Severity > worst.Severity {
			worst = f
		}
	}
	if worst != nil && worst.Severity > problem.Info {
		name += " " + worst.Rule
	}
	return name
}

// ranked is a user with its interest.
type ranked struct {
	user  *story.User
	score int
	order int
}

func byScore(a, b ranked) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.order, b.order))
}

// maxKinds bounds how many kinds of users are kept apart: names of rules times words for outcomes are
// fewer, but outcomes could be anything.
const maxKinds = 100

// top keeps the most interesting users of a stream, the first ones where they are equal. It keeps them
// by kind, so that a hundred refusals do not hide the one user that the network threw out.
type top struct {
	most  int
	kinds map[string][]ranked // best first
}

func (t *top) offer(r ranked, kind string) {
	list := t.kinds[kind]
	if list == nil && len(t.kinds) >= maxKinds {
		kind = ""
		list = t.kinds[kind]
	}
	i, _ := slices.BinarySearchFunc(list, r, byScore)
	if i >= t.most {
		return
	}
	list = slices.Insert(list, i, r)
	if len(list) > t.most {
		list[t.most] = ranked{}
		list = list[:t.most]
	}
	t.kinds[kind] = list
}

// best gives the most interesting users. The second of a kind is worth half of what it would be alone,
// the third a third, so that kinds take turns.
func (t *top) best() []ranked {
	var all []ranked
	weight := map[*story.User]int{}
	for _, list := range t.kinds {
		for n, r := range list {
			weight[r.user] = 1000 * r.score / (n + 1)
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(weight[b.user], weight[a.user]), cmp.Compare(a.order, b.order))
	})
	return all[:min(len(all), t.most)]
}

// users writes the table of users.
func (p *page) users(head string, list []ranked, findings map[string][]*finding.Finding, day int64) {
	tab := &table{columns: []column{
		{head: "user", min: 30}, {head: "contacts", spare: 2}, {head: "de-registrations", min: 16}, {head: "findings", spare: 1},
		{head: "first", right: true, spare: 3}, {head: "last seen", spare: 4},
	}}
	for _, r := range list {
		u := r.user
		active := 0
		bound := contacts(u.Bindings)
		for _, c := range bound {
			if c.Active {
				active++
			}
		}
		l := line{plain(render.Number(active) + " active")}
		if n := len(bound) - active; n > 0 {
			l = l.add(say(style.Faint, ", "+render.Number(n)+" ended"))
		}
		tab.row(line{say(style.Identity, u.ID)}, l, deregWords(u), findingWords(findings[u.ID]), line{frame(u.FirstFrame)},
			line{say(style.Faint, render.When(u.LastTime, day))})
	}
	p.heading(0, head)
	p.table(2, tab)
}

// deregWords sums up a user's de-registrations: "network, user 2×, user rejected".
func deregWords(u *story.User) line {
	type kind struct{ by, outcome string }
	var kinds []kind
	n := map[kind]int{}
	for _, d := range u.Deregistrations {
		k := kind{d.Initiator, d.Outcome}
		if n[k] == 0 {
			kinds = append(kinds, k)
		}
		n[k]++
	}
	var l line
	for i, k := range kinds {
		if i > 0 {
			l = append(l, plain(", "))
		}
		role := style.ByUser
		switch k.by {
		case story.ByNetwork:
			role = style.ByNetwork
		case story.ByExpiry:
			role = style.ByExpiry
		case story.ByUnknown:
			role = style.Warn
		}
		word := k.by
		if word == story.ByUser || word == story.ByNetwork || word == story.ByExpiry || word == story.ByUnknown {
			word = "by " + word
		}
		l = append(l, say(role, word))
		switch k.outcome {
		case story.Rejected, story.Unanswered:
			l = append(l, plain(" "), say(style.Bad, k.outcome))
		case story.Incomplete:
			l = append(l, plain(" "), say(style.Warn, k.outcome))
		}
		if n[k] > 1 {
			l = append(l, plain(" "+render.Number(n[k])+"×"))
		}
	}
	return l
}

// findingWords sums up findings: "1 error, 2 warnings".
func findingWords(list []*finding.Finding) line {
	var by [3]int
	for _, f := range list {
		by[min(int(f.Severity), 2)]++
	}
	var l line
	part := func(n int, role style.Role, noun string) {
		if n == 0 {
			return
		}
		if len(l) > 0 {
			l = append(l, plain(", "))
		}
		l = append(l, say(role, render.Count(n, noun)))
	}
	part(by[problem.Error], style.Bad, "error")
	part(by[problem.Warning], style.Warn, "warning")
	part(by[problem.Info], style.Note, "info|info")
	return l
}
