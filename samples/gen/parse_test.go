package gen

import (
	"strings"
	"testing"
	"testing/fstest"
)

const testCast = `title Test
start 2026-03-02T08:00:00Z
node A ue 5555::1
node P p-cscf 5555::2 p.example
node S s-cscf 5555::3 s.example
node H hss 5555::4 h.example
link S -> H tcp 40000 3868
`

// play parses and plays testCast followed by text, which begins at line 8.
func play(text string) ([]Packet, error) {
	s, err := Parse(fstest.MapFS{"t.txt": {Data: []byte(testCast + text)}, "inc.txt": {Data: []byte("include inc.txt\n")}}, "t.txt")
	if err != nil {
		return nil, err
	}
	return s.Packets()
}

const testRequest = `+0s A -> P
  OPTIONS sip:s.example SIP/2.0
  Via: SIP/2.0/UDP [5555::1];branch=z9hG4bK1
  Max-Forwards: 70
  From: <sip:a@a.example>;tag=1
  To: <sip:s.example>
  Call-ID: 1
  CSeq: 1 OPTIONS
  Content-Length: 0
`

func TestErrorsNameTheLine(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"unknown statement", "bogus\n", "t.txt:8: unknown statement"},
		{"unknown node", "\n+0s A -> X\n  x\n", "t.txt:9: node X is not declared"},
		{"node twice", "node A ue 5555::9\n", "t.txt:8: node A is declared twice"},
		{"role", "node B phone 5555::9\n", "t.txt:8: unknown role"},
		{"IPv4 node", "node B ue 192.0.2.1\n", "t.txt:8: \"192.0.2.1\" is not an IPv6 address"},
		{"node without address", "node B ue\n", "t.txt:8: want: node"},
		{"broken start", "start yesterday\n", "t.txt:8: start"},
		{"small mtu", "mtu 576\n", "t.txt:8: mtu"},
		{"broken at", "at noon\n", "t.txt:8: at"},
		{"negative delay", "+-1s A -> P\n  x\n", "t.txt:8: \"+-1s\" is not a delay"},
		{"broken hop", "+1s A P\n", "t.txt:8: want: +DELAY"},
		{"port", "+0s A:99999 -> P\n  x\n", "t.txt:8: port 99999 out of range"},
		{"link syntax", "link A -> P icmp 1 2\n", "t.txt:8: want: link"},
		{"link port", "link A -> P udp 1 99999\n", "t.txt:8: port out of range"},
		{"link node", "link A -> X udp 1 2\n", "t.txt:8: link between undeclared nodes"},
		{"verb", "+0s A -> P sideways\n", "t.txt:8: \"sideways\" is neither"},
		{"no message", "+0s A -> P\n", "t.txt:8: no message below"},
		{"block below title", "title x\n  y\n", "t.txt:9: title takes no block"},
		{"block below connect", "+0s S -> H connect\n  y\n", "t.txt:9: connect takes no block"},
		{"one space", "about\n y\n", "t.txt:9: indent with two spaces"},
		{"tab", "about\n\ty\n", "t.txt:9: indent with two spaces"},
		{"include loop", "include inc.txt\n", "inc.txt:1: includes nest deeper"},
		{"include missing", "include nowhere.txt\n", "t.txt:8: include: "},
		{"let without value", "let x\n", "t.txt:8: let x needs either"},
		{"let with both", "let x = 1\n  2\n", "t.txt:8: let x needs either"},
		{"let name", "let X = 1\n", "t.txt:8: want: let"},
		{"unknown text", "+0s A -> P\n  OPTIONS {x} SIP/2.0\n", "t.txt:9: {x} is not defined"},
		{"unknown text alone", "+0s A -> P\n  {x}\n", "t.txt:9: {x} is not defined"},
		{"lines in a line", "let x\n  1\n  2\n+0s A -> P\n  OPTIONS {x} SIP/2.0\n", "t.txt:12: {x} has several lines"},
		{"start line", "+0s A -> P\n  Via: x\n", "t.txt:9: \"Via: x\" is no SIP start line"},
		{"header", "+0s A -> P\n  OPTIONS x SIP/2.0\n  Via x\n", "t.txt:10: \"Via x\" is no header line"},
		{"no Via", "+0s A -> P\n  OPTIONS x SIP/2.0\n  To: x\n", "t.txt:8: the message has no Via"},
		{"wrong Via", "+0s A -> P\n  OPTIONS x SIP/2.0\n  Via: SIP/2.0/UDP [5555::9]:5060;branch=1\n", "t.txt:8: the top Via names [5555::9], but A sends"},
		{"nothing to forward", "+0s P -> S forward\n", "t.txt:8: there is nothing to forward"},
		{"nothing to answer", "+0s P -> A 200 OK\n", "t.txt:8: there is nothing to answer"},
		{"two to forward", testRequest + testRequest + "+0s P -> S forward\n", "t.txt:26: there are 2 messages to forward"},
		{"answered twice", testRequest + "+0s P -> A 200 OK\n+0s P -> A 200 OK\n", "t.txt:18: there is nothing to answer"},
		{"answered after forward", testRequest + "+0s P -> S forward\n  + Via: SIP/2.0/UDP p.example;branch=2\n+0s P -> A 200 OK\n", "t.txt:19: there is nothing to answer"},
		{"forward without Via", testRequest + "+0s P -> S forward\n", "t.txt:17: the top Via names [5555::1], but P sends"},
		{"edit removes nothing", testRequest + "+0s P -> S forward\n  - Route\n", "t.txt:18: there is no header Route"},
		{"edit changes nothing", testRequest + "+0s P -> S forward\n  = Route: x\n", "t.txt:18: there is no header Route"},
		{"edit names nothing", testRequest + "+0s P -> S forward\n    Route\n", "t.txt:18: there is no header Route"},
		{"no edit", testRequest + "+0s P -> S forward\n  Route: x\n", "t.txt:18: \"Route: x\" is no edit"},
		{"old value of nothing", testRequest + "+0s P -> A 200 OK\n  Path: …\n", "t.txt:18: the request has no header Path"},
		{"response from nowhere", "+0s P -> A\n  SIP/2.0 200 OK\n  Via: SIP/2.0/UDP [5555::1];branch=7\n  CSeq: 1 OPTIONS\n", "t.txt:8: A never sent P"},
		{"at in the past", testRequest + "at 1s\n+0s P -> A 200 OK\nat 0s\n+0s A -> P raw\n  x\n", "t.txt:20: at 0s lies before"},
		{"diameter unconnected", "+0s S -> H UAR\n  User-Name: x\n", "t.txt:8: S and H are not connected"},
		{"connected twice", "+0s S -> H connect\n+0s H -> S connect\n", "t.txt:9: H and S are connected already"},
		{"connect over udp", "+0s P -> H connect\n", "t.txt:8: no tcp or sctp link"},
		{"SIP over tcp", "+0s S -> H\n  OPTIONS x SIP/2.0\n  Via: SIP/2.0/TCP s.example;branch=1\n", "t.txt:8: SIP over tcp is not supported"},
		{"diameter command", "+0s S -> H connect\n+0s S -> H XXR\n", "t.txt:9: unknown Diameter command XXR"},
		{"diameter answer", "+0s S -> H connect\n+0s H -> S SAA\n", "t.txt:9: H has no SAR of S to answer"},
		{"AVP name", "+0s S -> H connect\n+0s S -> H SAR\n  Nonsense: 1\n", "t.txt:10: \"Nonsense: 1\" is no AVP"},
		{"AVP value", "+0s S -> H connect\n+0s S -> H SAR\n  Server-Assignment-Type: SOMETIMES\n", "t.txt:10: \"SOMETIMES\" is neither"},
		{"AVP bytes", "+0s S -> H connect\n+0s S -> H SAR\n  User-Name: 0xzz\n", "t.txt:10: \"0xzz\" is not hexadecimal"},
		{"AVP address", "+0s S -> H connect\n+0s S -> H SAR\n  Host-IP-Address: here\n", "t.txt:10: \"here\" is not an IP address"},
		{"AVP below a text", "+0s S -> H connect\n+0s S -> H SAR\n  User-Name: x\n    User-Name: y\n", "t.txt:11: the AVP above holds no AVPs"},
		{"too large", "+0s A -> P raw\n  " + strings.Repeat("x", maxDatagram) + "\n", "t.txt:8: the message is larger"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := play(c.text)
			if err == nil {
				t.Fatalf("no error, want %q", c.want)
			}
			if !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got  %q\nwant %q", err, c.want)
			}
		})
	}
}

