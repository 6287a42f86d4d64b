package fact

import (
	"strings"

	"imscope/decode/reginfo"
	"imscope/decode/sip"
)

// Traits are what a message is, as far as what it belongs to, and what follows it, depends on that.
type Traits uint16

const (
	IsRegister   Traits = 1 << iota // a REGISTER of a phone
	IsThirdParty                    // a REGISTER of the S-CSCF
	IsSubscribe                     // a SUBSCRIBE to reg
	IsSelfWatch                     // one of whom it is about
	IsNotify                        // a NOTIFY of reg, or with a reginfo document
	IsCall                          // INVITE, MESSAGE or REFER
	HasDocument                     // a NOTIFY with a reginfo document
	HasList                         // one with a registration
	HasActive                       // one with an active registration
	Binds                           // a REGISTER that binds or refreshes
	FromProxy                       // a response with what a proxy gives to the phone: Path, Service-Route
)

// Is reports whether a message has one of these traits.
func (t Traits) Is(any Traits) bool { return t&any != 0 }

// traits tells what a request is, or the request that a response repeats something of.
func (x *Exchange) traits() (t Traits) {
	switch {
	case x.Register != nil && x.Register.ThirdParty:
		t = IsThirdParty
	case x.Register != nil:
		t = IsRegister
		if x.Register.Binds() {
			t |= Binds
		}
	case x.Subscribe != nil && isReg(x.Subscribe.Event):
		t = IsSubscribe
		if x.From.Key == x.To.Key {
			t |= IsSelfWatch
		}
	case x.Notify != nil && x.Notify.Document != nil:
		t = IsNotify | HasDocument
		for i := range x.Notify.Document.Registrations {
			t |= HasList
			if x.Notify.Document.Registrations[i].State == reginfo.RegActive {
				t |= HasActive
			}
		}
	case x.Notify != nil && isReg(x.Notify.Event):
		t = IsNotify
	case x.Method == sip.MethodInvite || x.Method == sip.MethodMessage || x.Method == sip.MethodRefer:
		t = IsCall
	}
	return t
}

// isReg reports whether an event package is the one for registrations.
func isReg(event string) bool { return event == "reg" || strings.HasPrefix(event, "reg.") }
