// Package finding holds what imscope says was wrong, and the vocabulary of the rules that say it.
//
// A Rule looks at a Case, the facts and the story of one user, and reports hits with the frames that
// show them. The rules themselves are in package rules, one file each.
package finding

import "imscope/decode/problem"

// Finding is something wrong, with the frames that show it and the clause that it breaks.
type Finding struct {
	Rule     string // code of the rule
	Severity problem.Severity
	User     string // story.User.ID
	Title    string
	Detail   string
	Clause   string
	Actor    Actor
	Doubt    string   // why it may be an artefact of the capture; "" for none
	Frames   []uint32 // its own
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

	// Needs is what a case must hold for the rule to have anything to say: it is not asked about others. It must follow
	// from Check alone, and saves time only.
	Needs Facets
	// Torn says that it finds messages whose end is missing: that is no reason for doubt.
	Torn bool
	// Check reports what is wrong in a case. It must not change the case. Nothing that it reports may point into the
	// case, strings apart: the next case takes its place.
	Check func(c *Case, report func(Hit))
}

// Hit is one occurrence.
type Hit struct {
	Detail string
	Frames []uint32 // in order of importance; the first one is where to look; copied
	// Doubt says why the hit may be an artefact of the capture: it lowers the severity by one step.
	Doubt string
	// Mild lowers the severity to this where the occurrence is known to be harmless; valid iff HasMild.
	Mild    problem.Severity
	HasMild bool
}
