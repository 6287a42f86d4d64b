package cli

import (
	"cmp"
	"errors"
	"slices"
	"strings"

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

// selection is a report of the users that were asked for.
type selection struct {
	*correlate.Report
	missing []who.Query         // those that match nobody
	near    map[string][]string // by what was typed
}

// matchUsers finds the users that a query matches, by their place in the report.
func matchUsers(rep *correlate.Report, queries []who.Query) (users []int, sel selection) {
	found := make([]bool, len(queries))
	near := map[string][]string{}
	for at, names := range correlate.Map(rep, func(_ int, u *story.User) []string { return names(u) }) {
		mine := false
		for i := range queries {
			q := &queries[i]
			for _, n := range names {
				if q.Matches(n) {
					found[i], mine = true, true
					break
				}
				if list := near[q.Typed]; !found[i] && len(list) < maxNear && q.Near(n) && !slices.Contains(list, n) {
					near[q.Typed] = append(list, n)
				}
			}
		}
		if mine {
			users = append(users, at)
		}
	}
	sel.near = near
	for i := range queries {
		if !found[i] {
			sel.missing = append(sel.missing, queries[i])
		}
	}
	return users, sel
}

// selectUsers makes a report of the users that a query matches, with their findings.
func selectUsers(rep *correlate.Report, queries []who.Query) selection {
	users, sel := matchUsers(rep, queries)
	sel.Report = pick(rep, users)
	return sel
}

// pick makes a report of some users, with their findings.
func pick(rep *correlate.Report, users []int) *correlate.Report {
	out := rep.Select(users)
	ids := map[string]bool{}
	for _, id := range correlate.Map(out, func(_ int, u *story.User) string { return u.ID }) {
		ids[id] = true
	}
	for _, f := range rep.Findings {
		if ids[f.User] {
			out.Findings = append(out.Findings, f)
		}
	}
	return out
}

// warn says which queries matched nobody, and who may have been meant.
func (sel *selection) warn(s *Streams) {
	for _, q := range sel.missing {
		text := "no user matches " + q.Typed
		if list := sel.near[q.Typed]; len(list) > 0 {
			slices.SortFunc(list, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
			text += ", did you mean " + strings.Join(list, " or ") + "?"
		} else {
			text += " among " + render.Count(sel.Stats.Users, "user")
		}
		say(s.Err, "%s", text)
	}
}
