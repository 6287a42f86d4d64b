package words

import (
	"cmp"
	"slices"

	"imscope/correlate"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

// Interest says how much a user deserves to be looked at: what the network or nobody asked for before
// what failed before what was wanted.
func Interest(u *story.User, findings []*finding.Finding) int {
	n := 0
	for _, d := range u.Deregistrations {
		n += weight(d)
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

// weight is what one de-registration adds.
func weight(d *story.Deregistration) int {
	n := 5
	switch {
	case d.Outcome == story.Rejected, d.Outcome == story.Unanswered:
		n = 80
	case d.Initiator == story.ByNetwork:
		n = 100
	case d.Initiator == story.ByUnknown:
		n = 60
	case d.Initiator == story.ByExpiry:
		n = 30
	}
	if d.Outcome == story.Incomplete {
		n += 40
	}
	return n
}

// Weightiest gives the number, counted from 0, of the de-registration that weighs most, the latest one where they are
// equal; -1 of none.
func Weightiest(list []*story.Deregistration) int {
	best, at := 0, -1
	for i, d := range list {
		if n := weight(d); n >= best {
			best, at = n, i
		}
	}
	return at
}

// Kind names what makes a user interesting: its weightiest de-registration and its severest finding.
func Kind(u *story.User, findings []*finding.Finding) string {
	name := ""
	if i := Weightiest(u.Deregistrations); i >= 0 {
		name = u.Deregistrations[i].Initiator + " " + u.Deregistrations[i].Outcome
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

// Standing is what counts when users are compared: how interesting one is, and of which kind.
type Standing struct {
	Score int
	Kind  string
}

// StandingOf tells a user's standing.
func StandingOf(u *story.User, findings []*finding.Finding) Standing {
	return Standing{Interest(u, findings), Kind(u, findings)}
}

// Ranked is a user with its interest.
type Ranked struct {
	User  *story.User
	Score int
	Order int // among all users
}

// ByScore puts the more interesting one first, the earlier one where they are equal.
func ByScore(a, b Ranked) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Order, b.Order))
}

// maxKinds bounds how many kinds of users are kept apart: names of rules times words for outcomes are
// fewer, but outcomes could be anything.
const maxKinds = 100

// Top keeps the most interesting users of a stream, the first ones where they are equal. It keeps them
// by kind, so that a hundred refusals do not hide the one user that the network threw out.
type Top struct {
	most  int
	count int                 // of all users so far
	kinds map[string][]Ranked // best first
}

// NewTop makes a Top of at most so many users.
func NewTop(most int) *Top { return &Top{most: most, kinds: map[string][]Ranked{}} }

// Offer takes the next user of the stream.
func (t *Top) Offer(s Standing) {
	r := Ranked{Score: s.Score, Order: t.count}
	t.count++
	kind := s.Kind
	list := t.kinds[kind]
	if list == nil && len(t.kinds) >= maxKinds {
		kind = ""
		list = t.kinds[kind]
	}
	i, _ := slices.BinarySearchFunc(list, r, ByScore)
	if i >= t.most {
		return
	}
	list = slices.Insert(list, i, r)
	t.kinds[kind] = list[:min(len(list), t.most)]
}

// Best gives the most interesting users of a report, all of which were offered, and tells them. The second of a kind
// is worth half of what it would be alone, the third a third, so that kinds take turns.
func (t *Top) Best(rep *correlate.Report) []Ranked {
	out := t.best()
	orders := make([]int, len(out))
	for i := range out {
		orders[i] = out[i].Order
	}
	i := 0
	for u := range rep.Select(orders).Users() {
		out[i].User = u
		i++
	}
	return out
}

func (t *Top) best() []Ranked {
	type weighted struct {
		Ranked
		weight int
	}
	var all []weighted
	for _, list := range t.kinds {
		for n, r := range list {
			all = append(all, weighted{r, 1000 * r.Score / (n + 1)})
		}
	}
	slices.SortFunc(all, func(a, b weighted) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.Order, b.Order))
	})
	out := make([]Ranked, 0, min(len(all), t.most))
	for _, w := range all[:min(len(all), t.most)] {
		out = append(out, w.Ranked)
	}
	return out
}

// Best ranks all users of a report, and tells the most interesting ones.
func Best(rep *correlate.Report, most int, findings map[string][]*finding.Finding) []Ranked {
	top := NewTop(most)
	for some := range correlate.Gather(rep, func() *[]Standing { return new([]Standing) }, func(to *[]Standing, _ int, u *story.User) {
		*to = append(*to, StandingOf(u, findings[u.ID]))
	}) {
		for _, s := range *some {
			top.Offer(s)
		}
	}
	return top.Best(rep)
}

// RuleCount is how often a rule was broken with one severity.
type RuleCount struct {
	First *finding.Finding
	N     int
	Users int

	users map[string]bool
}

// ByRule counts findings by rule and severity, the severest and most frequent first.
func ByRule(list []finding.Finding) []*RuleCount {
	var out []*RuleCount
	type kind struct {
		rule     string
		severity problem.Severity
	}
	rules := map[kind]*RuleCount{}
	for i := range list {
		f := &list[i]
		k := kind{f.Rule, f.Severity}
		r := rules[k]
		if r == nil {
			r = &RuleCount{First: f, users: map[string]bool{}}
			rules[k] = r
			out = append(out, r)
		}
		r.N++
		if f.User != "" && !r.users[f.User] {
			r.users[f.User] = true
			r.Users++
		}
	}
	slices.SortStableFunc(out, func(a, b *RuleCount) int {
		return cmp.Or(cmp.Compare(b.First.Severity, a.First.Severity), cmp.Compare(b.N, a.N))
	})
	return out
}
