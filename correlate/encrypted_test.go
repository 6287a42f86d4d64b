package correlate_test

import (
	"net/netip"
	"testing"

	"imscope/correlate"
	. "imscope/correlate/internal/scenario"
	"imscope/decode"
	"imscope/decode/network"
)

// An encrypted association is told with the security agreement that made it; one that nobody agreed on is told as well.
func TestSealed(t *testing.T) {
	s := New(t)
	off := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Header: "Security-Client: ipsec-3gpp;alg=hmac-sha-1-96;ealg=aes-cbc;spi-c=100;spi-s=101;port-c=31000;port-s=32000\n"}
	s.Ask(off)
	s.Answer(off, 401, "WWW-Authenticate: Digest realm=\"x\", nonce=\"n\"\nSecurity-Server: ipsec-3gpp;alg=hmac-sha-1-96;ealg=aes-cbc;spi-c=200;spi-s=201;port-c=5064;port-s=5066\n")
	addr := func(n string) netip.Addr { return netip.MustParseAddrPort(n).Addr() }
	ue, pcscf := addr(UE1), addr(PCSCF)
	st := &decode.Stats{Encrypted: []network.SPI{
		{Dst: pcscf, SPI: 201, Sealed: 9, First: network.Origin{Frame: 7}},
		{Dst: ue, SPI: 100, Sealed: 5, Opened: 1, First: network.Origin{Frame: 8}},
		{Dst: pcscf, SPI: 100, Sealed: 4}, // the phone's number, but the other way
		{Dst: ue, SPI: 999, Sealed: 3},
	}, TLS: map[string]uint64{"opened": 2}}
	r := s.Engine.Close(nil, st)
	user := ""
	for u := range r.Users() {
		user = u.ID
	}
	const offers = "ipsec-3gpp/hmac-sha-1-96/aes-cbc"
	want := []correlate.Sealed{
		{SPI: 201, Dst: pcscf, Packets: 9, Frame: 7, User: user, Header: "Security-Server", Offers: offers, Agreed: 1},
		{SPI: 100, Dst: ue, Packets: 5, Opened: 1, Frame: 8, User: user, Header: "Security-Client", Offers: offers, Agreed: 1},
		{SPI: 100, Dst: pcscf, Packets: 4},
		{SPI: 999, Dst: ue, Packets: 3},
	}
	if len(r.Stats.Sealed) != len(want) || user == "" {
		t.Fatalf("user %q, %+v", user, r.Stats.Sealed)
	}
	for i, w := range want {
		if r.Stats.Sealed[i] != w {
			t.Errorf("got %+v, want %+v", r.Stats.Sealed[i], w)
		}
	}
	if r.Stats.TLS["opened"] != 2 {
		t.Errorf("TLS %v", r.Stats.TLS)
	}
}