func TestTitleAndStartAreNeeded(t *testing.T) {
	for text, want := range map[string]string{
		"start 2026-03-02T08:00:00Z\n": "t.txt:1: no title",
		"title x\n":                    "t.txt:1: no start",
		"  x\n":                        "t.txt:1: indented line without a statement",
	} {
		_, err := Parse(fstest.MapFS{"t.txt": {Data: []byte(text)}}, "t.txt")
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
	if _, err := Parse(fstest.MapFS{}, "t.txt"); err == nil {
		t.Error("no error for a missing script")
	}
}

func TestBlocks(t *testing.T) {
	s, err := Parse(fstest.MapFS{"t.txt": {Data: []byte(testCast + `about First.

  Second.
# a comment inside

    third, indented

let one = 1
let lines
  a{one}
    b
+0s A -> P raw
  x {one}
    {lines}

  {lines}
`)}}, "t.txt")
	if err != nil {
		t.Fatal(err)
	}
	if want := "First.\nSecond.\n\n  third, indented"; s.About != want {
		t.Errorf("about is %q, want %q", s.About, want)
	}
	var got []string
	for _, l := range s.steps[0].block {
		got = append(got, l.text)
	}
	if want := "x 1|  a1|    b||a1|  b"; strings.Join(got, "|") != want {
		t.Errorf("block is %q, want %q", strings.Join(got, "|"), want)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(testRequest + "+1ms P -> S forward\n  + Via: SIP/2.0/UDP p.example;branch=2\n  - Call-ID\n")
	f.Add("+0s S -> H connect\n+0s S -> H SAR\n  SIP-Auth-Data-Item:\n    SIP-Item-Number: 1\n")
	f.Add("let x\n  1\n  2\n+0s A -> P raw\n  {x}\n\n  y\n")
	f.Fuzz(func(t *testing.T, text string) {
		packets, err := play(text)
		if err != nil {
			return
		}
		for i := 1; i < len(packets); i++ {
			if packets[i].Time.Before(packets[i-1].Time) {
				t.Fatal("packets are not in the order of time")
			}
		}
	})
}
