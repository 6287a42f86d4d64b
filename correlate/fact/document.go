package fact

import (
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

// Document is a reginfo document, owned.
type Document struct {
	Version       int64 // Absent if the document does not say
	State         reginfo.State
	Registrations []Registration
	Problems      []*problem.Code
}

// Registration is one address-of-record of a document.
type Registration struct {
	AOR      URI
	ID       string
	State    reginfo.RegState
	Contacts []Contact
}

// Contact is one contact element.
type Contact struct {
	ID       string
	URI      string // spelling of the document
	Key      string // identity.Contact
	Instance string
	State    reginfo.ContactState
	Event    reginfo.Event
	Q        int16 // in thousandths; Absent
	RegID    int32 // of the unknown-param reg-id, RFC 5626 9.1; 0 for none
	GRUU     bool  // a pub-gruu is there, RFC 5628 5
	Expires  int64 // seconds left; Absent
	Retry    int64 // retry-after; Absent
	CallID   string
	CSeq     int64
}
