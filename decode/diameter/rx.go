package diameter

import "net/netip"

// AVPs that say whose address a request on Rx is about (RFC 4005 6.11.1, RFC 3162 2.3).
const (
	AVPFramedIPAddress  = 8
	AVPFramedIPv6Prefix = 97
)

// Rx is a typed view of a message between P-CSCF and PCRF (TS 29.214 5.3, 5.6). It borrows the message it was parsed from.
type Rx struct {
	// SessionID is that of an AF session: all its messages have it.
	SessionID []byte
	// Framed is the phone's address, or the prefix that it was given; invalid if there is none.
	Framed netip.Prefix
	// ResultCode is the Result-Code of the base protocol, ExperimentalResult 3GPP's; -1 if absent.
	ResultCode, ExperimentalResult int32
}

// IsRx reports whether a message is of the Rx application.
func (m *Message) IsRx() bool { return m.AppID == appRx }

// Parse reads the AVPs of m. It resets r and allocates nothing.
func (r *Rx) Parse(m *Message) {
	*r = Rx{ResultCode: -1, ExperimentalResult: -1}
	for a := range m.AVPs() {
		if a.Vendor != 0 {
			continue
		}
		switch a.Code {
		case AVPSessionID:
			set(&r.SessionID, &a)
		case AVPFramedIPAddress, AVPFramedIPv6Prefix:
			if p, ok := framed(&a); ok && !r.Framed.IsValid() {
				r.Framed = p
			}
		case AVPResultCode:
			setInt(&r.ResultCode, &a)
		case AVPExperimentalResult:
			for in := range a.AVPs() {
				if in.Code == AVPExperimentalResultCode {
					setInt(&r.ExperimentalResult, &in)
				}
			}
		}
	}
}

// framed reads an address, or a prefix: a byte that is reserved, the length in bits, and as many bytes as that takes.
func framed(a *AVP) (netip.Prefix, bool) {
	if a.Code == AVPFramedIPAddress {
		addr, ok := netip.AddrFromSlice(a.Data)
		return netip.PrefixFrom(addr, addr.BitLen()), ok && addr.Is4()
	}
	if len(a.Data) < 2 || len(a.Data) > 18 {
		return netip.Prefix{}, false
	}
	var b [16]byte
	copy(b[:], a.Data[2:])
	p := netip.PrefixFrom(netip.AddrFrom16(b), int(a.Data[1]))
	return p.Masked(), p.IsValid()
}
