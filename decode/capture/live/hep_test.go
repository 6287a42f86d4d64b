package live

import (
	"bytes"
	"encoding/binary"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"imscope/decode/capture"
	"imscope/decode/network"
	"imscope/decode/sip"
)

// hep3 is a message of version 3 that carries SIP.
func hep3(key, payload string) []byte {
	chunk := func(b []byte, typ uint16, v string) []byte {
		b = binary.BigEndian.AppendUint16(b, 0)
		b = binary.BigEndian.AppendUint16(b, typ)
		b = binary.BigEndian.AppendUint16(b, uint16(len(v)+6))
		return append(b, v...)
	}
	b := []byte("HEP3\x00\x00")
	b = chunk(b, 1, "\x02")
	b = chunk(b, 2, "\x11")
	b = chunk(b, 3, "\x0a\x00\x00\x01")
	b = chunk(b, 4, "\x0a\x00\x00\x02")
	b = chunk(b, 7, "\x13\xc4")
	b = chunk(b, 8, "\x13\xc5")
	b = chunk(b, 9, "\x60\x00\x00\x00")
	b = chunk(b, 10, "\x00\x00\x00\x07")
	b = chunk(b, 11, "\x01")
	b = chunk(b, 12, "\x00\x00\x07\xd1")
	if key != "" {
		b = chunk(b, 14, key)
	}
	b = chunk(b, 15, payload)
	binary.BigEndian.PutUint16(b[4:], uint16(len(b)))
	return b
}

const request = "REGISTER sip:home1.fr SIP/2.0\r\n\r\n"

func collect(t *testing.T, addr, key string) (*reading, netip.AddrPort) {
	t.Helper()
	r := open(t, Options{HEP: []HEPOptions{{Addr: addr, Key: key}}})
	return r, r.s.Addresses()[0]
}

// payloads decodes what was collected.
func (r *reading) payloads() []string {
	var list []string
	w := network.Walker{IsSignalling: sip.IsStart}
	var p network.Packet
	for _, b := range r.got() {
		w.Walk(&p, capture.LinkRaw, []byte(b), uint32(len(b)))
		if p.Kind != network.Datagram {
			list = append(list, p.Kind.String())
			continue
		}
		list = append(list, p.Src.String()+" "+p.Dst.String()+" "+p.Path.String()+" "+string(p.Payload))
	}
	return list
}

func (r *reading) await(n int) {
	r.t.Helper()
	for deadline := time.Now().Add(5 * time.Second); len(r.got()) < n; time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			r.t.Fatalf("%d of %d packets", len(r.got()), n)
		}
	}
}

func TestCollect(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "[::1]", "0.0.0.0", "[::]", ""} {
		r, addr := collect(t, host+":0", "")
		to := "127.0.0.1"
		if host == "[::1]" {
			to = "::1"
		}
		target := netip.AddrPortFrom(netip.MustParseAddr(to), addr.Port()).String()
		udp, err := net.Dial("udp", target)
		if err != nil {
			t.Fatal(err)
		}
		udp.Write(hep3("", request))
		udp.Write(append([]byte{2, 28, 2, 17, 0x13, 0xc4, 0x13, 0xc5, 10, 0, 0, 1, 10, 0, 0, 2, 0, 0, 0, 0x60, 0, 0, 0, 0, 9, 0, 0, 0}, request...))
		udp.Write([]byte("OPTIONS sip:not.hep SIP/2.0\r\n\r\n"))
		r.await(2)
		tcp, err := net.Dial("tcp", target)
		if err != nil {
			t.Fatal(err)
		}
		m := hep3("", request)
		tcp.Write(m[:3])
		time.Sleep(5 * time.Millisecond)
		tcp.Write(append(m[3:], m...))
		r.await(4)
		tcp.Write([]byte("GET / HTTP/1.1\r\n\r\n"))
		if n, err := tcp.Read(make([]byte, 1)); n != 0 || err == nil {
			t.Error("the connection goes on after what is no HEP")
		}
		r.end()
		for i, got := range r.payloads() {
			if i == 1 {
				if !strings.HasPrefix(got, "10.0.0.1:5060 10.0.0.2:5061 hep") || !strings.HasSuffix(got, request) {
					t.Errorf("%s: message %d: %s", host, i, got)
				}
				continue
			}
			if want := "10.0.0.1:5060 10.0.0.2:5061 hep3 agent 2001 " + request; got != want {
				t.Errorf("%s: message %d: %q, want %q", host, i, got, want)
			}
		}
		if c := r.s.Counters()[0]; c.Packets != 4 || c.Refused != 2 || c.Kind != "hep" {
			t.Errorf("%s: %+v", host, c)
		}
	}
}

func TestCollectWithKey(t *testing.T) {
	r, addr := collect(t, "127.0.0.1:0", "s3cret")
	c, err := net.Dial("udp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	c.Write(hep3("", request))
	c.Write(hep3("wrong!", request))
	c.Write(append([]byte{1, 16, 2, 17, 0x13, 0xc4, 0x13, 0xc5, 10, 0, 0, 1, 10, 0, 0, 2}, request...))
	c.Write(hep3("s3cret", request))
	r.await(1)
	r.end()
	if n := r.s.Counters()[0].Refused; n != 3 {
		t.Errorf("%d refused", n)
	}
	if got := r.got(); len(got) != 1 || strings.Contains(got[0], "s3cret") || !strings.Contains(got[0], "******") {
		t.Errorf("%q", got)
	}
}

func TestCheckHEP(t *testing.T) {
	good := hep3("k", request)
	if ok, kind := checkHEP(bytes.Clone(good), []byte("k")); !ok || kind != hepSIP {
		t.Error(ok, kind)
	}
	for n := range good {
		b := bytes.Clone(good[:n])
		checkHEP(b, []byte("k")) // must not panic
		b = bytes.Clone(good)
		b[n] ^= 0xff
		checkHEP(b, nil)
	}
}

// The headers that are put in front of a message.
func TestWrapDatagram(t *testing.T) {
	payload := []byte("OPTIONS sip:a SIP/2.0 ")
	for _, c := range []struct{ from, to string }{{"192.0.2.1:9", "10.0.0.1:9060"}, {"192.0.2.1:9", "[::]:9060"}, {"[2001:db8::1]:9", "[2001:db8::2]:9060"}} {
		from, to := netip.MustParseAddrPort(c.from), netip.MustParseAddrPort(c.to)
		head := datagramHeader(from.Addr())
		p := append(make([]byte, head), payload...)
		wrapDatagram(p, from, to)
		var w network.Walker
		var got network.Packet
		w.Walk(&got, capture.LinkRaw, p, uint32(len(p)))
		if got.Kind != network.Datagram || got.Src != from || got.Dst.Port() != to.Port() || !bytes.Equal(got.Payload, payload) {
			t.Errorf("%s: %v %v %v %q", c.from, got.Kind, got.Src, got.Dst, got.Payload)
		}
		if from.Addr().Is4() {
			if fold(sum(0, p[:20])) != 0xffff {
				t.Errorf("%s: header checksum", c.from)
			}
			continue
		}
		if s := sum(uint32(len(p)-40)+protoUDP, p[8:]); fold(s) != 0xffff {
			t.Errorf("%s: UDP checksum", c.from)
		}
	}
}
