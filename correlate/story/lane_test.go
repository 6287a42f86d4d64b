package story_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	. "imscope/correlate/internal/scenario"
	"imscope/correlate/story"
)

// apart puts disagreements into lines: of what, from when to when in seconds since base, from which
// frame on, and who believes what.
func apart(u *story.User, base int64) string {
	var lines []string
	for _, d := range u.Beliefs().Disagreements {
		what := d.Contact
		if what == "" {
			what = strings.Join(d.AORs, " ")
		}
		to := fmt.Sprintf("%.1f", float64(d.To-base)/1e9)
		if d.Open {
			to = "end"
		}
		var yes, no []string
		for _, v := range d.Views {
			if v.State == story.BeliefRegistered {
				yes = append(yes, v.Party)
			} else {
				no = append(no, v.Party)
			}
		}
		lines = append(lines, fmt.Sprintf("%s %.1f–%s #%d: %s; not %s", what, float64(d.From-base)/1e9, to, d.Frame, strings.Join(yes, ", "), strings.Join(no, ", ")))
	}
	return strings.Join(lines, "\n")
}

// lane puts the lane of a party into a line.
func lane(u *story.User, role, party, contact string) string {
	for _, l := range u.Beliefs().Lanes {
		if l.Role != role || l.Party != party || l.Contact != contact {
			continue
		}
		var parts []string
		for i, s := range l.Segments {
			if i > 0 && l.Segments[i-1].To != s.From {
				return "a gap"
			}
			parts = append(parts, fmt.Sprintf("#%d %s (%s)", s.Frame, s.State, s.Why))
		}
		if l.Segments[len(l.Segments)-1].To < u.LastTime {
			return "does not reach the end"
		}
		return strings.Join(parts, ", ")
	}
	return ""
}

// watched registers a phone with its own, its P-CSCF's and an AS's subscription, all told, and returns
// the REGISTER.
func watched(s *Scenario, expires int) Register {
	r := asked
	r.Expires = expires
	s.Ask(r)
	s.Answer(r, 200, accepted(expires))
	regs := Both("active", "1 active registered "+Phone)
	for _, by := range []string{UE1, PCSCF, AS} {
		s.Watches(Watch{By: by})
		s.Tells(Told{By: by, Regs: regs})
	}
	r.CSeq, r.Unchallenged = 2, false
	return r
}

const gone = "1 terminated unregistered " + Phone

