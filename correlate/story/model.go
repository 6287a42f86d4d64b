package story

import (
	"imscope/correlate/fact"
	"imscope/decode/reginfo"
)

// User is one IMS subscription as the capture shows it.
type User struct {
	ID                string   // the default public identity, else the best name there is
	PublicIdentities  []string // as spelled on the wire, default one first
	PrivateIdentities []string
	Instances         []string // +sip.instance of the user's devices
	UserAgents        []string // User-Agent of the user's devices

	Bindings        []Binding
	Subscriptions   []*Subscription
	Deregistrations []*Deregistration
	Timeline        []Event

	FirstTime, LastTime int64
	FirstFrame          uint32
	Truncated           int // facts that were dropped at a cap

	Label   func(fact.NodeID) string // names a node as the timeline does
	Phone   func(string) string      // names the phone of a contact likewise, if the contact's host is its address; else ""
	Context *Context                 // what the capture as a whole knows; nil of a user made by hand

	registrations []*Registration // see Registrations; valid iff anatomised
	anatomised    bool
	analyst       *believer // that of the Teller; nil if what is worked out is to last
}

// Binding is one contact bound to one address-of-record over one lifetime.
type Binding struct {
	AOR        string
	AORKey     string // form that compares, identity.Canonical
	Contact    string // spelling of the wire
	ContactKey string // form that compares, identity.Contact
	Instance   string
	Active     bool
	Event      string          // last reginfo event, or registered, refreshed, unregistered, expired after a REGISTER
	Registered int64           // ns; 0 if it was there before the capture
	Refreshed  int64           // ns of the last REGISTER or document that confirmed it
	Expires    int64           // ns at which it runs out unless refreshed; 0 unknown
	Ended      int64           // ns; valid iff !Active
	EndedBy    *Deregistration // nil while active
}

// Watcher says whose subscription it is.
type Watcher string

// Watchers, by the words of the JSON contract.
const (
	WatcherUE      Watcher = "ue"
	WatcherPCSCF   Watcher = "p-cscf"
	WatcherAS      Watcher = "as"
	WatcherUnknown Watcher = "unknown"
)

// Label spells the watcher as text output does.
func (w Watcher) Label() string {
	switch w {
	case WatcherUE:
		return "UE"
	case WatcherPCSCF:
		return "P-CSCF"
	case WatcherAS:
		return "AS"
	}
	return "watcher"
}

// Subscription is one dialog of the reg event package (RFC 3680, RFC 6665).
type Subscription struct {
	Watcher       Watcher
	WatcherURI    string
	WatcherNode   string // label of the watcher's node, for example "UE 10.0.0.7"; of a phone behind a proxy by where its NOTIFYs go, "" if that is no address of it
	Contact       string // where its NOTIFYs go
	Resource      string // the identity that is watched
	CallID        string
	State         string // active, pending, terminated, rejected
	Reason        string // of Subscription-State, or the response code that ended it
	Started       int64
	Expires       int64 // ns at which it runs out unless refreshed; 0 unknown
	Ended         int64 // valid iff State is terminated or rejected
	MidDialog     bool  // the capture does not hold its first SUBSCRIBE
	Documents     []*Document
	FirstFrame    uint32
	Notifications int              // NOTIFYs, with a document or without
	Unread        int              // NOTIFYs with a document that cannot be read
	Exchanges     []*fact.Exchange // SUBSCRIBEs and NOTIFYs, by first frame
}

// Document is one reginfo document, told as the difference to what its watcher knew before.
type Document struct {
	Frame             uint32
	Time              int64
	Version           int64 // fact.Absent if the document does not say
	State             reginfo.State
	SubscriptionState string // value of the NOTIFY's Subscription-State with its reason
	Answer            int    // final response to the NOTIFY, 0 if none was seen
	First             bool   // the watcher's first document in this capture: everything in it is "added"
	Gap               bool   // the version jumped: at least one document is missing
	Duplicate         bool   // same version and same content as the one before
	Stale             bool   // lower version than the one before; a partial one is then not applied (RFC 3680 5.2)
	Changes           []Change
	Unmentioned       []Change        // active entries that a partial document does not speak of
	Identities        []IdentityState // every known identity after this document, as this watcher sees it
	Before            int64           // version of the document before, fact.Absent if none
	Exchange          *fact.Exchange  // the NOTIFY
	Problems          []string
}

// Kind of a change.
const (
	Added     = "added"
	Changed   = "changed"
	Removed   = "removed" // not listed any more in a full document, without having been terminated
	Unchanged = "unchanged"
)

