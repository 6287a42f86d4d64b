package json

import (
	"bytes"
	stdjson "encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"imscope/correlate"
	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/internal/fixture"
	"imscope/samples"
)

// TestTime holds the moments that are put together from ones before against the calendar's.
func TestTime(t *testing.T) {
	var e encoder
	moments := []int64{
		1, 999_999_999, 1_000_000_000, 1_000_000_001, -1, -1_000_000_000, -1_000_000_001, 1772697600_123456789, 1772697600_999999999,
		1772697601_000000000, 1772697600_000000001, 4102444799_500000000, math.MaxInt64, math.MinInt64,
	}
	for i := range int64(100) {
		moments = append(moments, 1772697600_000000000+i*i*1_234_567_891, 1772697600_000000000-i*86399_987654321)
	}
	for range 2 {
		for _, ns := range moments {
			e.b = e.b[:0]
			e.time("", ns)
			if want := time.Unix(0, ns).UTC().Format(`"2006-01-02T15:04:05.000000000Z"`); string(e.b) != want {
				t.Errorf("%d: %s, want %s", ns, e.b, want)
			}
		}
	}
	e.b = e.b[:0]
	if e.time("", 0); string(e.b) != "null" {
		t.Errorf("0: %s, want null", e.b)
	}
}

func TestNumbers(t *testing.T) {
	check := func(v int64) {
		if got, want := string(appendInt([]byte("x"), v)), "x"+strconv.FormatInt(v, 10); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if got, want := string(appendUint(nil, uint64(v))), strconv.FormatUint(uint64(v), 10); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	for v := range int64(100_000) {
		check(v)
		check(v * 999_983)
	}
	for p := int64(1); p < 1e18; p *= 10 {
		for d := int64(-1); d <= 1; d++ {
			check(p + d)
			check(-p + d)
		}
	}
	check(math.MaxInt64)
	check(math.MinInt64)
}

// slowly is what AppendString does, byte by byte.
func slowly(s string) string {
	out := []byte{'"'}
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == '"' || r == '\\' || render.Unsafe(r) || r == utf8.RuneError && n == 1:
			out = appendEscape(out, r)
		default:
			out = append(out, s[:n]...)
		}
		s = s[n:]
	}
	return string(append(out, '"'))
}

// TestString has every byte, and some longer ones, at every place of strings of every length up to three words.
func TestString(t *testing.T) {
	odd := []string{"é", "€", "😀", "\u202e", "\ufffd", "\xe2\x82", `"\`, "\x7f\x80", "\xff\x7f"}
	for c := range 256 {
		odd = append(odd, string([]byte{byte(c)}))
	}
	for n := range 26 {
		for at := range n + 1 {
			for _, o := range odd {
				s := strings.Repeat("~", at) + o + strings.Repeat(" ", n-at)
				if got, want := string(AppendString(nil, s)), slowly(s); got != want {
					t.Fatalf("%q: %s, want %s", s, got, want)
				}
			}
		}
	}
}

// TestSamples: what is told of every sample is JSON, in both formats.
func TestSamples(t *testing.T) {
	for _, s := range samples.List() {
		rep := sample(t, s)
		var b bytes.Buffer
		if err := New(render.Options{All: true}).Render(&b, rep); err != nil || !stdjson.Valid(b.Bytes()) {
			t.Errorf("%s: %v, or no JSON", s.Name, err)
		}
		b.Reset()
		if err := NewLines(render.Options{}).Render(&b, rep); err != nil {
			t.Error(err)
		}
		for line := range bytes.Lines(b.Bytes()) {
			if !stdjson.Valid(line) {
				t.Errorf("%s: no JSON: %s", s.Name, line)
			}
		}
	}
}

// TestAllocations: an encoder that was used before writes a user without allocating, and so do the lines.
func TestAllocations(t *testing.T) {
	check := func(name string, u *story.User, encode func(dst []byte) []byte) {
		var b []byte
		if n := testing.AllocsPerRun(100, func() { b = encode(b[:0]) }); n != 0 {
			t.Errorf("%s: %s: %v allocations, want none", u.ID, name, n)
		}
		if len(u.Deregistrations) == 0 || len(b) < 1000 {
			t.Errorf("%s: %s: the fixture has too little to say: %d bytes", u.ID, name, len(b))
		}
	}
	for u := range fixture.SeedUser().Users() {
		var e encoder
		check("object", u, func(dst []byte) []byte {
			e.b = dst
			e.user(u)
			return e.b
		})
		check("line", u, func(dst []byte) []byte {
			return AppendEmission(dst, correlate.Emission{User: u, Deregistration: u.Deregistrations[0]})
		})
	}
}

// What was told before says so.
func TestUpdate(t *testing.T) {
	rep := fixture.SeedUser()
	for u := range rep.Users() {
		for _, m := range []correlate.Emission{{User: u, Deregistration: u.Deregistrations[0]}, {User: u, Finding: &rep.Findings[0]}} {
			for _, m.Update = range []bool{false, true} {
				var v struct{ Update bool }
				if err := stdjson.Unmarshal(AppendEmission(nil, m), &v); err != nil || v.Update != m.Update {
					t.Errorf("%v %v", v, err)
				}
			}
		}
	}
}
