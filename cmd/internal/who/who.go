// Package who finds users by what people type: an identity in any spelling, its user part, a telephone number, an IMSI, an
// instance. --user, --filter and --expect mean the same by it.
package who

import (
	"strings"

	"imscope/correlate/identity"
)

// Query is what a person types to name a user.
type Query struct {
	Typed     string
	canonical string // of a full URI, else ""
	folded    string // lower case
	number    string // digits of a telephone number or IMSI, else ""
}

// Parse reads what was typed.
func Parse(typed string) Query {
	typed = strings.TrimSpace(typed)
	q := Query{Typed: typed, folded: strings.ToLower(typed), number: number(typed)}
	if hasScheme(q.folded) {
		q.canonical = identity.Canonical(typed)
		q.number = number(strings.TrimPrefix(q.folded, "tel:"))
	}
	return q
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

// Matches reports whether the query names this identity.
func (q *Query) Matches(name string) bool {
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

// Near reports whether the query may have meant this identity: a part of it, or one or two letters off.
func (q *Query) Near(name string) bool {
	part := userPart(q.Typed)
	if part == "" {
		return false
	}
	if strings.Contains(strings.ToLower(name), part) {
		return true
	}
	if n := number(part); len(n) >= 3 && strings.Contains(number(userPart(name)), n) {
		return true
	}
	return len(part) >= 4 && Distance(part, userPart(name), 2) <= 2
}

// Distance is the number of letters to change, add or remove to turn a into b; more than most is as good
// as anything.
func Distance(a, b string, most int) int {
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
