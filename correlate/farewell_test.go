package correlate_test

import (
	"testing"
	"time"

	. "imscope/correlate/internal/scenario"
)

// TestFarewell: on ISC nothing but the third-party REGISTER tells that a user is gone.
func TestFarewell(t *testing.T) {
	s := New(t)
	s.ThirdParty(Alice, 3600, 200)
	s.Wait(time.Minute)
	s.ThirdParty(Alice, 0, 200)
	s.Wait(time.Second)
	s.ThirdParty(Alice, 0, 200) // to another one
	u := s.Close()
	Expect(t, u, "unknown incomplete identity #3 ")
	d := u.Deregistrations[0]
	if len(d.Identities) != 1 || d.Identities[0].AOR != Alice || d.Identities[0].State != "terminated" || len(d.Steps) == 0 {
		t.Errorf("%+v", d)
	}

	for name, play := range map[string]func(s *Scenario){
		"the registration is known": func(s *Scenario) {
			s.Registered(ue1Phone)
			s.ThirdParty(Alice, 3600, 200)
			s.ThirdParty(Alice, 0, 200)
		},
		"refused":     func(s *Scenario) { s.ThirdParty(Alice, 0, 403) },
		"not the end": func(s *Scenario) { s.ThirdParty(Alice, 3600, 200) },
	} {
		s := New(t)
		play(s)
		if u := s.Close(); len(u.Deregistrations) > 0 {
			t.Errorf("%s: %s", name, u.Deregistrations[0].Verdict)
		}
	}
}
