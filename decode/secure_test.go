package decode

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"maps"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"imscope/decode/capture"
)

func TestTLS(t *testing.T) {
	ec, rs := certificate(t, false), certificate(t, true)
	type kind struct {
		name    string
		version uint16
		suite   uint16
		cert    tls.Certificate
	}
	kinds := []kind{{"1.3", tls.VersionTLS13, 0, ec}}
	for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		if slices.Contains(s.SupportedVersions, tls.VersionTLS13) || strings.Contains(s.Name, "RC4") {
			continue
		}
		cert := rs
		if strings.Contains(s.Name, "ECDSA") {
			cert = ec
		}
		kinds = append(kinds, kind{"1.2 " + s.Name, tls.VersionTLS12, s.ID, cert})
	}
	kinds = append(kinds, kind{"1.1", tls.VersionTLS11, tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, rs}, kind{"1.0", tls.VersionTLS10, tls.TLS_RSA_WITH_AES_256_CBC_SHA, rs},
		kind{"1.0 3DES", tls.VersionTLS10, tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA, rs})
	turns, want := dialogue(12)
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			server := &tls.Config{Certificates: []tls.Certificate{k.cert}, MinVersion: k.version, MaxVersion: k.version}
			client := &tls.Config{MinVersion: k.version, MaxVersion: k.version}
			if k.suite != 0 {
				server.CipherSuites, client.CipherSuites = []uint16{k.suite}, []uint16{k.suite}
			}
			s := speak(t, server, client, turns)
			for _, n := range []int{1400, 97} {
				packets := s.packets(t, n)
				got, st := run(t, newMemory(packets...), Options{KeyLog: s.log.Bytes()})
				if !slices.Equal(said(got), want) {
					t.Fatalf("segments of %d: got\n%s", n, strings.Join(got, "\n"))
				}
				if !maps.Equal(st.TLS, map[string]uint64{"opened": 1}) {
					t.Errorf("TLS %v", st.TLS)
				}
				if st.Other["tcp-control"] != 2 || st.Signalling < uint64(len(want)) || st.Other["tls"] < 4 || len(st.Other) != 2 {
					t.Errorf("signalling %d, other %v", st.Signalling, st.Other)
				}
			}
			got, st := run(t, newMemory(s.packets(t, 1400)...), Options{})
			if len(got) != 0 || !maps.Equal(st.TLS, map[string]uint64{"tls-no-key": 1}) || st.Signalling != 0 {
				t.Errorf("without keys: %v, %v, %d signalling", got, st.TLS, st.Signalling)
			}
		})
	}
}

func TestTLSDisorder(t *testing.T) {
	ec := certificate(t, false)
	turns, want := dialogue(12)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		s := speak(t, &tls.Config{Certificates: []tls.Certificate{ec}, MinVersion: version, MaxVersion: version}, &tls.Config{}, turns)
		for seed := range uint64(40) {
			r := mathrand.New(mathrand.NewPCG(seed, 3))
			packets := s.packets(t, 100+r.IntN(1300))
			for range len(packets) / 3 {
				i := 2 + r.IntN(len(packets)-2)
				k := min(len(packets)-1, i+r.IntN(6))
				packets[i], packets[k] = packets[k], packets[i]
			}
			for range len(packets) / 5 {
				i := 2 + r.IntN(len(packets)-2)
				packets = slices.Insert(packets, min(len(packets), i+r.IntN(5)), packets[i])
			}
			got, st := run(t, newMemory(packets...), Options{KeyLog: s.log.Bytes()})
			sorted := said(got)
			slices.Sort(sorted) // the two directions may have changed places
			expected := slices.Sorted(slices.Values(want))
			if !slices.Equal(sorted, expected) {
				t.Fatalf("%x seed %d: %d messages of %d, %v, %+v", version, seed, len(got), len(want), st.TLS, st.Streams)
			}
		}
	}
}

// What a lost segment carried is lost, and no more.
func TestTLSLoss(t *testing.T) {
	rs := certificate(t, true)
	turns, want := dialogue(12)
	for name, c := range map[string]*tls.Config{
		"1.2":     {MaxVersion: tls.VersionTLS12},
		"1.2 CBC": {MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA}},
		"1.3":     {},
	} {
		s := speak(t, &tls.Config{Certificates: []tls.Certificate{rs}, CipherSuites: c.CipherSuites}, c, turns)
		packets := s.packets(t, 1400)
		complete, st := run(t, newMemory(packets...), Options{KeyLog: s.log.Bytes()})
		handshake := int(st.Other["tls"])
		if !slices.Equal(said(complete), want) {
			t.Fatalf("%s: %v", name, complete)
		}
		for i := 2 + handshake; i < len(packets)-1; i++ {
			got, st := run(t, newMemory(slices.Delete(slices.Clone(packets), i, i+1)...), Options{KeyLog: s.log.Bytes()})
			lost := len(want) - len(got)
			for _, g := range got {
				if strings.Contains(g, "net-incomplete") {
					lost++
				}
			}
			// The message of the segment, and the one before or behind that shares its record.
			if lost < 0 || lost > 2 || st.Streams.Gaps == 0 && lost > 0 && i < len(packets)-3 {
				t.Errorf("%s without packet %d: %d messages of %d, %d gaps", name, i+1, len(got), len(want), st.Streams.Gaps)
			}
			if st.TLS["opened"] != 1 {
				t.Errorf("%s without packet %d: %v", name, i+1, st.TLS)
			}
		}
	}
}

