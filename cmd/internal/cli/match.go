package cli

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"imscope/correlate"
	"imscope/correlate/identity"
	"imscope/correlate/story"
	"imscope/render"
)

// query is what a person types to name a user.
type query struct {
	typed     string
	canonical string // of a full URI, else ""
	folded    string // lower case
	number    string // digits of a telephone number or IMSI, else ""
}

// parseQueries reads the values of --user.
func parseQueries(typed []string) ([]query, error) {
	var qs []query
	for _, t := range typed {
		t = strings.TrimSpace(t)
		if t == "" {
			return nil, errors.New("--user needs an identity")
		}
		q := query{typed: t, folded: strings.ToLower(t), number: number(t)}
		if hasScheme(q.folded) {
			q.canonical = identity.Canonical(t)
			q.number = number(strings.TrimPrefix(q.folded, "tel:"))
		}
		qs = append(qs, q)
	}
	return qs, nil
}

func hasScheme(folded string) bool {
	for _, scheme := range []string{"sip:", "sips:", "tel:"} {
		if strings.HasPrefix(folded, scheme) {
			return true
		}
	}
	return false
}

// number gives the digits of what looks like a number with or without its visual separators (RFC 3966
// 3), "" for anything else.
func number(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			b.WriteByte(c)
		case c == '+' && i == 0, strings.IndexByte("-.() ", c) >= 0:
		default:
			return ""
		}
	}
	return b.String()
}

// names lists everything that a user goes by.
func names(u *story.User) []string {
	return slices.Concat([]string{u.ID}, u.PublicIdentities, u.PrivateIdentities, u.Instances)
}

// userPart is what stands for the user in an identity: the part before the "@", or a number.
func userPart(name string) string {
	folded := strings.ToLower(name)
	if hasScheme(folded) {
		_, folded, _ = strings.Cut(folded, ":")
	}
	part, _, _ := strings.Cut(folded, "@")
	part, _, _ = strings.Cut(part, ";")
	return part
}

// matches reports whether the query names this identity.
func (q *query) matches(name string) bool {
	folded := strings.ToLower(name)
	part := userPart(name)
	switch {
	case folded == q.folded, part == q.folded:
		return true
	case q.canonical != "" && identity.Canonical(name) == q.canonical:
		return true
	case q.canonical == "" && strings.HasSuffix(folded, ":"+q.folded):
		return true // without the scheme, or the last part of an instance
	case q.number != "":
		// A number is the user whether it was written as sip:, tel: or IMEI.
		n := number(part)
		if strings.HasPrefix(folded, "urn:") {
			n = number(folded[strings.LastIndexByte(folded, ':')+1:])
		}
		return n == q.number && !strings.HasPrefix(q.folded, "sip")
	}
	return false
}

// near reports whether the query may have meant this identity: a part of it, or one or two letters off.
func (q *query) near(name string) bool {
	part := userPart(q.typed)
	if part == "" {
		return false
	}
	if strings.Contains(strings.ToLower(name), part) {
		return true
	}
	if n := number(part); len(n) >= 3 && strings.Contains(number(userPart(name)), n) {
		return true
	}
	return len(part) >= 4 && distance(part, userPart(name), 2) <= 2
}

// distance is the number of letters to change, add or remove to turn a into b; more than most is as good
// as anything.
func distance(a, b string, most int) int {
	if d := len(a) - len(b); d > most || -d > most || len(a) > 256 {
		return most + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// maxNear is how many identities are proposed where a query matches none.
const maxNear = 5

// selection is a report of the users that were asked for.
type selection struct {
	*correlate.Report
	missing []query             // those that match nobody
	near    map[string][]string // by what was typed
}

// matchUsers finds the users that a query matches, by their place in the report.
func matchUsers(rep *correlate.Report, queries []query) (users []int, sel selection) {
	found := make([]bool, len(queries))
	near := map[string][]string{}
	for at, names := range correlate.Map(rep, func(_ int, u *story.User) []string { return names(u) }) {
		mine := false
		for i := range queries {
			q := &queries[i]
			for _, n := range names {
				if q.matches(n) {
					found[i], mine = true, true
					break
				}
				if list := near[q.typed]; !found[i] && len(list) < maxNear && q.near(n) && !slices.Contains(list, n) {
					near[q.typed] = append(list, n)
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
func selectUsers(rep *correlate.Report, queries []query) selection {
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
		text := "no user matches " + q.typed
		if list := sel.near[q.typed]; len(list) > 0 {
			slices.SortFunc(list, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
			text += ", did you mean " + strings.Join(list, " or ") + "?"
		} else {
			text += " among " + render.Count(sel.Stats.Users, "user")
		}
		say(s.Err, "%s", text)
	}
}
