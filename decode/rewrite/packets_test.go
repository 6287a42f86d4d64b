package rewrite

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"imscope/decode"
	"imscope/decode/capture"
	"imscope/decode/diameter"
	"imscope/decode/network"
	"imscope/decode/pseudonym"
	"imscope/decode/redact"
	"imscope/decode/sip"
)

const notify = "NOTIFY sip:[2001:db8::7]:1357 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK1\r\n" +
	"From: <sip:tobias@home1.fr>;tag=1\r\nTo: \"Tobias\" <sip:tobias@home1.fr>;tag=2\r\nCall-ID: 8723@192.0.2.10\r\nCSeq: 1 NOTIFY\r\n" +
	"Content-Type: application/reginfo+xml\r\nContent-Length: 123\r\n\r\n" +
	`<reginfo version="1" state="full"><registration aor="sip:tobias@home1.fr" id="a1" state="active"></registration></reginfo>` + "\n"

func serialize(t testing.TB, l ...gopacket.SerializableLayer) []byte {
	t.Helper()
	buf := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(buf, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, l...); err != nil {
		t.Fatal(err)
	}
	return bytes.Clone(buf.Bytes())
}

func ip4(proto layers.IPProtocol) *layers.IPv4 {
	return &layers.IPv4{Version: 4, TTL: 60, Id: 7, Protocol: proto, SrcIP: net.IP{192, 0, 2, 10}, DstIP: net.IP{198, 51, 100, 20}}
}

func ip6(proto layers.IPProtocol) *layers.IPv6 {
	return &layers.IPv6{Version: 6, HopLimit: 60, NextHeader: proto, SrcIP: net.ParseIP("2001:db8::10"), DstIP: net.ParseIP("2001:db8::7")}
}

func ether(next layers.EthernetType) *layers.Ethernet {
	return &layers.Ethernet{SrcMAC: net.HardwareAddr{0, 1, 2, 3, 4, 5}, DstMAC: net.HardwareAddr{0, 1, 2, 3, 4, 6}, EthernetType: next}
}

func udp(ip gopacket.NetworkLayer, src, dst uint16) *layers.UDP {
	u := &layers.UDP{SrcPort: layers.UDPPort(src), DstPort: layers.UDPPort(dst)}
	_ = u.SetNetworkLayerForChecksum(ip)
	return u
}

func over6(t testing.TB, payload string) []byte {
	ip := ip6(layers.IPProtocolUDP)
	return serialize(t, ip, udp(ip, 5060, 1357), gopacket.Payload(payload))
}

func tcp(t testing.TB, seq uint32, payload string) []byte {
	ip := ip4(layers.IPProtocolTCP)
	h := &layers.TCP{SrcPort: 5060, DstPort: 41000, Seq: seq, ACK: true, PSH: true, Window: 1000}
	_ = h.SetNetworkLayerForChecksum(ip)
	return serialize(t, ether(layers.EthernetTypeIPv4), ip, h, gopacket.Payload(payload))
}

// fragments cuts the payload of an IPv4 packet without options.
func fragments(t testing.TB, packet []byte, at int) [][]byte {
	t.Helper()
	first, second := bytes.Clone(packet[:20+at]), append(bytes.Clone(packet[:20]), packet[20+at:]...)
	for i, f := range [][]byte{first, second} {
		binary.BigEndian.PutUint16(f[2:], uint16(len(f)))
		binary.BigEndian.PutUint16(f[6:], [...]uint16{0x2000, uint16(at / 8)}[i])
		binary.BigEndian.PutUint16(f[10:], 0)
		binary.BigEndian.PutUint16(f[10:], ^fold(sum(0, f[:20])))
	}
	return [][]byte{first, second}
}

func gtp(t testing.TB, inner []byte) []byte {
	ip := ip4(layers.IPProtocolUDP)
	head := []byte{0x30, 255, byte(len(inner) >> 8), byte(len(inner)), 0, 0, 0, 9}
	return serialize(t, ip, udp(ip, 2152, 2152), gopacket.Payload(append(head, inner...)))
}