func TestTLSContents(t *testing.T) {
	ec := certificate(t, false)
	server := func() *tls.Config { return &tls.Config{Certificates: []tls.Certificate{ec}} }
	t.Run("Diameter", func(t *testing.T) {
		s := speak(t, server(), &tls.Config{}, []turn{{false, cxRequest(1, 200)}, {false, cxRequest(2, 3000)[:50]}, {false, cxRequest(2, 3000)[50:]}})
		got, _ := run(t, newMemory(s.packets(t, 500)...), Options{KeyLog: s.log.Bytes()})
		if want := []string{"UAR tls 10.45.0.10:5060>10.46.0.2:5061", "UAR tls 10.45.0.10:5060>10.46.0.2:5061"}; !slices.Equal(said(got), want) {
			t.Error(got)
		}
	})
	t.Run("WebSocket", func(t *testing.T) {
		reg := request("REGISTER", 1, strings.Repeat("x", 200))
		s := speak(t, server(), &tls.Config{}, []turn{
			{false, "GET / HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: sip\r\n\r\n"},
			{true, "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Protocol: sip\r\n\r\n"},
			{false, webSocket(reg, true)}, {true, webSocket(response(200, 1), false)}})
		got, _ := run(t, newMemory(s.packets(t, 1400)...), Options{KeyLog: s.log.Bytes()})
		if want := []string{"REGISTER wss 10.45.0.10:5060>10.46.0.2:5061", "200 wss 10.46.0.2:5061>10.45.0.10:5060"}; !slices.Equal(said(got), want) {
			t.Error(got)
		}
	})
	t.Run("several messages in a record, one in several", func(t *testing.T) {
		a, b := request("REGISTER", 1, ""), request("NOTIFY", 2, strings.Repeat("y", 40000))
		s := speak(t, server(), &tls.Config{DynamicRecordSizingDisabled: true}, []turn{{false, a + a + b}})
		got, _ := run(t, newMemory(s.packets(t, 70000)...), Options{KeyLog: s.log.Bytes()})
		if len(got) != 3 || !strings.HasPrefix(got[0], "6.0 REGISTER") && !strings.Contains(got[0], ".0 REGISTER") || !strings.Contains(got[1], ".1 REGISTER") || !strings.Contains(got[2], "NOTIFY") {
			t.Error(got)
		}
	})
	t.Run("something else", func(t *testing.T) {
		s := speak(t, server(), &tls.Config{}, []turn{{false, "GET /index.html HTTP/1.1\r\n\r\n"}, {true, "HTTP/1.1 200 OK\r\n\r\n"}})
		got, st := run(t, newMemory(s.packets(t, 1400)...), Options{KeyLog: s.log.Bytes()})
		if len(got) != 0 || st.Signalling != 0 || st.TLS["opened"] != 1 || st.Other["tls"] == 0 || st.Other["tcp-data"] != 0 {
			t.Error(got, st.Signalling, st.TLS, st.Other)
		}
	})
	t.Run("secrets in the capture", func(t *testing.T) {
		s := speak(t, server(), &tls.Config{}, []turn{{false, request("REGISTER", 1, "")}})
		m := &withSecrets{memory: newMemory(s.packets(t, 1400)...), secrets: []capture.Secret{{Type: 1, Data: []byte("other")}, {Type: secretTLS, Data: s.log.Bytes()}}}
		if got, st := run(t, m, Options{}); len(got) != 1 || st.TLS["opened"] != 1 {
			t.Error(got, st.TLS)
		}
	})
	t.Run("a capture file with its secrets", func(t *testing.T) {
		s := speak(t, server(), &tls.Config{}, []turn{{false, request("REGISTER", 1, "")}})
		data := pcapng(s.packets(t, 1400), s.log.Bytes())
		r := capture.NewReader(bytes.NewReader(data), "tls.pcapng")
		defer r.Close()
		if got, st := run(t, r, Options{}); len(got) != 1 || st.TLS["opened"] != 1 {
			t.Error(got, st.TLS)
		}
		path := filepath.Join(t.TempDir(), "tls.pcapng")
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
		set, err := capture.Open(t.Context(), []string{path}, capture.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer set.Close()
		if got, st := run(t, set, Options{}); len(got) != 1 || st.TLS["opened"] != 1 {
			t.Error(got, st.TLS)
		}
	})
	t.Run("begun before the capture", func(t *testing.T) {
		turns, _ := dialogue(4)
		s := speak(t, server(), &tls.Config{}, turns)
		packets := s.packets(t, 1400)
		got, st := run(t, newMemory(packets[len(packets)-6:]...), Options{KeyLog: s.log.Bytes()})
		if len(got) != 0 || st.TLS["tls-no-handshake"] != 1 {
			t.Error(got, st.TLS)
		}
	})
	t.Run("the client's hello is not captured", func(t *testing.T) {
		turns, _ := dialogue(4)
		s := speak(t, server(), &tls.Config{}, turns)
		got, st := run(t, newMemory(slices.Delete(s.packets(t, 1400), 2, 4)...), Options{KeyLog: s.log.Bytes()})
		if len(got) != 0 || st.TLS["tls-no-handshake"] != 1 {
			t.Error(got, st.TLS)
		}
	})
	t.Run("ports used again", func(t *testing.T) {
		one := speak(t, server(), &tls.Config{}, []turn{{false, request("REGISTER", 1, "")}})
		two := speak(t, server(), &tls.Config{}, []turn{{false, request("PUBLISH", 2, "")}})
		two.isn = 1 << 30
		log := append(one.log.Bytes(), two.log.Bytes()...)
		got, st := run(t, newMemory(append(one.packets(t, 1400), two.packets(t, 1400)...)...), Options{KeyLog: log})
		if want := []string{"REGISTER tls 10.45.0.10:5060>10.46.0.2:5061", "PUBLISH tls 10.45.0.10:5060>10.46.0.2:5061"}; !slices.Equal(said(got), want) || st.TLS["opened"] != 2 {
			t.Error(got, st.TLS)
		}
	})
}

// pcapng makes a capture file of IP packets with a key log in front.
func pcapng(packets [][]byte, log []byte) (out []byte) {
	le := binary.LittleEndian
	block := func(kind uint32, body ...byte) {
		body = append(body, make([]byte, (4-len(body)%4)%4)...)
		out = le.AppendUint32(le.AppendUint32(out, kind), uint32(12+len(body)))
		out = le.AppendUint32(append(out, body...), uint32(12+len(body)))
	}
	block(0x0a0d0d0a, append(le.AppendUint32(nil, 0x1a2b3c4d), 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)...)
	block(1, byte(capture.LinkRaw), 0, 0, 0, 0, 0, 0, 0)
	block(0x0a, append(le.AppendUint32(le.AppendUint32(nil, secretTLS), uint32(len(log))), log...)...)
	for i, p := range packets {
		head := le.AppendUint32(le.AppendUint32(make([]byte, 8), uint32(i)), uint32(len(p)))
		block(6, append(le.AppendUint32(head, uint32(len(p))), p...)...)
	}
	return out
}

// withSecrets is a Source that has secrets.
type withSecrets struct {
	*memory
	secrets []capture.Secret
}

func (s *withSecrets) Secrets() []capture.Secret { return s.secrets }

// However a TLS conversation is damaged: no panic, everything counted, and the same for any number of workers.
func FuzzTLS(f *testing.F) {
	ec := certificate(f, false)
	turns, _ := dialogue(3)
	var talks []*spoken
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		talks = append(talks, speak(f, &tls.Config{Certificates: []tls.Certificate{ec}, MinVersion: version, MaxVersion: version}, &tls.Config{}, turns))
	}
	f.Add(false, uint16(200), uint16(40), byte(1), uint16(9))
	f.Add(true, uint16(1400), uint16(6), byte(0x80), uint16(0))
	f.Fuzz(func(t *testing.T, modern bool, n, at uint16, flip byte, drop uint16) {
		s := talks[0]
		if modern {
			s = talks[1]
		}
		packets := s.packets(t, int(n)%1400+20)
		p := packets[int(drop)%len(packets)]
		p[20+int(at)%(len(p)-20)] ^= flip
		if k := int(drop>>8) % len(packets); k > 1 {
			packets = slices.Delete(packets, k, k+1)
		}
		var first string
		for _, workers := range []int{1, 3} {
			m := newMemory(packets...)
			got := ""
			st, err := Run(context.Background(), m, Options{Workers: workers, KeyLog: s.log.Bytes()}, func(r *Record) error { got += describe(r) + "\n"; return nil })
			if err != nil {
				t.Fatal(err)
			}
			sum := st.Signalling
			for _, n := range st.Other {
				sum += n
			}
			for _, u := range st.Undecodable {
				sum += u.Packets
			}
			if sum != st.Packets {
				t.Fatalf("%d packets counted of %d", sum, st.Packets)
			}
			got += fmt.Sprint(st.TLS)
			if first == "" {
				first = got
			} else if first != got {
				t.Fatal("depends on the number of workers")
			}
		}
	})
}
