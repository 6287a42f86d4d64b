package filter

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/story"
)

var row = Row{
	Kind: "message", User: Users{"sip:tobias@home1.fr", "tel:+44-123-456-789", "user1_private@home1.fr"},
	Node: Names{"UE 10.0.0.1", "UE", "10.0.0.1", "P-CSCF"}, Method: "REGISTER", Status: 403, Frame: 41,
	Time: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC), Summary: "403 Forbidden", CallID: "a@b",
}

func TestMatch(t *testing.T) {
	for source, want := range map[string]bool{
		`method == "REGISTER"`:                              true,
		`method == "NOTIFY"`:                                false,
		`status >= 400 and status < 500`:                    true,
		`not (status >= 400)`:                               false,
		`method == "NOTIFY" or frame in 40..50`:             true,
		`user == "sip:tobias@home1.fr"`:                     true,
		`user == "SIP:tobias@HOME1.fr;user=phone"`:          true,
		`user == "tobias"`:                                  true,
		`user == "+44123456789"`:                            true,
		`user == "+44 (123) 456-789"`:                       true,
		`user == "tob"`:                                     false,
		`user != "tobias"`:                                  false,
		`user contains "private"`:                           true,
		`user matches "^tel:"`:                              true,
		`user startsWith "sips:"`:                           false,
		`node == "P-CSCF" and node == "10.0.0.1"`:           true,
		`node == "HSS"`:                                     false,
		`node == "100.0.01"`:                                false,
		`node in ["HSS", "p-cscf"]`:                         true,
		`user == "44123456789"`:                             true, // a number as --user takes it
		`user in ["anna", "tobias"]`:                        true,
		`user in ["anna"] or "anna" in user`:                false,
		`user not in ["anna"] and "tobias" in user`:         true,
		`user in []`:                                        false,
		`problem == ""`:                                     true, // none
		`problem != ""`:                                     false,
		`severity >= "info"`:                                false, // a message has none
		`severity < "error"`:                                false,
		`initiator == "network"`:                            false,
		`time >= date("2026-03-02T08:00:00Z")`:              true,
		`time > date("2026-03-02T08:00:00Z")`:               false,
		`finding == ""`:                                     true,
		`summary contains "Forbidden" and call_id == "a@b"`: true,
	} {
		f, err := Compile(source)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if got := f.Match(&row); got != want {
			t.Errorf("%s: %v, want %v", source, got, want)
		}
	}
}

func TestSeverityHasAnOrder(t *testing.T) {
	words := []string{"info", "warning", "error"}
	for i, have := range words {
		for j, want := range words {
			for operator, is := range map[string]bool{"<": i < j, "<=": i <= j, ">": i > j, ">=": i >= j, "==": i == j} {
				source := fmt.Sprintf("severity %s %q", operator, want)
				f, err := Compile(source)
				if err != nil {
					t.Fatal(err)
				}
				if f.Match(&Row{Severity: have}) != is {
					t.Errorf("%s of %s: %v", source, have, !is)
				}
			}
		}
	}
}

// Names that are there, and a finding's time and nodes, which its user's messages know.
func TestRows(t *testing.T) {
	x := &fact.Exchange{Request: fact.Message{Hops: []fact.Hop{{Frame: 7, Src: 1, Dst: 2}}}}
	u := &story.User{Timeline: []story.Event{{Frame: 7, Exchange: x, Hops: []story.Hop{{Frame: 7, Time: 1_000_000_000, From: "UE", To: "P-CSCF"}}}},
		Context: &story.Context{Role: func(id fact.NodeID) fact.Role { return []fact.Role{0, fact.RoleUE, fact.RolePCSCF}[id] },
			Addr: func(id fact.NodeID) string { return []string{"", "10.0.0.1", "10.0.0.2"}[id] }}}
	for source, want := range map[string]bool{
		`kind == "finding" and time == date("1970-01-01T00:00:01Z")`: true,
		`kind == "finding" and time < date("1970-01-01")`:            false,
		`node == "10.0.0.2"`:        true,
		`node == "P-CSCF 10.0.0.2"`: true,
		`node == "UE"`:              true,
		`node == "10.0.0.3"`:        false,
	} {
		f, err := Compile(source)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.MatchUser(u, []finding.Finding{{Rule: "x", Frames: []uint32{7}}}); got != want {
			t.Errorf("%s: %v", source, got)
		}
	}
	row := row
	row.Problem = Names{"sip-no-magic-cookie"}
	for _, source := range []string{`problem != ""`, `problem startsWith "sip-"`, `not (problem == "")`} {
		if f, err := Compile(source); err != nil || !f.Match(&row) {
			t.Errorf("%s: %v", source, err)
		}
	}
}

