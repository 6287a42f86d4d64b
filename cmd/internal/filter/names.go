package filter

import (
	"regexp"
	"slices"
	"strings"

	"github.com/expr-lang/expr"

	"imscope/cmd/internal/who"
	"imscope/decode/problem"
)

// Names are several names of one thing.
type Names []string

// Users are the names of one user.
type Users []string

// equal reports whether one of the names is meant, case apart.
func (n Names) equal(want string) bool {
	return len(n) == 0 && want == "" || slices.ContainsFunc(n, func(name string) bool { return strings.EqualFold(name, want) })
}

// equal reports whether the user is meant, as --user takes it.
func (u Users) equal(want string) bool {
	if want == "" {
		return len(u) == 0
	}
	q := who.Parse(want)
	return slices.ContainsFunc(u, q.Matches)
}

// equal compares either of both.
func equal(names, want any) bool {
	if u, ok := names.(Users); ok {
		return u.equal(want.(string))
	}
	return names.(Names).equal(want.(string))
}

// list gives the names of either.
func list(names any) []string {
	if u, ok := names.(Users); ok {
		return u
	}
	return names.(Names)
}

// operators are those that work on several names, and on words that have an order.
func operators() []expr.Option {
	types := []any{new(func(Names, string) bool), new(func(Users, string) bool)}
	var opts []expr.Option
	add := func(operator, name string, fn func(names any, word string) (bool, error)) {
		opts = append(opts, expr.Operator(operator, name), expr.Function(name, func(p ...any) (any, error) { return fn(p[0], p[1].(string)) }, types...))
	}
	one := func(is func(name, word string) bool) func(any, string) (bool, error) {
		return func(names any, word string) (bool, error) {
			return slices.ContainsFunc(list(names), func(name string) bool { return is(name, word) }), nil
		}
	}
	add("==", "equalNames", func(names any, word string) (bool, error) { return equal(names, word), nil })
	add("!=", "otherNames", func(names any, word string) (bool, error) { return !equal(names, word), nil })
	add("contains", "containNames", one(strings.Contains))
	add("startsWith", "startNames", one(strings.HasPrefix))
	add("endsWith", "endNames", one(strings.HasSuffix))
	add("matches", "matchNames", func(names any, word string) (bool, error) {
		re, err := regexp.Compile(word)
		if err != nil {
			return false, err
		}
		return slices.ContainsFunc(list(names), re.MatchString), nil
	})
	return append(opts,
		expr.Function(severityOrder, func(p ...any) (any, error) { return ordered(p[0].(string), p[1].(string), p[2].(string)), nil },
			new(func(string, string, string) bool)))
}

// severityOrder is the function that comparisons of severities become.
const severityOrder = "severityOrder"

// rank gives the place of a severity, -1 for what is none.
func rank(word string) int {
	for s := problem.Info; s <= problem.Error; s++ {
		if s.String() == word {
			return int(s)
		}
	}
	return -1
}

// ordered compares severities. What has none is neither above nor below.
func ordered(a, operator, b string) bool {
	x, y := rank(a), rank(b)
	if x < 0 || y < 0 {
		return false
	}
	switch operator {
	case "<":
		return x < y
	case "<=":
		return x <= y
	case ">":
		return x > y
	}
	return x >= y
}
