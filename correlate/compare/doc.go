// Package compare lines up two flows of messages: two handsets, the same one before and after an upgrade, a network that
// works and one that does not. It says which steps are missing and which are too many, where an answer is another one,
// what headers and parameters differ, and where time is lost.
//
// # What is compared
//
// A flow is the timeline of one user (package story) with the texts of its messages. Steps are lined up as a whole, so
// that as many as possible have a counterpart of the same kind: method, answer, Cx command, direction. Of each pair
// the messages on the same hop are compared, by header and parameter.
//
// What differs in any two flows and means nothing is left out: branches, tags, Call-IDs, sequence numbers, nonces and
// what is made of them, keys, SPIs, ports, addresses, names of users and hosts, cells, times of day. That such a value is
// there or not counts all the same.
package compare
