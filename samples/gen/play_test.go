package gen

import (
	"encoding/binary"
	"hash/crc32"
	"strings"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"imscope/decode/diameter"
)

// mustPlay plays text behind testCast and fails the test on an error.
func mustPlay(t *testing.T, text string) []Packet {
	t.Helper()
	packets, err := play(text)
	if err != nil {
		t.Fatal(err)
	}
	return packets
}

// payload returns what the UDP datagram of a frame carries.
func payload(t *testing.T, p Packet) string {
	t.Helper()
	udp, ok := gopacket.NewPacket(p.Data, layers.LayerTypeEthernet, gopacket.Default).Layer(layers.LayerTypeUDP).(*layers.UDP)
	if !ok {
		t.Fatal("no UDP")
	}
	return string(udp.Payload)
}

func TestForwardAndAnswer(t *testing.T) {
	packets := mustPlay(t, `
link A -> P udp 2468 7531
+0s A -> P
  REGISTER sip:s.example SIP/2.0
  Via: SIP/2.0/UDP [5555::1]:1357;branch=z9hG4bK1
  Route: <sip:p.example>
  Max-Forwards: 70
  Authorization: Digest x
  Require: sec-agree
  Supported: path
  From: <sip:a@s.example>;tag=1
  To: <sip:a@s.example>
  Call-ID: 1
  CSeq: 1 REGISTER
  Content-Type: text/plain
  Content-Length: *

  one

  two
+1.5ms P -> S forward
  = REGISTER sip:other.example SIP/2.0
  + Via: SIP/2.0/UDP p.example;branch=z9hG4bK2
  - Route
  = Authorization: …, more
  = Require: path
    Supported
  + Path: <sip:p.example;lr>
  + X: 1
+1ms S -> P 401 Unauthorized
  To: …;tag=2
  Path: …
  WWW-Authenticate: Digest y
+1ms P:5060 -> A:5060 forward
  - Path
  + Security-Server: z
`)
	crlf := func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
	for i, want := range []string{
		crlf(`REGISTER sip:s.example SIP/2.0
Via: SIP/2.0/UDP [5555::1]:1357;branch=z9hG4bK1
Route: <sip:p.example>
Max-Forwards: 70
Authorization: Digest x
Require: sec-agree
Supported: path
From: <sip:a@s.example>;tag=1
To: <sip:a@s.example>
Call-ID: 1
CSeq: 1 REGISTER
Content-Type: text/plain
Content-Length: 9

`) + "one\n\ntwo\n",
		crlf(`REGISTER sip:other.example SIP/2.0
Via: SIP/2.0/UDP p.example;branch=z9hG4bK2
Via: SIP/2.0/UDP [5555::1]:1357;branch=z9hG4bK1
Max-Forwards: 69
Authorization: Digest x, more
Require: path
Supported: path
Path: <sip:p.example;lr>
X: 1
From: <sip:a@s.example>;tag=1
To: <sip:a@s.example>
Call-ID: 1
CSeq: 1 REGISTER
Content-Type: text/plain
Content-Length: 9

`) + "one\n\ntwo\n",
		crlf(`SIP/2.0 401 Unauthorized
Via: SIP/2.0/UDP p.example;branch=z9hG4bK2
Via: SIP/2.0/UDP [5555::1]:1357;branch=z9hG4bK1
From: <sip:a@s.example>;tag=1
To: <sip:a@s.example>;tag=2
Call-ID: 1
CSeq: 1 REGISTER
Path: <sip:p.example;lr>
WWW-Authenticate: Digest y
Content-Length: 0

`),
		crlf(`SIP/2.0 401 Unauthorized
Via: SIP/2.0/UDP [5555::1]:1357;branch=z9hG4bK1
From: <sip:a@s.example>;tag=1
To: <sip:a@s.example>;tag=2
Call-ID: 1
CSeq: 1 REGISTER
Security-Server: z
WWW-Authenticate: Digest y
Content-Length: 0

`),
	} {
		if got := payload(t, packets[i]); got != want {
			t.Errorf("hop %d:\n%s\nwant:\n%s", i+1, got, want)
		}
	}
	start := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	for i, want := range []struct {
		after    time.Duration
		intf     string
		src, dst layers.UDPPort
	}{
		{0, "Gm", 2468, 7531},
		{1500 * time.Microsecond, "Mw", 5060, 5060},
		{2500 * time.Microsecond, "Mw", 5060, 5060},
		{3500 * time.Microsecond, "Gm", 5060, 5060},
	} {
		udp := gopacket.NewPacket(packets[i].Data, layers.LayerTypeEthernet, gopacket.Default).Layer(layers.LayerTypeUDP).(*layers.UDP)
		if got := packets[i].Time.Sub(start); got != want.after || packets[i].Interface != want.intf || udp.SrcPort != want.src || udp.DstPort != want.dst {
			t.Errorf("hop %d: after %v on %s from %d to %d, want %+v", i+1, got, packets[i].Interface, udp.SrcPort, udp.DstPort, want)
		}
	}
}

