package decode

import (
	"imscope/decode/network"
	"imscope/decode/problem"
)

// Stats says what became of every packet. Packets = Signalling + all of Other + all of Undecodable.
type Stats struct {
	Packets uint64
	// Signalling are the packets that carried a message or a piece of one, retransmitted pieces included.
	Signalling uint64
	// Other are the packets that were understood and carry no signalling, by class.
	Other map[string]uint64
	// Undecodable are the packets that could not be read, by reason.
	Undecodable map[string]Undecodable

	// TLS counts the TLS connections by what became of them: "opened", or the reason why they stayed closed.
	TLS map[string]uint64

	SIPMessages      uint64
	DiameterMessages uint64
	// Problems counts the problems of all messages by code.
	Problems map[string]uint64

	Fragments network.DefragStats
	Streams   network.StreamStats
	SCTP      network.AssociationStats
	// Encrypted are the security associations with most packets that could not be read, at most 100 of them.
	Encrypted []network.SPI
	// EncryptedEvicted counts security associations that were forgotten because there were too many.
	EncryptedEvicted uint64

	problems map[*problem.Code]uint64
	other    [network.Classes]uint64
	reasons  map[reasonKey]Undecodable
}

// Undecodable counts the packets that could not be read for one reason.
type Undecodable struct {
	Packets uint64
	Frame   uint32 // the first of them
	File    uint16
	Title   string // the reason in words
}

// reasonKey is a reason with the number that belongs to it.
type reasonKey struct {
	reason *network.Reason
	detail uint32
}

func newStats() *Stats {
	return &Stats{problems: map[*problem.Code]uint64{}, reasons: map[reasonKey]Undecodable{}}
}

// fail counts packets that are undecodable.
func (s *Stats) fail(r *network.Reason, detail uint32, packets uint64, frame uint32, file uint16) {
	k := reasonKey{r, detail}
	u, ok := s.reasons[k]
	if !ok {
		u = Undecodable{Frame: frame, File: file, Title: r.Title}
	}
	if frame < u.Frame {
		u.Frame, u.File = frame, file
	}
	u.Packets += packets
	s.reasons[k] = u
}

// count counts packets that are signalling or known to be something else.
func (s *Stats) count(packets uint32, signalling bool, c network.Class) {
	if signalling {
		s.Signalling += uint64(packets)
		return
	}
	s.other[c] += uint64(packets)
}

// add takes over the counts of a batch and resets them.
func (s *Stats) add(t *tally) {
	s.Packets += t.packets
	s.Signalling += t.signalling
	for c, n := range t.other {
		s.other[c] += n
	}
	for k, u := range t.reasons {
		s.fail(k.reason, k.detail, u.Packets, u.Frame, u.File)
	}
	t.packets, t.signalling = 0, 0
	clear(t.other[:])
	clear(t.reasons)
}

// Fill brings the maps up to date. Run does so at its end; what Options.Batch is given may need it before.
func (s *Stats) Fill() {
	s.Other, s.Undecodable, s.Problems = map[string]uint64{}, map[string]Undecodable{}, map[string]uint64{}
	for c, n := range s.other {
		if n > 0 {
			s.Other[network.Class(c).String()] += n
		}
	}
	for k, u := range s.reasons {
		s.Undecodable[k.reason.Name(k.detail)] = u
	}
	for c, n := range s.problems {
		s.Problems[c.ID] += n
	}
}

// tally counts the packets of one batch.
type tally struct {
	packets, signalling uint64
	other               [network.Classes]uint64
	reasons             map[reasonKey]Undecodable
}

// fail counts packets that are undecodable.
func (t *tally) fail(r *network.Reason, detail uint32, packets uint64, frame uint32, file uint16) {
	k := reasonKey{r, detail}
	u, ok := t.reasons[k]
	if !ok || frame < u.Frame {
		u.Frame, u.File = frame, file
	}
	u.Packets += packets
	t.reasons[k] = u
}

// count counts packets that are signalling or known to be something else.
func (t *tally) count(packets uint32, signalling bool, c network.Class) {
	if signalling {
		t.signalling += uint64(packets)
		return
	}
	t.other[c] += uint64(packets)
}
