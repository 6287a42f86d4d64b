package samples

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"net/netip"
	"testing"

	"imscope/decode"
	"imscope/decode/capture"
)

// This file builds captures in memory: the same messages as they travel over other transports, links and tunnels.

// sent is one message on its way between two nodes.
type sent struct {
	at       int64 // ns
	src, dst netip.AddrPort
	raw      []byte
}

// conversation takes the SIP messages out of a sample.
func conversation(t *testing.T, name string) []sent {
	t.Helper()
	data, err := FS.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	r := capture.NewReader(bytes.NewReader(data), name)
	defer r.Close()
	var out []sent
	_, err = decode.Run(t.Context(), r, decode.Options{}, func(rec *decode.Record) error {
		if rec.SIP != nil {
			out = append(out, sent{rec.Time, rec.Src, rec.Dst, bytes.Clone(rec.SIP.Raw)})
		}
		return nil
	})
	if err != nil || len(out) == 0 {
		t.Fatal("no messages", err)
	}
	return out
}

// piece is a packet of a message: the n-th message of the conversation.
type piece struct {
	at      int64
	message int
	opens   bool // a connection
	data    []byte
}

func be16(n int) []byte    { return binary.BigEndian.AppendUint16(nil, uint16(n)) }
func be32(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// checksum is the sum of the Internet protocols over all parts; all but the last have an even length.
func checksum(parts ...[]byte) []byte {
	sum := uint32(0)
	for _, p := range parts {
		for i, c := range p {
			sum += uint32(c) << (8 * (1 - i&1))
		}
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return be16(int(^sum & 0xffff))
}

// transport writes the transport headers of messages.
type transport struct {
	name string
	wrap func(s *state, m *sent) []datagram
}

// datagram is the payload of an IP packet.
type datagram struct {
	proto byte
	data  []byte
	opens bool // a connection
}

// state is what goes on between packets.
type state struct {
	next map[[2]netip.AddrPort]uint32 // sequence numbers by direction
	id   int                          // of IP packets
}

func newState() *state { return &state{next: map[[2]netip.AddrPort]uint32{}} }

// advance gives the next sequence number of a direction and goes on by n.
func (s *state) advance(m *sent, n int) (seq uint32, first bool) {
	key := [2]netip.AddrPort{m.src, m.dst}
	seq, known := s.next[key]
	if !known {
		seq = 0xffffff00 // soon to wrap
	}
	s.next[key] = seq + uint32(n)
	return seq, !known
}

// tag is the verification tag of a direction.
func (s *state) tag(m *sent) []byte {
	return be32(uint32(checksum(m.src.Addr().AsSlice(), m.dst.Addr().AsSlice(), []byte(m.dst.String()))[0])<<8 | uint32(m.src.Addr().As4()[3])<<4 | uint32(m.dst.Addr().As4()[3]))
}

func pseudo(m *sent, proto byte, n int) []byte {
	return join(m.src.Addr().AsSlice(), m.dst.Addr().AsSlice(), []byte{0, proto}, be16(n))
}

func ports(m *sent) []byte { return join(be16(int(m.src.Port())), be16(int(m.dst.Port()))) }

func udpOf(m *sent, payload []byte) []byte {
	head := join(ports(m), be16(8+len(payload)))
	sum := checksum(pseudo(m, 17, 8+len(payload)), head, []byte{0, 0}, payload)
	return join(head, sum, payload)
}

func tcpOf(m *sent, seq uint32, flags byte, payload []byte) []byte {
	head := join(ports(m), be32(seq), be32(0), []byte{0x50, flags, 0x20, 0})
	sum := checksum(pseudo(m, 6, 20+len(payload)), head, []byte{0, 0, 0, 0}, payload)
	return join(head, sum, []byte{0, 0}, payload)
}

// segments sends a message in pieces over a connection.
func segments(s *state, m *sent, n int) (out []datagram) {
	if _, first := s.advance(m, 0); first {
		seq, _ := s.advance(m, 1)
		out = append(out, datagram{6, tcpOf(m, seq, 2, nil), true})
	}
	for b := m.raw; len(b) > 0; {
		k := min(n, len(b))
		seq, _ := s.advance(m, k)
		out = append(out, datagram{6, tcpOf(m, seq, 8, b[:k]), false})
		b = b[k:]
	}
	return out
}

// espOf puts a transport packet into ESP with NULL encryption and an ICV of 96 bits.
func espOf(s *state, m *sent, d datagram) datagram {
	pad := (4 - (len(d.data)+2)%4) % 4
	return datagram{50, join(be32(uint32(m.dst.Port())<<16|uint32(m.src.Port())), be32(uint32(s.id+1)), d.data, []byte{1, 2, 3}[:pad], []byte{byte(pad), d.proto}, make([]byte, 12)), d.opens}
}

func transports() []transport {
	return []transport{
		{"udp", func(_ *state, m *sent) []datagram { return []datagram{{17, udpOf(m, m.raw), false}} }},
		{"tcp", func(s *state, m *sent) []datagram { return segments(s, m, 300) }},
		{"sctp", func(s *state, m *sent) (out []datagram) {
			const n = 400
			for b := m.raw; len(b) > 0; {
				k := min(n, len(b))
				flags := byte(0)
				if len(b) == len(m.raw) {
					flags |= 2
				}
				if k == len(b) {
					flags |= 1
				}
				tsn, _ := s.advance(m, 1)
				chunk := join([]byte{0, flags}, be16(16+k), be32(tsn), be32(0), be32(0), b[:k], make([]byte, (4-k%4)%4))
				out = append(out, datagram{132, join(ports(m), s.tag(m), be32(0), chunk), false})
				b = b[k:]
			}
			return out
		}},
		{"udp in esp", func(s *state, m *sent) []datagram {
			return []datagram{espOf(s, m, datagram{17, udpOf(m, m.raw), false})}
		}},
		{"tcp in esp", func(s *state, m *sent) (out []datagram) {
			for _, d := range segments(s, m, 500) {
				out = append(out, espOf(s, m, d))
			}
			return out
		}},
		{"hep", func(_ *state, m *sent) []datagram {
			var b []byte
			chunk := func(kind int, v []byte) { b = join(b, be16(0), be16(kind), be16(6+len(v)), v) }
			chunk(1, []byte{2})
			chunk(2, []byte{17})
			chunk(3, m.src.Addr().AsSlice())
			chunk(4, m.dst.Addr().AsSlice())
			chunk(7, be16(int(m.src.Port())))
			chunk(8, be16(int(m.dst.Port())))
			chunk(9, be32(uint32(m.at/1e9)))
			chunk(10, be32(uint32(m.at%1e9/1e3)))
			chunk(11, []byte{1})
			chunk(15, m.raw)
			agent := sent{src: netip.AddrPortFrom(m.src.Addr(), 9060), dst: netip.AddrPortFrom(m.dst.Addr(), 9060)}
			return []datagram{{17, udpOf(&agent, join([]byte("HEP3"), be16(6+len(b)), b)), false}}
		}},
	}
}

// ipv4 makes IPv4 packets of at most n bytes of payload each; 0 is one packet.
func (s *state) ipv4(src, dst netip.Addr, d datagram, n int) (out [][]byte) {
	s.id++
	if n == 0 {
		n = len(d.data)
	}
	for off := 0; off < len(d.data); off += n {
		part := d.data[off:min(off+n, len(d.data))]
		more := 0
		if off+n < len(d.data) {
			more = 0x2000
		}
		head := join([]byte{0x45, 0}, be16(20+len(part)), be16(s.id), be16(more|off/8), []byte{64, d.proto})
		ends := join(src.AsSlice(), dst.AsSlice())
		out = append(out, join(head, checksum(head, ends), ends, part))
	}
	return out
}

// link is a way to carry IPv4 packets.
type link struct {
	name string
	kind capture.LinkType
	wrap func(s *state, ip []byte, cut int) [][]byte // cut: bytes of a fragment of the carrier, 0 for none
}

func links() []link {
	mac := []byte{2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1}
	ether := func(head ...byte) func(*state, []byte, int) [][]byte {
		return func(_ *state, ip []byte, _ int) [][]byte { return [][]byte{join(mac, head, ip)} }
	}
	from, to := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	carrier := func(proto byte, head func(n int) []byte, inner ...[]byte) func(*state, []byte, int) [][]byte {
		return func(s *state, ip []byte, cut int) (out [][]byte) {
			body := join(join(inner...), ip)
			for _, p := range s.ipv4(from, to, datagram{proto, join(head(len(body)), body), false}, cut) {
				out = append(out, join(mac, []byte{8, 0}, p))
			}
			return out
		}
	}
	none := func(int) []byte { return nil }
	fixed := func(b ...byte) func(int) []byte { return func(int) []byte { return b } }
	overUDP := func(port int, head func(n int) []byte, inner ...[]byte) func(*state, []byte, int) [][]byte {
		return carrier(17, func(n int) []byte {
			h := head(n)
			return join(be16(40000), be16(port), be16(8+len(h)+n), be16(0), h)
		}, inner...)
	}
	macIP := append(bytes.Clone(mac), 8, 0)
	return []link{
		{"ethernet", capture.LinkEthernet, ether(8, 0)},
		{"vlan", capture.LinkEthernet, ether(0x81, 0, 0, 10, 8, 0)},
		{"qinq", capture.LinkEthernet, ether(0x88, 0xa8, 0, 10, 0x81, 0, 0, 20, 8, 0)},
		{"mpls", capture.LinkEthernet, ether(0x88, 0x47, 0, 1, 0x00, 64, 0, 2, 0x01, 64)},
		{"cooked", capture.LinkLinuxSLL, func(_ *state, ip []byte, _ int) [][]byte {
			return [][]byte{join([]byte{0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 8, 0}, ip)}
		}},
		{"cooked 2", capture.LinkLinuxSLL2, func(_ *state, ip []byte, _ int) [][]byte {
			return [][]byte{join([]byte{8, 0, 0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0}, ip)}
		}},
		{"raw", capture.LinkRaw, func(_ *state, ip []byte, _ int) [][]byte { return [][]byte{ip} }},
		{"pppoe", capture.LinkEthernet, func(_ *state, ip []byte, _ int) [][]byte {
			return [][]byte{join(mac, []byte{0x88, 0x64, 0x11, 0, 0, 5}, be16(2+len(ip)), []byte{0, 0x21}, ip)}
		}},
		{"ipip", capture.LinkEthernet, carrier(4, none)},
		{"gre", capture.LinkEthernet, carrier(47, fixed(0x20, 0, 8, 0, 0, 0, 0, 7))},
		{"erspan", capture.LinkEthernet, carrier(47, fixed(0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 0x64, 0, 5, 0, 0, 0, 3), macIP)},
		{"vxlan", capture.LinkEthernet, overUDP(4789, fixed(8, 0, 0, 0, 0, 0, 1, 0), macIP)},
		{"geneve", capture.LinkEthernet, overUDP(6081, fixed(0, 0, 0x65, 0x58, 0, 0, 3, 0), macIP)},
		{"gtp-u", capture.LinkEthernet, overUDP(2152, func(n int) []byte {
			return join([]byte{0x34, 0xff}, be16(n+8), be32(0x1f), be32(0x85), be32(0x01100900))
		})},
		{"gtp-u in vxlan", capture.LinkEthernet, func(s *state, ip []byte, cut int) (out [][]byte) {
			gtp := overUDP(2152, func(n int) []byte { return join([]byte{0x30, 0xff}, be16(n), be32(1)) })(s, ip, 0)[0]
			return overUDP(4789, fixed(8, 0, 0, 0, 0, 0, 1, 0))(s, gtp, cut)
		}},
	}
}

// build makes the packets of a conversation.
func build(messages []sent, tr transport, l link, inner, outer int) []piece {
	s := newState()
	var out []piece
	for i := range messages {
		m := &messages[i]
		src, dst := m.src.Addr(), m.dst.Addr()
		for _, d := range tr.wrap(s, m) {
			for _, ip := range s.ipv4(src, dst, d, inner) {
				for _, frame := range l.wrap(s, ip, outer) {
					out = append(out, piece{m.at, i, d.opens, frame})
				}
			}
		}
	}
	return out
}

// shuffle changes the order of the packets of each message. The SYN of a connection stays in front: an answer lies
// between it and the first data.
func shuffle(list []piece, r *rand.Rand) []piece {
	for from := 0; from < len(list); {
		to := from
		for to < len(list) && list[to].message == list[from].message {
			to++
		}
		part := list[from:to]
		for len(part) > 0 && part[0].opens {
			part = part[1:]
		}
		r.Shuffle(len(part), func(i, k int) { part[i], part[k] = part[k], part[i] })
		from = to
	}
	return list
}

// twice captures every packet a second time, a little later and behind a router.
func twice(list []piece) (out []piece) {
	for _, p := range list {
		again := p
		again.at += 300_000
		out = append(out, p, again)
	}
	return out
}

// without leaves out one packet of the message, the middle one; nil if it has only one.
func without(list []piece, message int) []piece {
	first, n := -1, 0
	for i := range list {
		if list[i].message == message {
			if first < 0 {
				first = i
			}
			n++
		}
	}
	if n < 2 {
		return nil
	}
	at := first + n/2
	return append(append([]piece(nil), list[:at]...), list[at+1:]...)
}

// packetSource is a capture in memory.
type packetSource struct {
	packets []capture.Packet
	given   bool
}

func source(list []piece, kind capture.LinkType, snap int) *packetSource {
	s := &packetSource{}
	for i, p := range list {
		data := p.data
		if snap > 0 && len(data) > snap {
			data = data[:snap]
		}
		s.packets = append(s.packets, capture.Packet{Data: data, Time: p.at, Frame: uint32(i + 1), OrigLen: uint32(len(p.data)), Link: kind})
	}
	return s
}

func (s *packetSource) Next(context.Context) (*capture.Batch, error) {
	if s.given {
		return nil, io.EOF
	}
	s.given = true
	return &capture.Batch{Packets: s.packets}, nil
}

func (s *packetSource) Files() []capture.FileInfo { return nil }
func (s *packetSource) Close() error              { return nil }
