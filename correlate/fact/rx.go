package fact

import (
	"net/netip"

	"imscope/decode/diameter"
)

// Rx is what a P-CSCF asked the PCRF for a phone, an AAR (TS 29.214 4.4.1).
type Rx struct {
	Phone                netip.Prefix // its address, or the prefix that it was given
	Time                 int64        // ns
	Frame                uint32       // of the AAR
	Answered             uint32       // of the AAA; 0 if there is none
	Result, Experimental int32        // as in Cx
}

// Succeeded reports whether the answer is there and says success.
func (x *Rx) Succeeded() bool { return x.Answered != 0 && diameter.Success(x.Result, x.Experimental) }

// String says how it was answered.
func (x *Rx) String() string {
	if x.Answered == 0 {
		return "AAR unanswered"
	}
	return string(diameter.AppendResult([]byte("AAA "), x.Result, x.Experimental))
}
