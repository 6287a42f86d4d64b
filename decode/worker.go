package decode

import (
	"imscope/decode/capture"
	"imscope/decode/network"
	"imscope/decode/sip"
)

// job is one batch on its way through a worker. Jobs are reused, and with them everything a batch needs.
type job struct {
	batch *capture.Batch
	turn  uint64 // when its messages may be handed out
	tally tally
	// secrets are those that the captures brought with the batch.
	secrets []capture.Secret
	items   []item
	sip     []*sip.Message // given to items, in order
	digests []any          // of sip; results of an earlier batch where there are none of this one yet
	used    int            // of sip
}

// item is a packet of the batch that is more than a count.
type item struct {
	index  int // in the batch
	packet network.Packet
	sip    *sip.Message // the message of a datagram, parsed; else nil
	digest any          // of sip, where digests are made
}

func newJob() *job {
	return &job{tally: tally{reasons: map[reasonKey]Undecodable{}}}
}

// message returns a message for an item of this batch.
func (j *job) message() *sip.Message {
	if j.used == len(j.sip) {
		j.sip, j.digests = append(j.sip, new(sip.Message)), append(j.digests, nil)
	}
	j.used++
	return j.sip[j.used-1]
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

// worker does what needs no memory of other packets.
type worker struct {
	walker   network.Walker
	checkTo  uint32
	digester Digester // may be nil
}

// work walks the packets of a batch, parses the SIP datagrams, and leaves the rest that matters as items.
func (w *worker) work(j *job) {
	j.items, j.used = j.items[:0], 0
	j.tally.packets = uint64(len(j.batch.Packets))
	it := j.next()
	for i := range j.batch.Packets {
		pk := &j.batch.Packets[i]
		p := &it.packet
		w.walker.Walk(p, pk.Link, pk.Data, pk.OrigLen)
		it.sip, it.digest = nil, nil
		switch p.Kind {
		case network.Other:
			j.tally.other[p.Class]++
			continue
		case network.Undecodable:
			j.tally.fail(p.Reason, p.Detail, pk.Frame, pk.File)
			continue
		case network.Datagram:
			if !w.message(j, it, pk.Frame) {
				isDiameter, class := inspect(p)
				switch {
				case isDiameter, class == network.ClassUDP && isSigComp(p): // of the latter the ports before it tell
				case cutShort(p):
					j.tally.fail(network.ReasonPayload, 0, pk.Frame, pk.File)
					continue
				default:
					j.tally.other[class]++
					continue
				}
			}
		}
		it.index = i
		it = j.next()
	}
	j.items = j.items[:len(j.items)-1]
}

// message parses the SIP message in a datagram and makes its digest, and reports whether there is one.
func (w *worker) message(j *job, it *item, frame uint32) bool {
	if !sip.MayStart(it.packet.Payload) {
		return false
	}
	m := j.message()
	if !parseDatagram(m, &it.packet, frame <= w.checkTo) {
		j.used--
		return false
	}
	it.sip = m
	if w.digester != nil {
		d := &j.digests[j.used-1]
		*d = w.digester.Digest(m, *d)
		it.digest = *d
	}
	return true
}

func parsePayload(m *sip.Message, p *network.Packet) error {
	if p.Truncated {
		return m.ParseCut(p.Payload)
	}
	return m.Parse(p.Payload)
}

// parseDatagram parses the SIP message in a datagram and reports whether there is one.
func parseDatagram(m *sip.Message, p *network.Packet, check bool) bool {
	if err := parsePayload(m, p); err != nil {
		return false
	}
	if check {
		m.Check()
	}
	return true
}
