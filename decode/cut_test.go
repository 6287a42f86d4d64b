package decode

import (
	"slices"
	"strings"
	"testing"

	"imscope/decode/capture"
	"imscope/decode/network"
)

// The identification of a datagram that lost a fragment is used again: what is put together of two shows by its checksum,
// and what cannot be of one datagram is not put together.
func TestRunStaleFragments(t *testing.T) {
	const to = "NOTIFY udp 10.45.0.10:5060>10.46.0.2:5060"
	a := fragments(udp(t, ue, pcscf, request("NOTIFY", 1, strings.Repeat("x", 1200))), 800)
	b := fragments(udp(t, ue, pcscf, request("NOTIFY", 2, strings.Repeat("y", 1200))), 800)
	type packet struct {
		data []byte
		ms   int64
	}
	for _, c := range []struct {
		name    string
		packets []packet
		want    []string
	}{
		{"at once", []packet{{a[0], 0}, {b[1], 100}}, []string{"2.0 " + to + " [1 2] net-checksum"}},
		{"after a second, the beginning is there", []packet{{a[0], 0}, {b[0], 1000}, {b[1], 1001}},
			[]string{"1.0 " + to + " sip-body-short net-fragment-missing", "3.0 " + to + " [2 3]"}},
		{"after three seconds", []packet{{a[0], 0}, {b[1], 3000}}, []string{"1.0 " + to + " sip-body-short net-fragment-missing"}},
		{"captured twice", []packet{{a[0], 0}, {a[0], 1}, {a[1], 100}, {a[1], 101}}, []string{"3.0 " + to + " [1 3]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := &memory{batch: 2}
			for i, p := range c.packets {
				m.packets = append(m.packets, capture.Packet{Data: p.data, Time: p.ms * 1e6, Frame: uint32(i + 1), OrigLen: uint32(len(p.data)), Link: capture.LinkRaw})
			}
			if got, _ := run(t, m, Options{Workers: 2}); !slices.Equal(got, c.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

// What a capture has of a message before something is missing is a message, whatever it came over, as over UDP.
func TestRunCut(t *testing.T) {
	const sip = "10.45.0.10:5060>10.46.0.2:5060"
	notify := request("NOTIFY", 1, strings.Repeat("x", 2000))
	uar := cxRequest(7, 600)
	syn := func() []byte { return tcp(t, ue, pcscf, 99, network.FlagSYN, "") }
	hep := hep3(5, notify)
	ws := webSocket(notify, true)
	handshake := "GET / HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: sip\r\n\r\n"
	frags := fragments(udp(t, ue, pcscf, notify), 800)
	for _, c := range []struct {
		name    string
		packets [][]byte
		snap    int
		want    []string
	}{
		{"UDP", [][]byte{udp(t, ue, pcscf, notify)}, 228,
			[]string{"1.0 NOTIFY udp " + sip + " sip-no-header-end net-incomplete"}},
		{"TCP, snap length", [][]byte{syn(), tcp(t, ue, pcscf, 100, 0, notify), tcp(t, ue, pcscf, 100+uint32(len(notify)), 0, notify)}, 240,
			[]string{"2.0 NOTIFY tcp " + sip + " sip-no-header-end net-incomplete", "3.0 NOTIFY tcp " + sip + " sip-no-header-end net-incomplete"}},
		{"TCP, a segment is lost", [][]byte{syn(), tcp(t, ue, pcscf, 100, 0, notify[:200]), tcp(t, ue, pcscf, 400, 0, notify[300:])}, 0,
			[]string{"2.0 NOTIFY tcp " + sip + " sip-no-header-end net-incomplete"}},
		{"TCP, not even a start line", [][]byte{syn(), tcp(t, ue, pcscf, 100, 0, "NOTIFY si")}, 0, nil},
		{"Diameter over TCP", [][]byte{tcp(t, pcscf, hss, 100, 0, uar), tcp(t, pcscf, hss, 100+uint32(len(uar)), 0, uar)}, 300,
			[]string{"1.0 UAR tcp 10.46.0.2:5060>10.46.0.5:3868 diameter-truncated net-incomplete",
				"2.0 UAR tcp 10.46.0.2:5060>10.46.0.5:3868 diameter-truncated net-incomplete"}},
		{"SCTP, a chunk is cut", [][]byte{sctp(t, pcscf, hss, 2, 10, 46, uar[:400]), sctp(t, pcscf, hss, 1, 11, 46, uar[400:])}, 300,
			[]string{"1.0 UAR sctp 10.46.0.2:5060>10.46.0.5:3868 diameter-truncated net-incomplete"}},
		{"SCTP, the second chunk is cut", [][]byte{sctp(t, pcscf, hss, 2, 10, 46, uar[:200]), sctp(t, pcscf, hss, 1, 11, 46, uar[200:])}, 300,
			[]string{"2.0 UAR sctp 10.46.0.2:5060>10.46.0.5:3868 [1 2] diameter-truncated net-incomplete"}},
		{"SCTP, a chunk is lost", [][]byte{sctp(t, pcscf, hss, 2, 10, 46, uar[:200]), sctp(t, pcscf, hss, 1, 12, 46, uar[400:])}, 0,
			[]string{"1.32768 UAR sctp 10.46.0.2:5060>10.46.0.5:3868 diameter-truncated net-incomplete"}},
		{"HEP over TCP", [][]byte{tcp(t, pcscf, hss, 100, 0, hep)}, 500,
			[]string{"1.0 NOTIFY udp " + sip + " [hep3 agent 5] sip-body-short net-incomplete"}},
		{"WebSocket", [][]byte{syn(), tcp(t, ue, pcscf, 100, 0, handshake), tcp(t, ue, pcscf, 100+uint32(len(handshake)), 0, ws)}, 500,
			[]string{"3.0 NOTIFY ws " + sip + " sip-body-short net-incomplete"}},
		{"fragments, the second is cut", frags, 500,
			[]string{"3.0 NOTIFY udp " + sip + " [1 2 3] sip-body-short net-fragment-missing"}},
		{"fragments, the first is lost", frags[1:], 0, nil},
		{"chunk in fragments", fragments(sctp(t, pcscf, hss, 3, 10, 46, uar), 320)[:1], 0,
			[]string{"1.0 UAR sctp 10.46.0.2:5060>10.46.0.5:3868 diameter-truncated net-incomplete"}},
		{"segment in fragments", fragments(tcp(t, ue, pcscf, 100, 0, notify), 800)[:2], 0,
			[]string{"2.0 NOTIFY tcp " + sip + " [1 2] sip-body-short net-incomplete"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newMemory(c.packets...)
			for i := range m.packets {
				if p := &m.packets[i]; c.snap > 0 && len(p.Data) > c.snap {
					p.Data = p.Data[:c.snap]
				}
			}
			if got, _ := run(t, m, Options{Workers: 2}); !slices.Equal(got, c.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}
