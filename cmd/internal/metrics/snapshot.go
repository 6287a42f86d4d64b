package metrics

import (
	"imscope/correlate"
	"imscope/decode/capture/live"
	"imscope/decode/network"
)

// Snapshot is all that is counted, at one moment. Its maps are not changed afterwards.
type Snapshot struct {
	Inputs         []live.Counters
	Queue, QueueOf int // batches that wait for the analysis, and how many may

	Stats           correlate.Stats // of everything seen since the beginning
	Fragments       network.DefragStats
	Streams         network.StreamStats
	Registrations   uint64
	Deregistrations map[Deregistration]uint64
	Findings        map[Finding]uint64
	Users           int
	UsersDropped    uint64
	Folded          uint64

	Saving                             bool
	SavedPackets, SavedBytes, SavedNot uint64
	SavedFiles                         uint64
	Forwarded, ForwardedNot            uint64

	Clock float64 // the capture's clock in seconds since the epoch
}

// Deregistration is what de-registrations are counted by.
type Deregistration struct{ Initiator, Outcome, Cause string }

// Finding is what findings are counted by.
type Finding struct{ Rule, Severity string }
