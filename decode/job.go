package decode

import (
	"imscope/decode/capture"
	"imscope/decode/diameter"
	"imscope/decode/network"
	"imscope/decode/sip"
)

// job is one batch on its way through a worker. Jobs are reused, and with them everything a batch needs.
type job struct {
	batch *capture.Batch
	turn  uint64 // when it is put together, and when its messages may be handed out
	tally tally
	// secrets are those that the captures brought with the batch.
	secrets   []capture.Secret
	items     []item
	assembled []assembled
	// fragments, streams and sctp are what the stages had counted behind the batch.
	fragments network.DefragStats
	streams   network.StreamStats
	sctp      network.AssociationStats

	sip      []*sip.Message // given to items and to what is assembled, in order
	digests  []any          // of sip; results of an earlier batch where there are none of this one yet
	used     int            // of sip
	diameter []*diameter.Message
	usedDia  int    // of diameter
	room     []byte // for bytes that outlast the turn
	frames   []uint32
}

// found is the message in a packet, if there is one.
type found struct {
	sip      *sip.Message
	diameter *diameter.Message
	digest   any  // of sip, where digests are made
	agrees   bool // sip is for agreements
}

// item is a packet of the batch that is more than a count.
type item struct {
	index  int // in the batch
	packet network.Packet
	found  // of a datagram that came whole
}

// assembled is a message that had to be put together, or a datagram that had to be opened.
type assembled struct {
	at       int               // index of the item that completed it; behind the last one if the time did
	protocol *network.Protocol // of the connection that brought it; nil for a datagram
	packet   network.Packet    // with the payload
	origin   network.Origin
	sub      uint16
	partial  bool           // fragments are missing
	first    network.Origin // of what is there; valid iff partial
	found
}

const (
	// roomSize is how much room for bytes is made at a time: the messages over TCP of most batches.
	roomSize = 64 << 10
	// maxRoom keeps rare big messages from being kept room for.
	maxRoom = 1 << 20
)

func newJob() *job {
	return &job{tally: tally{reasons: map[reasonKey]Undecodable{}}}
}

// reset forgets all messages.
func (j *job) reset() {
	j.items, j.assembled, j.used, j.usedDia = j.items[:0], j.assembled[:0], 0, 0
	if j.room, j.frames = j.room[:0], j.frames[:0]; cap(j.room) > maxRoom {
		j.room = nil
	}
}

// message returns a SIP message, and where its digest belongs.
func (j *job) message() (*sip.Message, *any) {
	if j.used == len(j.sip) {
		j.sip, j.digests = append(j.sip, new(sip.Message)), append(j.digests, nil)
	}
	j.used++
	return j.sip[j.used-1], &j.digests[j.used-1]
}

// diameterMessage returns a Diameter message.
func (j *job) diameterMessage() *diameter.Message {
	if j.usedDia == len(j.diameter) {
		j.diameter = append(j.diameter, new(diameter.Message))
	}
	j.usedDia++
	return j.diameter[j.usedDia-1]
}

// next returns room for the next item.
func (j *job) next() *item {
	if len(j.items) == cap(j.items) {
		j.items = append(j.items, item{})
	} else {
		j.items = j.items[:len(j.items)+1]
	}
	return &j.items[len(j.items)-1]
}

// assemble returns the next message that is assembled; its packet is still to be filled in.
func (j *job) assemble(pr *network.Protocol, at int, o network.Origin) *assembled {
	if len(j.assembled) == cap(j.assembled) {
		j.assembled = append(j.assembled, assembled{})
	} else {
		j.assembled = j.assembled[:len(j.assembled)+1]
	}
	x := &j.assembled[len(j.assembled)-1]
	x.at, x.protocol, x.origin, x.sub, x.partial, x.found = at, pr, o, 0, false, found{}
	return x
}

// bytes returns a copy of b that lasts as long as the job.
func (j *job) bytes(b []byte) []byte {
	if cap(j.room)-len(j.room) < len(b) {
		j.room = make([]byte, 0, max(2*cap(j.room), len(b), roomSize)) // what was given out keeps what it lies in
	}
	n := len(j.room)
	j.room = append(j.room, b...)
	return j.room[n:len(j.room):len(j.room)]
}

// numbers returns a copy of frame numbers that lasts as long as the job.
func (j *job) numbers(frames []uint32) []uint32 {
	n := len(j.frames)
	j.frames = append(j.frames, frames...)
	return j.frames[n:len(j.frames):len(j.frames)]
}
