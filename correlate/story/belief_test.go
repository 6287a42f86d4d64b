package story_test

import (
	"fmt"
	"testing"
	"time"

	. "imscope/correlate/internal/scenario"
)

const (
	sos   = Phone + ";sos"
	other = "sip:alice@10.0.0.1:5080"
	imsi  = "sip:001010000000001@ims.mnc001.mcc001.3gppnetwork.org" // barred
)

// ended is that the network ended the phone's contact.
var ended = Both("terminated", "1 terminated deactivated "+Phone)

// again registers the phone anew, under another Call-ID.
func again(s *Scenario) {
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, CallID: "again", Unchallenged: true})
}

// binds registers a further contact of the first phone.
func binds(s *Scenario, contact, instance string, expires int) {
	line := fmt.Sprintf("Contact: <%s>%s;expires=%d\n", contact, instance, expires)
	r := Register{UE: UE1, ContactLine: line, NoExpires: true, CSeq: 1, CallID: contact}
	s.Ask(r)
	s.Answer(r, 200, Associated+line)
}

// barred registers an identity that the registrar lists nowhere, and gets these watchers told.
func barred(s *Scenario, watchers ...string) {
	r := asked
	r.AOR = imsi
	s.Ask(r)
	s.Answer(r, 200, accepted(3600))
	for _, by := range watchers {
		s.Watches(Watch{By: by})
		s.Tells(Told{By: by, Regs: Both("active", "1 active registered "+Phone)})
	}
	s.Wait(time.Minute)
}

// goesOn makes the capture go on for longer than news are on their way.
func goesOn(s *Scenario) {
	s.Wait(time.Minute)
	s.Query(UE1)
}

// TestNewLifetime: what is said of an earlier registration of a contact, and of a later one.
func TestNewLifetime(t *testing.T) {
	const bye = "terminated;reason=deactivated"
	check(t, []played{
		{"news of the old registration overtaken by the new one", func(s *Scenario) int64 {
			watched(s, 3600)
			s.Tells(Told{By: UE1, Version: 1, State: bye, Regs: ended})
			s.Tells(Told{By: AS, Version: 1, Regs: ended})
			again(s)
			regs := Both("active", "2 active registered "+Phone)
			s.Tells(Told{By: AS, Version: 2, Regs: regs})
			s.Tells(Told{By: PCSCF, Version: 1, State: bye, Regs: ended})
			s.Wait(5 * time.Second)
			s.Watches(Watch{By: PCSCF, CallID: "anew"})
			s.Tells(Told{By: PCSCF, CallID: "anew", Regs: regs})
			s.Wait(5 * time.Second)
			return 0
		}, ""},
		{"news of the end of the new one", func(s *Scenario) int64 {
			watched(s, 3600)
			s.Tells(Told{By: UE1, Version: 1, State: bye, Regs: ended})
			s.Tells(Told{By: PCSCF, Version: 1, Regs: ended})
			s.Tells(Told{By: AS, Version: 1, State: bye, Regs: ended})
			again(s)
			s.Wait(time.Minute)
			base := s.Now
			s.Tells(Told{By: PCSCF, Version: 2, Regs: ended})
			goesOn(s)
			return base
		}, Phone + " 0.0–end #33: UE; not P-CSCF, S-CSCF"},
		{"a document tells a P-CSCF of the new one", func(s *Scenario) int64 {
			watched(s, 3600)
			for _, by := range []string{UE1, PCSCF, AS} {
				s.Tells(Told{By: by, Version: 1, Regs: ended})
			}
			s.Wait(time.Minute) // in which the capture lost a REGISTER
			for _, by := range []string{UE1, PCSCF, AS} {
				s.Tells(Told{By: by, Version: 2, Regs: Both("active", "2 active registered "+Phone)})
			}
			goesOn(s)
			return 0
		}, ""},
		{"a watcher without subscription cannot know", func(s *Scenario) int64 {
			watched(s, 3600)
			s.Tells(Told{By: PCSCF, Version: 1, Regs: ended})
			s.Tells(Told{By: UE1, Version: 1, Regs: ended})
			s.Tells(Told{By: AS, Version: 1, State: bye, Regs: ended})
			s.Wait(time.Minute)
			again(s)
			goesOn(s)
			return 0
		}, ""},
		{"one with a subscription should", func(s *Scenario) int64 {
			watched(s, 3600)
			s.Tells(Told{By: PCSCF, Version: 1, Regs: ended})
			s.Tells(Told{By: UE1, Version: 1, Regs: ended})
			s.Tells(Told{By: AS, Version: 1, Regs: ended})
			s.Wait(time.Minute)
			base := s.Now
			again(s)
			goesOn(s)
			return base
		}, Phone + " 0.0–end #31: UE, P-CSCF, S-CSCF; not 10.9.0.5"},
		{"registered anew while the RTR is not answered yet", func(s *Scenario) int64 {
			s.Ask(asked)
			s.SAR(Cx{Type: 1, Result: 2001})
			s.Answer(asked, 200, accepted(3600))
			s.Watches(Watch{By: UE1})
			s.Tells(Told{By: UE1, Regs: Both("active", "1 active registered "+Phone)})
			s.Wait(time.Minute)
			s.RTR(2, 0)
			s.Tells(Told{By: UE1, Version: 1, State: bye, Regs: ended})
			r := asked
			r.CSeq, r.CallID = 7, "again"
			s.Ask(r)
			s.SAR(Cx{Type: 1, Result: 2001})
			s.Answer(r, 200, accepted(3600))
			s.RTRAnswer(2001)
			goesOn(s)
			return 0
		}, ""},
	})
}

