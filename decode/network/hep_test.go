package network

import (
	"bytes"
	"compress/zlib"
	"net/netip"
	"strings"
	"testing"

	"imscope/decode/capture"
)

// chunk is one chunk of HEP version 3.
func chunk(vendor, kind uint16, v []byte) []byte {
	return join(u16(vendor), u16(kind), u16(uint16(6+len(v))), v)
}

// hep3 is a message of these chunks.
func hep3(chunks ...[]byte) []byte {
	b := join(chunks...)
	return join([]byte("HEP3"), u16(uint16(6+len(b))), b)
}

// hepFields are the chunks of a SIP message from alice to bob over UDP, seen by agent 2001.
func hepFields(payload string) [][]byte {
	return [][]byte{
		chunk(0, 1, []byte{2}), chunk(0, 2, []byte{17}), chunk(0, 3, []byte{10, 0, 0, 1}), chunk(0, 4, []byte{10, 0, 0, 2}),
		chunk(0, 7, u16(5060)), chunk(0, 8, u16(6060)), chunk(0, 9, u32(1700000000)), chunk(0, 10, u32(123456)),
		chunk(0, 11, []byte{1}), chunk(0, 12, u32(2001)), chunk(0, 14, []byte("secret")), chunk(0, 15, []byte(payload)),
	}
}

func deflate(s string) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	z.Write([]byte(s))
	z.Close()
	return b.Bytes()
}

func hepWalker() *Walker {
	return &Walker{IsSignalling: func(b []byte) bool { return bytes.HasPrefix(b, []byte("hello")) }}
}

func TestHEP3(t *testing.T) {
	fields := hepFields("hello")
	without := func(kind byte) [][]byte {
		var out [][]byte
		for _, c := range fields {
			if c[3] != kind {
				out = append(out, c)
			}
		}
		return out
	}
	v6 := append(without(3)[:2:2], chunk(0, 5, alice6.Addr().AsSlice()), chunk(0, 6, bob6.Addr().AsSlice()))
	v6 = append(v6, fields[4:]...)
	cases := []struct {
		name string
		b    []byte
		kind Kind
		src  string
		time int64
		text string
	}{
		{"all fields", hep3(fields...), Datagram, "10.0.0.1:5060", 1700000000123456000, "hello"},
		{"IPv6", hep3(v6...), Datagram, "[2001:db8::1]:5060", 1700000000123456000, "hello"},
		{"unknown chunk", hep3(append([][]byte{chunk(0, 99, []byte("?"))}, fields...)...), Datagram, "10.0.0.1:5060", 1700000000123456000, "hello"},
		{"chunk of a vendor", hep3(append([][]byte{chunk(2, 15, []byte("other"))}, fields...)...), Datagram, "10.0.0.1:5060", 1700000000123456000, "hello"},
		{"no time", hep3(without(9)...), Datagram, "10.0.0.1:5060", 123456000, "hello"},
		{"microseconds out of range", hep3(append(without(10), chunk(0, 10, u32(2000000)))...), Datagram, "10.0.0.1:5060", 1700000000000000000, "hello"},
		{"chunk length below its header", hep3(append(fields[:12:12], []byte{0, 0, 0, 1, 0, 5})...), Datagram, "10.0.0.1:5060", 1700000000123456000, "hello"},
		{"compressed", hep3(append(without(15), chunk(0, 16, deflate("hello")))...), Deflated, "10.0.0.1:5060", 1700000000123456000, "hello"},
		{"no payload", hep3(without(15)...), Other, "", 0, ""},
		{"no payload, chunk beyond the end", hep3(append(without(15), []byte{0, 0, 0, 15, 0, 99})...), Undecodable, "", 0, ""},
		{"chunk shorter than its value", hep3(append(without(3), chunk(0, 3, []byte{10}))...), Datagram, "invalid AddrPort", 1700000000123456000, "hello"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := hepWalker()
			var p Packet
			f := overUDP(t, 9060, c.b)
			w.Walk(&p, capture.LinkRaw, f, uint32(len(f)))
			if p.Kind != c.kind {
				t.Fatalf("%v, want %v", p.Kind, c.kind)
			}
			if p.Path.String() != "hep3 agent 2001" || p.HEP.Version != 3 || p.HEP.Agent != 2001 || p.HEP.Type != 1 {
				t.Errorf("path %v, %+v", p.Path, p.HEP)
			}
			if p.Kind == Deflated {
				w.Inflate(&p)
			}
			if p.Kind != Datagram {
				return
			}
			if p.Src.String() != c.src || p.Dst.Port() != 6060 || p.Proto != UDP || p.HEP.Time != c.time || string(p.Payload) != c.text || p.Truncated {
				t.Errorf("%v → %v %v, time %d, %q, truncated %v", p.Src, p.Dst, p.Proto, p.HEP.Time, p.Payload, p.Truncated)
			}
		})
	}
	t.Run("cut anywhere", func(t *testing.T) {
		w := hepWalker()
		var p Packet
		f := overUDP(t, 9060, hep3(fields...))
		for n := range len(f) {
			w.Walk(&p, capture.LinkRaw, f[:n], uint32(len(f)))
			if p.Kind == Datagram && !p.Truncated || p.Kind == Other {
				t.Errorf("cut at %d: %v %q", n, p.Kind, p.Payload)
			}
		}
	})
	t.Run("stream", func(t *testing.T) {
		w := hepWalker()
		var p Packet
		p.Path.push(HopVLAN, 5)
		w.HEP3(&p, hep3(fields...))
		if p.Kind != Datagram || p.Path.String() != "vlan 5 / hep3 agent 2001" || p.Src != alice4 || p.Weight != 1 {
			t.Errorf("%v %v %v", p.Kind, p.Path, p.Src)
		}
	})
}

