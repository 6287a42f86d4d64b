package decode

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"imscope/decode/capture"
	"imscope/decode/network"

	"github.com/google/gopacket/layers"
)

func TestRun(t *testing.T) {
	reg, ok := request("REGISTER", 1, ""), response(200, 1)
	notify := request("NOTIFY", 2, strings.Repeat("x", 1500))
	uar := cxRequest(7, 100)
	frags := fragments(udp(t, pcscf, ue, notify), 800)
	const end = "10.45.0.10:5060>10.46.0.2:5060"
	cases := []struct {
		name       string
		packets    [][]byte
		want       []string
		signalling uint64
		other      map[string]uint64
		undecoded  []string
	}{
		{name: "UDP", packets: [][]byte{udp(t, ue, pcscf, reg), udp(t, pcscf, ue, ok)},
			want: []string{"1.0 REGISTER udp " + end, "2.0 200 udp 10.46.0.2:5060>10.45.0.10:5060"}, signalling: 2},
		{name: "UDP over IPv6 with a line end first", packets: [][]byte{udp(t, ue6, cscf6, "\r\n"+reg)},
			want: []string{"1.0 REGISTER udp [fd45::10]:5060>[fd46::2]:5060"}, signalling: 1},
		{name: "any port", packets: [][]byte{udp(t, ue, hss, reg)},
			want: []string{"1.0 REGISTER udp 10.45.0.10:5060>10.46.0.5:3868"}, signalling: 1},
		{name: "fragments", packets: [][]byte{frags[1], udp(t, ue, pcscf, reg), frags[0], frags[2]},
			want: []string{"2.0 REGISTER udp " + end, "4.0 NOTIFY udp 10.46.0.2:5060>10.45.0.10:5060 [1 3 4]"}, signalling: 4},
		{name: "second fragment missing", packets: [][]byte{frags[0], frags[2]}, signalling: 2,
			want: []string{"2.0 NOTIFY udp 10.46.0.2:5060>10.45.0.10:5060 [1 2] sip-body-short net-fragment-missing"}},
		{name: "first fragment missing", packets: [][]byte{frags[1], frags[2]}, undecoded: []string{"ip-incomplete 2 first 1"}},
		{name: "two messages in a datagram", packets: [][]byte{udp(t, ue, pcscf, reg+reg)},
			want: []string{"1.0 REGISTER udp " + end + " sip-second-message"}, signalling: 1},
		{name: "keep-alives and others", packets: [][]byte{
			udp(t, ue, pcscf, "\r\n\r\n"), udp(t, ue, pcscf, "\x00\x00"), udp(t, ue, pcscf, "jaK"), udp(t, ue, pcscf, ""),
			udp(t, ue, pcscf, "\x00\x01\x00\x00\x21\x12\xa4\x42abcdefghijkl"), udp(t, ue, pcscf, "\xf8\x00\x11abc"), udp(t, ue, hss, "\x80\x08rtp")},
			other: map[string]uint64{"keep-alive": 4, "stun": 1, "sigcomp": 1, "udp": 1}},
		{name: "SigComp", packets: [][]byte{
			udp(t, mustAddr("10.45.0.10:1357"), mustAddr("10.46.0.2:7531"), "\xf9123456abc"), udp(t, mustAddr("10.45.0.10:1357"), mustAddr("10.46.0.2:7531"), reg),
			udp(t, mustAddr("10.45.0.10:1357"), mustAddr("10.46.0.2:7531"), "\xf9123456abc"), udp(t, mustAddr("10.46.0.2:7531"), mustAddr("10.45.0.10:1357"), "\xff\x81f123456789012"),
			udp(t, mustAddr("10.45.0.10:1357"), mustAddr("10.46.0.2:7531"), "\xfb123456abc"), udp(t, mustAddr("10.45.0.10:1358"), mustAddr("10.46.0.2:7532"), "\xf9123456abc")},
			want: []string{"2.0 REGISTER udp 10.45.0.10:1357>10.46.0.2:7531"}, signalling: 1, other: map[string]uint64{"sigcomp": 2, "udp": 3}},
		{name: "ICMP quotes SIP", packets: [][]byte{ip(t, pcscf, ue, layers.IPProtocolICMPv4, append([]byte{3, 3, 0, 0, 0, 0, 0, 0}, udp(t, ue, pcscf, reg)...))},
			other: map[string]uint64{"icmp": 1}},
		{name: "TCP", packets: [][]byte{
			tcp(t, ue, pcscf, 99, network.FlagSYN, ""), tcp(t, ue, pcscf, 100, 0, reg[:50]), tcp(t, ue, pcscf, 150, 0, reg[50:]+reg)},
			want: []string{"3.0 REGISTER tcp " + end + " [2 3]", "3.1 REGISTER tcp " + end}, signalling: 2, other: map[string]uint64{"tcp-control": 1}},
		{name: "TCP, the end is lost", packets: [][]byte{
			tcp(t, pcscf, ue, 99, network.FlagSYN, ""), tcp(t, pcscf, ue, 100, 0, notify[:900]), tcp(t, pcscf, ue, 100+uint32(len(notify)), network.FlagFIN, "")},
			want:       []string{"2.0 NOTIFY tcp 10.46.0.2:5060>10.45.0.10:5060 sip-body-short net-incomplete"},
			signalling: 1, other: map[string]uint64{"tcp-control": 2}},
		{name: "TCP, Content-Length too small and too large", packets: [][]byte{
			tcp(t, ue, pcscf, 99, network.FlagSYN, ""),
			tcp(t, ue, pcscf, 100, 0, strings.Replace(request("MESSAGE", 1, "hello"), "Length: 5", "Length: 2", 1)+reg+strings.Replace(reg, "Length: 0", "Length: 9999999", 1)+reg)},
			want:       []string{"2.0 MESSAGE tcp " + end, "2.1 REGISTER tcp " + end, "2.2 REGISTER tcp " + end + " sip-body-short", "2.3 REGISTER tcp " + end},
			signalling: 1, other: map[string]uint64{"tcp-control": 1}},
		{name: "TCP, contradicting retransmission", packets: [][]byte{
			tcp(t, ue, pcscf, 99, network.FlagSYN, ""), tcp(t, ue, pcscf, 100, 0, reg[:50]), tcp(t, ue, pcscf, 120, 0, strings.ToUpper(reg[20:50])+reg[50:])},
			want: []string{"3.0 REGISTER tcp " + end + " [2 3] net-overlap"}, signalling: 2, other: map[string]uint64{"tcp-control": 1}},
		{name: "Diameter over TCP", packets: [][]byte{tcp(t, pcscf, hss, 100, 0, uar+uar[:9]), tcp(t, pcscf, hss, 109+uint32(len(uar)), 0, uar[9:])},
			want:       []string{"1.0 UAR tcp 10.46.0.2:5060>10.46.0.5:3868", "2.0 UAR tcp 10.46.0.2:5060>10.46.0.5:3868 [1 2]"},
			signalling: 2},
		{name: "SCTP", packets: [][]byte{
			sctp(t, pcscf, hss, 2, 10, 46, uar[:60]), sctp(t, pcscf, hss, 1, 11, 46, uar[60:]), sctp(t, pcscf, hss, 3, 12, 0, reg), sctp(t, pcscf, hss, 3, 13, 18, "s1ap")},
			want:       []string{"2.0 UAR sctp 10.46.0.2:5060>10.46.0.5:3868 [1 2]", "3.0 REGISTER sctp 10.46.0.2:5060>10.46.0.5:3868"},
			signalling: 3, other: map[string]uint64{"sctp": 1}},
		{name: "fragmented segment", packets: fragments(tcp(t, ue, pcscf, 100, 0, reg), 200),
			want: []string{"2.0 REGISTER tcp " + end + " [1 2]"}, signalling: 2},
		{name: "ESP without encryption", packets: [][]byte{ip(t, ue, pcscf, layers.IPProtocolESP, esp(0xabc, udp(t, ue, pcscf, reg)[20:]))},
			want: []string{"1.0 REGISTER udp " + end + " [esp spi 0xabc]"}, signalling: 1},
		{name: "ESP in fragments", packets: fragments(ip(t, ue, pcscf, layers.IPProtocolESP, esp(0xabc, udp(t, ue, pcscf, reg)[20:])), 104),
			want: []string{"3.0 REGISTER udp " + end + " [esp spi 0xabc] [1 2 3]"}, signalling: 3},
		{name: "encrypted ESP", packets: [][]byte{ip(t, ue, pcscf, layers.IPProtocolESP, []byte(strings.Repeat("encrypted", 20)))},
			undecoded: []string{"esp-encrypted 1 first 1"}},
		{name: "HEP3", packets: [][]byte{udp(t, pcscf, hss, hep3(0x7d1, reg)), udp(t, pcscf, hss, hep3(0x7d1, "no SIP"))},
			want: []string{"1.0 REGISTER udp 10.45.0.10:5060>10.46.0.2:5060 [hep3 agent 2001]"}, signalling: 1, other: map[string]uint64{"hep": 1}},
		{name: "HEP3 over TCP", packets: [][]byte{tcp(t, pcscf, hss, 1, 0, hep3(5, reg)+hep3(5, ok)[:9]), tcp(t, pcscf, hss, 1+uint32(len(hep3(5, reg)))+9, 0, hep3(5, ok)[9:])},
			want: []string{"1.0 REGISTER udp 10.45.0.10:5060>10.46.0.2:5060 [hep3 agent 5]",
				"2.0 200 udp 10.45.0.10:5060>10.46.0.2:5060 [hep3 agent 5] [1 2]"}, signalling: 2},
		{name: "WebSocket", packets: [][]byte{
			tcp(t, ue, pcscf, 0, network.FlagSYN, ""),
			tcp(t, ue, pcscf, 1, 0, "GET / HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: sip\r\n\r\n"),
			tcp(t, ue, pcscf, 68, 0, webSocket(reg, true)), tcp(t, ue, pcscf, 68+uint32(len(webSocket(reg, true))), 0, webSocket(ok, true))},
			want:       []string{"3.0 REGISTER ws " + end, "4.0 200 ws " + end},
			signalling: 3, other: map[string]uint64{"tcp-control": 1}},
		{name: "other TCP", packets: [][]byte{tcp(t, ue, pcscf, 1, 0, "\x16\x03\x01\x00\x05hello"), tcp(t, ue, hss, 1, 0, "GET / HTTP/1.1\r\n\r\n")},
			other: map[string]uint64{"tls": 1, "tcp-data": 1}},
		{name: "damaged", packets: [][]byte{{0x45, 0}, udp(t, ue, pcscf, reg), {0x45, 0, 1}, {0x90}},
			want: []string{"2.0 REGISTER udp " + end}, signalling: 1, undecoded: []string{"ip-header 1 first 4", "ip-truncated 2 first 1"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, st := run(t, newMemory(c.packets...), Options{Workers: 2})
			if !slices.Equal(got, c.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
			if c.other == nil {
				c.other = map[string]uint64{}
			}
			if st.Signalling != c.signalling || !maps.Equal(st.Other, c.other) {
				t.Errorf("signalling %d, other %v, want %d, %v", st.Signalling, st.Other, c.signalling, c.other)
			}
			var undecoded []string
			for name, u := range st.Undecodable {
				undecoded = append(undecoded, fmt.Sprintf("%s %d first %d", name, u.Packets, u.Frame))
			}
			slices.Sort(undecoded)
			if !slices.Equal(undecoded, c.undecoded) {
				t.Errorf("undecodable %q, want %q", undecoded, c.undecoded)
			}
			if n := st.SIPMessages + st.DiameterMessages; int(n) != len(got) {
				t.Errorf("%d messages counted, %d records", n, len(got))
			}
		})
	}
}

func TestRunDetails(t *testing.T) {
	t.Run("time and agent of HEP", func(t *testing.T) {
		Run(context.Background(), newMemory(udp(t, pcscf, hss, hep3(9, request("REGISTER", 1, "")))), Options{}, func(r *Record) error {
			if r.Time != 1700000000000005000 || r.Agent != 9 || r.Time+r.Lag != 1e6 {
				t.Errorf("time %d, lag %d, agent %d", r.Time, r.Lag, r.Agent)
			}
			return nil
		})
	})
	t.Run("frames without time", func(t *testing.T) {
		m := newMemory(udp(t, ue, pcscf, request("REGISTER", 1, "")), udp(t, ue, pcscf, request("REGISTER", 2, "")))
		m.packets[1].Time, m.packets[1].NoTime = 0, true
		var times []int64
		Run(context.Background(), m, Options{}, func(r *Record) error { times = append(times, r.Time); return nil })
		if !slices.Equal(times, []int64{1e6, 1e6}) {
			t.Errorf("times %v", times)
		}
	})
	t.Run("unknown link type", func(t *testing.T) {
		m := newMemory(udp(t, ue, pcscf, "x"), udp(t, ue, pcscf, "x"), udp(t, ue, pcscf, "x"))
		m.packets[1].Link, m.packets[2].Link = 147, 147
		m.packets[1].File = 3
		_, st := run(t, m, Options{})
		if u := st.Undecodable["unknown link type 147"]; u.Packets != 2 || u.Frame != 2 || u.File != 3 || u.Title == "" {
			t.Errorf("%+v", st.Undecodable)
		}
		m.given = 0
		opt := Options{}
		opt.UserDLT[0] = capture.LinkRaw
		if _, st = run(t, m, opt); len(st.Undecodable) != 0 {
			t.Errorf("mapped: %+v", st.Undecodable)
		}
	})
	t.Run("problems are counted", func(t *testing.T) {
		bad := strings.Replace(request("REGISTER", 1, ""), "Max-Forwards: 70\r\n", "", 1)
		_, st := run(t, newMemory(udp(t, ue, pcscf, bad+"x")), Options{})
		if len(st.Problems) != 1 || st.Problems["sip-bytes-after-body"] != 1 {
			t.Errorf("parsed: %v", st.Problems)
		}
		_, st = run(t, newMemory(udp(t, ue, pcscf, bad)), Options{Check: true})
		if st.Problems["sip-missing-max-forwards"] != 1 {
			t.Errorf("checked: %v", st.Problems)
		}
	})
	t.Run("cut before anybody can tell", func(t *testing.T) {
		long := udp(t, ue, pcscf, strings.Replace(request("REGISTER", 1, ""), "ims.example", strings.Repeat("x", 100)+".example", 1))
		media := udp(t, ue, pcscf, "\x80\x08 media")
		hep := udp(t, pcscf, hss, hep3(1, request("REGISTER", 1, "")))
		m := newMemory(long[:28], long[:60], media[:34], media, hep[:len(hep)-len(request("REGISTER", 1, ""))+4], media[:28])
		for i := range m.packets {
			m.packets[i].OrigLen = uint32(len(long))
		}
		m.packets[3].OrigLen = uint32(len(media))
		_, st := run(t, m, Options{})
		if u := st.Undecodable["payload-truncated"]; u.Packets != 3 || u.Frame != 1 || st.Other["udp"] != 2 || st.Signalling != 1 {
			t.Errorf("%+v, other %v", st.Undecodable, st.Other)
		}
	})
	t.Run("closed security associations", func(t *testing.T) {
		_, st := run(t, newMemory(ip(t, ue, pcscf, layers.IPProtocolESP, []byte(strings.Repeat("\x01", 60)))), Options{})
		if len(st.Encrypted) != 1 || st.Encrypted[0].SPI != 0x01010101 || st.Encrypted[0].Dst != pcscf.Addr() || st.Encrypted[0].First.Frame != 1 {
			t.Errorf("%+v", st.Encrypted)
		}
	})
}

func TestRunEnds(t *testing.T) {
	many := make([][]byte, 50)
	for i := range many {
		many[i] = udp(t, ue, pcscf, request("REGISTER", i, ""))
	}
	t.Run("callback fails", func(t *testing.T) {
		m, stop, n := newMemory(many...), errors.New("stop"), 0
		st, err := Run(context.Background(), m, Options{Workers: 4}, func(*Record) error {
			if n++; n == 7 {
				return stop
			}
			return nil
		})
		if err != stop || n != 7 || st == nil || st.SIPMessages != 7 {
			t.Errorf("%v after %d records, %+v", err, n, st)
		}
		if m.released != m.given {
			t.Errorf("%d packets given, %d released", m.given, m.released)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(context.Background())
		why := errors.New("interrupted")
		m, n := newMemory(many...), 0
		_, err := Run(ctx, m, Options{Workers: 1}, func(*Record) error {
			if n++; n == 3 {
				cancel(why)
			}
			return nil
		})
		if err != why || m.released != m.given {
			t.Errorf("%v, %d packets given, %d released", err, m.given, m.released)
		}
	})
	t.Run("source fails", func(t *testing.T) {
		m := newMemory(many...)
		m.err = errors.New("disk")
		n := 0
		st, err := Run(context.Background(), m, Options{Workers: 3}, func(*Record) error { n++; return nil })
		if err != m.err || n != 50 || st.SIPMessages != 50 {
			t.Errorf("%v after %d records, %d counted", err, n, st.SIPMessages)
		}
	})
	t.Run("empty", func(t *testing.T) {
		if got, st := run(t, newMemory(), Options{}); len(got) != 0 || st.Packets != 0 {
			t.Errorf("%v, %+v", got, st)
		}
	})
}

// The records must not depend on the number of workers nor on how packets come in batches.
func TestRunWorkers(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		var packets [][]byte
		seq := map[int]uint32{}
		for i := range 120 {
			body := strings.Repeat("x", r.IntN(2000))
			switch r.IntN(8) {
			case 0:
				packets = append(packets, udp(t, ue, pcscf, request("MESSAGE", i, body)))
			case 1:
				packets = append(packets, fragments(udp(t, ue, pcscf, request("NOTIFY", i, body)), 8*(1+r.IntN(100)))...)
			case 2, 3:
				port := 1000 + r.IntN(3)
				src := ue.Addr().String() + fmt.Sprint(":", port)
				text := request("PUBLISH", i, body)
				for len(text) > 0 {
					n := min(len(text), 1+r.IntN(1200))
					packets = append(packets, tcp(t, mustAddr(src), pcscf, seq[port], 0, text[:n]))
					seq[port] += uint32(n)
					text = text[n:]
				}
			case 4:
				packets = append(packets, sctp(t, pcscf, hss, 3, uint32(i), 46, cxRequest(uint32(i), len(body)/4)))
			case 5:
				packets = append(packets, ip(t, ue, pcscf, layers.IPProtocolESP, esp(5, udp(t, ue, pcscf, request("SUBSCRIBE", i, body[:len(body)/2]))[20:])))
			case 6:
				packets = append(packets, udp(t, ue, pcscf, "\x80\x08"+body))
			case 7:
				packets = append(packets, udp(t, ue, pcscf, body)[:20+r.IntN(8)])
			}
		}
		for range 10 {
			i := r.IntN(len(packets) - 1)
			packets[i], packets[i+1] = packets[i+1], packets[i]
		}
		var want []string
		var stats string
		for n, opt := range []Options{{Workers: 1}, {Workers: 2}, {Workers: 4}, {Workers: 9}} {
			m := newMemory(packets...)
			m.batch = 1 + n*17
			got, st := run(t, m, opt)
			if n == 0 {
				want, stats = got, fmt.Sprintf("%+v", *st)
				continue
			}
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d: %d workers give other records", seed, opt.Workers)
			}
			if s := fmt.Sprintf("%+v", *st); s != stats {
				t.Fatalf("seed %d: %d workers give other counts\n%s\n%s", seed, opt.Workers, s, stats)
			}
		}
		if len(want) < 30 {
			t.Fatalf("seed %d: only %d records", seed, len(want))
		}
	}
}