// Two requests are under way on the same hop: the proxy's own, and one for the node behind it.
func TestAnswersFindTheirRequest(t *testing.T) {
	notify := func(uri, branch string) string {
		return "+1ms S -> P\n  NOTIFY " + uri + " SIP/2.0\n  Via: SIP/2.0/UDP s.example;branch=" + branch + `
  Max-Forwards: 70
  From: <sip:s.example>;tag=1
  To: <sip:x>;tag=2
  Call-ID: ` + branch + `
  CSeq: 1 NOTIFY
  Content-Length: 0
`
	}
	packets := mustPlay(t, notify("sip:[5555::1]", "for-a")+notify("sip:p.example", "for-p")+`
+1ms P -> A forward
  + Via: SIP/2.0/UDP p.example;branch=hop
+1ms P -> S 200 OK
+1ms A -> P 200 OK
+1ms P -> S forward
`)
	for i, want := range []string{2: "for-a", 3: "for-p", 4: "for-a", 5: "for-a"} {
		if got := payload(t, packets[i]); want != "" && !strings.Contains(got, "Call-ID: "+want) {
			t.Errorf("hop %d is not about %s:\n%s", i+1, want, got)
		}
	}
}

func TestRaw(t *testing.T) {
	packets := mustPlay(t, "let end =\n+0s A -> P raw\n  REGISTER x\n    folded\n  {end}\n+0s A -> P raw\n  a\n\n  b\n")
	for i, want := range []string{"REGISTER x\r\n  folded\r\n\r\n", "a\r\n\r\nb\r\n"} {
		if got := payload(t, packets[i]); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestFragments(t *testing.T) {
	const size = 3000
	packets := mustPlay(t, "mtu 1280\n+0s A -> P raw\n  "+strings.Repeat("x", size)+"\n")
	if len(packets) != 3 {
		t.Fatalf("%d fragments, want 3", len(packets))
	}
	var datagram []byte
	for i, p := range packets {
		if len(p.Data) > ethernetLen+1280 {
			t.Errorf("fragment %d has %d bytes", i, len(p.Data))
		}
		head := p.Data[ethernetLen+ipv6HeaderLen:]
		field := binary.BigEndian.Uint16(head[2:])
		if int(field&^7) != len(datagram) || field&1 == 1 != (i < 2) || head[0] != byte(layers.IPProtocolUDP) {
			t.Errorf("fragment %d: offset %d, more %d, next %d", i, field&^7, field&1, head[0])
		}
		if id := binary.BigEndian.Uint32(head[4:]); id != 1 {
			t.Errorf("fragment %d has identification %d", i, id)
		}
		datagram = append(datagram, head[fragmentHeaderLen:]...)
	}
	if got := binary.BigEndian.Uint16(datagram[4:]); int(got) != len(datagram) || len(datagram) != udpLen+size+2 {
		t.Errorf("UDP length %d, %d bytes together", got, len(datagram))
	}
}

const bigSAR = "  User-Name: user@example\n  Server-Assignment-Type: USER_DEREGISTRATION\n  User-Data:\n    "

func TestTCP(t *testing.T) {
	packets := mustPlay(t, "+0s S -> H connect\n+1ms S -> H SAR\n"+bigSAR+strings.Repeat("x", 2000)+"\n+100ms H -> S SAA\n  Result-Code: DIAMETER_SUCCESS\n")
	var stream []byte
	var summary []string
	for _, p := range packets {
		decoded := gopacket.NewPacket(p.Data, layers.LayerTypeEthernet, gopacket.Default)
		tcp, ok := decoded.Layer(layers.LayerTypeTCP).(*layers.TCP)
		if !ok {
			t.Fatal("no TCP")
		}
		if tcp.DstPort == 3868 {
			stream = append(stream, tcp.Payload...)
			summary = append(summary, "S "+flags(tcp))
		} else {
			summary = append(summary, "H "+flags(tcp))
		}
	}
	want := "S SYN|H SYN ACK|S ACK|S ACK data|S ACK PSH data|H ACK|H ACK PSH data|S ACK"
	if got := strings.Join(summary, "|"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if n := len(packets); packets[n-1].Time.Sub(packets[n-2].Time) != tcpAckDelay {
		t.Errorf("the last acknowledgement comes after %v", packets[n-1].Time.Sub(packets[n-2].Time))
	}
	checkSAR(t, stream, 2000)
}

func flags(tcp *layers.TCP) string {
	var out []string
	for _, f := range []struct {
		on   bool
		name string
	}{{tcp.SYN, "SYN"}, {tcp.ACK, "ACK"}, {tcp.PSH, "PSH"}, {len(tcp.Payload) > 0, "data"}} {
		if f.on {
			out = append(out, f.name)
		}
	}
	return strings.Join(out, " ")
}

func checkSAR(t *testing.T, data []byte, userData int) {
	t.Helper()
	var m diameter.Message
	if err := m.Parse(data); err != nil {
		t.Fatal(err)
	}
	var cx diameter.Cx
	cx.Parse(&m)
	if m.Name() != "SAR" || string(cx.UserName) != "user@example" || cx.ServerAssignmentType != diameter.AssignUserDeregistration {
		t.Errorf("decoded %s, User-Name %q, Server-Assignment-Type %d", m.Name(), cx.UserName, cx.ServerAssignmentType)
	}
	if string(cx.OriginHost) != "s.example" || string(cx.DestinationHost) != "h.example" || string(cx.DestinationRealm) != "example" {
		t.Errorf("from %q to %q in %q", cx.OriginHost, cx.DestinationHost, cx.DestinationRealm)
	}
	if len(m.Problems) > 0 {
		t.Errorf("problem %s", m.Problems[0].Code.ID)
	}
	if len(data) < userData {
		t.Errorf("%d bytes only", len(data))
	}
}

func TestSCTP(t *testing.T) {
	packets := mustPlay(t, "link S -> H sctp 40000 3868\n+0s S -> H connect\n+1ms S -> H SAR\n"+bigSAR+strings.Repeat("x", 2000)+"\n+100ms H -> S SAA\n  Result-Code: DIAMETER_SUCCESS\n")
	var chunks []string
	var message []byte
	for i, p := range packets {
		b := p.Data[ethernetLen+ipv6HeaderLen:]
		sum := binary.LittleEndian.Uint32(b[8:])
		clear(b[8:12])
		if crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) != sum {
			t.Errorf("packet %d: wrong checksum", i)
		}
		name := ""
		for c := b[sctpHeaderLen:]; len(c) > 0; {
			kind, n := layers.SCTPChunkType(c[0]), int(binary.BigEndian.Uint16(c[2:]))
			name += "+" + kind.String()
			if kind == layers.SCTPChunkTypeData {
				if ppid := binary.BigEndian.Uint32(c[12:]); ppid != ppidDiameter {
					t.Errorf("payload protocol %d", ppid)
				}
				if binary.BigEndian.Uint16(b) == 40000 {
					message = append(message, c[sctpDataHeaderLen:n]...)
				}
			}
			c = c[(n+3)&^3:]
		}
		chunks = append(chunks, name[1:])
	}
	want := "Init|InitAck|CookieEcho|CookieAck|Data|Data|Sack|Data|Sack"
	if got := strings.Join(chunks, "|"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	checkSAR(t, message, 2000)
}

func TestAnswerCarriesTheRequestsIdentifiers(t *testing.T) {
	packets := mustPlay(t, "link S -> H sctp 40000 3868\n+0s S -> H connect\n+1s S -> H MAR\n+1s S -> H SAR\n+1s H -> S SAA\n+1s H -> S MAA\n")
	type ids struct {
		session            string
		hopByHop, endToEnd uint32
	}
	seen := map[string]ids{}
	for _, p := range packets[4:] {
		b := p.Data[ethernetLen+ipv6HeaderLen+sctpHeaderLen:]
		if layers.SCTPChunkType(b[0]) == layers.SCTPChunkTypeSack {
			b = b[sctpSackLen:]
		}
		if len(b) == 0 {
			continue
		}
		var m diameter.Message
		if err := m.Parse(b[sctpDataHeaderLen:]); err != nil {
			t.Fatal(err)
		}
		var cx diameter.Cx
		cx.Parse(&m)
		seen[m.Name()] = ids{string(cx.SessionID), m.HopByHop, m.EndToEnd}
	}
	if seen["SAA"] != seen["SAR"] || seen["MAA"] != seen["MAR"] || seen["SAR"] == seen["MAR"] || len(seen) != 4 {
		t.Errorf("identifiers: %v", seen)
	}
}
