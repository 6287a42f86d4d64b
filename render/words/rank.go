package words

import (
	"cmp"
	"slices"

	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

// Interest says how much a user deserves to be looked at: what the network or nobody asked for before
// what failed before what was wanted.
func Interest(u *story.User, findings []*finding.Finding) int {
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

// Kind names what makes a user interesting: its weightiest de-registration and its severest finding.
func Kind(u *story.User, findings []*finding.Finding) string {
	best, name := -1, ""
	for _, d := range u.Deregistrations {
		one := story.User{Deregistrations: []*story.Deregistration{d}}
		if n := Interest(&one, nil); n > best {
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
func (t *Top) Offer(u *story.User, findings []*finding.Finding) {
	r := Ranked{u, Interest(u, findings), t.count}
	t.count++
	kind := Kind(u, findings)
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
	if len(list) > t.most {
		list[t.most] = Ranked{}
		list = list[:t.most]
	}
	t.kinds[kind] = list
}

// Best gives the most interesting users. The second of a kind is worth half of what it would be alone,
// the third a third, so that kinds take turns.
func (t *Top) Best() []Ranked {
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

// RuleCount is how often a rule was broken.
type RuleCount struct {
	First *finding.Finding // the first of the severest
	N     int
	Users int

	users map[string]bool
}

// ByRule counts findings by rule, the severest and most frequent first.
func ByRule(list []finding.Finding) []*RuleCount {
	var out []*RuleCount
	rules := map[string]*RuleCount{}
	for i := range list {
		f := &list[i]
		r := rules[f.Rule]
		if r == nil {
			r = &RuleCount{First: f, users: map[string]bool{}}
			rules[f.Rule] = r
			out = append(out, r)
		}
		r.N++
		if f.User != "" && !r.users[f.User] {
			r.users[f.User] = true
			r.Users++
		}
		if f.Severity > r.First.Severity {
			r.First = f
		}
	}
	slices.SortStableFunc(out, func(a, b *RuleCount) int {
		return cmp.Or(cmp.Compare(b.First.Severity, a.First.Severity), cmp.Compare(b.N, a.N))
	})
	return out
}
