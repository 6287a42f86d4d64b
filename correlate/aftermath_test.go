package correlate_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	. "imscope/correlate/internal/scenario"
)

// TestAftermath: a phone is back when the registrar has accepted it.
func TestAftermath(t *testing.T) {
	for _, c := range []struct {
		name string
		play func(s *Scenario, r Register)
		cut  bool // the capture ends there
		want string
	}{
		{"accepted", func(s *Scenario, r Register) {
			s.Ask(r)
			s.Answer(r, 401, Challenge("n2"))
			r.CSeq, r.Nonce = 4, "n2"
			s.Registered(r)
		}, false, "the UE registered again 10 s later"},
		{"refused", func(s *Scenario, r Register) {
			s.Ask(r)
			s.Answer(r, 401, Challenge("n2"))
			r.CSeq, r.Nonce = 4, "n2"
			s.Ask(r)
			s.Answer(r, 403, "")
		}, false, "the UE tried to register again 10 s later, answered 403"},
		{"refused, then accepted", func(s *Scenario, r Register) {
			s.Ask(r)
			s.Answer(r, 500, "")
			s.Wait(20 * time.Second)
			r.CSeq = 4
			s.Registered(r)
		}, false, "the UE registered again 30 s later"},
		{"given up", func(s *Scenario, r Register) {
			s.Ask(r)
			s.Answer(r, 401, Challenge("n2"))
		}, false, "the UE began to register again 10 s later, and did not go on after the 401"},
		{"unanswered", func(s *Scenario, r Register) { s.Ask(r) }, false, "the UE tried to register again 10 s later, without an answer"},
		{"cut", func(s *Scenario, r Register) { s.Ask(r) }, true, "the UE began to register again 10 s later, and the capture ends"},
	} {
		s, r := watchedPhone(t)
		off := Removal(r, 2)
		s.Ask(off)
		s.Answer(off, 200, "")
		s.Wait(10 * time.Second)
		r.CSeq = 3
		c.play(s, r)
		if !c.cut {
			s.Wait(time.Minute)
			s.Send(UE2, PCSCF, "OPTIONS sip:x SIP/2.0\n"+Via("o", UE2)+"From: <sip:x@y>;tag=1\nTo: <sip:x>\nCall-ID: o\nCSeq: 1 OPTIONS\n\n")
		}
		d := s.Close().Deregistrations[0]
		if !strings.HasSuffix(d.Verdict, "; "+c.want) {
			t.Errorf("%s: %q, want …; %s", c.name, d.Verdict, c.want)
		}
		if back := strings.Contains(c.want, "registered again"); back != (d.Again > d.Started) || !back && d.Again != 0 {
			t.Errorf("%s: back at %d", c.name, d.Again)
		}
	}
}

// TestComesBack: a phone is back once it is itself, not when another one of the user is. A capture that begins behind the
// P-CSCF shows it by its contact and instance.
func TestComesBack(t *testing.T) {
	phone := ue1Phone
	phone.CallID = "reg"
	for _, c := range []struct {
		name                  string
		ue, contact, instance string
		expires               int
		want                  bool
	}{
		{"the same contact", UE1, Phone, "1", 3600, true},
		{"the same contact, no instance", UE1, Phone, "", 3600, true},
		{"the same device at another contact", UE2, "sip:alice@10.9.9.9:5060", "1", 3600, true},
		{"another phone", UE2, "sip:alice@10.0.0.2:5060", "2", 3600, false},
		{"it only removes", UE1, Phone, "1", 0, false},
	} {
		for _, core := range []bool{false, true} {
			s := New(t)
			register := func(r Register, instance string) {
				r.ContactLine = fmt.Sprintf("Contact: <%s>;expires=%d", r.Contact, r.Expires)
				if instance != "" {
					r.ContactLine += fmt.Sprintf(";+sip.instance=\"<urn:gsma:imei:%s>\"", instance)
				}
				r.ContactLine += "\n"
				granted := r.ContactLine
				if r.Expires == 0 {
					granted = ""
				}
				if !core {
					s.Ask(r)
					s.Answer(r, 200, granted)
					return
				}
				branch := "core" + strconv.Itoa(r.CSeq)
				s.Send(PCSCF, SCSCF, r.Text(branch, r.UE, PCSCF))
				s.SetAsked(branch)
				s.AnswerOver(r, 200, granted, SCSCF, PCSCF)
			}
			register(phone, "1")
			register(Removal(phone, 2), "1")
			s.Wait(10 * time.Second)
			next := phone
			next.CSeq, next.UE, next.Contact, next.Expires = 3, c.ue, c.contact, c.expires
			register(next, c.instance)
			s.Wait(time.Minute)
			d := s.Close().Deregistrations[0]
			if got := d.Again != 0; got != c.want || got != strings.Contains(d.Verdict, "registered again 10 s later") {
				t.Errorf("%s (core only: %v): back at %d: %s", c.name, core, d.Again, d.Verdict)
			}
		}
	}
}