// SIP and Diameter over TCP, however cut, repeated and disordered, give the messages that were sent.
func TestRunAnySegmentation(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 2))
		dia := seed%4 == 0
		var text string
		var want []string
		for i := range 1 + r.IntN(10) {
			if dia {
				text += cxRequest(uint32(i), r.IntN(500))
				want = append(want, "UAR")
				continue
			}
			text += strings.Repeat("\r\n", r.IntN(3)) + request([]string{"REGISTER", "NOTIFY", "FOO"}[r.IntN(3)], i, strings.Repeat("y", r.IntN(900)))
			want = append(want, fmt.Sprint(i))
		}
		isn := r.Uint32()
		var segs [][]byte
		step := 1 + r.IntN(400)
		for off := 0; off < len(text); {
			n := min(len(text)-off, 1+r.IntN(step))
			segs = append(segs, tcp(t, ue, pcscf, isn+1+uint32(off), 0, text[off:off+n]))
			if r.IntN(4) == 0 {
				from := max(0, off-r.IntN(100))
				segs = append(segs, tcp(t, ue, pcscf, isn+1+uint32(from), 0, text[from:off+n]))
			}
			off += n
		}
		for range len(segs) / 3 {
			i := r.IntN(len(segs))
			k := min(len(segs)-1, i+r.IntN(8))
			segs[i], segs[k] = segs[k], segs[i]
		}
		segs = append([][]byte{tcp(t, ue, pcscf, isn, network.FlagSYN, "")}, segs...)
		var got []string
		_, err := Run(context.Background(), newMemory(segs...), Options{Workers: 1}, func(r *Record) error {
			if r.SIP != nil {
				id, _, _ := strings.Cut(string(r.SIP.Named("Call-ID")), "@")
				got = append(got, id)
				if len(r.SIP.Problems) > 0 {
					t.Errorf("seed %d: %v", seed, r.SIP.Problems[0].Code.ID)
				}
			} else {
				got = append(got, r.Diameter.Name())
			}
			return nil
		})
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("seed %d: %v, %v, want %v", seed, err, got, want)
		}
	}
}

