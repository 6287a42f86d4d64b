package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestAnswerNotDelivered(t *testing.T) {
	play := func(first bool, expires int) (s *Scenario, asked, last uint32) {
		s = New(t)
		if first {
			s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		}
		r := Register{UE: UE1, Contact: Phone, Expires: expires, CSeq: 2}
		asked = s.Ask(r)
		last = s.AnswerOver(r, 200, "", SCSCF, PCSCF)
		s.Wait(5 * time.Second)
		s.AskAgain(r, UE1, PCSCF)
		return s, asked, last
	}
	s, asked, last := play(true, 3600)
	expect.Fires(t, s, "answer-not-delivered", "error", last, asked)
	s, asked, last = play(true, 0)
	expect.Fires(t, s, "answer-not-delivered", "warning", last, asked)
	s, asked, last = play(false, 3600) // no answer on Gm at all
	expect.Fires(t, s, "answer-not-delivered", "warning", last, asked)

	// Over UDP the device would have repeated its REGISTER.
	s = New(t)
	s.OverUDP(true)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
	refresh := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2}
	asked = s.Ask(refresh)
	last = s.AnswerOver(refresh, 200, "", SCSCF, PCSCF)
	s.Wait(time.Minute)
	s.ThirdParty(Alice, 3600, 200)
	expect.Fires(t, s, "answer-not-delivered", "warning", last, asked)

	// To where the device was before.
	s = New(t)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
	asked = s.Ask(Register{UE: UE2, Contact: Phone, Expires: 3600, CSeq: 2, CallID: "moved"})
	s.AnswerOver(Register{UE: UE2, CSeq: 2, CallID: "moved"}, 200, "Contact: <"+Phone+">;expires=3600\n", SCSCF, PCSCF)
	last = s.AnswerOver(Register{UE: UE1, CSeq: 2, CallID: "moved"}, 200, "Contact: <"+Phone+">;expires=3600\n", PCSCF, UE1)
	s.Wait(5 * time.Second)
	s.ThirdParty(Alice, 3600, 200)
	if h := expect.Fires(t, s, "answer-not-delivered", "error", last, asked); h.Detail != "200 X went to 10.0.0.1, the REGISTER came from 10.0.0.2" {
		t.Error(h.Detail)
	}

	// To a balancer of load that writes no Via: what it does with it the capture does not show.
	const balancer = "10.9.0.8:5060"
	s = New(t)
	over := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1}
	s.Send(UE1, balancer, over.Text("lb", UE1))
	s.Send(balancer, PCSCF, over.Text("lb", UE1))
	s.Send(PCSCF, SCSCF, over.Text("lb", UE1, PCSCF))
	s.SetAsked("lb")
	s.AnswerOver(over, 200, Associated+"Contact: <"+Phone+">;expires=3600\n", SCSCF, PCSCF)
	s.AnswerOver(Register{UE: balancer, CallID: "reg-" + UE1, CSeq: 1}, 200, Associated+"Contact: <"+Phone+">;expires=3600\n", PCSCF, balancer)
	s.Wait(5 * time.Second)
	s.ThirdParty(Alice, 3600, 200)
	expect.Silent(t, s, "answer-not-delivered")

	// The device must have had it.
	first := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Empty: true}
	s = New(t)
	asked = s.Ask(first)
	last = s.AnswerOver(first, 401, Challenge("n1"), SCSCF, PCSCF)
	s.Wait(5 * time.Second)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 2, Nonce: "n1"})
	expect.Fires(t, s, "answer-not-delivered", "info", last, asked)

	s = New(t)
	s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
	s.Wait(5 * time.Second)
	s.ThirdParty(Alice, 3600, 200)
	expect.Silent(t, s, "answer-not-delivered")
}
