package decode

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"imscope/decode/capture"
	"imscope/decode/network"

	"github.com/google/gopacket/layers"
)

// tunnel is a way to mirror or carry packets: wrap makes an IPv4 packet of an IPv4 packet.
type tunnel struct {
	name string
	wrap func(t *testing.T, packet []byte) []byte
	path string
}

func tunnels() []tunnel {
	from, to := mustAddr("192.0.2.1:40000"), "192.0.2.2"
	be := func(words ...uint32) []byte {
		var b []byte
		for _, w := range words {
			b = binary.BigEndian.AppendUint32(b, w)
		}
		return b
	}
	over := func(port int, header []byte) func(*testing.T, []byte) []byte {
		return func(t *testing.T, p []byte) []byte {
			return udp(t, from, mustAddr(fmt.Sprint(to, ":", port)), string(header)+string(p))
		}
	}
	inside := func(proto layers.IPProtocol, header []byte) func(*testing.T, []byte) []byte {
		return func(t *testing.T, p []byte) []byte {
			return ip(t, from, netip.AddrPortFrom(netip.MustParseAddr(to), 0), proto, append(header[:len(header):len(header)], p...))
		}
	}
	ether := func(f func(*testing.T, []byte) []byte) func(*testing.T, []byte) []byte {
		return func(t *testing.T, p []byte) []byte {
			return f(t, append([]byte{2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0}, p...))
		}
	}
	return []tunnel{
		{"ipip", inside(layers.IPProtocolIPv4, nil), "ipip"},
		{"gre", inside(layers.IPProtocolGRE, be(0x20000800, 7)), "gre key 0x7"},
		{"erspan 2", ether(inside(layers.IPProtocolGRE, be(0x100088be, 1, 0x10640005, 3))), "erspan 5"},
		{"vxlan", ether(over(4789, be(0x08000000, 0x100))), "vxlan 1"},
		{"geneve", ether(over(6081, be(0x00006558, 0x300))), "geneve 3"},
		{"gtp-u", func(t *testing.T, p []byte) []byte {
			return over(2152, be(0x34ff0000|uint32(len(p)+8), 0x1f, 0x85, 0x01100900))(t, p)
		}, "gtp-u teid 0x1f"},
		{"esp tunnel", func(t *testing.T, p []byte) []byte {
			b := esp(0xabc, p)
			b[len(b)-13] = 4
			return inside(layers.IPProtocolESP, nil)(t, b)
		}, "esp spi 0xabc / ipip"},
		{"gtp-u in vxlan", func(t *testing.T, p []byte) []byte {
			return ether(over(4789, be(0x08000000, 0x100)))(t, over(2152, be(0x30ff0000|uint32(len(p)), 1))(t, p))
		}, "vxlan 1 / gtp-u teid 0x1"},
	}
}

// Every tunnel carries UDP, TCP and ESP, with fragments inside, outside and both, and fragments of one datagram in any
// order: nothing may be lost, and everything must be counted.
func TestRunTunnels(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	cut := func(packets [][]byte, n int) [][]byte {
		var out [][]byte
		for i, p := range packets {
			binary.BigEndian.PutUint16(p[4:], uint16(i+100)) // identification
			f := fragments(p, n)
			for _, q := range f {
				sumHeader(q)
			}
			r.Shuffle(len(f), func(i, k int) { f[i], f[k] = f[k], f[i] })
			out = append(out, f...)
		}
		return out
	}
	for _, tn := range tunnels() {
		for _, carried := range []string{"udp", "tcp", "esp"} {
			for mode := range 4 {
				t.Run(fmt.Sprintf("%s/%s/%d", tn.name, carried, mode), func(t *testing.T) {
					var packets [][]byte
					var stream string
					for i := range 4 {
						text := request("NOTIFY", i, strings.Repeat("x", 500*i))
						stream += text
						switch carried {
						case "udp":
							packets = append(packets, udp(t, ue, pcscf, text))
						case "esp":
							packets = append(packets, ip(t, ue, pcscf, layers.IPProtocolESP, esp(5, udp(t, ue, pcscf, text)[20:])))
						}
					}
					if carried == "tcp" {
						packets = append(packets, tcp(t, ue, pcscf, 0xffffff00, network.FlagSYN, ""))
						for off := 0; off < len(stream); off += 700 {
							packets = append(packets, tcp(t, ue, pcscf, 0xffffff01+uint32(off), 0, stream[off:min(off+700, len(stream))]))
						}
					}
					if mode&1 != 0 {
						packets = cut(packets, 504)
					}
					for i := range packets {
						packets[i] = tn.wrap(t, packets[i])
					}
					if mode&2 != 0 {
						packets = cut(packets, 400)
					}
					got, st := run(t, newMemory(packets...), Options{Workers: 2})
					if len(got) != 4 {
						t.Fatalf("%d messages: %q, %+v", len(got), got, st)
					}
					path := tn.path
					if carried == "esp" {
						path += " / esp spi 0x5"
					}
					for _, s := range got {
						if !strings.Contains(s, "NOTIFY") || !strings.Contains(s, "10.45.0.10:5060>10.46.0.2:5060 ["+path+"]") {
							t.Errorf("%s, want path %s", s, path)
						}
					}
					control := st.Other["tcp-control"]
					if st.Signalling+control != st.Packets || carried != "tcp" && control != 0 {
						t.Errorf("%d of %d packets signalling, %v", st.Signalling, st.Packets, st.Other)
					}
				})
			}
		}
	}
}

// sumHeader sets the checksum of an IPv4 header without options.
func sumHeader(p []byte) {
	p[10], p[11] = 0, 0
	sum := uint32(0)
	for i := 0; i < 20; i += 2 {
		sum += uint32(binary.BigEndian.Uint16(p[i:]))
	}
	sum = sum>>16 + sum&0xffff
	sum += sum >> 16
	binary.BigEndian.PutUint16(p[10:], ^uint16(sum))
}

// Hostile streams must not cost more than linear time: a header in tiny pieces, and start lines in a row.
func BenchmarkHostileStreams(b *testing.B) {
	for name, text := range map[string]string{
		"long header":  "REGISTER sip:a SIP/2.0\r\n" + strings.Repeat("a:\n", 20000),
		"start lines":  strings.Repeat("REGISTER sip:a SIP/2.0\r\nb:", 3000),
		"empty lines":  strings.Repeat("REGISTER sip:a SIP/2.0\r\nContent-Length: 99999\r\n\r\n", 1500),
		"other":        strings.Repeat("GET / HTTP/1.1 SIP/2.0 ", 3000),
		"diameter-ish": strings.Repeat("\x01\x00\x00\x14\x80\x00\x01\x01\x00\x00\x00\x00", 6000),
	} {
		for _, step := range []int{3, 1400} {
			b.Run(fmt.Sprintf("%s/%d", name, step), func(b *testing.B) {
				var packets [][]byte
				for off := 0; off < len(text); off += step {
					packets = append(packets, tcp(b, ue, pcscf, uint32(off), 0, text[off:min(off+step, len(text))]))
				}
				batch := &capture.Batch{Packets: newMemory(packets...).packets}
				for b.Loop() {
					run, _ := pass(Options{})
					run(batch)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(packets)), "ns/packet")
			})
		}
	}
}