func hep(payload string) []byte {
	chunk := func(kind uint16, v ...byte) []byte {
		b := binary.BigEndian.AppendUint16([]byte{0, 0}, kind)
		return append(binary.BigEndian.AppendUint16(b, uint16(6+len(v))), v...)
	}
	b := slices.Concat([]byte("HEP3\x00\x00"), chunk(1, 2), chunk(2, 17), chunk(3, 192, 0, 2, 10), chunk(4, 198, 51, 100, 20), chunk(7, 19, 196), chunk(8, 19, 196),
		chunk(9, 0, 0, 0, 9), chunk(10, 0, 0, 0, 0), chunk(11, 1), chunk(12, 0, 0, 0, 42), chunk(14, []byte("password")...), chunk(17, []byte("8723@192.0.2.10")...), chunk(15, []byte(payload)...))
	binary.BigEndian.PutUint16(b[4:], uint16(len(b)))
	return b
}

func dataChunk(flags byte, tsn uint32, data []byte) []byte {
	b := binary.BigEndian.AppendUint16([]byte{0, flags}, uint16(16+len(data)))
	b = binary.BigEndian.AppendUint32(b, tsn)
	b = append(b, 0, 1, 0, 2, 0, 0, 0, 46)
	b = append(b, data...)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

func sctp(t testing.TB, chunks ...[]byte) []byte {
	b := slices.Concat(append([][]byte{{0x0f, 0x1c, 0x0f, 0x1d, 0, 0, 0, 77, 0, 0, 0, 0}}, chunks...)...)
	binary.LittleEndian.PutUint32(b[8:], crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)))
	return serialize(t, ip4(layers.IPProtocolSCTP), gopacket.Payload(b))
}

// inFrames puts text into masked WebSocket frames: two of the message with a ping between them.
func inFrames(text string) string {
	frame := func(first byte, s string) []byte {
		b := []byte{first, 0x80 | 126, byte(len(s) >> 8), byte(len(s)), 0xa1, 0x02, 0xc3, 0x04}
		for i := range len(s) {
			b = append(b, s[i]^b[4+i&3])
		}
		return b
	}
	half := len(text) / 2
	return string(slices.Concat(frame(0x01, text[:half]), frame(0x89, "ping tobias"), frame(0x80, text[half:])))
}