func TestBeliefs(t *testing.T) {
	tests := []struct {
		name string
		play func(s *Scenario) (base int64)
		want string
	}{
		{"everybody is told", func(s *Scenario) int64 {
			r := watched(s, 3600)
			s.Wait(time.Minute)
			r.Expires = 0
			s.Ask(r)
			s.Answer(r, 200, "")
			for _, by := range []string{UE1, PCSCF, AS} {
				s.Tells(Told{By: by, Version: 1, Regs: Both("terminated", gone)})
			}
			s.Wait(time.Minute)
			return 0
		}, ""},
		{"news on their way", func(s *Scenario) int64 {
			r := watched(s, 3600)
			r.Expires = 0
			s.Ask(r)
			s.Answer(r, 200, "")
			s.Wait(1900 * time.Millisecond)
			s.Tells(Told{By: AS, Version: 1, Regs: Both("terminated", gone)})
			s.Wait(time.Minute)
			s.Tells(Told{By: AS, Version: 2, Regs: Both("terminated", gone)})
			return 0
		}, ""},
		{"news too late", func(s *Scenario) int64 {
			r := watched(s, 3600)
			r.Expires = 0
			s.Ask(r)
			base := s.Now
			s.Answer(r, 200, "")
			s.Wait(5 * time.Second)
			s.Tells(Told{By: AS, Version: 1, Regs: Both("terminated", gone)})
			return base
		}, Phone + " 0.0–5.0 #23: 10.9.0.5; not UE, P-CSCF, S-CSCF"},
		{"an AS that nobody tells", func(s *Scenario) int64 {
			r := watched(s, 3600)
			r.Expires = 0
			s.Ask(r)
			base := s.Now
			s.Answer(r, 200, "")
			s.Wait(time.Minute)
			s.Tells(Told{By: UE1, Version: 1, Regs: Both("terminated", gone)})
			return base
		}, Phone + " 0.0–end #23: 10.9.0.5; not UE, P-CSCF, S-CSCF"},
		{"the phone's farewell gets stuck at the P-CSCF", func(s *Scenario) int64 {
			r := watched(s, 3600)
			base := s.Now
			r.Expires = 0
			s.AskOver(r, UE1, PCSCF)
			s.Wait(time.Minute)
			s.Tells(Told{By: AS, Version: 1, Regs: Both("active", "1 active registered "+Phone)})
			return base
		}, Phone + " 32.0–end #21: P-CSCF, S-CSCF, 10.9.0.5; not UE"},
		{"the answer to its farewell gets lost", func(s *Scenario) int64 {
			r := watched(s, 3600)
			r.Expires = 0
			s.Ask(r)
			base := s.Now
			s.AnswerOver(r, 200, "", SCSCF, PCSCF)
			s.Tells(Told{By: AS, Version: 1, Regs: Both("terminated", gone)})
			s.Wait(time.Minute)
			s.Tells(Told{By: AS, Version: 2, Regs: Both("terminated", gone)})
			return base
		}, Phone + " 0.0–32.0 #23: UE; not P-CSCF, S-CSCF, 10.9.0.5"},
		{"the network ends it and the phone does not hear it", func(s *Scenario) int64 {
			watched(s, 3600)
			s.Wait(time.Minute)
			base := s.Now
			s.RTR(0, 2001)
			s.Tells(Told{By: UE1, Version: 1, Regs: Both("terminated"), Status: -1})
			s.Tells(Told{By: PCSCF, Version: 1, Regs: Both("terminated")})
			s.Tells(Told{By: AS, Version: 1, Regs: Both("terminated")})
			s.Wait(time.Minute)
			s.Tells(Told{By: AS, Version: 2, Regs: Both("terminated")})
			return base
		}, Phone + " 0.0–end #23: UE; not P-CSCF, S-CSCF, 10.9.0.5"},
		{"first the AS, later the P-CSCF", func(s *Scenario) int64 {
			r := watched(s, 3600)
			r.Expires = 0
			s.Ask(r)
			base := s.Now
			s.Answer(r, 200, "")
			s.Wait(10 * time.Second)
			s.Tells(Told{By: AS, Version: 1, Regs: Both("terminated", gone)})
			s.Wait(10 * time.Second)
			s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 9})
			s.Wait(10 * time.Second)
			s.Tells(Told{By: AS, Version: 2, Regs: Both("active", "1 active registered "+Phone)})
			return base
		}, Phone + " 0.0–10.0 #23: 10.9.0.5; not UE, P-CSCF, S-CSCF\n" +
			Phone + " 20.0–30.0 #29: UE, P-CSCF, S-CSCF; not 10.9.0.5"},
		{"the clocks of grant and registrar differ a little", func(s *Scenario) int64 {
			r := asked
			r.Expires = 25
			s.Ask(r)
			s.Answer(r, 200, accepted(22))
			s.Watches(Watch{By: UE1})
			s.Tells(Told{By: UE1, Regs: Both("active", "1 active registered "+Phone+" 25")})
			s.Wait(25 * time.Second)
			s.Tells(Told{By: UE1, Version: 1, Regs: Both("terminated", "1 terminated expired "+Phone)})
			s.Wait(time.Minute)
			s.Tells(Told{By: UE1, Version: 2, Regs: Both("terminated")})
			return 0
		}, ""},
		{"the HSS is not told of an expiry", func(s *Scenario) int64 {
			s.Ask(asked)
			s.SAR(Cx{Type: 1, Result: 2001})
			s.Answer(asked, 200, accepted(60))
			s.Watches(Watch{By: UE1})
			s.Tells(Told{By: UE1, Regs: Both("active", "1 active registered "+Phone)})
			s.Wait(time.Minute)
			base := s.Now
			s.Tells(Told{By: UE1, Version: 1, Regs: Both("terminated", "1 terminated expired "+Phone)})
			s.Wait(time.Minute)
			s.Tells(Told{By: UE1, Version: 2, Regs: Both("terminated")})
			return base
		}, Alice + " " + AliceTel + " 0.0–end #15: HSS; not S-CSCF"},
		{"the HSS is told", func(s *Scenario) int64 {
			r := asked
			s.Ask(r)
			s.SAR(Cx{Type: 1, Result: 2001})
			s.Answer(r, 200, accepted(60))
			r.CSeq, r.Expires = 2, 0
			s.Ask(r)
			s.SAR(Cx{Type: 5, Result: 2001})
			s.Answer(r, 200, "")
			s.Wait(time.Minute)
			s.UAR(Cx{Experimental: 2001})
			return 0
		}, ""},
		{"the HSS refuses", func(s *Scenario) int64 {
			r := asked
			s.Ask(r)
			s.SAR(Cx{Type: 1, Result: 2001})
			s.Answer(r, 200, accepted(3600))
			r.CSeq, r.Expires = 2, 0
			s.Ask(r)
			base := s.Now
			s.SAR(Cx{Type: 5, Result: 5012})
			s.Answer(r, 200, "")
			s.Wait(time.Minute)
			s.SAR(Cx{Type: 5, Result: 2001})
			s.Wait(time.Second)
			s.UAR(Cx{Experimental: 2001})
			return base
		}, Alice + " " + AliceTel + " 0.0–60.0 #11: HSS; not S-CSCF"},
		{"one of two phones leaves, the HSS need not know", func(s *Scenario) int64 {
			r := asked
			s.Ask(r)
			s.SAR(Cx{Type: 1, Result: 2001})
			s.Answer(r, 200, accepted(3600))
			s.Registered(Register{UE: UE2, Contact: Tablet, Expires: 3600, CSeq: 1, Unchallenged: true})
			r.CSeq, r.Expires = 2, 0
			s.Ask(r)
			s.Answer(r, 200, "")
			s.Wait(time.Minute)
			s.UAR(Cx{Experimental: 2002})
			return 0
		}, ""},
		{"the AS keeps its registration", func(s *Scenario) int64 {
			r := asked
			s.Ask(r)
			s.Answer(r, 200, accepted(3600))
			s.ThirdParty(Alice, 3600, 200)
			r.CSeq, r.Expires = 2, 0
			s.Ask(r)
			base := s.Now
			s.Answer(r, 200, "")
			s.Wait(time.Minute)
			s.ThirdParty(Alice, 0, 503)
			return base
		}, Alice + " " + AliceTel + " 0.0–end #9: AS; not S-CSCF"},
		{"a second phone is not announced to the first one", func(s *Scenario) int64 {
			watched(s, 3600)
			s.Wait(time.Minute)
			base := s.Now
			s.Registered(Register{UE: UE2, Contact: Tablet, Expires: 3600, CSeq: 1, Unchallenged: true})
			s.Tells(Told{By: PCSCF, Version: 1, Regs: Both("active", "1 active registered "+Phone, "2 active registered "+Tablet)})
			s.Tells(Told{By: AS, Version: 1, Regs: Both("active", "1 active registered "+Phone, "2 active registered "+Tablet)})
			s.Wait(time.Minute)
			s.Tells(Told{By: AS, Version: 2, Regs: Both("active", "1 active registered "+Phone, "2 active registered "+Tablet)})
			return base
		}, Tablet + " 0.0–end #23: UE 10.0.0.2, P-CSCF, S-CSCF, 10.9.0.5; not UE 10.0.0.1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := New(t)
			base := tt.play(s)
			u := s.Close()
			got := apart(u, base)
			if got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
				for _, l := range u.Beliefs().Lanes {
					t.Log(l.Role, l.Party, l.Contact, l.AORs, lane(u, l.Role, l.Party, l.Contact))
				}
			}
		})
	}
}

