package reginfo

import "imscope/decode/problem"

// Document is one registration information document (RFC 3680 5.1).
//
// A Document is meant to be reused: Parse resets everything. Every byte slice in it, and in its
// registrations, contacts and parameters, borrows the bytes given to Parse or the Document's own
// scratch; all of it is valid until the next Parse and must be copied to live longer.
type Document struct {
	// Version counts the documents of one subscription; -1 when absent or unreadable.
	Version int64
	// State says whether the document replaces all that was known or only adds to it.
	State State
	// Registrations in the order of the document.
	Registrations []Registration
	// Problems in the order they were found; spans point into the bytes given to Parse.
	Problems []problem.Problem

	contacts []Contact // all contacts; registrations hold windows of it
	params   []Param   // all parameters; contacts hold windows of it
	scratch  []byte    // decoded values
	text     []byte    // of a document in UTF-16
	order    []uint32  // sorted indices, for finding duplicates
}

// Registration is all that is known of one address-of-record (RFC 3680 5.1). It borrows like its
// Document.
type Registration struct {
	// AOR is the address-of-record, nil when none was found.
	AOR []byte
	// ID is unique among the registrations of a subscription.
	ID []byte
	// State of the registration's state machine (RFC 3680 4.7.1).
	State RegState
	// Contacts in the order of the document.
	Contacts []Contact
	// Wildcard is the wildcarded identity the AOR stands for (TS 24.229 7.10.2), nil if absent.
	Wildcard []byte
	// Actions tells that the registration carries policy actions (TS 24.229 7.10.3). Only a P-CSCF
	// should ever be sent these.
	Actions bool
	// Span is the start tag.
	Span problem.Span

	first, last int // window of Document.contacts
}

// Contact is one binding of an address-of-record (RFC 3680 5.1). It borrows like its Document.
// Slices are nil and numbers -1 where the document says nothing.
type Contact struct {
	// ID is unique among the contacts of a subscription by the book; real servers repeat it in every
	// registration, so (registration, contact id) is the key.
	ID []byte
	// State is active or terminated.
	State ContactState
	// Event is what led to State.
	Event Event
	// URI is the contact address, without surrounding white space.
	URI []byte
	// DisplayName is the text of display-name.
	DisplayName []byte
	// CallID and CSeq name the REGISTER that last touched the binding: the strongest link between a
	// document and captured signalling.
	CallID []byte
	CSeq   int64
	// Expires is how many seconds the binding has left.
	Expires int64
	// RetryAfter is how many seconds a contact on probation should wait.
	RetryAfter int64
	// DurationRegistered is how many seconds the binding has existed.
	DurationRegistered int64
	// Q is the q-value as written.
	Q []byte
	// Received, Path and UserAgent are attributes that Kamailio's presence server adds; no RFC has
	// them.
	Received, Path, UserAgent []byte
	// Params are the Contact header parameters that RFC 3261 does not define.
	Params []Param
	// Instance is the value of the parameter +sip.instance without quotes and angle brackets.
	Instance []byte
	// PubGRUU is the public GRUU (RFC 5628 5).
	PubGRUU []byte
	// TempGRUU is the newest temporary GRUU; all since the REGISTER with CSeq TempGRUUFirstCSeq are
	// valid.
	TempGRUU          []byte
	TempGRUUFirstCSeq int64
	// Span is the start tag.
	Span problem.Span

	firstParam, lastParam int // window of Document.params
	owner                 int // index of its registration
}

// Param is one unknown-param. It borrows like its Document.
type Param struct {
	Name []byte
	// Value is the text as written, entities decoded; literal quotes are kept. Empty for a parameter
	// without a value.
	Value []byte
}