func TestErrorsPointAtTheColumn(t *testing.T) {
	for source, column := range map[string]int{
		`metod == "REGISTER"`:            1,
		`method == "REGISTER" and`:       24,
		`status == "403"`:                8,
		`method`:                         1,
		`frame > 3 and initator == "x"`:  15,
		``:                               1,
		`now() > time`:                   1,
		`time >= date("2026-13-22")`:     9,
		`time < date("yesterday")`:       8,
		`user matches "("`:               14,
		`method matches "("`:             16,
		`user + 1 == 2`:                  6,
		`severity > "wrong"`:             12,
		"status == 1 and\nmetod == \"\"": 17,
	} {
		_, err := Compile(source)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%q: %v, want an Error", source, err)
			continue
		}
		if e.Column != column {
			t.Errorf("%q: column %d, want %d: %v", source, e.Column, column, err)
		}
		if lines := strings.Split(err.Error(), "\n"); len(lines) != 3 || strings.IndexByte(lines[2], '^') != column+1 {
			t.Errorf("%q: the error does not point at the column:\n%v", source, err)
		}
	}
	for _, source := range []string{`user + 1 == 2`, `time > "2026-01-01"`, `user > 3`, `user in 3`} {
		if _, err := Compile(source); err == nil || strings.Contains(err.Error(), "filter.") || strings.Contains(err.Error(), "time.Time") {
			t.Errorf("%s: %v", source, err)
		}
	}
	if _, err := Compile(strings.Repeat("(", 5000)); err == nil {
		t.Error("an endless expression compiles")
	}
}

// What the library says is said in words, and what was meant where that is plain.
func TestErrorsInWords(t *testing.T) {
	for source, want := range map[string]string{
		`method = "REGISTER"`:            `use "=="`,
		`method === "REGISTER"`:          `use "=="`,
		`cause == "é" and status => 400`: `use ">="`,
		`status =< 400`:                  `use "<="`,
		`status <> 200`:                  `use "!="`,
		`status == 1 AND frame == 2`:     `use "and"`,
		`status == 1, frame == 2`:        `use "and"`,
		`cause like "RTR"`:               `use "contains" or "matches"`,
		`method ~ "R"`:                   `use "matches"`,
		`status == 1 frame`:              `"frame" is not expected here`,
		`status == 1 or`:                 `something is missing at the end`,
		`method == "REGISTER`:            `the closing quote is missing`,
		`method == “REGISTER”`:           `use " or ' for quotes`,
		`method == REGISTER`:             `unknown name REGISTER; a text has quotes`,
		`metod == "REGISTER"`:            `unknown name metod`,
		`status == 99999999999999999999`: `the number is too large`,
		`frame < 1e999`:                  `the number is too large`,
		`status == 4x0`:                  `"4x" is no number`,
		`status == "403"`:                `"==" does not work on a number and a text; a number has no quotes`,
		`time > "2026"`:                  `">" does not work on a time and a text; a time is date("2026-11-22T08:00:00Z")`,
		`method && 1`:                    `"&&" does not work on a text and a number`,
		`not status`:                     `"not" does not work on a number`,
		`user in 3`:                      `"in" does not work on names and a number`,
		`len(method)`:                    `this is a number, and not yes or no as method == "REGISTER" is`,
		`method.length == 1`:             `a text has no field length`,
	} {
		_, err := Compile(source)
		var e *Error
		if !errors.As(err, &e) || e.Msg != want {
			t.Errorf("%s: %v, want %s", source, err, want)
		}
	}
}

func FuzzCompile(f *testing.F) {
	f.Add(`method == "REGISTER" and status >= 400`)
	f.Add(`user matches "["`)
	f.Add(`not (`)
	f.Fuzz(func(t *testing.T, source string) {
		p, err := Compile(source)
		if (p == nil) == (err == nil) {
			t.Fatal("neither a filter nor an error, or both")
		}
		if p != nil && len(source) < 200 && !strings.Contains(source, "..") {
			p.Match(&row)
		}
	})
}