func TestPackets(t *testing.T) {
	b := diameter.NewRequest(301, diameter.AppCx, 1, 2)
	b.String(diameter.AVPOriginHost, 0, 0x40, "scscf1.home1.fr")
	b.String(diameter.AVPUserName, 0, 0x40, "user1_private@home1.fr")
	b.String(diameter.AVPPublicIdentity, diameter.Vendor3GPP, 0x40, "sip:tobias@home1.fr")
	sar := b.Message()
	handshake := "GET /ws?user=tobias HTTP/1.1\r\nHost: pcscf.home1.fr\r\nUpgrade: websocket\r\nCookie: id=tobias\r\nSec-WebSocket-Protocol: sip\r\n\r\n"
	ws := inFrames(notify)
	two := notify + "\r\n\r\n" + notify
	gre := slices.Concat([]byte{0x80, 0, 0x86, 0xdd, 0, 0, 0, 0}, over6(t, notify))
	binary.BigEndian.PutUint16(gre[4:], ^fold(sum(0, gre)))
	hepUDP := ip4(layers.IPProtocolUDP)
	for _, c := range []struct {
		name     string
		link     capture.LinkType
		packets  [][]byte
		messages int
		kept     string // must still be there
	}{
		{"vlan", capture.LinkEthernet, [][]byte{serialize(t, ether(layers.EthernetTypeDot1Q), &layers.Dot1Q{VLANIdentifier: 7, Type: layers.EthernetTypeIPv6}, gopacket.Payload(over6(t, notify)))}, 1, "NOTIFY sip:["},
		{"gtp", capture.LinkRaw, [][]byte{gtp(t, over6(t, notify))}, 1, "\x30\xff"},
		{"fragments of gtp", capture.LinkRaw, fragments(t, gtp(t, over6(t, notify)), 264), 1, "\x30\xff"},
		{"fragments in gtp", capture.LinkRaw, func() [][]byte {
			ip := ip4(layers.IPProtocolUDP)
			f := fragments(t, serialize(t, ip, udp(ip, 5060, 5060), gopacket.Payload(notify)), 248)
			return [][]byte{gtp(t, f[1]), gtp(t, f[0])}
		}(), 1, "NOTIFY sip:["},
		{"fragments of fragments", capture.LinkRaw, func() [][]byte {
			ip := ip4(layers.IPProtocolUDP)
			f := fragments(t, serialize(t, ip, udp(ip, 5060, 5060), gopacket.Payload(notify)), 248)
			return append(fragments(t, gtp(t, f[0]), 96), gtp(t, f[1]))
		}(), 1, "NOTIFY sip:["},
		{"gre with checksum", capture.LinkRaw, [][]byte{serialize(t, ip4(layers.IPProtocolGRE), gopacket.Payload(gre))}, 1, "NOTIFY sip:["},
		{"hep", capture.LinkRaw, [][]byte{serialize(t, hepUDP, udp(hepUDP, 9060, 9060), gopacket.Payload(hep(notify)))}, 1, "HEP3"},
		{"hep over tcp", capture.LinkEthernet, [][]byte{tcp(t, 1, string(hep(notify))[:300]), tcp(t, 301, string(hep(notify))[300:]+string(hep(notify)))}, 2, "HEP3"},
		{"tcp in pieces", capture.LinkEthernet, [][]byte{tcp(t, 1, two[:150]), tcp(t, 151, two[150:160]), tcp(t, 101, two[100:200]), tcp(t, 161, two[160:600]), tcp(t, 601, two[600:]), tcp(t, 601, two[600:700])}, 2, "\r\n\r\n"},
		{"tcp with a rest", capture.LinkEthernet, [][]byte{tcp(t, 1, "rest of something of tobias\r\n"+notify)}, 1, "NOTIFY sip:["},
		{"websocket", capture.LinkEthernet, [][]byte{tcp(t, 1, handshake), tcp(t, 1+uint32(len(handshake)), ws[:333]), tcp(t, 334+uint32(len(handshake)), ws[333:])}, 1, "Upgrade: websocket"},
		{"sctp bundle", capture.LinkRaw, [][]byte{sctp(t, dataChunk(3, 10, sar), dataChunk(3, 11, sar))}, 2, "\x01\x00\x00"},
		{"sctp fragments", capture.LinkRaw, [][]byte{sctp(t, dataChunk(2, 10, sar[:50])), sctp(t, dataChunk(1, 12, sar[90:])), sctp(t, dataChunk(2, 10, sar[:50]), dataChunk(0, 11, sar[50:90]))}, 1, "\x01\x00\x00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var packets []capture.Packet
			for i, b := range c.packets {
				packets = append(packets, capture.Packet{Data: b, Link: c.link, Frame: uint32(i + 1), OrigLen: uint32(len(b)), Time: int64(i+1) * 1e6})
			}
			same(t, packets)
			r := redact.New(pseudonym.New([]byte("key"), pseudonym.Options{}))
			list, _ := records(t, packets, func(rec *decode.Record) *decode.Record { r.Learn(rec); return rec })
			if len(list) != c.messages {
				t.Fatalf("%d messages, want %d", len(list), c.messages)
			}
			var all []byte
			for _, p := range rewritten(t, packets, r) {
				sums(t, &p)
				all = append(all, p.Data...)
			}
			all = append(all, unmasked(all)...)
			for _, s := range []string{"tobias", "Tobias", "home1", "192.0.2.10", "2001:db8", "user1", "password", "\xc0\x00\x02\x0a", "\xc6\x33\x64\x14", "\x20\x01\x0d\xb8", "\x00\x01\x02\x03\x04\x05"} {
				if bytes.Contains(all, []byte(s)) {
					t.Errorf("%q is left", s)
				}
			}
			if !bytes.Contains(all, []byte(c.kept)) {
				t.Errorf("%q is gone", c.kept)
			}
		})
	}
}

