package filter

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/file"
)

// aTime shows what a time looks like.
const aTime = `a time is date("2026-11-22T08:00:00Z")`

// plain says the names of Go's types in words, where they stand in sentences.
var plain = strings.NewReplacer("filter.Names", "names", "filter.Users", "names", "time.Time", "time", "[]interface {}", "list", "[]string", "list")

// kinds are Go's types as people call them.
var kinds = map[string]string{"int": "a number", "float64": "a number", "string": "a text", "bool": "yes or no", "nil": "nothing", "time.Time": "a time"}

func kind(typ string) string {
	if k, ok := kinds[typ]; ok {
		return k
	}
	if strings.HasPrefix(typ, "[]") {
		return "a list"
	}
	return plain.Replace(typ)
}

// sentences are what the library says, and what makes words of it: of what the pattern matched, and of the expression
// from the place on.
var sentences = []struct {
	pattern *regexp.Regexp
	say     func(m []string, before, at string) string
}{
	{regexp.MustCompile(`^unexpected (token EOF|end of expression)$`), func([]string, string, string) string { return "something is missing at the end" }},
	{regexp.MustCompile(`^unexpected token \w+\((".*")\)$`), func(m []string, before, at string) string { return unexpected(m[1], before, at) }},
	{regexp.MustCompile(`^literal not terminated$`), func([]string, string, string) string { return "the closing quote is missing" }},
	{regexp.MustCompile(`^(invalid \w+ literal: .*value out of range|\w+ literal is too large)$`), func([]string, string, string) string { return "the number is too large" }},
	{regexp.MustCompile(`^invalid \w+ literal: strconv\.\w+: parsing (".*"):`), func(m []string, _, _ string) string { return m[1] + " is no number" }},
	{regexp.MustCompile(`^bad number syntax: (".*")$`), func(m []string, _, _ string) string { return m[1] + " is no number" }},
	{regexp.MustCompile(`^unrecognized character: \S+ '(.*)'$`), func(m []string, _, _ string) string {
		if strings.ContainsAny(m[1], "“”„«»‘’‚") {
			return `use " or ' for quotes`
		}
		if m[1] == "~" {
			return `use "matches"`
		}
		return strconv.Quote(m[1]) + " means nothing here"
	}},
	{regexp.MustCompile(`^invalid operation: (\S+) \(mismatched types (.*) and (.*)\)$`), func(m []string, _, _ string) string {
		a, b := kind(m[2]), kind(m[3])
		text := fmt.Sprintf("%q does not work on %s and %s", m[1], a, b)
		switch pair := a + " " + b; {
		case strings.Contains("&& || and or", m[1]):
		case pair == "a number a text" || pair == "a text a number":
			text += "; a number has no quotes"
		case pair == "a time a text" || pair == "a text a time":
			text += "; " + aTime
		}
		return text
	}},
	{regexp.MustCompile(`^invalid operation: (\S+) \(mismatched type (.*)\)$`), func(m []string, _, _ string) string {
		return fmt.Sprintf("%q does not work on %s", m[1], kind(m[2]))
	}},
	{regexp.MustCompile(`^expected bool, but got (.*)$`), func(m []string, _, _ string) string {
		return "this is " + kind(m[1]) + `, and not yes or no as method == "REGISTER" is`
	}},
	{regexp.MustCompile(`^type (\S+) has no (.*)$`), func(m []string, _, _ string) string { return kind(m[1]) + " has no " + m[2] }},
	{regexp.MustCompile(`^unknown name (\w*[A-Z]\w*)$`), func(m []string, _, _ string) string { return m[0] + "; a text has quotes" }},
}

// meant are words of other languages, and what they are here.
var meant = map[string]string{"and": `"and"`, "or": `"or"`, "not": `"not"`, "in": `"in"`, "contains": `"contains"`, "matches": `"matches"`,
	"startswith": `"startsWith"`, "endswith": `"endsWith"`, "like": `"contains" or "matches"`, "is": `"=="`, ";": `"and"`, ",": `"and"`}

// unexpected words what must not stand where it does; quoted is as Go quotes it.
func unexpected(quoted, before, at string) string {
	word, err := strconv.Unquote(quoted)
	if err != nil {
		word = quoted
	}
	use := meant[strings.ToLower(word)]
	switch {
	case word == "=" && strings.HasPrefix(at, "=>"):
		use = `">="`
	case word == "=" && strings.HasPrefix(at, "=<"):
		use = `"<="`
	case word == "=":
		use = `"=="`
	case word == ">" && strings.HasSuffix(before, "<"):
		use = `"!="`
	}
	if use != "" && use != quoted {
		return "use " + use
	}
	return quoted + " is not expected here"
}

// explain turns the library's error into one with a place, in plain words.
func explain(source string, err error) error {
	line := strings.ReplaceAll(source, "\n", " ")
	runes := []rune(line) // which the library counts
	msg, at := "", 0
	var fe *file.Error
	if errors.As(err, &fe) {
		msg, at = fe.Message, fe.From
	} else {
		msg, _, _ = strings.Cut(err.Error(), "\n")
	}
	from := min(at, len(runes))
	for _, s := range sentences {
		if m := s.pattern.FindStringSubmatch(msg); m != nil {
			return &Error{Column: at + 1, Msg: s.say(m, string(runes[:from]), string(runes[from:])), Source: line}
		}
	}
	return &Error{Column: at + 1, Msg: plain.Replace(msg), Source: line}
}
