package correlate_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"imscope/correlate"
	. "imscope/correlate/internal/scenario"
	"imscope/decode"
)

// A capture agent that tells late, or whose clock is wrong, changes nothing of what is told nor when: what has yet to
// come is not missing, what runs out by its clock is told then, and others are told by theirs.
func TestAgentsThatLag(t *testing.T) {
	tell := func(by time.Duration) (list []string) {
		s, l := New(t), correlate.NewLive(correlate.Options{})
		s.Engine = l.Engine
		began := s.Now
		take := func(e correlate.Emission) {
			what, at := "", int64(0)
			switch {
			case e.Event != nil:
				what, at = fmt.Sprint(e.Event.Kind, e.Event.Method, e.Event.Status), e.Event.Time
			case e.Deregistration != nil:
				what, at = e.Deregistration.Initiator+" "+e.Deregistration.Outcome, e.Deregistration.Started
			case e.Finding != nil:
				what = e.Finding.Rule
			default:
				return
			}
			if at != 0 && e.User.ID == Alice {
				at += int64(by)
			}
			list = append(list, fmt.Sprint(time.Duration(s.Now-began), " ", e.User.ID, " ", what, " of ", time.Duration(max(at-began, 0))))
		}
		s.Also = func(rec *decode.Record) {
			l.Advance(s.Now, 0, take)
			s.Wait(100 * time.Millisecond)
			rec.Time = s.Now
			if bytes.Contains(rec.SIP.Raw, []byte(Alice)) {
				rec.Time, rec.Lag = s.Now-int64(by), int64(by)
			}
		}
		wait := func(d time.Duration) {
			for range d / time.Second {
				s.Wait(time.Second)
				l.Advance(s.Now, 0, take)
			}
		}
		alice := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}
		bob := Register{UE: UE2, Contact: "sip:bob@10.0.0.2:5060", AOR: "sip:bob@home1.net", IMPI: "bob@home1.net", Expires: 1800, CSeq: 1}
		s.Ask(bob)
		s.Answer(bob, 200, "Contact: <sip:bob@10.0.0.2:5060>;expires=1800\n")
		s.Registered(alice)
		s.Watches(Watch{By: UE1, Contact: Phone})
		s.Tells(Told{By: UE1, Regs: Both("active", "c active registered "+Phone)})
		wait(40 * time.Minute) // bob's registration runs out
		s.Removed(alice, 2)
		s.Tells(Told{By: UE1, Version: 1, State: "terminated", Regs: Both("terminated", "c terminated unregistered "+Phone)})
		wait(time.Minute)
		alice.CSeq = 4
		s.Registered(alice)
		wait(90 * time.Minute) // and alice's
		return list
	}
	want := tell(0)
	if !slices.ContainsFunc(want, func(line string) bool {
		return bytes.HasSuffix([]byte(line), []byte(Alice+" expired-without-refresh of 0s"))
	}) {
		t.Errorf("%q", want)
	}
	for _, by := range []time.Duration{300 * time.Millisecond, 2 * time.Second, 2 * time.Hour, -5 * time.Minute} {
		if got := tell(by); !slices.Equal(got, want) {
			t.Errorf("%v late:\n%q\nnot late:\n%q", by, got, want)
		}
	}
}
