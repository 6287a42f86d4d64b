package reginfo

// State says how a document relates to earlier ones (RFC 3680 5.1, attribute state of reginfo).
type State uint8

const (
	// StateUnknown is a state that is absent or unreadable. Merging such a document as partial does
	// the least harm.
	StateUnknown State = iota
	// StateFull replaces all that was known in the subscription.
	StateFull
	// StatePartial has only what changed.
	StatePartial
)

// RegState is the state of an address-of-record (RFC 3680 4.7.1).
type RegState uint8

// The states of a registration.
const (
	RegUnknown RegState = iota
	RegInit
	RegActive
	RegTerminated
)

// ContactState is the state of one contact (RFC 3680 4.7.1).
type ContactState uint8

// The states of a contact.
const (
	ContactUnknown ContactState = iota
	ContactActive
	ContactTerminated
)

// Event is what led to a contact's state (RFC 3680 4.7.1, 5.1).
type Event uint8

// The events of a contact: the first four leave it active, the others terminate it.
const (
	EventUnknown Event = iota
	EventRegistered
	EventCreated
	EventRefreshed
	EventShortened
	EventExpired
	EventDeactivated
	EventProbation
	EventUnregistered
	EventRejected
)

// An enum is the tokens of one enumeration: the index is the value, 0 is "unknown".
type enum struct {
	tokens []string
	alias  string // a known misspelling …
	value  uint8  // … and what it stands for
}

var (
	stateEnum   = enum{tokens: []string{"unknown", "full", "partial"}}
	regEnum     = enum{tokens: []string{"unknown", "init", "active", "terminated"}}
	contactEnum = enum{tokens: []string{"unknown", "active", "terminated"}}
	eventEnum   = enum{
		tokens: []string{
			"unknown", "registered", "created", "refreshed", "shortened",
			"expired", "deactivated", "probation", "unregistered", "rejected",
		},
		// The chapter that the product grew from spells it so.
		alias: "de-activated", value: uint8(EventDeactivated),
	}
)

func (e *enum) token(i uint8) string {
	if int(i) < len(e.tokens) {
		return e.tokens[i]
	}
	return e.tokens[0]
}

// String returns the token of RFC 3680, or "unknown".
func (s State) String() string { return stateEnum.token(uint8(s)) }

// String returns the token of RFC 3680, or "unknown".
func (s RegState) String() string { return regEnum.token(uint8(s)) }

// String returns the token of RFC 3680, or "unknown".
func (s ContactState) String() string { return contactEnum.token(uint8(s)) }

// String returns the token of RFC 3680, or "unknown".
func (e Event) String() string { return eventEnum.token(uint8(e)) }

// Terminal reports whether the event ends a binding.
func (e Event) Terminal() bool { return e >= EventExpired && e <= EventRejected }

// match says how a value was recognised.
type match uint8

const (
	matchNone    match = iota
	matchExact         // the token itself
	matchSpace         // with white space around it
	matchCase          // in another case
	matchAlias         // a known misspelling
	matchCropped       // cut off, but only one token begins like this
)

// minPrefix is how much of a cropped token must be left. Three letters tell every two tokens of
// RFC 3680 apart; fewer would turn noise into meaning.
const minPrefix = 3

// lookup finds the token that v stands for; i is 0 iff how is matchNone.
func (e *enum) lookup(v []byte) (i uint8, how match) {
	for i := 1; i < len(e.tokens); i++ {
		if string(v) == e.tokens[i] {
			return uint8(i), matchExact
		}
	}
	return e.repair(v)
}

// repair is lookup for values that are not exactly a token.
func (e *enum) repair(v []byte) (uint8, match) {
	how := matchCase
	if t := trim(v); len(t) != len(v) {
		how, v = matchSpace, t
	}
	found, prefixes := 0, 0
	for i := 1; i < len(e.tokens); i++ {
		t := e.tokens[i]
		switch {
		case string(v) == t:
			return uint8(i), how
		case equalFold(v, t):
			return uint8(i), matchCase
		case len(v) >= minPrefix && len(v) < len(t) && equalFold(v, t[:len(v)]):
			found = i
			prefixes++
		}
	}
	if e.alias != "" && equalFold(v, e.alias) {
		return e.value, matchAlias
	}
	if prefixes == 1 {
		return uint8(found), matchCropped
	}
	return 0, matchNone
}

// equalFold compares in ASCII, ignoring case; t is lower case.
func equalFold(b []byte, t string) bool {
	if len(b) != len(t) {
		return false
	}
	for i := range b {
		c := b[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != t[i] {
			return false
		}
	}
	return true
}
