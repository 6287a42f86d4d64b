package gen

import (
	"bytes"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"

	"imscope/decode/sip"
)

func TestLoad(t *testing.T) {
	var out bytes.Buffer
	cfg := LoadConfig{Users: 160, RTPPerMessage: 1.5}
	stats, err := Load(&out, cfg)
	if err != nil {
		t.Fatal(err)
	}
	want := LoadStats{
		Packets: 2320 + 3478, SIPMessages: 2320, RTPPackets: 3478,
		Users: 160, Subscriptions: 80, Deregistrations: 50,
	}
	if stats != want {
		t.Errorf("got %+v, want %+v", stats, want)
	}
	r, err := pcapgo.NewReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	var last time.Time
	seen := map[string]int{}
	var packets, rtp uint64
	for {
		data, info, err := r.ReadPacketData()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		packets++
		if len(data) > ethernetLen+defaultMTU {
			t.Fatalf("packet %d of %d bytes would have been fragmented", packets, len(data))
		}
		if info.Timestamp.Before(last) {
			t.Fatalf("packet %d is earlier than the one before", packets)
		}
		last = info.Timestamp
		p := gopacket.NewPacket(data, layers.LayerTypeEthernet, gopacket.DecodeOptions{NoCopy: true})
		udp, ok := p.Layer(layers.LayerTypeUDP).(*layers.UDP)
		if !ok || p.Metadata().Truncated || int(udp.Length) != udpLen+len(udp.Payload) {
			t.Fatalf("packet %d is no whole UDP datagram: %v", packets, p)
		}
		checkIPv4(t, packets, data[ethernetLen:ethernetLen+ipv4Len])
		if udp.SrcPort != sipPort {
			rtp++
			continue
		}
		var m sip.Message
		if err := m.Parse(udp.Payload); err != nil {
			t.Fatalf("packet %d: %v", packets, err)
		}
		if len(m.Problems) > 0 {
			t.Fatalf("packet %d: %s\n%s", packets, m.Problems[0].Code.ID, udp.Payload)
		}
		if m.ContentLength != int(m.Body.Len) {
			t.Fatalf("packet %d: Content-Length %d, body %d", packets, m.ContentLength, m.Body.Len)
		}
		if m.IsRequest {
			seen[m.Method.String()]++
		} else {
			seen[fmt.Sprint(m.Status)]++
		}
	}
	if packets != want.Packets || rtp != want.RTPPackets {
		t.Errorf("file has %d packets, %d of them RTP", packets, rtp)
	}
	for kind, n := range map[string]int{"REGISTER": 2*2*160 + 2*50, "401": 2 * 160, "SUBSCRIBE": 2 * 80, "NOTIFY": 2 * (80 + 50), "200": 2 * (160 + 80 + 80 + 50 + 50)} {
		if seen[kind] != n {
			t.Errorf("%d %s, want %d", seen[kind], kind, n)
		}
	}
	var again bytes.Buffer
	if _, err := Load(&again, cfg); err != nil || !bytes.Equal(out.Bytes(), again.Bytes()) {
		t.Error("a second run gives other bytes")
	}
}

func checkIPv4(t *testing.T, packet uint64, head []byte) {
	t.Helper()
	var sum uint32
	for i := 0; i < len(head); i += 2 {
		sum += uint32(head[i])<<8 | uint32(head[i+1])
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	if sum != 0xffff {
		t.Fatalf("packet %d: IPv4 checksum is wrong", packet)
	}
}

func TestLoadRefuses(t *testing.T) {
	for _, cfg := range []LoadConfig{{}, {Users: -1}, {Users: maxLoadUsers + 1}, {Users: 1, RTPPerMessage: -1}} {
		if _, err := Load(io.Discard, cfg); err == nil {
			t.Errorf("%+v was accepted", cfg)
		}
	}
}

func TestLoadMemoryIsFlat(t *testing.T) {
	allocs := func(users int) float64 {
		return testing.AllocsPerRun(1, func() {
			if _, err := Load(io.Discard, LoadConfig{Users: users, RTPPerMessage: 2}); err != nil {
				t.Fatal(err)
			}
		})
	}
	if few, many := allocs(16), allocs(4000); many > few+10 {
		t.Errorf("%v allocations for 4000 users, %v for 16", many, few)
	}
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	var messages uint64
	for b.Loop() {
		stats, err := Load(io.Discard, LoadConfig{Users: 2000})
		if err != nil {
			b.Fatal(err)
		}
		messages = stats.SIPMessages
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(messages), "ns/message")
}
