package gen

import (
	"sort"
	"strings"
	"time"
)

// Packet is one captured frame.
type Packet struct {
	Time      time.Time
	Interface string // reference point: "Gm", "Mw", "ISC" or "Cx"
	Data      []byte // Ethernet frame
}

// Packets plays the script. Packets come in the order of time.
func (s *Script) Packets() ([]Packet, error) {
	p := player{
		script:      s,
		clock:       s.Start,
		wire:        &wire{mtu: s.MTU},
		inbox:       map[*Node][]*message{},
		open:        map[hop][]*message{},
		connections: map[hop]connection{},
		diameter:    newDiameterPlayer(s.Start),
	}
	for _, st := range s.steps {
		if err := p.step(&st); err != nil {
			return nil, err
		}
	}
	for _, c := range p.order {
		c.flush(time.Time{})
	}
	sort.SliceStable(p.wire.packets, func(i, j int) bool {
		return p.wire.packets[i].Time.Before(p.wire.packets[j].Time)
	})
	return p.wire.packets, nil
}

// maxDatagram is what fits behind the UDP header in a 16-bit length.
const maxDatagram = 0xffff - 8

// hop is one direction between two nodes.
type hop struct{ from, to *Node }

func (h hop) reverse() hop { return hop{h.to, h.from} }

// sentBy returns h or its reverse, whichever n sends on.
func (h hop) sentBy(n *Node) hop {
	if n == h.to {
		return h.reverse()
	}
	return h
}

type player struct {
	script      *Script
	clock       time.Time
	wire        *wire
	inbox       map[*Node][]*message // received and not yet forwarded, oldest first
	open        map[hop][]*message   // requests without final response, oldest first
	connections map[hop]connection   // both directions of a pair share one
	order       []connection         // the same in the order of their handshakes
	diameter    *diameterPlayer
}

// connection is a transport with a state: TCP or SCTP.
type connection interface {
	// send transmits one Diameter message.
	send(t time.Time, from *Node, data []byte)
	// flush sends acknowledgements that fell due before t, all of them if t is zero.
	flush(t time.Time)
}

func (p *player) step(st *step) error {
	if st.at {
		t := p.script.Start.Add(st.delay)
		if t.Before(p.clock) {
			return st.pos.errorf("at %v lies before the previous step", st.delay)
		}
		p.clock = t
	} else {
		p.clock = p.clock.Add(st.delay)
	}
	h := hop{st.from, st.to}
	l, ok := p.script.links[[2]*Node{h.from, h.to}]
	if !ok {
		l = link{udp, sipPort, sipPort}
	}
	if st.srcPort != 0 {
		l.src = st.srcPort
	}
	if st.dstPort != 0 {
		l.dst = st.dstPort
	}
	switch st.verb {
	case verbConnect:
		return p.connect(st, h, l)
	case verbDiameter:
		return p.cx(st, h)
	}
	if l.transport != udp {
		return st.pos.errorf("SIP over %s is not supported", l.transport)
	}
	data, err := p.sip(st, h)
	if err != nil {
		return err
	}
	if len(data) > maxDatagram {
		return st.pos.errorf("the message is larger than a UDP datagram")
	}
	p.wire.datagram(p.clock, h, l, data)
	return nil
}

// sip makes the message of a step and remembers it for the steps that refer to it.
func (p *player) sip(st *step, h hop) ([]byte, error) {
	if st.verb == verbRaw {
		return rawBytes(st.block), nil
	}
	m, err := p.message(st, h)
	if err != nil {
		return nil, err
	}
	if m.isRequest() {
		if host := m.via(0); !st.from.is(host) {
			return nil, st.pos.errorf("the top Via names %s, but %s sends the request", host, st.from.Name)
		}
		p.open[h] = append(p.open[h], m)
		p.inbox[h.to] = append(p.inbox[h.to], m)
		return m.bytes(), nil
	}
	if err := p.close(st, h.reverse(), m); err != nil {
		return nil, err
	}
	if strings.HasPrefix(m.start, "SIP/2.0 1") {
		return nil, st.pos.errorf("provisional responses are not supported")
	}
	if m.via(1) != "" {
		p.inbox[h.to] = append(p.inbox[h.to], m)
	}
	return m.bytes(), nil
}

func (p *player) message(st *step, h hop) (*message, error) {
	switch st.verb {
	case verbForward:
		m, err := p.toForward(st.pos, h)
		if err != nil {
			return nil, err
		}
		p.forget(h.from, m)
		return m.forward(st.pos, st.block)
	case verbRespond:
		m, err := p.toAnswer(st.pos, h)
		if err != nil {
			return nil, err
		}
		p.forget(h.from, m)
		return m.respond(st.pos, st.arg, st.block)
	}
	return newMessage(st.pos, st.block)
}

// toForward chooses among the messages that h.from holds: a response whose next Via names the
// receiver, or a request; of several requests the one whose Request-URI or Route names the receiver.
func (p *player) toForward(at pos, h hop) (*message, error) {
	var fit []*message
	for _, m := range p.inbox[h.from] {
		if m.isRequest() || h.to.is(m.via(1)) {
			fit = append(fit, m)
		}
	}
	return only(at, fit, h.to, "forward")
}

// toAnswer chooses among the requests that h.from got from h.to and neither forwarded nor answered.
func (p *player) toAnswer(at pos, h hop) (*message, error) {
	var fit []*message
	for _, m := range p.open[h.reverse()] {
		for _, in := range p.inbox[h.from] {
			if in == m {
				fit = append(fit, m)
			}
		}
	}
	return only(at, fit, h.from, "answer")
}

// only returns the single message of fit, or the single one addressed to n.
func only(at pos, fit []*message, n *Node, what string) (*message, error) {
	if len(fit) > 1 {
		var addressed []*message
		for _, m := range fit {
			if m.names(n) {
				addressed = append(addressed, m)
			}
		}
		fit = addressed
	}
	switch len(fit) {
	case 0:
		return nil, at.errorf("there is nothing to %s", what)
	case 1:
		return fit[0], nil
	}
	return nil, at.errorf("there are %d messages to %s: write it out instead", len(fit), what)
}

// close finds the request on hop h that response m answers.
func (p *player) close(st *step, h hop, m *message) error {
	for i, r := range p.open[h] {
		if r.transaction() == m.transaction() {
			p.open[h] = append(p.open[h][:i:i], p.open[h][i+1:]...)
			return nil
		}
	}
	return st.pos.errorf("%s never sent %s the request with transaction %q", h.from.Name, h.to.Name, m.transaction())
}

// forget takes a message out of a node's inbox.
func (p *player) forget(n *Node, m *message) {
	for i, in := range p.inbox[n] {
		if in == m {
			p.inbox[n] = append(p.inbox[n][:i:i], p.inbox[n][i+1:]...)
			return
		}
	}
}

// rawBytes ends every line of a raw block with CRLF.
func rawBytes(block []line) []byte {
	var b strings.Builder
	for _, l := range block {
		b.WriteString(l.text + "\r\n")
	}
	return []byte(b.String())
}
