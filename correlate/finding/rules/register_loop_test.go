package rules_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestRegisterLoop(t *testing.T) {
	r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}
	s := New(t)
	f := s.AskOver(r, UE1, PCSCF, ICSCF, PCSCF)
	at := s.AnswerOver(r, 482, "", PCSCF, UE1)
	if h := expect.Fires(t, s, "register-loop", "error", at, f); !strings.Contains(h.Detail, "twice at P-CSCF") {
		t.Errorf("detail %q", h.Detail)
	}

	// Nobody stops it.
	s = New(t)
	f = s.AskOver(r, UE1, PCSCF, ICSCF, PCSCF, ICSCF, PCSCF, ICSCF)
	idle(s, time.Minute)
	if h := expect.Fires(t, s, "register-loop", "error", f, f+5); !strings.Contains(h.Detail, "no answer; goes round from ") {
		t.Errorf("detail %q", h.Detail)
	}
	expect.Silent(t, s, "register-unanswered")

	// It comes by twice.
	s = New(t)
	s.AskOver(r, UE1, PCSCF, ICSCF, PCSCF, ICSCF)
	s.AnswerOver(r, 403, "", PCSCF, UE1)
	expect.Silent(t, s, "register-loop")

	s = New(t)
	s.Ask(r)
	s.Answer(r, 480, "")
	expect.Silent(t, s, "register-loop")
}

// TestRegisterLoopRetries: a proxy that tries again, a transaction of its own each time, is no loop.
func TestRegisterLoopRetries(t *testing.T) {
	r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}
	s := New(t)
	s.AskOver(r, UE1, PCSCF)
	b := s.AskedBranch()
	for i := range 3 {
		for _, way := range [][]string{{UE1, PCSCF, ICSCF}, {UE1, PCSCF, ICSCF, SCSCF}} {
			text := r.Text(b, way[:len(way)-1]...)
			for _, hop := range []string{"-1\n", "-2\n"} {
				text = strings.ReplaceAll(text, b+hop, fmt.Sprint(b, strings.TrimSuffix(hop, "\n"), i, "\n"))
			}
			s.Send(way[len(way)-2], way[len(way)-1], text)
		}
		s.Wait(8 * time.Second)
	}
	s.AnswerOver(r, 504, "", PCSCF, UE1)
	expect.Silent(t, s, "register-loop")
}
