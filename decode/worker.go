package decode

import (
	"imscope/decode/capture"
	"imscope/decode/network"
	"imscope/decode/problem"
	"imscope/decode/sip"
)

// worker does what needs no memory of other packets.
type worker struct {
	walker   network.Walker
	checkTo  uint32
	digester Digester // may be nil
	ws       []byte
}

func newWorker(opt *Options) *worker {
	w := &worker{walker: newWalker(opt), checkTo: opt.checkTo()}
	if opt.Digest != nil {
		w.digester = opt.Digest()
	}
	return w
}

// work walks the packets of a batch, parses the messages of datagrams, and leaves the rest that matters as items.
func (w *worker) work(j *job, b *capture.Batch) {
	j.reset()
	j.batch = b
	j.tally.packets = uint64(len(b.Packets))
	it := j.next()
	for i := range b.Packets {
		pk := &b.Packets[i]
		p := &it.packet
		w.walker.Walk(p, pk.Link, pk.Data, pk.OrigLen)
		it.found = found{}
		switch p.Kind {
		case network.Other:
			j.tally.other[p.Class]++
			continue
		case network.Undecodable:
			j.tally.fail(p.Reason, p.Detail, 1, pk.Frame, pk.File)
			continue
		case network.Datagram:
			if !w.datagram(j, p, &it.found, pk.Frame) {
				class := inspect(p)
				switch {
				case class == network.ClassUDP && isSigComp(p): // the ports before it tell
				case cutShort(p):
					j.tally.fail(network.ReasonPayload, 0, 1, pk.Frame, pk.File)
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

// read parses the messages that were assembled.
func (w *worker) read(j *job) {
	for i := range j.assembled {
		x := &j.assembled[i]
		p := &x.packet
		switch x.protocol {
		case hepProtocol:
			cut, overlap, frames := p.Truncated, p.Overlap, p.Frames
			w.walker.HEP3(p, p.Payload)
			if p.Kind == network.Deflated {
				w.walker.Inflate(p)
				p.Payload = j.bytes(p.Payload)
			}
			if p.Truncated, p.Overlap, p.Frames = p.Truncated || cut, overlap, frames; p.Kind != network.Datagram {
				continue
			}
		case wsFrames:
			w.ws = network.AppendWebSocket(w.ws[:0], p.Payload)
			if p.Payload = j.bytes(w.ws); p.Proto == network.TLS {
				p.Proto = network.WSS
			} else {
				p.Proto = network.WS
			}
		case sipProtocol, diameterProtocol, nil:
		default:
			continue
		}
		switch x.protocol {
		case sipProtocol, wsFrames:
			w.sip(j, x.protocol, p, &x.found, x.origin.Frame)
		case diameterProtocol:
			w.diameter(j, p, &x.found)
		default:
			w.datagram(j, p, &x.found, x.origin.Frame)
		}
	}
}

// datagram parses the message in a datagram and reports whether there is one.
func (w *worker) datagram(j *job, p *network.Packet, f *found, frame uint32) bool {
	return sip.MayStart(p.Payload) && w.sip(j, nil, p, f, frame) || isDiameter(p) && w.diameter(j, p, f)
}

// sip parses a SIP message, makes its digest and reports whether there is one. pr is what brought it, nil for a datagram.
func (w *worker) sip(j *job, pr *network.Protocol, p *network.Packet, f *found, frame uint32) bool {
	m, digest := j.message()
	if parse(m, pr, p) != nil {
		j.used--
		return false
	}
	if frame <= w.checkTo {
		m.Check()
	}
	m.Problems = addTransport(m.Problems, m.Raw, p)
	f.sip, f.agrees = m, agrees(m)
	if w.digester != nil {
		*digest = w.digester.Digest(m, *digest)
		f.digest = *digest
	}
	return true
}

func parse(m *sip.Message, pr *network.Protocol, p *network.Packet) error {
	switch {
	case p.Truncated:
		return m.ParseCut(p.Payload)
	case pr == sipProtocol && p.Proto != network.SCTP:
		return m.ParseStream(p.Payload)
	}
	return m.Parse(p.Payload)
}

// diameter parses a Diameter message and reports whether there is one.
func (w *worker) diameter(j *job, p *network.Packet, f *found) bool {
	m := j.diameterMessage()
	if m.Parse(p.Payload) != nil {
		j.usedDia--
		return false
	}
	m.Problems = addTransport(m.Problems, m.Raw, p)
	f.diameter = m
	return true
}

// addTransport adds what went wrong on the way of a message to its problems.
func addTransport(list []problem.Problem, raw []byte, p *network.Packet) []problem.Problem {
	if p.Overlap {
		list = append(list, problem.Problem{Code: ProbOverlap, Span: rest(raw, 0)})
	}
	if p.BadSum {
		list = append(list, problem.Problem{Code: ProbChecksum, Span: rest(raw, 0)})
	}
	if p.Truncated {
		code := ProbIncomplete
		if p.Proto == network.UDP && len(p.Frames) > 0 && p.HEP.Version == 0 { // an agent's frames are not the message's
			code = ProbFragment
		}
		list = append(list, problem.Problem{Code: code, Span: rest(raw, uint32(len(raw)))})
	}
	return list
}

// rest is the span of raw from off to its end.
func rest(raw []byte, off uint32) problem.Span {
	return problem.Span{Off: off, Len: uint32(len(raw)) - off}
}
