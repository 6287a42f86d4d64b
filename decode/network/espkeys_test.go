package network

import (
	"bytes"
	"encoding/hex"
	"net/netip"
	"testing"

	"imscope/decode/capture"
)

// TestESPKeys opens packets of known content, which tshark decrypts and finds authentic: an OPTIONS from port 2472 to 7531
// over IPv6, CK 10…1f, IK 00…0f.
func TestESPKeys(t *testing.T) {
	keys := Keys{CK: [16]byte(sequence(16)), IK: [16]byte(sequence(0))}
	dst := netip.MustParseAddr("2001:db8::a:b:c:d")
	for _, c := range []struct{ name, packet string }{
		{"hmac-md5-96 null", "6000000000c4324020010db800000000000100020003000420010db800000000000a000b000c000d05397fb20000000109a81d6b00aeefe54f5054494f4e53207369703a61205349502f322e300d0a5669613a205349502f322e302f554450205b323030313a6462383a3a313a323a333a345d3a313335373b6272616e63683d7a39684734624b780d0a46726f6d3a203c7369703a613e3b7461673d310d0a546f3a203c7369703a613e0d0a43616c6c2d49443a20780d0a435365713a2031204f5054494f4e530d0a436f6e74656e742d4c656e6774683a20300d0a0d0a00118ac74f99c82cc75bd3ba1c45"},
		{"hmac-sha-1-96 null", "6000000000c4324020010db800000000000100020003000420010db800000000000a000b000c000d05397fb30000000109a81d6b00aeefe54f5054494f4e53207369703a61205349502f322e300d0a5669613a205349502f322e302f554450205b323030313a6462383a3a313a323a333a345d3a313335373b6272616e63683d7a39684734624b780d0a46726f6d3a203c7369703a613e3b7461673d310d0a546f3a203c7369703a613e0d0a43616c6c2d49443a20780d0a435365713a2031204f5054494f4e530d0a436f6e74656e742d4c656e6774683a20300d0a0d0a00112d674a26efd4df5435bfa315"},
		{"hmac-sha-1-96 aes-cbc", "6000000000d4324020010db800000000000100020003000420010db800000000000a000b000c000d05397fb400000001a0a1a2a3a4a5a6a7a8a9aaabacadaeaf60622e99b5b2e3b3db3cbc467f60d97312b13fb1c74271b595c14d8a4878647574b7f1bdd3dbe7792b634507e00def77e391bd55ff497701f4f011357f26b6d9f7bc81008452583e681ff846bd2693300d75dc6bf1da2b78e00b32419e89f5f585f7ca6698a1b24deb3c54a7620fcfe3c1d32915d157ff7990fe4ccbeef8085bd9527ad54339b522f3fdc3e2a0b9228e3b98a9a853031387731c2db7d28afe68204a3dcd0dacc24eafe7d51cc17142b1442e2e626e3c81423e65cf34"},
		{"hmac-sha-1-96 des-ede3-cbc", "6000000000cc324020010db800000000000100020003000420010db800000000000a000b000c000d05397fb500000001b0b1b2b3b4b5b6b7681b7d31e8a6bd04f3d53018991feb4db84de6524255f8a5daae09d86845bdf3be615d13f85f6f835335577e6213f09b36d42ca4ea2f440b82257a71fd44cb43e6acd45a17619361ba7b0e9962092183352e5ae0348bd0a5079c387fa02c00a48ab627efdfab257ca0baf3e22f6bed7f09909068e7b16762823e9f87d917d06dbf22533cfb949ecd0d015c5fb5e0cef35d47ef7b2c5575b29f471a5c193b27e9ddeab1c90fa5baf9aa3c4745fbe1d57af5befea6efb199c98439f891"},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw, err := hex.DecodeString(c.packet)
			if err != nil {
				t.Fatal(err)
			}
			open := func(k Keys, raw []byte) (*Packet, *Security) {
				var w Walker
				var p Packet
				w.Walk(&p, capture.LinkRaw, raw, uint32(len(raw)))
				s := NewSecurity(nil)
				if p.Kind != Sealed { // it proves itself that it is not encrypted
					p.Kind, p.Form, p.Payload, p.Path = Sealed, -1, raw[40:], Path{}
				}
				s.Agree(dst, p.SPI, &k)
				s.Open(&w, &p, Origin{})
				return &p, s
			}
			p, s := open(keys, raw)
			if p.Kind != Datagram || p.Src.Port() != 2472 || p.Dst.Port() != 7531 || !bytes.HasPrefix(p.Payload, []byte("OPTIONS sip:a SIP/2.0\r\n")) ||
				!bytes.HasSuffix(p.Payload, []byte("Content-Length: 0\r\n\r\n")) || int(p.Form) != formKeyed || p.Path.String() == "" {
				t.Errorf("kind %v, %v → %v, form %d, path %q: %q", p.Kind, p.Src, p.Dst, p.Form, p.Path, p.Payload)
			}
			s.Learn(p)
			if a := s.slots[0]; a.Opened != 1 || a.Denied != 0 || a.known {
				t.Errorf("%+v", a)
			}
			encrypted := !bytes.Contains(raw, []byte("OPTIONS"))
			for name, other := range map[string]Keys{"CK": {CK: keys.IK, IK: keys.IK}, "IK": {CK: keys.CK, IK: keys.CK}} {
				p, s := open(other, raw)
				if bad := name == "IK"; (s.slots[0].Denied == 1) != bad {
					t.Errorf("another %s: %d denied", name, s.slots[0].Denied)
				}
				if encrypted && p.Kind != Undecodable {
					t.Errorf("another %s: kind %v", name, p.Kind)
				}
			}
			for i := 48; i < len(raw); i++ { // behind SPI and sequence number: they are in the ICV, too
				broken := bytes.Clone(raw)
				broken[i] ^= 0x10
				if _, s := open(keys, broken); s.slots[0].Denied != 1 {
					t.Fatalf("authentic with byte %d changed", i)
				}
			}
			for n := 40 + espHeader; n < len(raw); n++ { // cut anywhere, nothing panics
				short := patched(raw[:n], 4, byte((n-40)>>8), byte(n-40))
				if p, _ := open(keys, short); encrypted && p.Kind == Datagram {
					t.Fatalf("opened %d of %d bytes", n, len(raw))
				}
			}
		})
	}
}

