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
	// jobsPerWorker is how many batches may be on their way per worker: one being worked on, one waiting, so
	// that neither the reader nor a worker has to wait for the other at every batch.
	jobsPerWorker = 2
	// maxEncrypted is how many security associations Stats names: enough to see whose keys are missing.
	maxEncrypted = 100
	// maxPasses is how often one packet may go through reassembly and be walked again: a fragment in a tunnel in
	// a fragment and so on, once per tunnel and once for the outermost.
	maxPasses = 10
)
