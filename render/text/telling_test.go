package text_test

import (
	"bytes"
	"strings"
	"testing"

	"imscope/render"
	"imscope/render/internal/fixture"
)

// TestCycles: of many de-registrations the report tells how it ended, in order of time, and all if it is asked to.
func TestCycles(t *testing.T) {
	out := string(show(t, fixture.Cycles(30), render.Options{}))
	at := 0
	for _, want := range []string{"10:30:30      31", "  … 6 more (--all)", "\nDe-registration 22 of 31   user-initiated", "\nDe-registration 31 of 31   network-initiated",
		"\n… 21 more de-registrations, routine: by user 21× (--all)\n", "de-registration 31 network-initiated, complete in 11 ms, 2 messages above"} {
		n := strings.Index(out[at:], want)
		if n < 0 {
			t.Fatalf("it does not say %q\n%s", want, out)
		}
		at += n
	}
	if strings.Contains(out, "De-registration 1 of 31") {
		t.Error("routine ones take the room")
	}
	if n := bytes.Count(show(t, fixture.Cycles(30), render.Options{All: true}), []byte("\nDe-registration ")); n != 31 {
		t.Errorf("%d of all are told", n)
	}
}