// sequence gives 16 bytes that count up.
func sequence(from byte) []byte {
	b := make([]byte, 16)
	for i := range b {
		b[i] = from + byte(i)
	}
	return b
}

// TestESPKeysOld: an SPI that is given again has new keys, and the packets that are on their way the old ones.
func TestESPKeysOld(t *testing.T) {
	s := NewSecurity(nil)
	dst := netip.MustParseAddr("10.0.0.1")
	first, second := &Keys{CK: [16]byte{1}}, &Keys{CK: [16]byte{2}}
	s.Agree(dst, 1000, first)
	s.Agree(dst, 1000, &Keys{CK: [16]byte{1}}) // told again on the next link
	s.Agree(dst, 1000, second)
	if a := s.slots[0]; len(s.slots) != 1 || a.keys != second || a.old != first {
		t.Errorf("%+v", s.slots)
	}
}

// TestESPQuiet: agreements without a packet take no more room than they may, and none of those that have packets.
func TestESPQuiet(t *testing.T) {
	s := NewSecurity(nil)
	for i := range uint32(3 * maxQuiet) {
		s.Agree(alice4.Addr(), i, &Keys{})
	}
	if len(s.slots) != maxQuiet || len(s.index) != maxQuiet || s.Evicted != 0 {
		t.Errorf("%d slots, %d evicted", len(s.slots), s.Evicted)
	}
	for i := range uint32(10) {
		s.Learn(&Packet{SPI: i, espState: espState{espDst: bob4.Addr()}})
	}
	for i := range uint32(2 * maxSPIs) {
		s.Agree(alice4.Addr(), i, &Keys{})
	}
	if len(s.slots) != maxSPIs || s.Evicted != 10 {
		t.Errorf("%d slots, %d evicted", len(s.slots), s.Evicted)
	}
}

// FuzzESPKeys opens anything whose ICV is right: what comes out is no longer than what went in, and the same again.
func FuzzESPKeys(f *testing.F) {
	f.Add(bytes.Repeat([]byte{1, 2, 3, 17}, 12))
	f.Add(join(u32(5), u32(1), sequence(0), sequence(16), sequence(32)))
	f.Add([]byte{0, 0, 0, 5, 0, 0, 0, 1, 0, 17})
	p := Packet{Src: alice4, Dst: bob4}
	f.Fuzz(func(t *testing.T, b []byte) {
		keys := Keys{CK: [16]byte(sequence(16)), IK: [16]byte(sequence(0))}
		for _, mac := range keys.integrities() {
			mac.Write(b)
			sealed := mac.Sum(bytes.Clone(b))[:len(b)+icvHMAC]
			next, inner, authentic, ok := keys.open(&p, sealed)
			if authentic != (len(b) >= espHeader+espTrailer) {
				t.Fatalf("authentic %v of %d bytes", authentic, len(b))
			}
			if ok && len(inner) > len(b)-espHeader-espTrailer {
				t.Fatalf("%d bytes out of %d", len(inner), len(b))
			}
			if n, again, _, fine := keys.open(&p, sealed); fine != ok || n != next || !bytes.Equal(again, inner) {
				t.Fatalf("opened otherwise the second time: %v %d %x, %v %d %x", ok, next, inner, fine, n, again)
			}
		}
	})
}
