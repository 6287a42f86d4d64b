package rules_test

import (
	"testing"
	"time"

	"imscope/correlate/finding/rules/internal/expect"
	. "imscope/correlate/internal/scenario"
)

func TestExpiredWithoutRefresh(t *testing.T) {
	r := Register{UE: UE1, Contact: Phone, Expires: 600, CSeq: 1}
	s := New(t)
	s.Registered(r)
	granted := s.Frame - 1
	s.Wait(20 * time.Minute)
	s.ThirdParty(Alice, 0, 200)
	expect.Fires(t, s, "expired-without-refresh", "warning", granted)

	// The user has another phone.
	s = New(t)
	s.Registered(r)
	granted = s.Frame - 1
	s.Registered(Register{UE: UE2, Contact: Tablet, Expires: 7200, CSeq: 1})
	s.Wait(20 * time.Minute)
	s.ThirdParty(Alice, 3600, 200)
	expect.Fires(t, s, "expired-without-refresh", "info", granted)

	s = New(t)
	s.Registered(r)
	s.Wait(5 * time.Minute)
	r.CSeq, r.Expires = 2, 3600
	s.Registered(r)
	s.Wait(20 * time.Minute)
	s.ThirdParty(Alice, 3600, 200)
	expect.Silent(t, s, "expired-without-refresh")
}