// What is there of a datagram that lost its end is redacted like a message that the capture cut; what is behind a hole is
// blanked.
func TestFragmentsLost(t *testing.T) {
	ip := ip4(layers.IPProtocolUDP)
	whole := serialize(t, ip, udp(ip, 5060, 5060), gopacket.Payload(notify))
	for at := 64; at+20 < len(whole); at += 8 {
		f := fragments(t, whole, at)
		again := fragments(t, whole, at) // the identification is used again a second later
		packets := []capture.Packet{{Data: f[0], Time: 1e6}, {Data: again[0], Time: 1e9}, {Data: again[1], Time: 1e9 + 1}, {Data: f[1], Time: 5e9}}
		for i := range packets {
			packets[i].Link, packets[i].Frame, packets[i].OrigLen = capture.LinkRaw, uint32(i+1), uint32(len(packets[i].Data))
		}
		r := redact.New(pseudonym.New([]byte("key"), pseudonym.Options{}))
		list, _ := records(t, packets, func(rec *decode.Record) *decode.Record { r.Learn(rec); return rec })
		if len(list) != 2 {
			t.Fatalf("%d: %d messages", at, len(list))
		}
		out := rewritten(t, packets, r)
		for i, p := range out {
			for _, s := range []string{"tobias", "Tobias", "home1", "192.0.2.10", "2001:db8"} {
				if bytes.Contains(p.Data, []byte(s)) {
					t.Errorf("%d: %q is left in packet %d: %q", at, s, i+1, p.Data)
				}
			}
		}
		if !bytes.Contains(out[0].Data, []byte("NOTIFY sip:[")) || !bytes.Contains(out[1].Data, []byte("NOTIFY sip:[")) || len(bytes.Trim(out[3].Data[20:], "\x00")) > 0 {
			t.Errorf("%d: %+v", at, out)
		}
	}
}

// unmasked undoes the mask of inFrames at each of its four places.
func unmasked(b []byte) []byte {
	mask := []byte{0xa1, 0x02, 0xc3, 0x04}
	var out []byte
	for shift := range 4 {
		for i, c := range b {
			out = append(out, c^mask[(i+shift)&3])
		}
	}
	return out
}

// sums checks all checksums of a packet that is no fragment on the way to its transport header.
func sums(t *testing.T, p *capture.Packet) {
	t.Helper()
	var addresses uint64
	var fragment bool
	w := network.Walker{IsSignalling: sip.IsStart}
	w.Seen = func(l network.Layer, b []byte) {
		switch l {
		case network.LayerIPv4:
			if s := fold(sum(0, b[:int(b[0]&15)*4])); s != 0xffff {
				t.Errorf("frame %d: IPv4 sums up to %#x", p.Frame, s)
			}
			addresses, fragment = sum(0, b[12:20]), binary.BigEndian.Uint16(b[6:])&0x3fff != 0
		case network.LayerIPv6:
			addresses = sum(0, b[8:40])
		case network.LayerUDP, network.LayerTCP:
			proto := uint64(17)
			if l == network.LayerTCP {
				proto = 6
			}
			if s := fold(sum(addresses+proto+uint64(len(b)), b)); s != 0xffff && !fragment {
				t.Errorf("frame %d: transport of protocol %d sums up to %#x", p.Frame, proto, s)
			}
		case network.LayerSCTP:
			c := bytes.Clone(b)
			copy(c[8:12], make([]byte, 4))
			if binary.LittleEndian.Uint32(b[8:]) != crc32.Checksum(c, crc32.MakeTable(crc32.Castagnoli)) {
				t.Errorf("frame %d: CRC32c is wrong", p.Frame)
			}
		case network.LayerGRE:
			if s := fold(sum(0, b)); s != 0xffff {
				t.Errorf("frame %d: GRE sums up to %#x", p.Frame, s)
			}
		}
	}
	var np network.Packet
	w.Walk(&np, p.Link, p.Data, p.OrigLen)
}

// The datagram of a fragmented packet has a right checksum too.
func TestFragmentedSum(t *testing.T) {
	ip := ip4(layers.IPProtocolUDP)
	f := fragments(t, serialize(t, ip, udp(ip, 5060, 5060), gopacket.Payload(notify)), 248)
	packets := []capture.Packet{{Data: f[0], Link: capture.LinkRaw, Frame: 1, OrigLen: uint32(len(f[0]))}, {Data: f[1], Link: capture.LinkRaw, Frame: 2, OrigLen: uint32(len(f[1]))}}
	out := rewritten(t, packets, redact.New(pseudonym.New(nil, pseudonym.Options{})))
	datagram := slices.Concat(out[0].Data[20:], out[1].Data[20:])
	if s := fold(sum(sum(0, out[0].Data[12:20])+17+uint64(len(datagram)), datagram)); s != 0xffff {
		t.Errorf("datagram sums up to %#x", s)
	}
}

