package decode

import (
	"imscope/decode/capture"
	"imscope/decode/network"
	"imscope/decode/sip"
)

// assembler does, in capture order and for one packet at a time, what needs memory of other packets: it puts messages
// together. It reads none of them: that is for the workers, and so goes on beside the work on other batches.
type assembler struct {
	job     *job // of the batch at hand
	at      int  // index of the item at hand; behind the last one at the end of the batch
	walker  network.Walker
	defrag  *network.Defragmenter
	esp     *network.Security
	keys    agreements // of esp
	streams *network.Streams
	sctp    *network.Associations
	secure  *secure
	opened  network.Packet // the packet at hand, as far as it was opened
	proto   network.Proto  // of the stage that delivers
	clock   clock
	drain   func() // called for each message at the end of the capture; else nil
}

func newAssembler(opt *Options) *assembler {
	a := &assembler{
		walker:  newWalker(opt),
		defrag:  network.NewDefragmenter(opt.Limits.Fragments),
		esp:     network.NewSecurity(sip.IsStart),
		streams: network.NewStreams(opt.Limits.Streams, append(Protocols(), tlsProtocol)...),
		secure:  newSecure(opt),
		sctp:    network.NewAssociations(opt.Limits.SCTP, sipProtocol, diameterProtocol),
	}
	a.keys = newAgreements(a.esp)
	a.defrag.Drop = a.beginning
	a.defrag.Repeat = func(packets int) { a.count(uint32(packets), false, network.ClassCopy) }
	a.streams.Deliver = func(m *network.Message) { a.proto = network.TCP; a.message(m) }
	a.streams.Count = a.count
	a.secure.streams.Deliver = func(m *network.Message) {
		a.secure.number(m)
		a.proto = network.TLS
		a.message(m)
	}
	a.sctp.Deliver = func(m *network.Message) { a.proto = network.SCTP; a.message(m) }
	a.sctp.Count = a.count
	return a
}

// batch takes the items of a batch in order and adds to the job what they complete.
func (a *assembler) batch(j *job) {
	a.job = j
	a.secure.learn(j.secrets)
	for i := range j.items {
		it := &j.items[i]
		a.at = i
		if it.packet.Kind == network.Datagram && (it.agrees || it.diameter != nil) {
			a.keys.found(&it.found, it.packet.Src, it.packet.Dst)
		}
		a.item(&it.packet, &j.batch.Packets[it.index])
	}
	a.at = len(j.items)
	if n := len(j.batch.Packets); n > 0 && !j.batch.Packets[n-1].NoTime {
		a.defrag.Expire(j.batch.Packets[n-1].Time)
		a.streams.Expire(j.batch.Packets[n-1].Time)
		a.secure.streams.Expire(j.batch.Packets[n-1].Time)
		a.sctp.Expire(j.batch.Packets[n-1].Time)
	}
	a.snapshot()
}

// item takes one packet as far as it can be taken now. What a worker could read whole is left to who hands it out.
func (a *assembler) item(p *network.Packet, pk *capture.Packet) {
	o := a.clock.origin(pk)
	switch p.Kind {
	case network.Sealed, network.Deflated, network.Fragment:
		a.opened = *p // the item stays as it was captured
		p = &a.opened
	}
	for range maxPasses {
		if p.Form >= 0 {
			a.esp.Learn(p)
			p.Form = -1
		}
		switch p.Kind {
		case network.Other:
			a.count(p.Weight, false, p.Class)
			return
		case network.Undecodable:
			a.job.tally.fail(p.Reason, p.Detail, uint64(p.Weight), o.Frame, o.File)
			return
		case network.Datagram:
			if p == &a.opened {
				a.datagram(p, o, nil)
			}
			return
		case network.Segment:
			a.streams.Add(p, o)
			return
		case network.Chunks:
			a.sctp.Add(p, o)
			return
		case network.Sealed:
			a.esp.Open(&a.walker, p, o)
		case network.Deflated:
			a.walker.Inflate(p)
		case network.Fragment:
			if !a.defrag.Add(p, o) {
				return
			}
			if p.Kind == network.Fragment {
				a.walker.Resume(p)
			}
		}
	}
	a.job.tally.fail(network.ReasonTooDeep, 0, uint64(p.Weight), o.Frame, o.File)
}

// flush gives out what only the end of the capture completes: done is called with each message that is added to j.
func (a *assembler) flush(j *job, done func()) {
	a.job, a.at, a.drain = j, 0, done
	a.defrag.Flush()
	a.streams.Flush()
	a.secure.flush()
	a.sctp.Flush()
	a.snapshot()
}

// snapshot notes what the stages counted so far.
func (a *assembler) snapshot() {
	a.job.fragments, a.job.streams, a.job.sctp = a.defrag.Stats, a.streams.Stats, a.sctp.Stats
}

// count counts packets that are signalling or known to be something else.
func (a *assembler) count(packets uint32, signalling bool, c network.Class) {
	a.job.tally.count(packets, signalling, c)
}

// beginning takes what there is of a datagram that has lost fragments.
func (a *assembler) beginning(p *network.Packet, first, last network.Origin) {
	if p.Kind == network.Fragment {
		a.walker.Resume(p)
	}
	if p.Kind == network.Sealed {
		a.esp.Open(&a.walker, p, last)
	}
	switch p.Kind {
	case network.Datagram:
		a.datagram(p, last, &first)
	case network.Segment:
		a.streams.Add(p, last)
	case network.Chunks:
		a.sctp.Add(p, last)
	default:
		a.job.tally.fail(network.ReasonIncomplete, 0, uint64(p.Weight), first.Frame, first.File)
	}
}

// datagram adds a datagram that was put together or opened to what the batch brings. Of one that lost fragments, partial
// says where the first one that is there was captured.
func (a *assembler) datagram(p *network.Packet, o network.Origin, partial *network.Origin) {
	x := a.job.assemble(nil, a.at, o)
	if x.partial = partial != nil; x.partial {
		x.first = *partial
	}
	x.packet = *p
	x.packet.Payload, x.packet.Frames = a.job.bytes(p.Payload), a.job.numbers(p.Frames)
	a.keys.assembled(p.Payload, p.Src, p.Dst)
	a.added()
}

// message adds a message that Streams or Associations put together.
func (a *assembler) message(m *network.Message) {
	if m.Protocol == tlsProtocol {
		a.secure.record(m)
		return
	}
	x := a.job.assemble(m.Protocol, a.at, m.Origin)
	x.sub = m.Sub
	x.packet = network.Packet{
		Proto: a.proto, Src: m.Src, Dst: m.Dst, Path: m.Path, Payload: a.job.bytes(m.Data), Frames: a.job.numbers(m.Frames),
		Overlap: m.Overlap, Truncated: m.Incomplete,
	}
	a.keys.assembled(m.Data, m.Src, m.Dst)
	a.added()
}

// added says that the job has one message more.
func (a *assembler) added() {
	if a.drain != nil {
		a.drain()
	}
}
