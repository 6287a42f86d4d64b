package finding

import (
	"testing"

	"imscope/correlate/fact"
)

func TestDevice(t *testing.T) {
	for _, tt := range []struct {
		a, b Device
		want bool
	}{
		{Device{"i", "p", "h"}, Device{"i", "q", "g"}, true}, // it moved
		{Device{"i", "p", "h"}, Device{"j", "p", "h"}, false},
		{Device{"i", "p", "h"}, Device{"", "p", "h"}, true}, // a REGISTER that leaves the instance out
		{Device{"", "p", "h"}, Device{"", "P", "h"}, true},
		{Device{"", "p", "h"}, Device{"", "q", "h"}, false}, // behind one NAT
		{Device{"", "p", "h"}, Device{"", "p", "g"}, false},
		{Device{"", "", "h"}, Device{"", "q", "h"}, true},
	} {
		if got := tt.a.Is(tt.b); got != tt.want || tt.b.Is(tt.a) != got {
			t.Errorf("%v is %v: %v", tt.a, tt.b, got)
		}
	}
	x := register(1, "c", 200, "sip:a@h:5060")
	x.Register.IMPI, x.Register.Contacts[0].Instance, x.Register.Contacts[0].URI = "p", "i", "sip:a@h:5060;x"
	c := Case{Exchanges: []*fact.Exchange{x}}
	if d := c.Device("sip:a@h:5060", 5); d != (Device{"i", "p", "h"}) {
		t.Error(d)
	}
	if d := c.Device("sip:a@h:5060", 1); d != (Device{Host: "h"}) { // not yet
		t.Error(d)
	}
}