// TestBarredIdentity: an identity that no document lists fares as its set.
func TestBarredIdentity(t *testing.T) {
	check(t, []played{
		{"all are told", func(s *Scenario) int64 {
			barred(s, UE1, PCSCF)
			for _, by := range []string{UE1, PCSCF} {
				s.Tells(Told{By: by, Version: 1, Regs: ended})
			}
			goesOn(s)
			return 0
		}, ""},
		{"a part of the set ends", func(s *Scenario) int64 {
			barred(s, UE1, PCSCF)
			for _, by := range []string{UE1, PCSCF} {
				s.Tells(Told{By: by, Version: 1, Regs: Reg(Alice, "active", "1 active registered "+Phone) + Reg(AliceTel, "terminated", "1 terminated deactivated "+Phone)})
			}
			goesOn(s)
			return 0
		}, ""},
		{"the P-CSCF is not told", func(s *Scenario) int64 {
			barred(s, UE1, PCSCF)
			base := s.Now
			s.Tells(Told{By: UE1, Version: 1, Regs: ended})
			goesOn(s)
			return base
		}, Phone + " 0.0–end #17: P-CSCF; not UE, S-CSCF"},
	})
}

// TestContactsOfAPhone: one phone is one party, whichever contact of it has the subscription.
func TestContactsOfAPhone(t *testing.T) {
	check(t, []played{
		{"an emergency registration runs out", func(s *Scenario) int64 {
			s.Ask(asked)
			s.Answer(asked, 200, accepted(3600))
			s.Watches(Watch{By: UE1})
			s.Tells(Told{By: UE1, Regs: Both("active", "1 active registered "+Phone)})
			binds(s, sos, "", 60)
			s.Tells(Told{By: UE1, Version: 1, Partial: true, Regs: Both("active", "2 active registered "+sos)})
			s.Wait(3 * time.Minute)
			s.Query(UE1)
			return 0
		}, ""},
		{"another port", func(s *Scenario) int64 {
			watched(s, 3600)
			binds(s, other, "", 60)
			for _, by := range []string{UE1, PCSCF, AS} {
				s.Tells(Told{By: by, Version: 1, Partial: true, Regs: Both("active", "2 active registered "+other)})
			}
			s.Wait(time.Minute)
			s.Tells(Told{By: AS, Version: 2, Partial: true, Regs: Both("active", "2 terminated expired "+other)})
			s.Wait(3 * time.Minute)
			s.Query(UE1)
			return 0
		}, ""},
		{"two phones behind a translator", func(s *Scenario) int64 {
			binds(s, Phone, `;+sip.instance="<urn:uuid:1>"`, 3600)
			s.Watches(Watch{By: UE1})
			s.Tells(Told{By: UE1, Regs: Both("active", "1 active registered "+Phone)})
			s.Wait(time.Minute)
			base := s.Now
			binds(s, other, `;+sip.instance="<urn:uuid:2>"`, 3600)
			goesOn(s)
			return base
		}, other + " 0.0–end #15: UE, P-CSCF, S-CSCF; not UE"},
		{"the HSS ends all but an emergency registration", func(s *Scenario) int64 {
			r := asked
			s.Ask(r)
			s.SAR(Cx{Type: 1, Result: 2001})
			s.Answer(r, 200, accepted(3600))
			binds(s, sos, "", 3600)
			s.Wait(time.Minute)
			s.RTR(0, 2001)
			goesOn(s)
			return s.Now
		}, Phone + " -60.0–end #11: UE, P-CSCF; not S-CSCF"},
	})
}

