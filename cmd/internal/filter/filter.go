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
// user, node and problem hold several names: a comparison with them is true if it is true for one of them. Where there is
// none they equal "".
//
// The language is expr-lang/expr; its own description is at https://expr-lang.org/docs/language-definition.
package filter

import (
	"fmt"
	"strings"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
)

// Row is what an expression sees.
type Row struct {
	Kind      string    `expr:"kind"`      // message, deregistration, finding
	User      Users     `expr:"user"`      // identities, private identities and instances of the user
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

// maxLength bounds an expression: nobody types more, and the compiler recurses.
const maxLength = 4096

// Filter is a compiled expression.
type Filter struct {
	program *vm.Program
	fields  map[string]bool
}

// Uses reports whether the expression asks for a field.
func (f *Filter) Uses(field string) bool { return f.fields[field] }

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
	check := &checker{fields: map[string]bool{}}
	opts := append(operators(), expr.Env(Row{}), expr.AsBool(), expr.Patch(check),
		expr.DisableBuiltin("now")) // the same answer at any time of day
	p, err := expr.Compile(source, opts...)
	if check.err != nil {
		err = check.err // what comes of it says less
	}
	if err != nil {
		return nil, explain(source, err)
	}
	return &Filter{p, check.fields}, nil
}

// Match asks the expression of a row. An expression that fails on a row (a broken pattern) does not
// match it.
func (f *Filter) Match(r *Row) bool {
	out, err := expr.Run(f.program, r)
	ok, is := out.(bool)
	return err == nil && is && ok
}
