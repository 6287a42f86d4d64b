package extract

import (
	"bytes"
	"context"
	"io"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode"
	"imscope/decode/capture"
	"imscope/decode/diameter"
	"imscope/decode/network"
	"imscope/decode/sip"
)

// memory is a Source of packets in memory.
type memory struct{ packets []capture.Packet }

func (m *memory) Next(context.Context) (*capture.Batch, error) {
	if len(m.packets) == 0 {
		return nil, io.EOF
	}
	n := min(len(m.packets), 2) // several batches
	b := &capture.Batch{Packets: slices.Clone(m.packets[:n])}
	m.packets = m.packets[n:]
	return b, nil
}
func (m *memory) Files() []capture.FileInfo { return nil }
func (m *memory) Close() error              { return nil }

// wire builds a capture: one packet a millisecond.
type wire struct {
	t       *testing.T
	packets []capture.Packet
	seq     map[string]uint32 // next sequence number, by direction
}

func newWire(t *testing.T) *wire { return &wire{t: t, seq: map[string]uint32{}} }

func (w *wire) add(l ...gopacket.SerializableLayer) uint32 {
	buf := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(buf, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, l...); err != nil {
		w.t.Fatal(err)
	}
	b := bytes.Clone(buf.Bytes())
	n := uint32(len(w.packets) + 1)
	w.packets = append(w.packets, capture.Packet{Data: b, Link: capture.LinkRaw, Frame: n, OrigLen: uint32(len(b)), Time: int64(n) * 1e6})
	return n
}

// tcp sends a segment between host a, port 40000+a, and host 9, port 3868, either way; seq 0 is the next one.
func (w *wire) tcp(from, to byte, seq uint32, flags, payload string) uint32 {
	port := func(h byte) layers.TCPPort {
		if h == 9 {
			return 3868
		}
		return layers.TCPPort(40000 + int(h))
	}
	ip := &layers.IPv4{Version: 4, TTL: 60, Protocol: layers.IPProtocolTCP, SrcIP: net.IP{10, 0, 0, from}, DstIP: net.IP{10, 0, 0, to}}
	key := string([]byte{from, to})
	if seq == 0 {
		seq = 1000 + w.seq[key]
		w.seq[key] += uint32(len(payload) + strings.Count(flags, "S"))
	}
	h := &layers.TCP{SrcPort: port(from), DstPort: port(to), Seq: seq, Ack: 1000 + w.seq[string([]byte{to, from})], SYN: strings.Contains(flags, "S"), ACK: !strings.Contains(flags, "-"), Window: 9000}
	_ = h.SetNetworkLayerForChecksum(ip)
	return w.add(ip, h, gopacket.Payload(payload))
}

func (w *wire) udp(payload string) uint32 {
	ip := &layers.IPv4{Version: 4, TTL: 60, Protocol: layers.IPProtocolUDP, SrcIP: net.IP{10, 0, 0, 1}, DstIP: net.IP{10, 0, 0, 2}}
	h := &layers.UDP{SrcPort: 5060, DstPort: 5060}
	_ = h.SetNetworkLayerForChecksum(ip)
	return w.add(ip, h, gopacket.Payload(payload))
}

func sar(who string, id uint32) string {
	b := diameter.NewRequest(301, diameter.AppCx, id, id)
	b.String(diameter.AVPOriginHost, 0, 0x40, "scscf")
	b.String(diameter.AVPUserName, 0, 0x40, who)
	return string(b.Message())
}

// user is one whose story has Cx messages, by frame and end-to-end identifier.
func user(name string, messages ...[2]uint32) *story.User {
	u := &story.User{ID: "sip:" + name, PublicIdentities: []string{"sip:" + name}, PrivateIdentities: []string{name}}
	for _, m := range messages {
		u.Timeline = append(u.Timeline, story.Event{Cx: &fact.Cx{EndToEnd: m[1], Request: fact.Message{Hops: []fact.Hop{{Frame: m[0]}}}}})
	}
	return u
}

