package finding

import (
	"imscope/correlate/fact"
	"imscope/correlate/story"
)

// Case is what a rule sees of one user.
type Case struct {
	User      *story.User
	Exchanges []*fact.Exchange // by first frame
	Cx        []*fact.Cx       // by first frame
	Strays    []*fact.Exchange // calls and messages, a few: sent while no document said that anything is registered, or failing to reach the user
	Denied    []Denied         // in which ESP has other keys than the capture; only at its end
	View      View
	Role      func(fact.NodeID) fact.Role
	Label     func(fact.NodeID) string // "P-CSCF", "UE 10.0.0.7", an address
	Addr      func(fact.NodeID) string
	Answers   func(fact.NodeID) bool // whether the capture shows Cx answers at a node, whoever they are about
	Path      func(uint32) string    // name of a hop's encapsulation, "" for none
	// Rx gives the last request for a phone's address between two moments that the PCRF refused or did not answer; nil if
	// there is none.
	Rx      func(phone string, from, to int64) *fact.Rx
	Start   int64 // time of the capture's first packet, ns
	End     int64 // time of its last packet
	Ongoing bool  // the capture goes on: what has not come yet may still come

	memo *memo // nil until the first question
}

// Denied is one direction of a security association with packets whose ICV is not what the keys of its challenge make.
type Denied struct {
	SPI     uint32
	Dst     string // where the packets go
	Packets uint64
	Opened  uint64 // packets that were right
	Frame   uint32 // the first that stayed closed
	Agreed  uint32 // of the REGISTER
}

// memo is what rules have in common, worked out when the first one asks, in memory that serves case after case.
type memo struct {
	facets Facets
	known  known

	rounds []*Round         // see Rounds
	store  []Round          // what rounds points to
	others []*fact.Exchange // see ThirdParty
	bound  []binding        // see Bound
	grants []Grant          // see Grants
}

// known says which parts of a memo are worked out.
type known struct{ facets, rounds, others, bound, grants bool }

// memory returns the case's memo.
func (c *Case) memory() *memo {
	if c.memo == nil {
		c.memo = new(memo)
	}
	return c.memo
}

// Second is a second in the unit of the facts.
const Second = int64(1e9)

// View says which links the capture shows of this user: what is missing there was not captured, so
// its absence proves nothing.
type View struct {
	Gm, Mw, ISC, Cx bool
	// Damaged says that the capture lost packets, so that a missing message proves little.
	Damaged bool
}