// TestLanes: what each party learns from what.
func TestLanes(t *testing.T) {
	s := New(t)
	r := watched(s, 600)
	s.Wait(time.Minute)
	s.Tells(Told{By: AS, Version: 1, State: "terminated;reason=noresource", Regs: Both("active", "1 active registered "+Phone)})
	s.Wait(time.Minute)
	r.Expires = 0
	s.Ask(r)
	s.Tells(Told{By: UE1, Version: 1, Regs: Both("terminated", "1 terminated expired "+Phone)}) // before the 200
	s.Answer(r, 200, "")
	s.Tells(Told{By: PCSCF, Version: 1, Regs: Both("active", "1 active registered "+Phone)}) // long overtaken
	u := s.Close()
	for _, tt := range []struct{ role, party, want string }{
		{story.PartyUE, "UE", "#1 not registered (it begins with an initial REGISTER 1), #4 registered (200 to REGISTER 1), #25 not registered (reginfo v1 says expired)"},
		{story.PartyPCSCF, "P-CSCF", "#3 registered (200 to REGISTER 1), #29 not registered (200 to REGISTER 2 with expires 0)"},
		{story.PartySCSCF, "S-CSCF", "#3 registered (200 to REGISTER 1), #25 not registered (the phone asked for it)"},
		{story.PartyWatcher, "10.9.0.5", "#19 registered (reginfo v0 says active), #0 unknown (its subscription ended)"},
	} {
		if got := lane(u, tt.role, tt.party, Phone); got != tt.want {
			t.Errorf("%s: %s\nwant %s", tt.party, got, tt.want)
		}
	}
	b := u.Beliefs()
	if len(b.Lanes) != 4 || len(b.Lanes[0].AORs) != 2 {
		t.Errorf("%d lanes, the first of %v", len(b.Lanes), b.Lanes[0].AORs)
	}
}

