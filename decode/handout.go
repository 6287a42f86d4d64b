package decode

import (
	"imscope/decode/capture"
	"imscope/decode/network"
)

// handout gives out the messages of one batch after the other, in capture order, and counts them.
type handout struct {
	fn     func(*Record) error
	packet func(*capture.Packet, *network.Packet) // may be nil
	err    error                                  // of fn; nothing is given out after it
	stats  *Stats
	ports  sipPorts
	clock  clock
	rec    Record
	frame  [1]uint32
}

func newHandout(opt *Options, stats *Stats, fn func(*Record) error) *handout {
	h := &handout{fn: fn, packet: opt.Packet, stats: stats}
	h.ports.add(5060)
	h.ports.add(5061)
	return h
}

// batch gives out what a batch brought.
func (h *handout) batch(j *job) {
	h.stats.add(&j.tally)
	h.stats.Fragments, h.stats.Streams, h.stats.SCTP = j.fragments, j.streams, j.sctp
	next := 0
	for i := range j.items {
		it := &j.items[i]
		pk := &j.batch.Packets[it.index]
		o := h.clock.origin(pk)
		if h.err != nil {
			return
		}
		if h.packet != nil {
			h.packet(pk, &it.packet)
		}
		if it.packet.Kind == network.Datagram {
			h.datagram(&it.packet, &it.found, o)
		}
		for ; next < len(j.assembled) && j.assembled[next].at == i; next++ {
			h.assembled(&j.assembled[next])
		}
	}
	for ; next < len(j.assembled); next++ {
		h.assembled(&j.assembled[next])
	}
}

// datagram gives out the message of a datagram, or counts what it is.
func (h *handout) datagram(p *network.Packet, f *found, o network.Origin) {
	switch {
	case f.sip != nil || f.diameter != nil:
		if f.sip != nil && p.Proto == network.UDP {
			h.ports.add(p.Src.Port())
			h.ports.add(p.Dst.Port())
		}
		h.stats.count(p.Weight, true, 0)
		h.emit(p, f, o, 0)
	case cutShort(p):
		h.stats.fail(network.ReasonPayload, 0, uint64(p.Weight), o.Frame, o.File)
	default:
		h.stats.count(p.Weight, false, h.class(p))
	}
}

// class names a datagram that is no message.
func (h *handout) class(p *network.Packet) network.Class {
	c := inspect(p)
	if c == network.ClassUDP && isSigComp(p) && (h.ports.has(p.Src.Port()) || h.ports.has(p.Dst.Port())) {
		return network.ClassSigComp
	}
	return c
}

// assembled gives out a message that was put together. What connections carry is counted with their segments.
func (h *handout) assembled(x *assembled) {
	is := x.sip != nil || x.diameter != nil
	switch {
	case h.err != nil:
	case x.protocol != nil:
		if is {
			h.emit(&x.packet, &x.found, x.origin, x.sub)
		}
	case x.partial && !is:
		h.stats.fail(network.ReasonIncomplete, 0, uint64(x.packet.Weight), x.first.Frame, x.first.File)
	default:
		h.datagram(&x.packet, &x.found, x.origin)
	}
}

// emit makes the record of a message and gives it out.
func (h *handout) emit(p *network.Packet, f *found, o network.Origin, sub uint16) {
	h.rec = Record{
		Frame: o.Frame, File: o.File, Sub: sub, Frames: p.Frames, Time: o.Time, Src: p.Src, Dst: p.Dst, Proto: p.Proto,
		Path: p.Path, SIP: f.sip, Diameter: f.diameter, Digest: f.digest,
	}
	if len(h.rec.Frames) == 0 {
		h.frame[0] = o.Frame
		h.rec.Frames = h.frame[:]
	}
	if p.HEP.Version != 0 { // what a capture agent told
		h.rec.Agent = p.HEP.Agent
		if p.HEP.Time != 0 {
			h.rec.Time, h.rec.Lag = p.HEP.Time, o.Time-p.HEP.Time
		}
	}
	if f.sip != nil {
		h.stats.SIPMessages++
	} else {
		h.stats.DiameterMessages++
	}
	h.err = h.fn(&h.rec)
	for _, q := range h.rec.problems() {
		h.stats.problems[q.Code]++
	}
}
