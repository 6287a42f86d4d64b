package style

import (
	"strings"
	"testing"
)

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		mode     Mode
		terminal bool
		env      string
		want     bool
	}{
		{Auto, true, "", true},
		{Auto, false, "", false},
		{"", true, "", true},
		{Auto, true, "NO_COLOR=1", false},
		{Auto, true, "TERM=dumb", false},
		{Always, false, "NO_COLOR=1", true},
		{Never, true, "", false},
	} {
		getenv := func(key string) string {
			v, _ := strings.CutPrefix(c.env, key+"=")
			if v == c.env {
				return ""
			}
			return v
		}
		got, err := Choose(c.mode, c.terminal, getenv)
		if err != nil || got.On() != c.want {
			t.Errorf("%+v: %v, %v", c, got.On(), err)
		}
	}
	if _, err := Choose("sometimes", true, func(string) string { return "" }); err == nil {
		t.Error("an unknown mode is taken")
	}
}

func TestAppend(t *testing.T) {
	on, off := Sheet{on: true}, Sheet{}
	if got := string(on.Append(nil, Bad, "x")); got != "\x1b[1;31mx\x1b[0m" {
		t.Errorf("%q", got)
	}
	for _, got := range [][]byte{off.Append(nil, Bad, "x"), on.Append(nil, Plain, "x"), on.Append(nil, Node, "x"), on.Append(nil, 250, "x")} {
		if string(got) != "x" {
			t.Errorf("%q", got)
		}
	}
}
