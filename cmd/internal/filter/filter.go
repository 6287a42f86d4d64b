// Package filter is the language of --filter: comparisons of fields with and, or and not, compiled
// once and asked of each row.
//
//	method == "REGISTER" and status >= 400
//	initiator == "network" and cause contains "RTR"
//	user == "+44-123-456-789" and not (kind == "message")
//	finding startsWith "reginfo-" and severity == "error"
//	node == "I-CSCF" and time >= date("2026-11-22T08:00:00Z") and frame < 500
//
// A row is a message (all its hops), a de-registration or a finding. A field that a row does not have
// is empty or 0, so that a comparison with it is false. A user is shown when one of its rows passes.
// user and node hold several names: a comparison with them is true if it is true for one of them.
//
// The language is expr-lang/expr; its own description is at https://expr-lang.org/docs/language-definition.
package filter

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"

	"imscope/correlate/finding"
	"imscope/correlate/identity"
	"imscope/correlate/story"
)

// Row is what an expression sees.
type Row struct {
	Kind      string    `expr:"kind"`      // message, deregistration, finding
	User      Names     `expr:"user"`      // identities, private identities and instances of the user
	Node      Names     `expr:"node"`      // labels and addresses on the way
	Method    string    `expr:"method"`    // REGISTER, NOTIFY, SAR, …
	Status    int       `expr:"status"`    // of a response; 0 for a request
	Frame     int       `expr:"frame"`     // first frame
	Time      time.Time `expr:"time"`      // of the first frame
	Initiator string    `expr:"initiator"` // user, network, expiry, unknown
	Outcome   string    `expr:"outcome"`   // complete, incomplete, rejected, unanswered
	Scope     string    `expr:"scope"`     // contact, identity, all
	Cause     string    `expr:"cause"`
	Finding   string    `expr:"finding"`  // code of the rule
	Severity  string    `expr:"severity"` // info, warning, error
	Summary   string    `expr:"summary"`
	CallID    string    `expr:"call_id"`
	Problem   Names     `expr:"problem"` // codes of what was wrong with the message
}

// Names are several names of one thing.
type Names []string

// maxLength bounds an expression: nobody types more, and the compiler recurses.
const maxLength = 4096

// Filter is a compiled expression.
type Filter struct{ program *vm.Program }

// Error is a mistake in an expression, with the column that it begins at.
type Error struct {
	Column int // from 1
	Msg    string
	Source string
}

func (e *Error) Error() string {
	return fmt.Sprintf("filter: %s, column %d\n  %s\n  %s^", e.Msg, e.Column, e.Source, strings.Repeat(" ", e.Column-1))
}

// Compile compiles an expression. The error is an *Error.
func Compile(source string) (*Filter, error) {
	if len(source) > maxLength {
		return nil, &Error{Column: maxLength, Msg: "too long", Source: source[:40] + "…"}
	}
	opts := []expr.Option{
		expr.Env(Row{}), expr.AsBool(), expr.DisableBuiltin("now"), // the same answer at any time of day
		expr.Function("equalNames", func(p ...any) (any, error) { return p[0].(Names).equal(p[1].(string)), nil }, new(func(Names, string) bool)),
		expr.Function("otherNames", func(p ...any) (any, error) { return !p[0].(Names).equal(p[1].(string)), nil }, new(func(Names, string) bool)),
		expr.Function("containNames", func(p ...any) (any, error) {
			return p[0].(Names).any(func(n string) bool { return strings.Contains(n, p[1].(string)) }), nil
		}, new(func(Names, string) bool)),
		expr.Function("startNames", func(p ...any) (any, error) {
			return p[0].(Names).any(func(n string) bool { return strings.HasPrefix(n, p[1].(string)) }), nil
		}, new(func(Names, string) bool)),
		expr.Function("endNames", func(p ...any) (any, error) {
			return p[0].(Names).any(func(n string) bool { return strings.HasSuffix(n, p[1].(string)) }), nil
		}, new(func(Names, string) bool)),
		expr.Function("matchNames", func(p ...any) (any, error) {
			re, err := regexp.Compile(p[1].(string))
			if err != nil {
				return false, err
			}
			return p[0].(Names).any(re.MatchString), nil
		}, new(func(Names, string) bool)),
		expr.Operator("==", "equalNames"), expr.Operator("!=", "otherNames"), expr.Operator("contains", "containNames"),
		expr.Operator("startsWith", "startNames"), expr.Operator("endsWith", "endNames"), expr.Operator("matches", "matchNames"),
	}
	p, err := expr.Compile(source, opts...)
	if err != nil {
		return nil, explain(source, err)
	}
	return &Filter{p}, nil
}

