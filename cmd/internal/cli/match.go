package cli

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"imscope/cmd/internal/filter"
	"imscope/cmd/internal/who"
	"imscope/correlate"
	"imscope/correlate/story"
	"imscope/render"
)

// parseQueries reads the values of --user.
func parseQueries(typed []string) ([]who.Query, error) {
	var qs []who.Query
	for _, t := range typed {
		q := who.Parse(t)
		if q.Typed == "" {
			return nil, errors.New("--user needs an identity")
		}
		qs = append(qs, q)
	}
	return qs, nil
}

// names lists everything that a user goes by.
func names(u *story.User) []string {
	return slices.Concat([]string{u.ID}, u.PublicIdentities, u.PrivateIdentities, u.Instances)
}

// maxNear is how many identities are proposed where a query matches none.
const maxNear = 5

// search looks for users by what was typed, one user after the other.
type search struct {
	queries []who.Query
	found   []bool
	near    map[string][]string // identities that may have been meant, by what was typed
}

func newSearch(queries []who.Query) *search {
	return &search{queries: queries, found: make([]bool, len(queries)), near: map[string][]string{}}
}

// see reports whether a user of these names is asked for.
func (s *search) see(names []string) bool {
	mine := false
	for i := range s.queries {
		q := &s.queries[i]
		for _, n := range names {
			if q.Matches(n) {
				s.found[i], mine = true, true
				break
			}
			if list := s.near[q.Typed]; !s.found[i] && len(list) < maxNear && q.Near(n) && !slices.Contains(list, n) {
				s.near[q.Typed] = append(list, n)
			}
		}
	}
	return mine
}

// matches reports whether one of the names is asked for, and no more.
func (s *search) matches(names []string) bool {
	for i := range s.queries {
		if slices.ContainsFunc(names, s.queries[i].Matches) {
			s.found[i] = true
			return true
		}
	}
	return false
}

// missing gives what matched nobody.
func (s *search) missing() []who.Query {
	var list []who.Query
	for i, found := range s.found {
		if !found {
			list = append(list, s.queries[i])
		}
	}
	return list
}

// selection is a report of the users that were asked for.
type selection struct {
	*correlate.Report
	missing []who.Query         // those that match nobody
	near    map[string][]string // by what was typed
}

// matchUsers finds the users that a query matches, by their place in the report.
func matchUsers(rep *correlate.Report, queries []who.Query) (users []int, sel selection) {
	s := newSearch(queries)
	for at, names := range correlate.Map(rep, func(_ int, u *story.User) []string { return names(u) }) {
		if s.see(names) {
			users = append(users, at)
		}
	}
	return users, selection{missing: s.missing(), near: s.near}
}

// selectUsers makes a report of the users that a query matches, with their findings.
func selectUsers(rep *correlate.Report, queries []who.Query) selection {
	users, sel := matchUsers(rep, queries)
	sel.Report = pick(rep, users)
	return sel
}

// pick makes a report of some users, with their findings and de-registrations. What the packets were stays.
func pick(rep *correlate.Report, users []int) *correlate.Report {
	out := rep.Select(users)
	out.Stats.Deregistrations = correlate.Deregistrations{}
	type picked struct {
		id string
		by correlate.Deregistrations
	}
	ids := map[string]bool{}
	for _, p := range correlate.Map(out, func(_ int, u *story.User) picked {
		p := picked{id: u.ID}
		for _, d := range u.Deregistrations {
			p.by.Count(d)
		}
		return p
	}) {
		ids[p.id] = true
		out.Stats.Deregistrations.Add(p.by)
	}
	for _, f := range rep.Findings {
		if ids[f.User] {
			out.Findings = append(out.Findings, f)
		}
	}
	return out
}

// unknown says which queries matched nobody, and who may have been meant. A user who is not there is no success: what is
// said of nobody would look as if all were well.
func (sel *selection) unknown(s *Streams) error {
	for _, q := range sel.missing {
		text := "no user matches " + q.Typed
		if list := sel.near[q.Typed]; len(list) > 0 {
			slices.SortFunc(list, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
			text += ", did you mean " + strings.Join(list, " or ") + "?"
		} else if sel.Stats.Users > 0 {
			text += " among " + render.Count(sel.Stats.Users, "user")
		}
		say(s.Err, "%s", text)
	}
	if len(sel.missing) > 0 {
		return errReported
	}
	return nil
}

// nobody says that there are users, but that none passes the filter.
func (sel *selection) nobody(s *Streams, only *filter.Filter) {
	if only != nil && sel.Len() == 0 && len(sel.missing) == 0 && sel.Stats.Users > 0 {
		say(s.Err, "--filter holds for none of %s", render.Count(sel.Stats.Users, "user"))
	}
}
