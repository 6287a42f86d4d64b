package correlate_test

import (
	"fmt"
	"testing"

	. "imscope/correlate/internal/scenario"
)

// TestTwoFinalResponses: a proxy answers otherwise than it was answered. Each response is seen, whatever their statuses.
func TestTwoFinalResponses(t *testing.T) {
	for _, c := range [][2]int{{401, 503}, {401, 202}, {403, 500}, {200, 420}, {401, 504}, {403, 404}} {
		for range 20 { // what is random does not matter
			s := New(t)
			s.Ask(ue1Phone)
			s.AnswerOver(ue1Phone, c[0], "", SCSCF, PCSCF)
			s.AnswerOver(ue1Phone, c[1], "", PCSCF, UE1)
			got := ""
			for _, e := range s.Close().Timeline {
				if e.Status != 0 {
					got += fmt.Sprint(e.Status, " ")
				}
			}
			if want := fmt.Sprint(c[0], " ", c[1], " "); got != want {
				t.Fatalf("%v: responses %s", c, got)
			}
		}
	}
}