func TestHEPInflate(t *testing.T) {
	w := hepWalker()
	inflate := func(b []byte) *Packet {
		p := &Packet{Kind: Deflated, Payload: b}
		w.Inflate(p)
		return p
	}
	if p := inflate(deflate(strings.Repeat("x", 10<<20))); p.Kind != Datagram || len(p.Payload) != maxInflated || !p.Truncated {
		t.Errorf("bomb: %v, %d bytes, truncated %v", p.Kind, len(p.Payload), p.Truncated)
	}
	whole := deflate("hello" + strings.Repeat("abcdefg", 100))
	if p := inflate(whole[:len(whole)-6]); p.Kind != Datagram || !bytes.HasPrefix(p.Payload, []byte("hello")) {
		t.Errorf("cut: %v %q", p.Kind, p.Payload)
	}
	if p := inflate([]byte("no zlib")); p.Kind != Undecodable || p.Reason != ReasonHEP {
		t.Errorf("garbage: %v", p.Kind)
	}
	if p := inflate(nil); p.Kind != Undecodable {
		t.Errorf("nothing: %v", p.Kind)
	}
	if p := inflate(whole); p.Kind != Datagram || len(p.Payload) != 705 || p.Truncated {
		t.Errorf("after errors: %v, %d bytes", p.Kind, len(p.Payload))
	}
}

