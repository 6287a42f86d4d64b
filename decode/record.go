package decode

import (
	"net/netip"

	"imscope/decode/diameter"
	"imscope/decode/network"
	"imscope/decode/problem"
	"imscope/decode/sip"
)

// Record is one message as it was transmitted once on one link. The Record and everything in it is borrowed and valid
// until the function it was given to returns; copy what has to live longer.
type Record struct {
	// Frame is the last of Frames: the frame that completed the message. With File it says where the message ended.
	// Records come in the order in which messages became complete, so Frame ascends except where a message had to
	// wait for earlier bytes of its connection that came late or never.
	Frame uint32
	File  uint16
	// Sub numbers the messages that were completed by the same frame, from 0.
	Sub uint16
	// Frames are all frames that carried the message (fragments, segments), ascending; at least one.
	Frames []uint32
	// Time is when Frame was captured, in nanoseconds since the Unix epoch; with a capture agent, the agent's time.
	// A frame without a time has that of the frame before it, 0 if there is none.
	Time int64
	// Lag is how much later than Time Frame was captured, in nanoseconds: what a capture agent takes until it tells, and
	// what its clock is wrong by. It may be negative; 0 without an agent.
	Lag      int64
	Src, Dst netip.AddrPort
	Proto    network.Proto
	Path     network.Path
	// Agent is the identifier of the capture agent that reported the message; 0 without one.
	Agent uint32
	// SIP or Diameter is the message; exactly one is set. Problems of its transport are among its problems.
	SIP      *sip.Message
	Diameter *diameter.Message
	// Digest is what Options.Digest made of SIP.
	Digest any
}

// problems are those of the message.
func (r *Record) problems() []problem.Problem {
	if r.SIP != nil {
		return r.SIP.Problems
	}
	return r.Diameter.Problems
}