// The checksum of a packet that the capture cut is right for the packet with its missing end as it was.
func TestCutSum(t *testing.T) {
	whole := over6(t, notify)
	for cut := 1; cut < 400; cut += 7 {
		short := whole[:len(whole)-cut]
		packets := []capture.Packet{{Data: short, Link: capture.LinkRaw, Frame: 1, OrigLen: uint32(len(whole))}}
		out := rewritten(t, packets, redact.New(pseudonym.New(nil, pseudonym.Options{})))[0].Data
		datagram := slices.Concat(out[40:], whole[len(short):])
		if len(short)%2 == 1 {
			continue // the sum counts in pairs of bytes, one of which is cut through
		}
		if s := fold(sum(sum(0, out[8:40])+17+uint64(len(datagram)), datagram)); s != 0xffff {
			t.Errorf("cut by %d: sums up to %#x", cut, s)
		}
	}
}

func TestNotUnderstood(t *testing.T) {
	ip := ip4(layers.IPProtocolUDP)
	packets := []capture.Packet{
		{Data: serialize(t, ip, udp(ip, 1000, 1000), gopacket.Payload("media of tobias")), Link: capture.LinkRaw},
		{Data: []byte("no link of tobias"), Link: 4711},
		{Data: serialize(t, ip4(layers.IPProtocolESP), gopacket.Payload("\x00\x00\x00\x09\x00\x00\x00\x01sealed by tobias")), Link: capture.LinkRaw},
		{Data: serialize(t, ip4(layers.IPProtocolICMPv4), gopacket.Payload("echo of tobias")), Link: capture.LinkRaw},
	}
	for i := range packets {
		packets[i].OrigLen, packets[i].Frame = uint32(len(packets[i].Data)), uint32(i+1)
	}
	w := New(redact.New(pseudonym.New(nil, pseudonym.Options{})))
	for i := range packets {
		if err := w.Add(&packets[i]); err != nil {
			t.Fatal(err)
		}
	}
	w.Finish()
	for i := range packets {
		if b := w.Packet(i); strings.Contains(string(b), "tobias") || len(b) != len(packets[i].Data) {
			t.Errorf("packet %d is %q", i+1, b)
		}
	}
	if w.Stats.Blanked != 4 || w.Stats.Messages != 0 {
		t.Errorf("%+v", w.Stats)
	}
}

func FuzzRewrite(f *testing.F) {
	f.Add(uint16(1), tcp(f, 1, notify))
	f.Add(uint16(101), gtp(f, over6(f, notify)))
	f.Add(uint16(101), fragments(f, gtp(f, over6(f, notify)), 264)[0])
	f.Add(uint16(101), sctp(f, dataChunk(2, 10, []byte("abc"))))
	f.Add(uint16(101), serialize(f, ip4(layers.IPProtocolUDP), udp(ip4(layers.IPProtocolUDP), 9060, 9060), gopacket.Payload(hep(notify))))
	f.Add(uint16(252), []byte("\x00\x0c\x00\x03sip\x00\x00\x00\x00"+notify))
	f.Fuzz(func(t *testing.T, link uint16, data []byte) {
		r := redact.New(pseudonym.New(nil, pseudonym.Options{}))
		w := New(r)
		for i := range 3 {
			cut := data[:len(data)-min(i*7, len(data))]
			if err := w.Add(&capture.Packet{Data: cut, Link: capture.LinkType(link), OrigLen: uint32(len(data)), Frame: uint32(i + 1)}); err != nil {
				t.Fatal(err)
			}
		}
		w.Finish()
		if len(w.Packet(0)) != len(data) {
			t.Fatalf("%d bytes became %d", len(data), len(w.Packet(0)))
		}
	})
}
