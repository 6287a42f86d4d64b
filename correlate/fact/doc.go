// Package fact holds what correlate keeps of a capture: owned, compact facts about SIP exchanges and
// Cx transactions, with every hop on which they were seen.
//
// Records of package decode borrow the capture's bytes. A [Reader] makes a [Draft] of each message, which borrows as well
// and can be made on any core. What lives on is packed: entries of a [Log], one for each transmission. An [Exchange] is
// made of its entries when somebody asks, in a [Room], and its strings are views of the log. So facts are owned and may
// be kept, but the structures around them last as long as their Room.
package fact