// explain turns the library's error into one with a place.
func explain(source string, err error) error {
	line := strings.ReplaceAll(source, "\n", " ")
	var fe *file.Error
	if errors.As(err, &fe) {
		return &Error{Column: fe.Column + 1, Msg: fe.Message, Source: line}
	}
	msg, _, _ := strings.Cut(err.Error(), "\n")
	return &Error{Column: 1, Msg: msg, Source: line}
}

// Match asks the expression of a row. An expression that fails on a row (a broken pattern) does not
// match it.
func (f *Filter) Match(r *Row) bool {
	out, err := expr.Run(f.program, r)
	ok, is := out.(bool)
	return err == nil && is && ok
}

// any reports whether one of the names is meant.
func (n Names) any(is func(string) bool) bool { return slices.ContainsFunc(n, is) }

// equal compares as users write: case apart, and identities in canonical form or by their user part.
func (n Names) equal(want string) bool {
	canon := identity.Canonical(want)
	number := strings.Map(func(r rune) rune {
		if strings.ContainsRune("-.() ", r) {
			return -1
		}
		return r
	}, want)
	return n.any(func(name string) bool {
		if strings.EqualFold(name, want) {
			return true
		}
		c := identity.Canonical(name)
		if c == canon {
			return true
		}
		_, user, ok := strings.Cut(c, ":")
		user, _, _ = strings.Cut(user, "@")
		return ok && user != "" && (user == want || user == number)
	})
}

// names collects what a user is called.
func names(u *story.User) Names {
	return slices.Concat(u.PublicIdentities, u.PrivateIdentities, u.Instances)
}

// Event makes the row of a message.
func Event(u *story.User, e *story.Event) Row {
	r := Row{Kind: "message", User: names(u), Method: e.Method, Status: e.Status, Frame: int(e.Frame),
		Time: time.Unix(0, e.Time).UTC(), Summary: e.Summary, Node: make(Names, 0, 4)}
	for _, h := range e.Hops {
		r.Node = append(r.Node, h.From, h.To)
	}
	// "P-CSCF 10.0.0.1" is also P-CSCF and 10.0.0.1.
	for _, n := range r.Node {
		if role, addr, ok := strings.Cut(n, " "); ok {
			r.Node = append(r.Node, role, addr)
		}
	}
	if e.Exchange != nil {
		r.CallID = e.Exchange.CallID
		for _, p := range e.Exchange.Problems {
			r.Problem = append(r.Problem, p.Code.ID)
		}
	}
	return r
}

// Deregistration makes the row of a de-registration.
func Deregistration(u *story.User, d *story.Deregistration) Row {
	return Row{Kind: "deregistration", User: names(u), Frame: int(d.TriggerFrame), Time: time.Unix(0, d.Started).UTC(),
		Initiator: d.Initiator, Outcome: d.Outcome, Scope: d.Scope, Cause: d.Cause, Summary: d.Verdict}
}

// Finding makes the row of a finding.
func Finding(u *story.User, f *finding.Finding) Row {
	r := Row{Kind: "finding", User: names(u), Finding: f.Rule, Severity: f.Severity.String(), Summary: f.Detail}
	if len(f.Frames) > 0 {
		r.Frame = int(f.Frames[0])
	}
	return r
}

// MatchUser reports whether one of the user's rows passes.
func (f *Filter) MatchUser(u *story.User, findings []finding.Finding) bool {
	for _, d := range u.Deregistrations {
		if r := Deregistration(u, d); f.Match(&r) {
			return true
		}
	}
	for i := range findings {
		if r := Finding(u, &findings[i]); f.Match(&r) {
			return true
		}
	}
	for i := range u.Timeline {
		if r := Event(u, &u.Timeline[i]); f.Match(&r) {
			return true
		}
	}
	return false
}
