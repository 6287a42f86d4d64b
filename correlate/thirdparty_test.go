package correlate_test

import (
	"testing"

	. "imscope/correlate/internal/scenario"
)

// The capture lost the S-CSCF's REGISTER to the AS: its 200 binds nothing to the user.
func TestThirdPartyAnswerAlone(t *testing.T) {
	s := New(t)
	s.Registered(ue1Phone)
	s.Send(AS, SCSCF, "SIP/2.0 200 OK\n"+Via("x", SCSCF)+"From: <sip:scscf.home1.net>;tag=s\nTo: <"+Alice+">;tag=a\nCall-ID: third\nCSeq: 7 REGISTER\n"+
		"Contact: <sip:scscf.home1.net>;expires=3600\nContent-Length: 0\n\n")
	if got, want := Active(s.Close()), Alice+" "+Phone+"\n"+AliceTel+" "+Phone; got != want {
		t.Errorf("active:\n%s\nwant:\n%s", got, want)
	}
}
