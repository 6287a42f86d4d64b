package rules_test

import (
	"net/netip"
	"slices"
	"testing"

	. "imscope/correlate/internal/scenario"
	"imscope/decode"
	"imscope/decode/network"
)

func TestICVMismatch(t *testing.T) {
	for _, c := range []struct {
		spi            uint32
		denied, opened uint64 // to the P-CSCF
		other          uint64 // denied, to the phone
		want           string
	}{
		{201, 4, 0, 0, "error 4 packets with SPI 0xc9 to 10.9.0.1"},
		{201, 4, 0, 2, "error 4 packets with SPI 0xc9 to 10.9.0.1 (seen 2 times)"},
		{201, 4, 9, 0, "warning 4 packets with SPI 0xc9 to 10.9.0.1"},
		{201, 0, 0, 0, ""}, // without keys
		{999, 4, 0, 0, ""}, // nobody's
	} {
		s := New(t)
		r := Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1, Header: "Security-Client: ipsec-3gpp;alg=hmac-sha-1-96;ealg=aes-cbc;spi-c=100;spi-s=101;port-c=31000;port-s=32000\n"}
		asked := s.Ask(r)
		s.Answer(r, 401, Challenge("n")+"Security-Server: ipsec-3gpp;alg=hmac-sha-1-96;ealg=aes-cbc;spi-c=200;spi-s=201;port-c=5064;port-s=5066\n")
		pcscf, ue := netip.MustParseAddrPort(PCSCF).Addr(), netip.MustParseAddrPort(UE1).Addr()
		st := &decode.Stats{Encrypted: []network.SPI{{Dst: pcscf, SPI: c.spi, Sealed: 4, Denied: c.denied, Opened: c.opened, First: network.Origin{Frame: 9}}, {Dst: ue, SPI: 101, Sealed: 2, Denied: c.other, First: network.Origin{Frame: 12}}}}
		got := ""
		for _, f := range s.Engine.Close(nil, st).Findings {
			if f.Rule == "icv-mismatch" {
				got += f.Severity.String() + " " + f.Detail
				want := []uint32{9, asked}
				if c.other > 0 {
					want = append(want, 12)
				}
				if !slices.Equal(f.Frames, want) {
					t.Errorf("frames %v", f.Frames)
				}
			}
		}
		if got != c.want {
			t.Errorf("SPI %d: %q, want %q", c.spi, got, c.want)
		}
	}
}
