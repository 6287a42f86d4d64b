package story

// What a party may believe of a contact.
const (
	BeliefUnknown    = "unknown"
	BeliefRegistered = "registered"
	BeliefNot        = "not registered"
)

// Roles of parties.
const (
	PartyUE      = "ue"      // the phone that the contact belongs to: its REGISTERs, their answers, what it is notified of
	PartyPCSCF   = "p-cscf"  // the proxy of that phone: the answers that pass through it, what it is notified of
	PartySCSCF   = "s-cscf"  // the registrar: its answers, what its documents say
	PartyHSS     = "hss"     // what the S-CSCF reports to it, what it ends itself
	PartyAS      = "as"      // third-party REGISTERs, or its documents where it subscribes
	PartyWatcher = "watcher" // anybody else with a subscription: another phone, another P-CSCF
)

// Beliefs is what each party took a user's contacts for, over the time of the capture.
type Beliefs struct {
	Lanes         []Lane
	Disagreements []Disagreement // by their beginning
	Dropped       int            // contacts that were left out at a cap, the earliest ones
	Untold        int            // disagreements that were left out at a cap
}

// Lane is what one party believed of one contact, or of the identities as such.
//
// The lanes of one contact follow each other: the phone first, then the nodes on the way of its
// REGISTER, then the watchers. Identities of which every party believed the same share their lanes.
// The HSS and, by third-party REGISTER, an AS know identities and no contacts; their lanes have no
// Contact and stand beside one of the S-CSCF that is registered while any contact is.
type Lane struct {
	Party   string   // label of its node, as in the timeline; else the watcher's URI, or the role in words
	Role    string   // one of PartyUE … PartyWatcher
	Contact string   // as spelled; "" of a lane of the identities as such
	IMPI    string   // of a lane of the identities as such: under which private identity, "" if unknown
	AORs    []string // the identities that it is about
	// Segments follow each other without a gap. The first one begins when something is known of the
	// party (before, nothing is), the last one ends with the capture.
	Segments []Segment
}

// Segment is a span of time in which a party believed one thing.
type Segment struct {
	From, To int64  // ns
	Frame    uint32 // shows why; 0 where the clock alone does
	State    string // BeliefUnknown, BeliefRegistered or BeliefNot
	Why      string // "200 to REGISTER 48", "the granted 3,600 s ran out", "reginfo v3 says terminated"

	slack int64 // how much longer other clocks may run
}

// Disagreement is a span of time in which some parties take a contact (or the identities) for
// registered and others do not, longer than messages are on their way. A change of who believes what
// begins a new one.
type Disagreement struct {
	From, To int64
	Frame    uint32 // from which on; 0 where the clock alone began it
	Open     bool   // lasts until the capture's end
	Contact  string // "" of the identities as such
	IMPI     string // of these, "" if unknown
	AORs     []string
	Views    []View // of every party that believes anything, in the order of the lanes
}

// View is what one party believes during a disagreement.
type View struct {
	Party, Role string
	State       string
	Since       int64 // ns
	Frame       uint32
	Why         string
}
