package fact

import (
	"net/netip"
	"strconv"

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
	switch {
	case x.Answered == 0:
		return "AAR unanswered"
	case x.Experimental >= 0:
		return "AAA " + strconv.Itoa(int(x.Experimental)) + " " + diameter.ExperimentalResultName(x.Experimental)
	case x.Result >= 0:
		return "AAA " + strconv.Itoa(int(x.Result)) + " " + diameter.ResultCodeName(x.Result)
	}
	return "AAA without a result"
}
