package decode

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"imscope/decode/capture"
)

// rtp is a media packet of 20 ms G.711.
func rtp(t testing.TB, n uint16) []byte {
	return udp(t, mustAddr("10.45.0.10:40000"), mustAddr("10.46.0.2:20000"), "\x80\x08"+string([]byte{byte(n >> 8), byte(n)})+strings.Repeat("\xd5", 168))
}

// batchOf is a batch of raw IP packets in consecutive frames.
func batchOf(packets ...[]byte) *capture.Batch {
	return &capture.Batch{Packets: newMemory(packets...).packets}
}

// pass takes batches through all stages, as Run does.
func pass(opt Options) (func(*capture.Batch), *Stats) {
	st := newStats()
	w, a, out, j := newWorker(&opt), newAssembler(&opt), newHandout(&opt, st, func(*Record) error { return nil }), newJob()
	return func(b *capture.Batch) {
		w.work(j, b)
		a.batch(j)
		w.read(j)
		out.batch(j)
	}, st
}

// Once warm, a batch of anything but damage allocates nothing.
func TestBatchAllocs(t *testing.T) {
	var media, sip, mixed [][]byte
	for i := range 200 {
		media = append(media, rtp(t, uint16(i)))
		sip = append(sip, udp(t, ue, pcscf, request("REGISTER", i, "")))
	}
	mixed = append(mixed, media[:50]...)
	mixed = append(mixed, sip[:10]...)
	mixed = append(mixed, fragments(udp(t, ue, pcscf, request("NOTIFY", 1, strings.Repeat("x", 3000))), 1480)...)
	mixed = append(mixed, udp(t, pcscf, hss, hep3(1, request("REGISTER", 1, ""))))
	for name, packets := range map[string][][]byte{"media": media, "sip": sip, "mixed": mixed} {
		t.Run(name, func(t *testing.T) {
			run, st := pass(Options{})
			b := batchOf(packets...)
			run(b)
			if n := testing.AllocsPerRun(20, func() { run(b) }); n != 0 {
				t.Errorf("%v allocations per batch", n)
			}
			if name != "media" && st.SIPMessages == 0 || name == "media" && st.other[1] != st.Packets {
				t.Errorf("%d messages, %d packets", st.SIPMessages, st.Packets)
			}
		})
	}
	t.Run("tcp", func(t *testing.T) {
		run, st := pass(Options{})
		text := request("NOTIFY", 1, strings.Repeat("x", 3000))
		seq := uint32(1)
		packets := [][]byte{tcp(t, ue, pcscf, 1, 0, text[:1400]), tcp(t, ue, pcscf, 1, 0, text[1400:2800]), tcp(t, ue, pcscf, 1, 0, text[2800:]+text)}
		b := batchOf(packets...)
		step := func() {
			for i, p := range packets {
				copy(p[24:], []byte{byte(seq >> 24), byte(seq >> 16), byte(seq >> 8), byte(seq)})
				seq += uint32(len(p) - 40)
				b.Packets[i].Frame += 3
			}
			run(b)
		}
		step()
		if n := testing.AllocsPerRun(20, step); n != 0 {
			t.Errorf("%v allocations per batch", n)
		}
		if st.SIPMessages != 44 {
			t.Errorf("%d messages", st.SIPMessages)
		}
	})
}

func BenchmarkWorkMedia(b *testing.B) {
	var packets [][]byte
	for i := range 1000 {
		packets = append(packets, rtp(b, uint16(i)))
	}
	run, _ := pass(Options{})
	batch := batchOf(packets...)
	b.ReportAllocs()
	for b.Loop() {
		run(batch)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/packet")
}

func BenchmarkRun(b *testing.B) {
	var sip, segments [][]byte
	seq := uint32(1)
	for i := range 1000 {
		text := request("REGISTER", i, strings.Repeat("x", 400))
		sip = append(sip, udp(b, ue, pcscf, text))
		segments = append(segments, tcp(b, ue, pcscf, seq, 0, text))
		seq += uint32(len(text))
	}
	for name, packets := range map[string][][]byte{"udp": sip, "tcp": segments} {
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/%d", name, workers), func(b *testing.B) {
				m := newMemory(packets...)
				m.batch = 500
				b.ReportAllocs()
				n := 0
				for b.Loop() {
					m.given = 0
					if _, err := Run(context.Background(), m, Options{Workers: workers}, func(*Record) error { n++; return nil }); err != nil {
						b.Fatal(err)
					}
				}
				if n == 0 {
					b.Fatal("no messages")
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/packet")
			})
		}
	}
}

// BenchmarkRunOther is what TCP connections cost that carry no signalling.
func BenchmarkRunOther(b *testing.B) {
	var packets [][]byte
	for i := range 1000 {
		src := mustAddr(fmt.Sprint("10.45.0.10:", 20000+i%20))
		packets = append(packets, tcp(b, src, pcscf, uint32(i/20*1400), 0, "\x17\x03\x03"+strings.Repeat("\xa7", 1397)))
	}
	run, _ := pass(Options{})
	batch := batchOf(packets...)
	b.ReportAllocs()
	for b.Loop() {
		run(batch)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/packet")
}