// collected runs all passes and gives the frames that were found and what a check says of them.
func collected(t *testing.T, w *wire, sel *Selection) ([]uint32, *Check) {
	t.Helper()
	c := NewCollector(sel)
	source := func() capture.Source { return &memory{slices.Clone(w.packets)} }
	pass := func(src capture.Source, opt decode.Options, fn func(*decode.Record)) {
		if _, err := decode.Run(context.Background(), src, opt, func(rec *decode.Record) error { fn(rec); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	pass(source(), decode.Options{}, c.Record)
	for try := 0; ; try++ {
		if c.NeedsSegments() {
			pass(source(), decode.Options{Packet: func(pk *capture.Packet, p *network.Packet) { c.Segment(pk, p) }}, func(*decode.Record) {})
			c.Finish()
		}
		k := c.NewCheck()
		pass(Only(source(), c.Frames()), decode.Options{}, k.Record)
		if try == 0 && k.Missing() > 0 && k.Widen(false) {
			continue
		}
		var frames []uint32
		for f := range uint32(len(w.packets) + 1) {
			if c.Frames().Has(f) {
				frames = append(frames, f)
			}
		}
		if len(frames) != c.Frames().Len() || len(frames) > 0 && frames[len(frames)-1] != c.Frames().Last() {
			t.Errorf("set of %d frames up to %d holds %v", c.Frames().Len(), c.Frames().Last(), frames)
		}
		return frames, k
	}
}

func one(u *story.User) func(func(*story.User) bool) {
	return func(yield func(*story.User) bool) { yield(u) }
}

func TestConnections(t *testing.T) {
	a1, a2, b1, b2 := sar("anna", 1), sar("anna", 2), sar("bert", 3), sar("bert", 4)
	handshake := func(w *wire) {
		w.tcp(1, 9, 0, "S-", "")
		w.tcp(9, 1, 0, "S", "")
		w.tcp(1, 9, 0, "", "")
	}
	for _, c := range []struct {
		name  string
		build func(w *wire)
		mine  [][2]uint32
		want  []uint32
		other int
	}{
		{"a connection of one's own is taken whole", func(w *wire) {
			handshake(w)
			w.tcp(1, 9, 0, "", a1) // 4
			w.tcp(9, 1, 0, "", "")
			w.tcp(2, 9, 0, "", b1) // another one
			w.tcp(1, 9, 0, "", a2) // 7
		}, [][2]uint32{{4, 1}, {7, 2}}, []uint32{1, 2, 3, 4, 5, 7}, 0},
		{"of a shared one the segments, and what repeats them", func(w *wire) {
			handshake(w)
			w.tcp(1, 9, 0, "", b1)                                            // 4
			w.tcp(1, 9, 0, "", a1[:30])                                       // 5
			w.tcp(1, 9, 0, "", a1[30:])                                       // 6
			w.tcp(9, 1, 0, "", "")                                            // 7
			w.tcp(1, 9, 1001+uint32(len(b1)), "", a1[:30])                    // 8 repeats 5
			w.tcp(1, 9, 1001+uint32(len(b1)), "", a1)                         // 9 repeats 5 and 6
			w.tcp(1, 9, 1001+uint32(len(b1))-10, "", b1[len(b1)-10:]+a1[:10]) // 10 repeats what is of others too
			w.tcp(1, 9, 0, "", b2)                                            // 11
			w.tcp(1, 9, 0, "", a2)                                            // 12
			w.tcp(1, 9, 1001+uint32(len(b1)+len(a1)), "", b2)                 // 13
		}, [][2]uint32{{6, 1}, {12, 2}}, []uint32{5, 6, 8, 9, 12}, 0},
		{"what another begins in the segment before is needed to find the beginning", func(w *wire) {
			w.tcp(1, 9, 0, "", b1[:30])    // 1
			w.tcp(1, 9, 0, "", b1[30:]+a1) // 2
			w.tcp(1, 9, 0, "", b2)         // 3
		}, [][2]uint32{{2, 1}}, []uint32{1, 2}, 1},
		{"a segment of two users", func(w *wire) {
			w.tcp(1, 9, 0, "", b1+a1+b2)
			w.tcp(1, 9, 0, "", sar("bert", 7))
		}, [][2]uint32{{1, 1}}, []uint32{1}, 2},
		{"segments in the wrong order behind the handshake", func(w *wire) {
			handshake(w)
			w.seq["\x01\x09"] += 30
			w.tcp(1, 9, 0, "", a1[30:])    // 4
			w.tcp(1, 9, 1001, "", a1[:30]) // 5
			w.tcp(1, 9, 0, "", b1)         // 6
			w.tcp(1, 9, 0, "", b2)         // 7
		}, [][2]uint32{{5, 1}}, []uint32{1, 4, 5}, 0},
		{"in the right order the handshake is left out", func(w *wire) {
			handshake(w)
			w.tcp(1, 9, 0, "", a1[:30]) // 4
			w.tcp(1, 9, 0, "", a1[30:]) // 5
			w.tcp(1, 9, 0, "", b1)      // 6
		}, [][2]uint32{{5, 1}}, []uint32{4, 5}, 0},
		{"segments in the wrong order behind others' messages", func(w *wire) {
			handshake(w)
			w.tcp(1, 9, 0, "", b1) // 4
			w.tcp(1, 9, 0, "", b2) // 5
			at := 1000 + w.seq["\x01\x09"]
			w.seq["\x01\x09"] += 30
			w.tcp(1, 9, 0, "", a1[30:])  // 6
			w.tcp(1, 9, at, "", a1[:30]) // 7
			w.tcp(1, 9, 0, "", b1)       // 8
			w.tcp(1, 9, 0, "", a2)       // 9
		}, [][2]uint32{{7, 1}, {9, 2}}, []uint32{5, 6, 7, 9}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWire(t)
			c.build(w)
			frames, k := collected(t, w, Select(one(user("anna", c.mine...)), nil, false))
			if !slices.Equal(frames, c.want) || k.Missing() > 0 || k.Other != c.other {
				t.Errorf("frames %v, want %v; %d messages missing, %d of others %v", frames, c.want, k.Missing(), k.Other, k.Names)
			}
		})
	}
}

const template = "MESSAGE sip:{to} SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:{from}>;tag=1\r\nTo: <sip:{to}>\r\nCall-ID: {id}\r\nCSeq: 1 {method}\r\nContent-Length: 0\r\n\r\n"

func sipMessage(method, from, to, id string) string {
	return strings.NewReplacer("{from}", from, "{to}", to, "{id}", id, "{method}", method, "MESSAGE", method).Replace(template)
}

func TestNames(t *testing.T) {
	w := newWire(t)
	w.udp(sipMessage("REGISTER", "anna@x", "anna@x", "r")) // 1, of the story
	w.udp(sipMessage("MESSAGE", "bert@x", "anna@x", "m"))  // 2 names anna
	w.udp(sipMessage("MESSAGE", "bert@x", "carl@x", "n"))  // 3
	w.udp(sipMessage("REGISTER", "bert@x", "bert@x", "s")) // 4
	u := user("anna@x")
	u.Timeline = append(u.Timeline, story.Event{Exchange: &fact.Exchange{CallID: "r", CSeq: 1, Method: sip.MethodRegister}})
	for only, want := range map[bool][]uint32{false: {1, 2}, true: {1}} {
		if frames, k := collected(t, w, Select(one(u), nil, only)); !slices.Equal(frames, want) || k.Missing()+k.Other > 0 {
			t.Errorf("registrations only %v: frames %v, want %v", only, frames, want)
		}
	}
	if frames, _ := collected(t, w, Everything()); len(frames) != 4 {
		t.Errorf("everything is %v", frames)
	}
}

func TestName(t *testing.T) {
	w := newWire(t)
	w.udp(sipMessage("REGISTER", "anna@x", "bert@x", "r"))
	w.udp("SIP/2.0 401 Unauthorized\r\nTo: <sip:bert@x;p>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\n\r\n")
	w.tcp(1, 9, 0, "", sar("anna", 1))
	var got []string
	if _, err := decode.Run(context.Background(), &memory{w.packets}, decode.Options{}, func(rec *decode.Record) error {
		got = append(got, Name(rec))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"REGISTER to sip:bert@x", "401 to sip:bert@x", "SAR for anna"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// A connection on which messages cannot be found again is taken whole.
func TestWiden(t *testing.T) {
	w := newWire(t)
	a, b := sar("anna", 1), sar("bert", 2)
	w.tcp(1, 9, 0, "", b)
	w.tcp(1, 9, 0, "", a)
	c := NewCollector(Select(one(user("anna", [2]uint32{2, 1})), nil, false))
	run := func(src capture.Source, fn func(*decode.Record)) {
		if _, err := decode.Run(context.Background(), src, decode.Options{Packet: func(pk *capture.Packet, p *network.Packet) { c.Segment(pk, p) }}, func(rec *decode.Record) error {
			fn(rec)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	run(&memory{slices.Clone(w.packets)}, c.Record)
	k := c.NewCheck() // that sees nothing
	if k.Missing() != 1 || !k.Widen(false) || k.Widen(false) {
		t.Fatalf("%d missing", k.Missing())
	}
	run(&memory{slices.Clone(w.packets)}, func(*decode.Record) {})
	c.Finish()
	if c.Frames().Len() != 2 {
		t.Errorf("%d frames", c.Frames().Len())
	}
	k = c.NewCheck()
	run(Only(&memory{slices.Clone(w.packets)}, c.Frames()), k.Record)
	if k.Missing() != 0 || k.Other != 1 || k.Names[0] != "SAR for bert" {
		t.Errorf("%d missing, others %v", k.Missing(), k.Names)
	}
}

// Of Rx, which is nobody's, what the findings about the users show is selected.
func TestSelectRx(t *testing.T) {
	sel := Select(one(user("anna")), []finding.Finding{{Frames: []uint32{3, 5}}}, true)
	var aar, uar diameter.Message
	for m, b := range map[*diameter.Message]*diameter.Builder{&aar: diameter.NewRequest(diameter.CmdAAR, 16777236, 1, 1), &uar: diameter.NewRequest(diameter.CmdUAR, diameter.AppCx, 1, 1)} {
		if err := m.Parse(b.Message()); err != nil {
			t.Fatal(err)
		}
	}
	for frame, want := range map[uint32]bool{3: true, 4: false, 5: true} {
		if got := sel.Wants(&decode.Record{Frame: frame, Diameter: &aar}); got != want {
			t.Errorf("frame %d: %v, want %v", frame, got, want)
		}
	}
	if sel.Wants(&decode.Record{Frame: 3, Diameter: &uar}) {
		t.Error("Cx that is nobody's")
	}
}
