package sip

// Method is a request method the project knows by name. Methods are case-sensitive (RFC 3261 7.1).
type Method uint8

// The methods. MethodOther stands for every method that is a token but not in this list: its
// spelling is in [Message.MethodSpan].
const (
	MethodNone      Method = iota
	MethodRegister         // RFC 3261 10
	MethodSubscribe        // RFC 6665
	MethodNotify           // RFC 6665
	MethodPublish          // RFC 3903
	MethodInvite           // RFC 3261 13
	MethodAck              // RFC 3261 17
	MethodBye              // RFC 3261 15
	MethodCancel           // RFC 3261 9
	MethodOptions          // RFC 3261 11
	MethodMessage          // RFC 3428
	MethodInfo             // RFC 6086
	MethodPrack            // RFC 3262
	MethodUpdate           // RFC 3311
	MethodRefer            // RFC 3515
	MethodOther
)

// String gives the method as it is written on the wire; "OTHER" and "NONE" for the two that are
// not methods.
func (m Method) String() string {
	switch m {
	case MethodRegister:
		return "REGISTER"
	case MethodSubscribe:
		return "SUBSCRIBE"
	case MethodNotify:
		return "NOTIFY"
	case MethodPublish:
		return "PUBLISH"
	case MethodInvite:
		return "INVITE"
	case MethodAck:
		return "ACK"
	case MethodBye:
		return "BYE"
	case MethodCancel:
		return "CANCEL"
	case MethodOptions:
		return "OPTIONS"
	case MethodMessage:
		return "MESSAGE"
	case MethodInfo:
		return "INFO"
	case MethodPrack:
		return "PRACK"
	case MethodUpdate:
		return "UPDATE"
	case MethodRefer:
		return "REFER"
	case MethodOther:
		return "OTHER"
	}
	return "NONE"
}

// ParseMethod names a method: MethodNone for no bytes, MethodOther for one not known.
func ParseMethod(b []byte) Method {
	switch string(b) {
	case "":
		return MethodNone
	case "REGISTER":
		return MethodRegister
	case "SUBSCRIBE":
		return MethodSubscribe
	case "NOTIFY":
		return MethodNotify
	case "PUBLISH":
		return MethodPublish
	case "INVITE":
		return MethodInvite
	case "ACK":
		return MethodAck
	case "BYE":
		return MethodBye
	case "CANCEL":
		return MethodCancel
	case "OPTIONS":
		return MethodOptions
	case "MESSAGE":
		return MethodMessage
	case "INFO":
		return MethodInfo
	case "PRACK":
		return MethodPrack
	case "UPDATE":
		return MethodUpdate
	case "REFER":
		return MethodRefer
	}
	return MethodOther
}

// mendMethod returns the method that b begins with, with a blank behind it, if one byte that no token may have replaces
// one of its own or stands between them, and the length of what is there; MethodNone if there is none.
func mendMethod(b []byte) (Method, int) {
	const longest = len("SUBSCRIBE") + 1
	n := 0
	for n < len(b) && n <= longest && !isBlank(b[n]) {
		n++
	}
	if n == len(b) || n > longest {
		return MethodNone, 0
	}
	for m := MethodRegister; m < MethodOther; m++ {
		if damagedOnce(b[:n], m.String()) {
			return m, n
		}
	}
	return MethodNone, 0
}

// damagedOnce reports whether b is s with one byte that is no token's, in the place of another or in addition.
func damagedOnce(b []byte, s string) bool {
	if len(b) != len(s) && len(b) != len(s)+1 {
		return false
	}
	i := 0
	for i < len(s) && b[i] == s[i] {
		i++
	}
	return i < len(b) && !isToken(b[i]) && string(b[i+1:]) == s[i+len(s)+1-len(b):]
}