// Change is what one document says of one contact of one address-of-record. ContactID and Contact
// are empty where the registration itself changed and no contact was listed.
type Change struct {
	AOR        string
	AORKey     string // form that compares, identity.Canonical
	ContactID  string
	Contact    string
	ContactKey string // form that compares, that of the binding where the document's is damaged
	Kind       string
	From, To   string // states: "", active, terminated; of the registration: init, active, terminated
	Event      string
	Expires    int64 // seconds left as the document says; fact.Absent
	Retry      int64 // retry-after; fact.Absent
	Note       string
}

// IdentityState is a public identity and whether anything is still bound to it.
type IdentityState struct {
	AOR    string
	State  string // active, terminated
	Before string // state before; "" unknown
}

// Initiators and outcomes, by the words of the JSON contract.
const (
	ByUser    = "user"
	ByNetwork = "network"
	ByExpiry  = "expiry"
	ByUnknown = "unknown"

	Complete   = "complete"
	Incomplete = "incomplete"
	Rejected   = "rejected"
	Unanswered = "unanswered"

	ScopeContact  = "contact"
	ScopeIdentity = "identity"
	ScopeAll      = "all"
)

// Deregistration is one cause that ended bindings (or tried to), however many hops, contacts and
// watchers it had.
type Deregistration struct {
	Initiator    string
	Outcome      string
	Scope        string
	TriggerFrame uint32
	Started      int64 // ns
	Ended        int64 // ns of the last step
	Again        int64 // ns of the 2xx to the REGISTER with which a phone of it was back; 0 if none was
	Frames       []uint32
	Contacts     []string        // spelling of the wire
	Identities   []IdentityState // every identity of the user once it was over
	Cause        string
	Verdict      string // one sentence: who, why, who was told, what came of it
	Missing      string // what is missing for complete; "" if nothing
	Idle         bool   // accepted, but nothing was bound any more
	Evidence     []Evidence
	Steps        []Event // what happened, in order of frames
	Told         []Told
	Documents    []DocumentRef
	Requests     []*fact.Exchange // REGISTERs of the attempt; none where no REGISTER asked for it
	Trigger      *fact.Cx         // RTR or SAR that asked for it, else nil
}

// Successful reports whether bindings really ended.
func (d *Deregistration) Successful() bool {
	return !d.Idle && (d.Outcome == Complete || d.Outcome == Incomplete)
}

// Evidence is a frame and what it shows.
type Evidence struct {
	Frame uint32 // 0 for the absence of something
	What  string
}

// Told says whether a watcher learnt of a de-registration.
type Told struct {
	Watcher Watcher
	URI     string
	Node    string
	CallID  string
	Frame   uint32 // of the NOTIFY; 0 if it was not told
	Answer  int    // final response to it; 0 if none was seen
	Silent  bool   // no answer came, though the capture goes on for long enough
	// Resource is the identity that is watched, where it tells this watcher's subscription from another one of its own;
	// else "".
	Resource string
	// LeftOut are the identities that ended and that its documents leave active: a partial one does not speak of them.
	LeftOut []string
}

// DocumentRef points at a document of a subscription.
type DocumentRef struct {
	Subscription *Subscription
	Document     *Document
}

// EventKind classes an event of the timeline.
type EventKind string

// Kinds of events.
const (
	KindRegister   EventKind = "register"
	KindRegistered EventKind = "registered"
	KindDeregister EventKind = "deregister"
	KindChallenge  EventKind = "challenge"
	KindResponse   EventKind = "response"
	KindFailure    EventKind = "failure"
	KindSubscribe  EventKind = "subscribe"
	KindNotify     EventKind = "notify"
	KindThirdParty EventKind = "third-party-register"
	KindCx         EventKind = "cx"
	KindExpiry     EventKind = "expiry"
	KindPublish    EventKind = "publish"
)

// Hop is one transmission of an event's message.
type Hop struct {
	Frame  uint32
	Time   int64
	From   string // node label
	To     string
	Repeat bool   // retransmission
	Copy   bool   // captured a second time
	Path   string // encapsulation, "" for none
}

// Event is one step: a message with all its hops, or something that the clock did.
type Event struct {
	Time    int64
	Frame   uint32
	Frames  []uint32 // of all hops and retransmissions
	From    string   // node label of the first hop's source
	To      string   // node label of the last hop's destination
	Kind    EventKind
	Summary string
	Hops    []Hop // none for what no message carried
	Repeats int   // retransmissions among the hops
	Method  string
	Status  int

	Exchange *fact.Exchange // of a SIP message, else nil
	Cx       *fact.Cx       // of a Cx message, else nil
}