// TestUnseen: what a capture does not show.
func TestUnseen(t *testing.T) {
	over := func(s *Scenario, way ...string) int64 { // of the REGISTER
		back := make([]string, len(way))
		for i := range way {
			back[len(way)-1-i] = way[i]
		}
		s.AskOver(asked, way...)
		s.AnswerOver(asked, 200, accepted(3600)+"Service-Route: <sip:scscf.home1.net;lr>\n", back...)
		s.NotifyOver(UE1, "active", 0, "full", Both("active", "1 active registered "+Phone), PCSCF, UE1)
		s.NotifyAnswer(UE1, 200, UE1, PCSCF)
		s.Wait(time.Minute)
		base := s.Now
		s.NotifyOver(UE1, "terminated;reason=deactivated", 1, "full", ended, PCSCF, UE1)
		s.NotifyAnswer(UE1, 200, UE1, PCSCF)
		goesOn(s)
		return base
	}
	check(t, []played{
		{"only Gm, where the P-CSCF is told nothing", func(s *Scenario) int64 { return over(s, UE1, PCSCF) }, ""},
		{"Gm and Mw", func(s *Scenario) int64 { return over(s, UE1, PCSCF, SCSCF) }, Phone + " 0.0–end #7: P-CSCF; not UE, S-CSCF"},
	})
}

// TestThirdPartyFarewell: a third-party REGISTER tells an AS that subscribes, too.
func TestThirdPartyFarewell(t *testing.T) {
	leaves := func(s *Scenario, status int) int64 {
		s.Ask(asked)
		s.Answer(asked, 200, accepted(3600))
		s.ThirdParty(Alice, 3600, 200)
		s.Watches(Watch{By: AS})
		s.Tells(Told{By: AS, Regs: Both("active", "1 active registered "+Phone)})
		r := asked
		r.CSeq = 2
		s.Wait(time.Minute)
		base := s.Now
		s.Removed(r, 2)
		s.ThirdParty(Alice, 0, status)
		goesOn(s)
		return base
	}
	check(t, []played{
		{"nobody is left", func(s *Scenario) int64 { return leaves(s, 200) }, ""},
		{"it does not take it", func(s *Scenario) int64 { return leaves(s, 503) },
			Phone + " 0.0–end #13: AS; not UE, P-CSCF, S-CSCF\n" + Alice + " " + AliceTel + " 0.0–end #13: AS; not S-CSCF"},
		{"and comes back", func(s *Scenario) int64 {
			leaves(s, 200)
			again(s)
			s.ThirdParty(Alice, 3600, 200)
			goesOn(s)
			return 0
		}, ""},
		{"another phone is left", func(s *Scenario) int64 {
			s.Registered(Register{UE: UE2, Contact: Tablet, Expires: 3600, CSeq: 1, Unchallenged: true})
			return leaves(s, 200)
		}, Tablet + " -60.0–end #13: UE 10.0.0.2, P-CSCF, S-CSCF; not AS\n" + Alice + " " + AliceTel + " 0.0–end #20: S-CSCF; not AS"},
	})
}

// played is a scenario, with the disagreements that it leads to; see apart.
type played struct {
	name string
	play func(s *Scenario) (base int64)
	want string
}

func check(t *testing.T, tests []played) {
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
