package story_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	. "imscope/correlate/internal/scenario"
	"imscope/correlate/story"
)

// asked is the first REGISTER of IMS AKA.
var asked = Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Unchallenged: true}

// response is the REGISTER that answers a challenge.
func response(cseq int, nonce string) Register {
	r := asked
	r.CSeq, r.Nonce, r.Unchallenged = cseq, nonce, false
	return r
}

func accepted(expires int) string {
	return Associated + fmt.Sprintf("Contact: <%s>;expires=%d\n", Phone, expires)
}

// words puts registrations into lines: kind, outcome, status, and per round what it brought and what
// was asked for.
func words(u *story.User) string {
	var lines []string
	for _, r := range u.Registrations() {
		s := fmt.Sprint(r.Kind, " ", r.Outcome, " ", r.Status)
		for _, o := range r.Rounds {
			s += fmt.Sprintf(" | %s %d", o.Credentials, o.Status)
			if o.Challenge != "" {
				s += " " + o.Challenge
			}
		}
		if r.Explanation != "" {
			s += " | " + r.Explanation
		}
		lines = append(lines, s)
	}
	return strings.Join(lines, "\n")
}

func TestRegistrations(t *testing.T) {
	tests := []struct {
		name string
		play func(s *Scenario)
		want string
	}{
		{"challenged, granted, refreshed, removed", func(s *Scenario) {
			s.Ask(asked)
			s.Answer(asked, 401, Challenge("n1"))
			r := response(2, "n1")
			s.Ask(r)
			s.Answer(r, 200, accepted(3600))
			s.Wait(30 * time.Minute)
			r.CSeq = 3
			s.Registered(r)
			s.Wait(time.Minute)
			r.CSeq, r.Expires = 4, 0
			s.Ask(r)
			s.Answer(r, 200, "")
		}, "initial succeeded 200 | identity 401 challenge | response 200\n" +
			"refresh succeeded 200 | response 200\n" +
			"de-registration succeeded 200 | response 200"},
		{"restarted while bound", func(s *Scenario) {
			s.Registered(response(1, "n1"))
			s.Wait(time.Minute)
			again := asked
			again.CallID = "after-restart"
			s.Ask(again)
			s.Answer(again, 401, Challenge("n2"))
		}, "refresh succeeded 200 | response 200\ninitial open 401 | identity 401 challenge | the capture ends 0 µs after the 401 X"},
		{"a refresh and a removal are challenged too", func(s *Scenario) {
			r := response(1, "old")
			s.Ask(r)
			s.Answer(r, 401, Challenge("n1"))
			r = response(2, "n1")
			s.Ask(r)
			s.Answer(r, 200, accepted(3600))
			r.CSeq, r.Expires = 3, 0
			s.Ask(r)
			s.Answer(r, 401, Challenge("n2"))
			r.CSeq, r.Nonce = 4, "n2"
			s.Ask(r)
			s.Answer(r, 200, "")
		}, "refresh succeeded 200 | response 401 challenge | response 200\n" +
			"de-registration succeeded 200 | response 401 challenge | response 200"},
		{"resynchronisation", func(s *Scenario) {
			s.Ask(asked)
			s.Answer(asked, 401, Challenge("n1"))
			r := response(2, "n1")
			r.Empty, r.Auth = true, `, auts="5PYxAuBOhQwPwkMIGV8="`
			s.Ask(r)
			s.Answer(r, 401, Challenge("n2"))
			r = response(3, "n2")
			s.Ask(r)
			s.Answer(r, 200, accepted(3600))
		}, "initial succeeded 200 | identity 401 challenge | auts 401 challenge after auts | response 200 | after a resynchronisation of the sequence number"},
		{"MAC failure, then refused", func(s *Scenario) {
			s.Ask(asked)
			s.Answer(asked, 401, Challenge("n1"))
			r := response(2, "n1")
			r.Empty = true
			s.Ask(r)
			s.Answer(r, 401, Challenge("n2"))
			r = response(3, "n2")
			r.Empty = true
			s.Ask(r)
			s.Answer(r, 403, "")
		}, "initial rejected 403 | identity 401 challenge | mac-failure 401 challenge after MAC failure | mac-failure 403 | S-CSCF answered 403 X: the phone had refused the challenge"},
		{"stale nonce", func(s *Scenario) {
			s.Ask(asked)
			s.Answer(asked, 401, Challenge("n1"))
			r := response(2, "n1")
			s.Ask(r)
			s.Answer(r, 401, strings.Replace(Challenge("n2"), "algorithm", "stale=TRUE, algorithm", 1))
			r = response(3, "n2")
			s.Ask(r)
			s.Answer(r, 200, accepted(3600))
		}, "initial succeeded 200 | identity 401 challenge | response 401 stale nonce | response 200 | after a stale nonce"},
		{"response not accepted, again and again", func(s *Scenario) {
			s.Ask(asked)
			s.Answer(asked, 401, Challenge("n1"))
			for i, nonce := range []string{"n1", "n2"} {
				r := response(2+i, nonce)
				s.Ask(r)
				s.Answer(r, 401, Challenge(fmt.Sprint("n", i+2)))
			}
			s.Wait(time.Minute)
			s.Ask(Register{UE: UE2, Contact: Tablet, Expires: 60, CSeq: 1, Unchallenged: true})
		}, "initial abandoned 401 | identity 401 challenge | response 401 response refused | response 401 response refused | challenged 3 times: the response is not accepted; nothing more came\n" +
			"initial open 0 | identity 0 | the capture ends 1 ms after the REGISTER 1"},
		{"challenged and gone", func(s *Scenario) {
			s.Ask(asked)
			s.Answer(asked, 401, Challenge("n1"))
			s.Wait(time.Minute)
			s.Registered(Register{UE: UE2, Contact: Tablet, Expires: 60, CSeq: 1, Unchallenged: true})
		}, "initial abandoned 401 | identity 401 challenge | challenged with 401 X; nothing more came\n" +
			"initial succeeded 200 | identity 200"},
		{"the challenge got lost on its way", func(s *Scenario) {
			s.Ask(asked)
			s.AnswerOver(asked, 401, Challenge("n1"), SCSCF, PCSCF)
			s.Wait(time.Minute)
			s.Registered(Register{UE: UE2, Contact: Tablet, Expires: 60, CSeq: 1, Unchallenged: true})
		}, "initial abandoned 401 | identity 401 challenge | challenged with 401 X; the 401 X was last seen at P-CSCF\n" +
			"initial succeeded 200 | identity 200"},
		{"begins anew after a challenge", func(s *Scenario) {
			s.Ask(asked)
			s.Answer(asked, 401, Challenge("n1"))
			s.Wait(time.Second)
			r := asked
			r.CSeq = 2
			s.Registered(r)
		}, "initial succeeded 200 | identity 401 challenge | identity 200"},
		{"begins anew for ever", func(s *Scenario) {
			for i := range 11 {
				r := asked
				r.CSeq = i + 1
				s.Ask(r)
				s.Answer(r, 401, Challenge(fmt.Sprint("n", i)))
			}
			s.Wait(time.Minute)
			s.ThirdParty(Alice, 0, 200)
		}, "initial abandoned 401" + strings.Repeat(" | identity 401 challenge", 8) + " | challenged 8 times with 401 X; nothing more came\n" +
			"initial abandoned 401" + strings.Repeat(" | identity 401 challenge", 3) + " | challenged 3 times with 401 X; nothing more came"},
		{"too brief", func(s *Scenario) {
			r := response(1, "")
			r.Expires = 30
			s.Ask(r)
			s.Answer(r, 423, "Min-Expires: 600\n")
			r.CSeq, r.Expires = 2, 600
			s.Ask(r)
			s.Answer(r, 200, accepted(600))
		}, "refresh succeeded 200 | response 423 interval too brief | response 200 | after asking for too short a time"},
		{"too brief, and that was it", func(s *Scenario) {
			r := asked
			r.Expires = 30
			s.Ask(r)
			s.Answer(r, 423, "Min-Expires: 600\n")
			s.Wait(time.Minute)
			s.ThirdParty(Alice, 0, 200)
		}, "initial abandoned 423 | identity 423 interval too brief | the asked 30 s are less than the least, 600 s; nothing more came"},
		{"the HSS says why", func(s *Scenario) {
			s.AskOver(asked, UE1, PCSCF, ICSCF)
			s.UAR(Cx{Experimental: 5001})
			s.AnswerOver(asked, 403, "", ICSCF, PCSCF, UE1)
		}, "initial rejected 403 | identity 403 | I-CSCF answered 403 X because UAA 5001 DIAMETER_ERROR_USER_UNKNOWN: the HSS does not know the user"},
		{"roaming", func(s *Scenario) {
			r := asked
			r.Mw = "P-Visited-Network-ID: \"visited1.net\"\n"
			s.AskOver(r, UE1, PCSCF, ICSCF)
			s.UAR(Cx{Experimental: 5004})
			s.AnswerOver(r, 403, "", ICSCF, PCSCF, UE1)
		}, "initial rejected 403 | identity 403 | I-CSCF answered 403 X because UAA 5004 DIAMETER_ERROR_ROAMING_NOT_ALLOWED: the HSS does not allow the user to roam in visited1.net"},
		{"Result-Code and Experimental-Result-Code are two spaces", func(s *Scenario) {
			s.AskOver(asked, UE1, PCSCF, ICSCF)
			s.UAR(Cx{Result: 5012})
			s.AnswerOver(asked, 500, "", ICSCF, PCSCF, UE1)
		}, "initial rejected 500 | identity 500 | I-CSCF answered 500 X because UAA 5012 DIAMETER_UNABLE_TO_COMPLY: the HSS failed at it"},
		{"the HSS says nothing", func(s *Scenario) {
			s.AskOver(asked, UE1, PCSCF, ICSCF, SCSCF)
			s.MAR(Cx{})
			s.Wait(32 * time.Second)
			s.AnswerOver(asked, 504, "", SCSCF, ICSCF, PCSCF, UE1)
		}, "initial rejected 504 | identity 504 | S-CSCF answered 504 X because the HSS did not answer the MAR"},
		{"no resources of the access network", func(s *Scenario) {
			s.AskOver(asked, UE1, PCSCF)
			s.AAR("10.0.0.1", 5065)
			s.AnswerOver(asked, 403, "", PCSCF, UE1)
		}, "initial rejected 403 | identity 403 | 10.9.0.1 answered 403 X because the PCRF gives the phone no resources: AAA 5065 IP-CAN_SESSION_NOT_AVAILABLE"},
		{"no resources, and the registrar refuses", func(s *Scenario) {
			s.Ask(asked)
			s.AAR("10.0.0.1", 0)
			s.Answer(asked, 480, "")
		}, "initial rejected 480 | identity 480 | 10.9.0.3 answered 480 X: the home network cannot serve the user at the moment"},
		{"nobody says why", func(s *Scenario) {
			s.Ask(asked)
			s.Answer(asked, 503, "Retry-After: 120\n")
		}, "initial rejected 503 | identity 503 | 10.9.0.3 answered 503 X: overloaded, to be tried again in 120 s"},
		{"reached the P-CSCF, and nothing came of it", func(s *Scenario) {
			s.Registered(asked)
			s.Wait(2 * time.Hour)
			r := response(2, "n1")
			r.UE, r.CallID = UE2, "other"
			s.AskOver(r, UE2, PCSCF)
			s.Wait(time.Minute)
			s.ThirdParty(Alice, 0, 200)
		}, "initial succeeded 200 | identity 200\n" +
			"initial unanswered 0 | response 0 | REGISTER 2 reached P-CSCF, and nothing came of it"},
		{"nobody knows whether it left", func(s *Scenario) {
			s.AskOver(asked, UE1, PCSCF)
			s.AnswerOver(asked, 200, "Service-Route: <sip:scscf.home1.net;lr>\n"+accepted(60), PCSCF, UE1)
			s.Wait(time.Hour)
			r := response(2, "n1")
			s.AskOver(r, UE1, PCSCF)
			s.Wait(time.Minute)
			s.ThirdParty(Alice, 0, 200)
		}, "initial succeeded 200 | identity 200\n" +
			"initial unanswered 0 | response 0 | REGISTER 2 reached P-CSCF; the capture does not show what lies behind"},
		{"the S-CSCF never answers, the P-CSCF gives up", func(s *Scenario) {
			s.Registered(asked)
			s.Wait(time.Minute)
			r := response(2, "n1")
			s.Ask(r)
			s.Wait(32 * time.Second)
			s.AnswerOver(r, 408, "", PCSCF, UE1)
		}, "initial succeeded 200 | identity 200\n" +
			"refresh unanswered 408 | response 408 | P-CSCF gave up waiting for S-CSCF and answered 408 X"},
		{"the phone is told something else", func(s *Scenario) {
			s.Ask(asked)
			s.Wait(20 * time.Second)
			s.AnswerOver(asked, 500, "", PCSCF, UE1)
			s.AnswerOver(asked, 200, accepted(3600), SCSCF, PCSCF)
		}, "initial succeeded 200 | identity 200 | the 200 X was last seen at P-CSCF, UE was told 500 X"},
		{"the capture ends too soon", func(s *Scenario) {
			s.Ask(asked)
			s.Wait(3 * time.Second)
			s.ThirdParty(Alice, 0, 200)
		}, "initial open 0 | identity 0 | the capture ends 3 s after the REGISTER 1"},
		{"tried again instead of waiting", func(s *Scenario) {
			s.Ask(asked)
			s.Wait(3 * time.Second)
			r := asked
			r.CSeq = 2
			s.Registered(r)
		}, "initial unanswered 0 | identity 0 | REGISTER 1 reached S-CSCF, and nothing came of it\n" +
			"initial succeeded 200 | identity 200"},
		{"a question", func(s *Scenario) {
			r := asked
			r.ContactLine, r.NoExpires = "-", true
			s.Ask(r)
			s.Answer(r, 200, accepted(100))
		}, "query succeeded 200 | identity 200"},
		{"the capture has the answer only", func(s *Scenario) {
			s.AnswerOver(asked, 200, accepted(100), PCSCF, UE1)
		}, "unknown succeeded 200 | none 200"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := New(t)
			tt.play(s)
			if got := words(s.Close()); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// TestLifetimes: what was asked for, granted, expected, and what came of it.
func TestLifetimes(t *testing.T) {
	s := New(t)
	s.Ask(asked)
	s.Answer(asked, 200, accepted(3240))
	granted := s.Now
	s.Wait(40 * time.Minute)
	r := response(2, "n1")
	s.Ask(r)
	refreshed := s.Now - 1e6 // the first of its two hops
	s.Answer(r, 200, accepted(900))
	second := s.Now
	s.Subscribe(UE1, Phone)
	s.Notify(UE1, 0, "full", Both("active", "1 active registered "+Phone))
	s.Wait(16 * time.Minute)
	s.Notify(UE1, 1, "full", Both("terminated", "1 terminated expired "+Phone))
	ended := s.Now - 3e6 // the first of its four hops
	u := s.Close()
	list := u.Registrations()
	if len(list) != 2 {
		t.Fatalf("%d registrations", len(list))
	}
	const sec = int64(time.Second)
	a, b := list[0], list[1]
	if a.Requested != 3600 || a.Granted != 3240 || a.PredictedExpiry != granted+3240*sec || a.RefreshDue != granted+2640*sec {
		t.Errorf("requested %d, granted %d, expiry %d, due %d", a.Requested, a.Granted, a.PredictedExpiry-granted, a.RefreshDue-granted)
	}
	if a.RefreshedAfter != refreshed-granted || a.ActualExpiry != 0 || a.EndedBy != nil {
		t.Errorf("refreshed after %d, want %d; expiry %d", a.RefreshedAfter, refreshed-granted, a.ActualExpiry)
	}
	if b.Granted != 900 || b.RefreshDue != second+450*sec || b.RefreshedAfter != 0 || b.ActualExpiry != ended || b.EndedBy == nil || b.EndedBy.Initiator != story.ByExpiry {
		t.Errorf("granted %d, due %d, refreshed after %d, expiry %d, want %d, by %v", b.Granted, b.RefreshDue-second, b.RefreshedAfter, b.ActualExpiry, ended, b.EndedBy)
	}
}
