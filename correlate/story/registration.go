package story

import "imscope/correlate/fact"

// Kinds of registrations.
const (
	RegistrationInitial RegistrationKind = "initial"
	RegistrationRefresh RegistrationKind = "refresh"
	// RegistrationRemoval does nothing but remove bindings.
	RegistrationRemoval RegistrationKind = "de-registration"
	// RegistrationQuery has no Contact: it asks what is bound (RFC 3261 10.2.3).
	RegistrationQuery RegistrationKind = "query"
	// RegistrationUnknown is one of which the capture has nothing but answers.
	RegistrationUnknown RegistrationKind = "unknown"
)

// RegistrationKind says what a registration is after.
type RegistrationKind string

// Outcomes of a registration. Rejected and Unanswered are those of de-registrations as well.
const (
	Succeeded = "succeeded"
	// Abandoned is a registration whose last answer asked for something (credentials, a longer
	// interval) that did not come.
	Abandoned = "abandoned"
	// Open is a registration that the capture's end leaves without an answer.
	Open = "open"
)

// Registration is one try of a phone, or of a P-CSCF in its place, to create, refresh or remove
// bindings, or to ask for them: a REGISTER and those that answer the challenges to it. Another
// REGISTER after a failure or after silence is a registration of its own.
type Registration struct {
	Kind     RegistrationKind
	AOR      string   // the identity that it names, as spelled in To
	Contacts []string // to be bound or removed, as spelled; "*" for all; none in a query
	IMPI     string   // Authorization username
	CallID   string
	Origin   string // label of the node where it was seen first, the phone if the capture shows it
	ByProxy  bool   // the P-CSCF made it, TS 24.229 5.2.5

	Agent   string // User-Agent
	Access  string // P-Access-Network-Info
	Visited string // P-Visited-Network-ID
	PCSCF   string // address of the P-CSCF, "" if unknown

	Rounds      []Round
	Outcome     string
	Status      int    // of the final response to the last round, 0 if there is none
	Reason      string // its reason phrase
	Explanation string // why it did not succeed, or what is odd where it did; "" for nothing to say

	Requested  int64 // seconds, of the first contact in the last round; fact.Absent
	Granted    int64 // seconds, of the 2xx; fact.Absent
	MinExpires int64 // seconds, of a 423; fact.Absent

	Started int64 // ns: the first transmission
	Ended   int64 // ns: the last hop of the final response, else the last transmission

	// What became of the binding; of a registration that bound one and succeeded.
	RefreshDue      int64           // ns at which the phone should refresh, TS 24.229 5.1.1.4.1; 0 unknown
	PredictedExpiry int64           // ns at which the granted time runs out; 0 unknown
	RefreshedAfter  int64           // ns from the answer to the next successful REGISTER of the contact; 0 if none
	ActualExpiry    int64           // ns at which the binding ended without a further refresh; 0 if it did not
	EndedBy         *Deregistration // what ended it then; nil if nothing did or nobody knows

	LastSeen        *LastSeen // where the trace of a message ends that did not arrive; nil where all did
	Retransmissions int
	Frames          []uint32 // of all hops and of the Cx transactions, ascending

	answer *fact.Message // the 2xx
}

// LastSeen is where a message was seen last that did not get where it was to go.
type LastSeen struct {
	Message string // "REGISTER 2", "200 OK"
	Node    string // label of the node that it reached
	Frame   uint32
	Time    int64
	// Blind says that the capture does not show what lies behind the node, so that the message may
	// well have gone on.
	Blind bool
}

// What a request brings along to prove who sends it.
const (
	CredentialsNone     = "none"     // no Authorization: Digest without a challenge yet, or another way to authenticate
	CredentialsIdentity = "identity" // names the private identity and answers nothing, as the first REGISTER of IMS AKA
	CredentialsResponse = "response" // a digest response
	CredentialsAUTS     = "auts"     // the sequence number is out of range: resynchronisation, RFC 3310 3.4
	// CredentialsMACFailure is an empty response to a challenge: the phone does not believe that the
	// challenge comes from its network, TS 24.229 5.1.1.5.3.
	CredentialsMACFailure = "mac-failure"
)

// What an answer asks for.
const (
	ChallengeFirst    = "challenge"                   // 401 or 407 as usual
	ChallengeResync   = "challenge after auts"        // a new vector after a resynchronisation
	ChallengeStale    = "stale nonce"                 // the response may have been right, its nonce is too old
	ChallengeMAC      = "challenge after MAC failure" // another try after the phone refused the first
	ChallengeRefused  = "response refused"            // another challenge after a response to the one before
	ChallengeInterval = "interval too brief"          // 423
	ChallengeSecurity = "security agreement"          // 421, 494
)

// Round is one REGISTER of a registration with its answer.
type Round struct {
	Exchange    *fact.Exchange
	CSeq        uint32
	Frame       uint32 // first frame
	Time        int64
	Credentials string // what the request brings; see CredentialsNone
	Protected   bool   // integrity-protected as the P-CSCF says
	Challenge   string // what the answer asks for, "" for nothing; see ChallengeFirst

	Status      int    // of the final response, 0 if there is none
	Reason      string // its reason phrase
	By          string // label of the node that made it
	AnswerFrame uint32 // first frame of it
	Took        int64  // ns from the request's first hop to the last hop of its answer; 0 without one

	Delays []Delay // by the nodes on the way, there and back
	Cx     []CxStep

	Repeats []Repeat // retransmissions of request and answer
	T1      int64    // ns: the timer as the sender's first retransmission shows it; 0 without one
	TimerF  int64    // ns at which the sender gives up, RFC 3261 17.1.2.2

	LastSeen *LastSeen // nil where the answer got back to the sender
}

// Steps of a message on its way.
const (
	StepForward = "forward" // a request is sent on
	StepAnswer  = "answer"  // a request is answered
	StepReturn  = "return"  // an answer is sent on
)

// Delay is how long a node held a message.
type Delay struct {
	Node  string // label
	Step  string
	Frame uint32 // in which it let go
	Took  int64  // ns
	HSS   int64  // ns of these that it waited for the HSS
}

// CxStep is a Cx transaction that belongs to a round.
type CxStep struct {
	Cx     *fact.Cx
	Name   string // of the answer, or of the request if there is none: UAA, MAR
	Result string // "5001 DIAMETER_ERROR_USER_UNKNOWN"; "" without an answer
	OK     bool
	Took   int64 // ns; 0 without an answer
}

// Repeat is a retransmission.
type Repeat struct {
	Frame    uint32
	After    int64 // ns since the first transmission on this hop
	From, To string
	Answer   bool // of the answer
}
