package story_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	. "imscope/correlate/internal/scenario"
	"imscope/correlate/story"
)

// TestDelays: who held the message for how long, on its way there and back, and what of it was the HSS.
func TestDelays(t *testing.T) {
	s := New(t)
	s.AskOver(asked, UE1, PCSCF)
	s.Wait(4 * time.Millisecond)
	first := s.AskAgain(asked, UE1, PCSCF, ICSCF, SCSCF) // the UE's hop once more, as a mirror port has it
	s.Wait(2 * time.Millisecond)
	s.MAR(Cx{Result: 2001})
	s.Wait(3 * time.Millisecond)
	s.Answer(asked, 401, Challenge("n1"))
	r := s.Close().Registrations()[0]
	var got []string
	for _, d := range r.Rounds[0].Delays {
		got = append(got, fmt.Sprintf("%s %s %v", d.Node, d.Step, time.Duration(d.Took)))
		if d.HSS != 0 {
			got[len(got)-1] += fmt.Sprintf(" (HSS %v)", time.Duration(d.HSS))
		}
	}
	want := "P-CSCF forward 6ms, I-CSCF forward 1ms, S-CSCF answer 8ms (HSS 1ms), P-CSCF return 1ms"
	if strings.Join(got, ", ") != want {
		t.Errorf("delays %s", strings.Join(got, ", "))
	}
	if c := r.Rounds[0].Cx; len(c) != 1 || c[0].Name != "MAA" || !c[0].OK || c[0].Took != 1e6 || c[0].Cx.FirstFrame() != first+3 {
		t.Errorf("cx: %+v", c)
	}
	if want := []uint32{1, 2, 3, 4, 5, 6, 7, 8}; fmt.Sprint(r.Frames) != fmt.Sprint(want) {
		t.Errorf("frames %v", r.Frames)
	}
}

// TestTimers: retransmissions show T1, and T1 says when the phone gives up.
func TestTimers(t *testing.T) {
	for _, tt := range []struct {
		gap  time.Duration
		want time.Duration // Timer F
	}{{510 * time.Millisecond, 32 * time.Second}, {2100 * time.Millisecond, 128 * time.Second}, {100 * time.Second, 6400 * time.Second}} {
		s := New(t)
		s.AskOver(asked, UE1, PCSCF)
		start := s.Now
		s.Wait(tt.gap - time.Millisecond)
		f := s.AskAgain(asked, UE1, PCSCF)
		s.Wait(2 * tt.gap)
		s.AskAgain(asked, UE1, PCSCF)
		s.Wait(40 * time.Second)
		s.ThirdParty(Alice, 0, 200)
		r := s.Close().Registrations()[0]
		o := r.Rounds[0]
		if o.T1 != int64(tt.gap) || o.TimerF != start+int64(tt.want) {
			t.Errorf("T1 %v, Timer F after %v; want %v", time.Duration(o.T1), time.Duration(o.TimerF-start), tt.want)
		}
		if r.Retransmissions != 2 || len(o.Repeats) != 2 || o.Repeats[0].Frame != f || o.Repeats[0].After != int64(tt.gap) || o.Repeats[0].Answer || o.Repeats[0].From != "UE" {
			t.Errorf("%d retransmissions: %+v", r.Retransmissions, o.Repeats)
		}
		want := story.Open
		if tt.want == 32*time.Second {
			want = story.Unanswered
		}
		if r.Outcome != want {
			t.Errorf("T1 %v: %s", tt.gap, r.Outcome)
		}
	}
}

// TestTwoDevicesAtOnce: their rounds and their authentication vectors do not mix.
func TestTwoDevicesAtOnce(t *testing.T) {
	s := New(t)
	tablet := Register{UE: UE2, Contact: Tablet, Expires: 60, CSeq: 1, Unchallenged: true}
	first := s.AskOver(asked, UE1, PCSCF, SCSCF)
	s.AskOver(tablet, UE2, PCSCF, SCSCF)
	s.AnswerOver(tablet, 401, Challenge("b"), SCSCF, PCSCF, UE2)
	tablet.CSeq, tablet.Nonce, tablet.Unchallenged = 2, "b", false
	s.Ask(tablet)
	s.Answer(tablet, 200, Associated+"Contact: <"+Tablet+">;expires=60\n")
	u := s.Close()
	if got, want := words(u), "initial open 0 | identity 0 | the capture ends 9 ms after the REGISTER 1\ninitial succeeded 200 | identity 401 challenge | response 200"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if r := u.Registrations(); r[0].Rounds[0].Frame != first || r[1].Contacts[0] != Tablet || r[1].Origin != "UE 10.0.0.2" || r[1].PCSCF != "10.9.0.1" {
		t.Errorf("%+v", r)
	}
}