// A capture that runs on must not keep fragments or connections for ever, whatever else it carries.
func TestRunForgets(t *testing.T) {
	m := newMemory(fragments(udp(t, ue, pcscf, request("NOTIFY", 1, strings.Repeat("x", 2000))), 800)[0], udp(t, ue, pcscf, "\x80rtp"))
	m.packets[1].Time += int64(time.Hour)
	m.batch = 1
	run, st := pass(Options{})
	for range m.packets {
		b, _ := m.Next(context.Background())
		run(b)
	}
	if st.Fragments.Incomplete != 1 || st.SIPMessages != 1 {
		t.Error("the fragment is still held an hour later")
	}
}

// What a connection begins with in a capture is not joined with what lies before it.
func TestRunBeginsInDisorder(t *testing.T) {
	text := request("INVITE", 1, "")
	packets := [][]byte{
		tcp(t, ue, pcscf, 1000, network.FlagACK, text[:2]), tcp(t, ue, pcscf, 2500, network.FlagACK, "az"), tcp(t, ue, pcscf, 1002, network.FlagACK, text[2:]),
	}
	if _, err := Run(t.Context(), newMemory(packets...), Options{}, func(r *Record) error {
		if !strings.HasSuffix(text, string(r.SIP.Raw)) {
			t.Errorf("message %q", r.SIP.Raw)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}
