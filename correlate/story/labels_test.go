package story_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	. "imscope/correlate/internal/scenario"
	"imscope/correlate/story"
)

// onMw registers a phone that the capture shows between its P-CSCF and the S-CSCF only, with its subscription, and tells it
// something. A phone without address has no subscription.
func onMw(s *Scenario, ue, contact, watches, regs string) {
	r := Register{UE: ue, Contact: contact, Expires: 3600, CSeq: 1}
	s.SetAsked("r" + ue)
	s.Send(PCSCF, SCSCF, r.Text("r"+ue, ue, PCSCF))
	s.AnswerOver(r, 200, Associated+fmt.Sprintf("Contact: <%s>;expires=3600\n", contact), SCSCF, PCSCF)
	if watches == "" {
		return
	}
	head := fmt.Sprintf("%sFrom: <%s>;tag=w\nTo: <%s>\nCall-ID: sub-%s\nCSeq: 1 SUBSCRIBE\nExpires: 3600\n", Via("s"+ue, ue, PCSCF), Alice, Alice, ue)
	s.Send(PCSCF, SCSCF, "SUBSCRIBE "+Alice+" SIP/2.0\n"+head+"Event: reg\nContact: <"+watches+">\nContent-Length: 0\n\n")
	s.Send(SCSCF, PCSCF, "SIP/2.0 200 OK\n"+strings.Replace(head, "<"+Alice+">\nCall", "<"+Alice+">;tag=n\nCall", 1)+"Content-Length: 0\n\n")
	s.NotifyOver(ue, "active", 0, "full", regs, SCSCF, PCSCF)
	s.NotifyAnswer(ue, 200, PCSCF, SCSCF)
}

// TestPhonesBehindAProxy: where they want to be told tells them apart.
func TestPhonesBehindAProxy(t *testing.T) {
	one := Both("active", "1 active registered "+Phone)
	tests := []struct {
		name string
		play func(s *Scenario)
		want string // nodes of the subscriptions; phones of the lanes
	}{
		{"two", func(s *Scenario) {
			onMw(s, UE1, Phone, Phone, one)
			onMw(s, UE2, Tablet, Tablet, one)
		}, "UE 10.0.0.1, UE 10.0.0.2; UE 10.0.0.1, UE 10.0.0.2"},
		{"one", func(s *Scenario) { onMw(s, UE1, Phone, Phone, one) }, "UE; UE"},
		{"one of two subscribes", func(s *Scenario) {
			onMw(s, UE1, Phone, Phone, one)
			onMw(s, UE2, Tablet, "", "")
		}, "UE 10.0.0.1; UE 10.0.0.1, UE 10.0.0.2"},
		{"without its SUBSCRIBE", func(s *Scenario) {
			onMw(s, UE1, Phone, Phone, one)
			s.NotifyOver(UE2, "active", 0, "full", one, SCSCF, PCSCF)
			s.NotifyAnswer(UE2, 200, PCSCF, SCSCF)
		}, "UE 10.0.0.1, UE 10.0.0.2; UE 10.0.0.1"},
		{"a GRUU", func(s *Scenario) {
			onMw(s, UE1, Phone, Alice+";gr=1", one)
			onMw(s, UE2, Tablet, Alice+";gr=2", one)
		}, ", ; UE 10.0.0.1, UE 10.0.0.2"},
		{"a border controller that hides them", func(s *Scenario) {
			onMw(s, UE1, "sip:a@10.9.0.1:5060", "sip:a@10.9.0.1:5060", one)
		}, "; UE"},
		{"the phone's own link as well", func(s *Scenario) {
			s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
			s.Wait(time.Second)
			onMw(s, UE1, Phone, Phone, one)
			s.Watches(Watch{By: PCSCF})
			s.Tells(Told{By: PCSCF, Regs: one})
		}, "UE, P-CSCF; UE"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := New(t)
			tt.play(s)
			u := s.Close()
			var nodes, phones []string
			for _, w := range u.Subscriptions {
				nodes = append(nodes, w.WatcherNode)
			}
			for _, l := range u.Beliefs().Lanes {
				if l.Role == story.PartyUE {
					phones = append(phones, l.Party)
				}
			}
			if got := strings.Join(nodes, ", ") + "; " + strings.Join(phones, ", "); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}
