package filter

import (
	"errors"
	"strings"
	"testing"
	"time"
)

var row = Row{
	Kind: "message", User: Names{"sip:tobias@home1.fr", "tel:+44-123-456-789", "user1_private@home1.fr"},
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

func TestErrorsPointAtTheColumn(t *testing.T) {
	for source, column := range map[string]int{
		`metod == "REGISTER"`:           1,
		`method == "REGISTER" and`:      24,
		`status == "403"`:               8,
		`method`:                        1,
		`frame > 3 and initator == "x"`: 15,
		``:                              1,
		`now() > time`:                  1,
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
	if _, err := Compile(strings.Repeat("(", 5000)); err == nil {
		t.Error("an endless expression compiles")
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
