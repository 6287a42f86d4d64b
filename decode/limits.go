package decode

import "imscope/decode/network"

// Limits bounds the memory of everything that waits for later packets. The zero value stands for the defaults, which
// package network documents.
type Limits struct {
	Fragments network.DefragLimits
	Streams   network.StreamLimits
	SCTP      network.AssociationLimits
}

const (
	// maxEncrypted is how many security associations Stats names: enough to see whose keys are missing.
	maxEncrypted = 100
	// maxPasses is how often one packet may go through reassembly and be walked again: a fragment in a tunnel in
	// a fragment and so on, once per tunnel and once for the outermost.
	maxPasses = 10
)