// TestIdentityOfAContact: a document that ends one identity of a contact splits its lanes.
func TestIdentityOfAContact(t *testing.T) {
	s := New(t)
	watched(s, 3600)
	s.Wait(time.Minute)
	regs := Reg(Alice, "active", "1 active registered "+Phone) + Reg(AliceTel, "terminated", "2 terminated deactivated "+Phone)
	for _, by := range []string{UE1, PCSCF, AS} {
		s.Tells(Told{By: by, Version: 1, Regs: regs})
	}
	s.Wait(time.Minute)
	s.Tells(Told{By: AS, Version: 2, Regs: regs})
	u := s.Close()
	ends := map[string]string{}
	for _, l := range u.Beliefs().Lanes {
		ends[l.Role+" "+strings.Join(l.AORs, " ")] = l.Segments[len(l.Segments)-1].State
	}
	for _, role := range []string{story.PartyUE, story.PartyPCSCF, story.PartySCSCF, story.PartyWatcher} {
		if ends[role+" "+Alice] != story.BeliefRegistered || ends[role+" "+AliceTel] != story.BeliefNot {
			t.Errorf("%s: %q and %q", role, ends[role+" "+Alice], ends[role+" "+AliceTel])
		}
	}
	if got := apart(u, 0); got != "" {
		t.Error(got)
	}
}

// TestManyContacts: the latest contacts are drawn, the others counted.
func TestManyContacts(t *testing.T) {
	s := New(t)
	for i := range 70 {
		s.Registered(Register{UE: UE1, Contact: fmt.Sprintf("sip:alice@10.0.0.1:%d", 6000+i), Expires: 60, CSeq: i + 1})
		s.Wait(2 * time.Minute)
	}
	u := s.Close()
	b := u.Beliefs()
	if b.Dropped != 6 || b.Lanes[0].Contact != "sip:alice@10.0.0.1:6006" {
		t.Errorf("%d left out, the first is of %s", b.Dropped, b.Lanes[0].Contact)
	}
}
