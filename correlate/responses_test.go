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

// TestProxyAnswersOtherwise: what reaches the phone is the answer, unless the registrar accepted.
func TestProxyAnswersOtherwise(t *testing.T) {
	for _, c := range []struct{ core, phone, want int }{{401, 504, 504}, {403, 500, 500}, {200, 500, 200}, {401, 0, 401}} {
		s := New(t)
		s.Ask(ue1Phone)
		s.AnswerOver(ue1Phone, c.core, "", SCSCF, PCSCF)
		if c.phone != 0 {
			s.AnswerOver(ue1Phone, c.phone, "", PCSCF, UE1)
		}
		if r := s.Close().Registrations()[0]; r.Status != c.want {
			t.Errorf("%v: status %d", c, r.Status)
		}
	}
}
