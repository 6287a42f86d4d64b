package decode

import "imscope/decode/problem"

// Problems of how a message was transported. They are attached to the message; the span is the whole of it, or the
// part in question.
var (
	ProbOverlap = &problem.Code{ID: "net-overlap",
		Title:  "fragments or segments with different bytes for the same place; the first copy was used",
		Clause: "RFC 791 3.2, RFC 9293 3.10.7.4", Severity: problem.Warning}
	ProbChecksum = &problem.Code{ID: "net-checksum",
		Title:  "UDP checksum of a fragmented message is wrong; a fragment may be of another message",
		Clause: "RFC 768, RFC 4963", Severity: problem.Warning}
	ProbIncomplete = &problem.Code{ID: "net-incomplete",
		Title:  "the end of the message is not in the capture",
		Clause: "RFC 3261 18.3", Severity: problem.Warning}
	ProbFragment = &problem.Code{ID: "net-fragment-missing",
		Title:  "an IP fragment of the message is not, or not whole, in the capture",
		Clause: "RFC 791 3.2", Severity: problem.Warning}
)

// Codes are all problem codes of this package.
var Codes = []*problem.Code{ProbOverlap, ProbChecksum, ProbIncomplete, ProbFragment}
