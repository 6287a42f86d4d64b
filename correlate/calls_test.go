package correlate_test

import (
	"testing"
	"time"

	. "imscope/correlate/internal/scenario"
)

// TestFailingCalls: a call that does not reach the user is the last that is heard of the user, any other call is not.
func TestFailingCalls(t *testing.T) {
	for status, heard := range map[int]bool{404: true, 480: true, 200: false, 486: false} {
		s := New(t)
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		last := s.Now
		s.Wait(time.Minute)
		s.Call(status, SCSCF, PCSCF)
		if heard {
			last = s.Now
		}
		if u := s.Close(); u.LastTime != last {
			t.Errorf("%d: last heard of %v later", status, time.Duration(u.LastTime-last))
		}
	}
}
