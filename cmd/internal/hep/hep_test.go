package hep_test

import (
	"net/netip"
	"testing"

	"imscope/cmd/internal/hep"
	"imscope/decode"
	"imscope/decode/network"
	"imscope/decode/sip"
)

// What is sent is read again as it was.
func TestAppend(t *testing.T) {
	raw := []byte("REGISTER sip:home1.fr SIP/2.0\r\nContent-Length: 0\r\n\r\n")
	var m sip.Message
	if err := m.Parse(raw); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		src, dst string
		proto    network.Proto
		agent    uint32
	}{
		{"10.0.0.1:5060", "10.0.0.2:5062", network.UDP, 0},
		{"[2001:db8::1]:5060", "[2001:db8::2]:6060", network.TCP, 7},
	} {
		rec := &decode.Record{Src: netip.MustParseAddrPort(c.src), Dst: netip.MustParseAddrPort(c.dst), Proto: c.proto, Agent: c.agent,
			Time: 1_700_000_000_123_456_789, SIP: &m}
		b, ok := hep.Append([]byte("before"), rec)
		if !ok || string(b[:6]) != "before" {
			t.Fatal("not sent")
		}
		w := network.Walker{IsSignalling: sip.IsStart}
		var p network.Packet
		w.HEP3(&p, b[6:])
		agent := c.agent
		if agent == 0 {
			agent = 1
		}
		if p.Kind != network.Datagram || p.Src != rec.Src || p.Dst != rec.Dst || p.Proto != c.proto || string(p.Payload) != string(raw) ||
			p.HEP.Time != 1_700_000_000_123_456_000 || p.HEP.Agent != agent || p.HEP.Type != 1 {
			t.Errorf("%+v", p)
		}
	}
	m.Raw = make([]byte, 65530)
	if _, ok := hep.Append(nil, &decode.Record{SIP: &m, Src: netip.MustParseAddrPort("10.0.0.1:1"), Dst: netip.MustParseAddrPort("10.0.0.1:1")}); ok {
		t.Error("sent more than a datagram holds")
	}
}
