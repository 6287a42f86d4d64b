package correlate_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

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
		{Dst: ue, SPI: 100, Sealed: 5, Opened: 1, Denied: 2, First: network.Origin{Frame: 8}},
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
		{SPI: 100, Dst: ue, Packets: 5, Opened: 1, Denied: 2, Frame: 8, User: user, Header: "Security-Client", Offers: offers, Agreed: 1},
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

// A P-CSCF gives the numbers of one user to another: the newer agreement counts, in whatever order users come.
func TestSealedNewestAgreement(t *testing.T) {
	s := New(t)
	agree := func(user, ue string, cseq, spi int) {
		r := Register{UE: ue, AOR: "sip:" + user + "@home1.net", IMPI: user + "@home1.net", Contact: "sip:" + user + "@" + ue, Expires: 3600, CSeq: cseq,
			Header: "Security-Client: ipsec-3gpp;alg=hmac-sha-1-96;ealg=aes-cbc;spi-c=100;spi-s=101;port-c=31000;port-s=32000\n"}
		s.Ask(r)
		s.Answer(r, 401, fmt.Sprintf("WWW-Authenticate: Digest realm=\"x\", nonce=\"n\"\nSecurity-Server: ipsec-3gpp;alg=hmac-sha-1-96;ealg=aes-cbc;spi-c=%d;spi-s=%d;port-c=5064;port-s=5066\n", spi, spi+1))
		s.Wait(time.Minute)
	}
	agree("alice", UE1, 1, 200)
	agree("bob", UE2, 1, 300)
	agree("alice", UE1, 2, 300)
	st := &decode.Stats{Encrypted: []network.SPI{{Dst: netip.MustParseAddrPort(PCSCF).Addr(), SPI: 301, Sealed: 9}}}
	if got := s.Engine.Close(nil, st).Stats.Sealed; len(got) != 1 || got[0].User != Alice {
		t.Errorf("%+v, want Alice's", got)
	}
}