func TestHEPOld(t *testing.T) {
	v4 := []byte{2, 17, 0x13, 0xc4, 0x17, 0xac, 10, 0, 0, 1, 10, 0, 0, 2}
	tail := []byte{0, 0x10, 0x51, 0x65, 0x40, 0xe2, 1, 0, 0x2a, 0, 0, 0} // 1699811328.123456, agent 42, little-endian
	v6 := join([]byte{10, 6, 0x13, 0xc4, 0x17, 0xac}, alice6.Addr().AsSlice(), bob6.Addr().AsSlice())
	hello := []byte("hello")
	cases := []struct {
		name  string
		b     []byte
		src   netip.AddrPort
		proto Proto
		time  int64
		agent uint32
	}{
		{"version 1", join([]byte{1, 16}, v4, hello), alice4, UDP, 0, 0},
		{"version 1, IPv6", join([]byte{1, 40}, v6, hello), alice6, TCP, 0, 0},
		{"version 2", join([]byte{2, 28}, v4, tail, hello), alice4, UDP, 1699811328123456000, 42},
		{"version 2, length without time", join([]byte{2, 16}, v4, tail, hello), alice4, UDP, 1699811328123456000, 42},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var p Packet
			f := overUDP(t, 9060, c.b)
			hepWalker().Walk(&p, capture.LinkRaw, f, uint32(len(f)))
			if p.Kind != Datagram || p.Src != c.src || p.Proto != c.proto || p.HEP.Time != c.time || p.HEP.Agent != c.agent || string(p.Payload) != "hello" {
				t.Errorf("%v %v %v %+v %q", p.Kind, p.Src, p.Proto, p.HEP, p.Payload)
			}
			if !p.Path.Has(HopHEP) {
				t.Errorf("path %v", p.Path)
			}
		})
	}
	for name, b := range map[string][]byte{
		"other length":   join([]byte{1, 17}, v4, hello),
		"other family":   join([]byte{1, 16}, patched(v4, 0, 3), hello),
		"no message":     join([]byte{1, 16}, v4, []byte("HELLO")),
		"header alone":   join([]byte{1, 16}, v4),
		"shorter header": {1, 16, 2},
	} {
		var p Packet
		f := overUDP(t, 9060, b)
		hepWalker().Walk(&p, capture.LinkRaw, f, uint32(len(f)))
		if p.Kind != Datagram || p.HEP.Version != 0 || p.Src != outerA {
			t.Errorf("%s: taken for HEP", name)
		}
	}
}

func TestHEPFrame(t *testing.T) {
	pr := NewHEPProtocol()
	a, b := hep3(hepFields("hello")...), hep3(hepFields("world")...)
	for n := range len(a) {
		got, need, err := pr.Frame(a[:n])
		if got != 0 || err != nil || need <= 0 || n+need > len(a) {
			t.Fatalf("first %d bytes: %d, %d, %v", n, got, need, err)
		}
		if n < 6 && !pr.Maybe(a[:n]) {
			t.Errorf("first %d bytes are not maybe HEP", n)
		}
	}
	if n, _, err := pr.Frame(join(a, b)); n != len(a) || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if n := pr.Resync(join([]byte("xxHEPx"), a)); n != 6 {
		t.Errorf("resync at %d", n)
	}
	if _, _, err := pr.Frame([]byte("HEP3\x00\x05")); err == nil {
		t.Error("length 5 accepted")
	}
}

// FuzzHEP reads any bytes as what an agent sent.
func FuzzHEP(f *testing.F) {
	f.Add(hep3(hepFields("hello")...))
	f.Add(hep3(chunk(0, 16, deflate("hello"))))
	f.Add([]byte{2, 28, 2, 17, 0x13, 0xc4, 0x17, 0xac, 10, 0, 0, 1, 10, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'h', 'e', 'l', 'l', 'o'})
	f.Fuzz(func(t *testing.T, b []byte) {
		w := hepWalker()
		var p Packet
		p.reset()
		if !w.hep(&p, b) {
			if p.HEP.Version != 0 || p.Path.Len() != 0 {
				t.Fatalf("not HEP, but %+v", p)
			}
			return
		}
		if p.Kind == Datagram && !bytes.Contains(b, p.Payload) {
			t.Fatal("payload is not in the packet")
		}
		if p.Kind == Deflated {
			w.Inflate(&p)
			if p.Kind == Datagram && (len(p.Payload) == 0 || len(p.Payload) > maxInflated) {
				t.Fatalf("%d bytes inflated", len(p.Payload))
			}
		}
		if n, need, err := frameHEP(b); n > len(b) || n > 0 && (need != 0 || err != nil) || n == 0 && err == nil && need <= 0 {
			t.Fatalf("frame %d, %d, %v", n, need, err)
		}
	})
}

func BenchmarkHEP3(b *testing.B) {
	w := hepWalker()
	var p Packet
	f := overUDP(b, 9060, hep3(hepFields(strings.Repeat("x", 900))...))
	b.ReportAllocs()
	for b.Loop() {
		w.Walk(&p, capture.LinkRaw, f, uint32(len(f)))
	}
}
