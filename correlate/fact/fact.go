package fact

import (
	"imscope/decode/problem"
	"imscope/decode/sip"
)

// Absent marks a number that the message does not carry.
const Absent = -1

// NodeID names an address in the node table; 0 is "unknown".
type NodeID uint32

// Hop is one transmission of a message between two nodes.
type Hop struct {
	Time   int64  // ns since the Unix epoch
	Frame  uint32 // frame that completed the message
	Branch uint32 // hash of the top Via branch: tells a retransmission from a forked copy
	Src    NodeID
	Dst    NodeID
	Path   uint32 // index of the encapsulation's name in the extractor's table, 0 for none
	Vias   uint8  // number of Via values
	Repeat bool   // a retransmission of an earlier hop
	Copy   bool   // the same transmission, captured a second time
	Pieces uint8  // IP fragments that carried a datagram, at least, 1 for a whole one; 0 on a stream
}

// Message is the same request or response on all its hops, in the order of their frames.
type Message struct {
	Status int // 0 for a request
	Reason string
	Hops   []Hop
}

// First returns the message's first hop; valid iff Seen.
func (m *Message) First() Hop { return m.Hops[0] }

// Last returns the message's last hop that was no retransmission or copy; valid iff Seen.
func (m *Message) Last() Hop {
	for i := len(m.Hops) - 1; i >= 0; i-- {
		if !m.Hops[i].Repeat && !m.Hops[i].Copy {
			return m.Hops[i]
		}
	}
	return m.Hops[0]
}

// Seen reports whether the capture holds the message at all.
func (m *Message) Seen() bool { return len(m.Hops) > 0 }

// Repeats counts the retransmissions among the hops.
func (m *Message) Repeats() int {
	n := 0
	for _, h := range m.Hops {
		if h.Repeat {
			n++
		}
	}
	return n
}

// Sent counts how often the message was sent on the link of one of its hops.
func (m *Message) Sent(on Hop) int {
	n := 0
	for i := range m.Hops {
		if h := &m.Hops[i]; !h.Copy && h.Src == on.Src && h.Dst == on.Dst && h.Branch == on.Branch {
			n++
		}
	}
	return n
}

// Exchange is a request with its responses, end to end: one transaction per hop, merged. Exchanges are most of
// what an analysis keeps, so small fields stand together here and in what belongs to it (2026-11-22: 32 bytes
// less for each Exchange and each Register).
type Exchange struct {
	Method     sip.Method
	CSeq       uint32
	MethodName string
	CallID     string
	RequestURI string
	From, To   URI
	FromTag    string
	ToTag      string // of the request; "" outside a dialog
	Branch     string // of the originator's Via

	Request   Message
	Responses []Message // in order of their first frame

	Register  *Register  // valid iff Method is REGISTER
	Subscribe *Subscribe // valid iff Method is SUBSCRIBE
	Notify    *Notify    // valid iff Method is NOTIFY

	Problems []Problem
}

// Problem is an oddity of the wire with the frame that it was seen in.
type Problem struct {
	Code  *problem.Code
	Frame uint32
}

// FirstFrame returns the earliest frame of the exchange, 0 if it has none.
func (x *Exchange) FirstFrame() uint32 {
	f := uint32(0)
	if x.Request.Seen() {
		f = x.Request.Hops[0].Frame
	}
	for i := range x.Responses {
		if g := x.Responses[i].Hops[0].Frame; f == 0 || g < f {
			f = g
		}
	}
	return f
}

// FirstTime returns the time of the earliest hop.
func (x *Exchange) FirstTime() int64 {
	if x.Request.Seen() {
		return x.Request.Hops[0].Time
	}
	if len(x.Responses) > 0 {
		return x.Responses[0].Hops[0].Time
	}
	return 0
}

// LastTime returns the time of the latest hop.
func (x *Exchange) LastTime() int64 {
	t := int64(0)
	last := func(m *Message) {
		for i := range m.Hops {
			t = max(t, m.Hops[i].Time)
		}
	}
	last(&x.Request)
	for i := range x.Responses {
		last(&x.Responses[i])
	}
	return t
}

// Final returns the final response, nil while there is none. Where hops disagree a 2xx wins, since the registrar says it;
// else what came nearest to who had asked (a proxy may answer otherwise than it was answered), of several such the first
// (one that answered 408 on its own, and the real answer came later).
func (x *Exchange) Final() *Message {
	var final *Message
	for i := range x.Responses {
		r := &x.Responses[i]
		switch {
		case r.Status < 200:
		case r.Status < 300:
			return r
		case final == nil || r.left() < final.left():
			final = r
		}
	}
	return final
}

// left is how many nodes a response had yet to pass where it was seen last.
func (m *Message) left() uint8 {
	least := uint8(255)
	for i := range m.Hops {
		least = min(least, m.Hops[i].Vias)
	}
	return least
}

