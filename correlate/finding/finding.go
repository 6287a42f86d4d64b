// Package finding holds what imscope says was wrong, and the vocabulary of the rules that say it.
//
// A Rule looks at a Case, the facts and the story of one user, and reports hits with the frames that
// show them. The rules themselves are in package rules, one file each.
package finding

import (
	"imscope/correlate/fact"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

// Finding is something wrong, with the frames that show it and the clause that it breaks.
type Finding struct {
	Rule     string // code of the rule
	Severity problem.Severity
	User     string // story.User.ID; "" for the capture as a whole
	Title    string
	Detail   string
	Clause   string
	Actor    Actor
	Doubt    string // why it may be an artefact of the capture; "" for none
	Frames   []uint32
}

// Actor is who can mend what a rule finds.
type Actor string

// Actors.
const (
	ActorUE      Actor = "UE"
	ActorPCSCF   Actor = "P-CSCF"
	ActorICSCF   Actor = "I-CSCF"
	ActorSCSCF   Actor = "S-CSCF"
	ActorHSS     Actor = "HSS"
	ActorAS      Actor = "AS"
	ActorNetwork Actor = "network" // transport, radio, core as a whole
	ActorCapture Actor = "capture" // how the capture was made
)

// Rule is one thing that can be wrong.
type Rule struct {
	Code     string // stable, kebab-case
	Title    string // one line, lower case, no full stop
	Severity problem.Severity
	Clause   string   // "RFC 3680 5.2"; prefixed with "see " where the clause is a pointer, not a quote
	Failures []string // ids of the failure catalogue that it covers, "F10"
	Actor    Actor

	Seen    string // what is on the wire
	Means   string // what follows for the user
	Next    string // what to check next
	Example string // a real example: the sample or the words of the wire

	// Check reports what is wrong in a case. It must not change the case.
	Check func(c *Case, report func(Hit))
}

// Hit is one occurrence.
type Hit struct {
	Detail string
	Frames []uint32 // in order of importance; the first one is where to look
	// Doubt says why the hit may be an artefact of the capture: it lowers the severity by one step.
	Doubt string
	// Mild lowers the severity to this where the occurrence is known to be harmless; valid iff HasMild.
	Mild    problem.Severity
	HasMild bool
}

// Case is what a rule sees of one user.
type Case struct {
	User      *story.User
	Exchanges []*fact.Exchange // by first frame
	Cx        []*fact.Cx       // by first frame
	Strays    []*fact.Exchange // calls and messages sent while no document said that anything is registered, a few
	View      View
	Role      func(fact.NodeID) fact.Role
	Label     func(fact.NodeID) string // "P-CSCF", "UE 10.0.0.7", an address
	Addr      func(fact.NodeID) string
	Path      func(uint32) string // name of a hop's encapsulation, "" for none
	Start     int64               // time of the capture's first packet, ns
	End       int64               // time of its last packet
	Ongoing   bool                // the capture goes on: what has not come yet may still come

	rounds []*Round         // see Rounds
	others []*fact.Exchange // see ThirdParty; valid iff third
	third  bool
	bound  map[string][]*fact.Exchange // see Bound; nil until it is needed
}

// View says which links the capture shows of this user: what is missing there was not captured, so
// its absence proves nothing.
type View struct {
	Gm, Mw, ISC, Cx bool
	// Damaged says that the capture lost packets, so that a missing message proves little.
	Damaged bool
}

// Second is a second in the unit of the facts.
const Second = int64(1e9)

// Run applies rules to a case. One closure serves all rules: one for each was half of the allocations of an
// analysis (2.8 of 8.7 million for 20,000 users, 2026-11-22).
func Run(rules []*Rule, c *Case, emit func(Finding)) {
	var r *Rule
	report := func(h Hit) {
		f := Finding{Rule: r.Code, Severity: r.Severity, User: c.User.ID, Title: r.Title, Detail: h.Detail,
			Clause: r.Clause, Actor: r.Actor, Doubt: h.Doubt, Frames: h.Frames}
		if h.HasMild && h.Mild < f.Severity {
			f.Severity = h.Mild
		}
		if h.Doubt != "" && f.Severity > problem.Info {
			f.Severity--
		}
		emit(f)
	}
	for _, r = range rules {
		r.Check(c, report)
	}
}
