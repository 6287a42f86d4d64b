package decode

import (
	"imscope/decode/capture"
	"imscope/decode/diameter"
	"imscope/decode/network"
	"imscope/decode/problem"
	"imscope/decode/sip"
)

// assembler does, in capture order and for one packet at a time, what needs memory of other packets, and hands out the records.
type assembler struct {
	fn      func(*Record) error
	packet  func(*capture.Packet, *network.Packet) // may be nil
	err     error                                  // of fn; nothing is handed out after it
	stats   *Stats
	checkTo uint32
	walker  network.Walker
	defrag  *network.Defragmenter
	esp     *network.Security
	streams *network.Streams
	sctp    *network.Associations
	secure  *secure
	inner   network.Packet // what a message of a capture agent or of a WebSocket carries
	ws      []byte         // behind the payload of inner
	proto   network.Proto  // of the stage that delivers
	ports   sipPorts
	clock   int64 // capture time of the last packet that had one
	rec     Record
	frame   [1]uint32
	sip     sip.Message
	dia     diameter.Message
}

func newAssembler(opt *Options, stats *Stats, fn func(*Record) error) *assembler {
	a := &assembler{
		fn: fn, packet: opt.Packet, stats: stats, checkTo: opt.checkTo(), walker: newWalker(opt),
		defrag:  network.NewDefragmenter(opt.Limits.Fragments),
		esp:     network.NewSecurity(sip.IsStart),
		streams: network.NewStreams(opt.Limits.Streams, append(Protocols(), tlsProtocol)...),
		secure:  newSecure(opt),
		sctp:    network.NewAssociations(opt.Limits.SCTP, sipProtocol, diameterProtocol),
	}
	a.defrag.Drop = a.beginning
	a.defrag.Repeat = func(packets int) { a.count(uint32(packets), false, network.ClassCopy) }
	a.ports.add(5060)
	a.ports.add(5061)
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

// batch takes the items of a batch in order.
func (a *assembler) batch(j *job) {
	a.stats.add(&j.tally)
	a.secure.learn(j.secrets)
	for i := range j.items {
		if a.err != nil {
			return
		}
		it := &j.items[i]
		a.item(it, &j.batch.Packets[it.index])
	}
	if n := len(j.batch.Packets); n > 0 && !j.batch.Packets[n-1].NoTime {
		a.defrag.Expire(j.batch.Packets[n-1].Time)
		a.streams.Expire(j.batch.Packets[n-1].Time)
		a.secure.streams.Expire(j.batch.Packets[n-1].Time)
		a.sctp.Expire(j.batch.Packets[n-1].Time)
	}
}

// item takes one packet as far as it can be taken now.
func (a *assembler) item(it *item, pk *capture.Packet) {
	if !pk.NoTime {
		a.clock = pk.Time
	}
	o := network.Origin{Frame: pk.Frame, File: pk.File, Time: a.clock}
	p := &it.packet
	if a.packet != nil {
		a.packet(pk, p)
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
			a.stats.fail(p.Reason, p.Detail, uint64(p.Weight), o.Frame, o.File)
			return
		case network.Datagram:
			a.datagram(p, it, o)
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
	a.stats.fail(network.ReasonTooDeep, 0, uint64(p.Weight), o.Frame, o.File)
}

// flush gives out what only the end of the capture completes.
func (a *assembler) flush() {
	a.defrag.Flush()
	a.streams.Flush()
	a.secure.flush()
	a.stats.TLS = a.secure.tally(a.streams.Stats.LateTLS)
	a.sctp.Flush()
	a.snapshot()
	a.stats.Encrypted, a.stats.EncryptedEvicted = a.esp.Closed(maxEncrypted), a.esp.Evicted
}

// snapshot brings the statistics of the stages up to date.
func (a *assembler) snapshot() {
	a.stats.Fragments, a.stats.Streams, a.stats.SCTP = a.defrag.Stats, a.streams.Stats, a.sctp.Stats
}

// count counts packets that are signalling or known to be something else.
func (a *assembler) count(packets uint32, signalling bool, c network.Class) {
	if signalling {
		a.stats.Signalling += uint64(packets)
		return
	}
	a.stats.other[c] += uint64(packets)
}

// datagram takes a datagram. it has the message if a worker parsed it.
func (a *assembler) datagram(p *network.Packet, it *item, o network.Origin) {
	ok, class := a.signalling(p, it.sip, it.digest, o)
	if !ok && cutShort(p) {
		a.stats.fail(network.ReasonPayload, 0, uint64(p.Weight), o.Frame, o.File)
		return
	}
	a.count(p.Weight, ok, class)
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
		if ok, _ := a.signalling(p, nil, nil, last); ok {
			a.count(p.Weight, true, 0)
			return
		}
	case network.Segment:
		a.streams.Add(p, last)
		return
	case network.Chunks:
		a.sctp.Add(p, last)
		return
	}
	a.stats.fail(network.ReasonIncomplete, 0, uint64(p.Weight), first.Frame, first.File)
}

// signalling hands out the message of a datagram; m and digest are of a message that is parsed already. If there is none,
// class says what there is.
func (a *assembler) signalling(p *network.Packet, m *sip.Message, digest any, o network.Origin) (ok bool, class network.Class) {
	r := &a.rec
	*r = Record{
		Frame: o.Frame, File: o.File, Time: o.Time, Src: p.Src, Dst: p.Dst, Proto: p.Proto, Path: p.Path,
		Frames: p.Frames, Digest: digest,
	}
	if len(r.Frames) == 0 {
		a.frame[0] = o.Frame
		r.Frames = a.frame[:]
	}
	a.agent(p)
	if ok, class = a.read(p, m); ok {
		if r.SIP != nil && p.Proto == network.UDP {
			a.ports.add(p.Src.Port())
			a.ports.add(p.Dst.Port())
		}
		a.emit(p.Overlap, p.BadSum, p.Truncated)
	}
	return ok, class
}

// agent puts what a capture agent told into the record.
func (a *assembler) agent(p *network.Packet) {
	if p.HEP.Version == 0 {
		return
	}
	a.rec.Agent = p.HEP.Agent
	if p.HEP.Time != 0 {
		a.rec.Time = p.HEP.Time
	}
}

// read parses the payload of a datagram into the record. m is the message if it is parsed already. If there is no
// message, class says what there is.
func (a *assembler) read(p *network.Packet, m *sip.Message) (ok bool, class network.Class) {
	if m == nil && parseDatagram(&a.sip, p, a.rec.Frame <= a.checkTo) {
		m = &a.sip
	}
	if m != nil {
		a.rec.SIP = m
		return true, 0
	}
	isDiameter, class := inspect(p)
	if !isDiameter {
		if class == network.ClassUDP && isSigComp(p) && (a.ports.has(p.Src.Port()) || a.ports.has(p.Dst.Port())) {
			class = network.ClassSigComp
		}
		return false, class
	}
	if a.dia.Parse(p.Payload) != nil {
		return false, network.ClassUDP
	}
	a.rec.Diameter = &a.dia
	return true, 0
}

// message hands out a message that Streams or Associations put together.
func (a *assembler) message(m *network.Message) {
	a.rec = Record{
		Frame: m.Origin.Frame, File: m.Origin.File, Sub: m.Sub, Frames: m.Frames, Time: m.Origin.Time,
		Src: m.Src, Dst: m.Dst, Proto: a.proto, Path: m.Path,
	}
	switch m.Protocol {
	case sipProtocol:
		if a.parseStream(m) != nil {
			return
		}
		if a.rec.Frame <= a.checkTo {
			a.sip.Check()
		}
		a.rec.SIP = &a.sip
	case diameterProtocol:
		if a.dia.Parse(m.Data) != nil {
			return
		}
		a.rec.Diameter = &a.dia
	case tlsProtocol:
		a.secure.record(m)
		return
	case hepProtocol:
		a.inner.Path = m.Path
		a.walker.HEP3(&a.inner, m.Data)
		if a.inner.Kind == network.Deflated {
			a.walker.Inflate(&a.inner)
		}
		if a.inner.Kind != network.Datagram {
			return
		}
		a.rec.Src, a.rec.Dst, a.rec.Proto, a.rec.Path = a.inner.Src, a.inner.Dst, a.inner.Proto, a.inner.Path
		a.agent(&a.inner)
		if ok, _ := a.read(&a.inner, nil); !ok {
			return
		}
	case wsFrames:
		a.ws = network.AppendWebSocket(a.ws[:0], m.Data)
		if a.rec.Proto = network.WS; a.proto == network.TLS {
			a.rec.Proto = network.WSS
		}
		a.inner.Payload, a.inner.Truncated = a.ws, m.Incomplete
		if !parseDatagram(&a.sip, &a.inner, a.rec.Frame <= a.checkTo) {
			return
		}
		a.rec.SIP = &a.sip
	default:
		return
	}
	a.emit(m.Overlap, false, m.Incomplete)
}

func (a *assembler) parseStream(m *network.Message) error {
	switch {
	case m.Incomplete:
		return a.sip.ParseCut(m.Data)
	case a.proto == network.SCTP:
		return a.sip.Parse(m.Data)
	}
	return a.sip.ParseStream(m.Data)
}

// emit completes the record and hands it out.
func (a *assembler) emit(overlap, badSum, incomplete bool) {
	if a.err != nil {
		return
	}
	raw, list := a.problems()
	if overlap {
		*list = append(*list, problem.Problem{Code: ProbOverlap, Span: rest(raw, 0)})
	}
	if badSum {
		*list = append(*list, problem.Problem{Code: ProbChecksum, Span: rest(raw, 0)})
	}
	if incomplete {
		*list = append(*list, problem.Problem{Code: ProbIncomplete, Span: rest(raw, uint32(len(raw)))})
	}
	if a.rec.SIP != nil {
		a.stats.SIPMessages++
	} else {
		a.stats.DiameterMessages++
	}
	a.err = a.fn(&a.rec)
	for _, p := range *list {
		a.stats.problems[p.Code]++
	}
}

// problems returns the bytes and the problem list of the record's message.
func (a *assembler) problems() ([]byte, *[]problem.Problem) {
	if a.rec.SIP != nil {
		return a.rec.SIP.Raw, &a.rec.SIP.Problems
	}
	return a.rec.Diameter.Raw, &a.rec.Diameter.Problems
}

// rest is the span of raw from off to its end.
func rest(raw []byte, off uint32) problem.Span {
	return problem.Span{Off: off, Len: uint32(len(raw)) - off}
}