// URI is an address of the wire: as it was spelled and in the form that compares.
type URI struct {
	Raw string // spelling of the wire without parameters
	Key string // identity.Canonical
}

// ContactValue is one Contact of a REGISTER or of its answer.
type ContactValue struct {
	URI      string // spelling of the wire
	Key      string // identity.Contact
	Instance string // +sip.instance without quotes and angle brackets
	RegID    string
	Expires  int64 // the contact's own parameter; Absent if it has none
	Q        int16 // in thousandths; Absent
	GRUU     bool  // pub-gruu is there
}

// Register holds what a REGISTER exchange says.
type Register struct {
	IMPI     string // Authorization username
	Contacts []ContactValue
	Expires  int64 // Expires header; Absent if there is none

	Nonce       uint32 // NonceSum of the challenge that it answers; 0 for none
	Star        bool   // Contact: *
	HasAuth     bool   // an Authorization header is there
	Response    bool   // with a digest response
	AUTS        bool   // with a resynchronisation token
	ThirdParty  bool   // S-CSCF to AS, TS 24.229 5.4.1.7
	SecurityOld bool   // Security-Verify is there: the request came over a security association
	// IntegrityAtSource says that the originator itself wrote integrity-protected.
	IntegrityAtSource bool
	Integrity         string // integrity-protected as the P-CSCF wrote it
	Path              []string
	Supported         string
	UserAgent         string
	Access            string    // P-Access-Network-Info, first value
	Visited           string    // P-Visited-Network-ID
	DoubledRoute      string    // the first URI of Route, on any hop, that is Doubled
	Security          *Security // nil if no Security-* header is there

	Answer RegisterAnswer
}

// RegisterAnswer is what the registrar said; valid iff the exchange has the response.
type RegisterAnswer struct {
	Contacts      []ContactValue
	Expires       int64    // Expires header; Absent
	MinExpires    int64    // of a 423; Absent
	RetryAfter    int64    // seconds; Absent
	Associated    []URI    // P-Associated-URI
	ServiceRoutes []string // URIs of Service-Route, in order
	Nonce         string   // of the challenge
	Path          bool
	ServiceRoute  bool
	Stale         bool
	AKA           bool // the challenge is for Digest AKA (RFC 3310)
	KeysOnGm      bool // ck or ik in the challenge that reached the UE
	SecurityOffer bool // Security-Server is there
}

// EffectiveExpires gives the expiry that applies to one contact of the request: its own parameter,
// else the Expires header, else the registrar's default (Absent). RFC 3261 10.2.1.1.
func (r *Register) EffectiveExpires(c ContactValue) int64 {
	if c.Expires != Absent {
		return c.Expires
	}
	return r.Expires
}

// Removes reports whether the request asks to remove at least one binding.
func (r *Register) Removes() bool {
	if r.Star {
		return r.Expires == 0
	}
	for _, c := range r.Contacts {
		if r.EffectiveExpires(c) == 0 {
			return true
		}
	}
	return false
}

// Binds reports whether the request asks to create or refresh at least one binding.
func (r *Register) Binds() bool {
	for _, c := range r.Contacts {
		if r.EffectiveExpires(c) != 0 {
			return true
		}
	}
	return false
}

// Subscribe holds what a SUBSCRIBE exchange says.
type Subscribe struct {
	Event     string
	Expires   int64    // asked
	Granted   int64    // of the 2xx
	Contact   string   // the watcher's
	PAI       URI      // P-Asserted-Identity or P-Preferred-Identity
	Notifier  string   // Contact of the 2xx
	DialogTag string   // To tag of the 2xx
	Agent     string   // User-Agent
	Routes    []string // URIs of Route as the watcher sent them
	ICID      string   // icid-value of P-Charging-Vector, on any hop
}

// Notify holds what a NOTIFY exchange says.
type Notify struct {
	Event      string
	State      string // of Subscription-State, lower case: active, pending, terminated or as it stands
	Reason     string
	Expires    int64
	RetryAfter int64
	HasState   bool      // the Subscription-State header is there
	HasBody    bool      // a body is there, reginfo or not
	Unread     bool      // a reginfo document is there that cannot be read
	Document   *Document // nil without a reginfo body
	Agent      string
	ICID       string
	Contact    string // the notifier's
}

// Role is what a node is in an IMS network.
type Role uint8

// Roles as TS 23.228 names them.
const (
	RoleUnknown Role = iota
	RoleUE
	RolePCSCF
	RoleICSCF
	RoleSCSCF
	RoleHSS
	RoleAS
	roles
)

func (r Role) String() string {
	switch r {
	case RoleUE:
		return "UE"
	case RolePCSCF:
		return "P-CSCF"
	case RoleICSCF:
		return "I-CSCF"
	case RoleSCSCF:
		return "S-CSCF"
	case RoleHSS:
		return "HSS"
	case RoleAS:
		return "AS"
	}
	return ""
}

// Votes counts per role how often a node behaved like it.
type Votes [roles]uint32
