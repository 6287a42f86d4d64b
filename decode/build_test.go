package decode

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"testing"

	"imscope/decode/capture"
	"imscope/decode/network"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// The endpoints of the packets that the tests build.
var (
	ue    = netip.MustParseAddrPort("10.45.0.10:5060")
	pcscf = netip.MustParseAddrPort("10.46.0.2:5060")
	hss   = netip.MustParseAddrPort("10.46.0.5:3868")
	ue6   = netip.MustParseAddrPort("[fd45::10]:5060")
	cscf6 = netip.MustParseAddrPort("[fd46::2]:5060")
)

// request is a SIP request with this CSeq number and body.
func request(method string, n int, body string) string {
	return fmt.Sprintf("%s sip:ims.example SIP/2.0\r\nVia: SIP/2.0/UDP 10.45.0.10:5060;branch=z9hG4bK%d\r\n"+
		"Max-Forwards: 70\r\nFrom: <sip:alice@ims.example>;tag=1\r\nTo: <sip:alice@ims.example>\r\nCall-ID: %d@ue\r\nCSeq: %d %s\r\n"+
		"Content-Length: %d\r\n\r\n%s", method, n, n, n, method, len(body), body)
}

// response is a SIP response with this CSeq number.
func response(status, n int) string {
	return fmt.Sprintf("SIP/2.0 %d OK\r\nVia: SIP/2.0/UDP 10.45.0.10:5060;branch=z9hG4bK%d\r\nFrom: <sip:alice@ims.example>;tag=1\r\n"+
		"To: <sip:alice@ims.example>;tag=2\r\nCall-ID: %d@ue\r\nCSeq: %d REGISTER\r\nContent-Length: 0\r\n\r\n", status, n, n, n)
}

// cxRequest is a User-Authorization-Request with one AVP of this length.
func cxRequest(id uint32, n int) string {
	n = (n + 3) &^ 3
	b := binary.BigEndian.AppendUint32(nil, 1<<24|uint32(20+8+n))
	b = binary.BigEndian.AppendUint32(b, 0xc0<<24|300)
	b = binary.BigEndian.AppendUint32(b, 16777216)
	b = binary.BigEndian.AppendUint32(b, id)
	b = binary.BigEndian.AppendUint32(b, id)
	b = binary.BigEndian.AppendUint32(b, 263)
	b = binary.BigEndian.AppendUint32(b, 0x40<<24|uint32(8+n))
	return string(append(b, strings.Repeat("s", n)...))
}

func serialize(t testing.TB, l ...gopacket.SerializableLayer) []byte {
	t.Helper()
	buf := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(buf, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, l...); err != nil {
		t.Fatal(err)
	}
	return bytes.Clone(buf.Bytes())
}

// ip puts b into an IP packet between two addresses.
func ip(t testing.TB, src, dst netip.AddrPort, proto layers.IPProtocol, b []byte) []byte {
	t.Helper()
	if src.Addr().Is4() {
		return serialize(t, &layers.IPv4{Version: 4, IHL: 5, TTL: 64, Id: 7, Protocol: proto, SrcIP: src.Addr().AsSlice(),
			DstIP: dst.Addr().AsSlice()}, gopacket.Payload(b))
	}
	return serialize(t, &layers.IPv6{Version: 6, HopLimit: 64, NextHeader: proto, SrcIP: src.Addr().AsSlice(),
		DstIP: dst.Addr().AsSlice()}, gopacket.Payload(b))
}

// udp is an IP packet with a UDP datagram.
func udp(t testing.TB, src, dst netip.AddrPort, payload string) []byte {
	t.Helper()
	u := &layers.UDP{SrcPort: layers.UDPPort(src.Port()), DstPort: layers.UDPPort(dst.Port())}
	return ip(t, src, dst, layers.IPProtocolUDP, transport(t, u, src, dst, payload))
}

// tcp is an IP packet with a TCP segment.
func tcp(t testing.TB, src, dst netip.AddrPort, seq uint32, flags int, payload string) []byte {
	t.Helper()
	c := &layers.TCP{SrcPort: layers.TCPPort(src.Port()), DstPort: layers.TCPPort(dst.Port()), Seq: seq, Window: 1000, ACK: true,
		SYN: flags&network.FlagSYN != 0, FIN: flags&network.FlagFIN != 0}
	return ip(t, src, dst, layers.IPProtocolTCP, transport(t, c, src, dst, payload))
}

type checksummed interface {
	gopacket.SerializableLayer
	SetNetworkLayerForChecksum(gopacket.NetworkLayer) error
}

func transport(t testing.TB, l checksummed, src, dst netip.AddrPort, payload string) []byte {
	t.Helper()
	var n gopacket.NetworkLayer = &layers.IPv4{SrcIP: src.Addr().AsSlice(), DstIP: dst.Addr().AsSlice()}
	if src.Addr().Is6() {
		n = &layers.IPv6{SrcIP: src.Addr().AsSlice(), DstIP: dst.Addr().AsSlice()}
	}
	if err := l.SetNetworkLayerForChecksum(n); err != nil {
		t.Fatal(err)
	}
	return serialize(t, l, gopacket.Payload(payload))
}

// sctp is an IP packet with one DATA chunk.
func sctp(t testing.TB, src, dst netip.AddrPort, flags byte, tsn, ppid uint32, payload string) []byte {
	b := binary.BigEndian.AppendUint16(nil, src.Port())
	b = binary.BigEndian.AppendUint16(b, dst.Port())
	b = binary.BigEndian.AppendUint32(b, 0x1234)
	b = binary.BigEndian.AppendUint32(b, 0)
	b = append(b, 0, flags)
	b = binary.BigEndian.AppendUint16(b, uint16(16+len(payload)))
	b = binary.BigEndian.AppendUint32(b, tsn)
	b = binary.BigEndian.AppendUint32(b, 0)
	b = binary.BigEndian.AppendUint32(b, ppid)
	b = append(b, payload...)
	return ip(t, src, dst, layers.IPProtocolSCTP, append(b, make([]byte, (4-len(b)%4)%4)...))
}

// fragments cuts an IPv4 packet into fragments of n bytes of payload, a multiple of 8.
func fragments(packet []byte, n int) [][]byte {
	var out [][]byte
	header, payload := packet[:20], packet[20:]
	for off := 0; off < len(payload); off += n {
		part := payload[off:min(off+n, len(payload))]
		f := append(bytes.Clone(header), part...)
		binary.BigEndian.PutUint16(f[2:], uint16(len(f)))
		more := uint16(0)
		if off+n < len(payload) {
			more = 0x2000
		}
		binary.BigEndian.PutUint16(f[6:], more|uint16(off/8))
		out = append(out, f)
	}
	return out
}

// memory is a Source of packets in memory, in batches of the given size.
type memory struct {
	packets  []capture.Packet
	batch    int
	err      error // at the end, instead of io.EOF
	released int
	given    int
}

// newMemory returns a Source of raw IP packets, one millisecond apart.
func newMemory(packets ...[]byte) *memory {
	m := &memory{batch: 3}
	for i, b := range packets {
		m.packets = append(m.packets, capture.Packet{
			Data: b, Time: int64(i+1) * 1e6, Frame: uint32(i + 1), OrigLen: uint32(len(b)), Link: capture.LinkRaw,
		})
	}
	return m
}

func (m *memory) Next(ctx context.Context) (*capture.Batch, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	if m.given == len(m.packets) {
		if m.err != nil {
			return nil, m.err
		}
		return nil, io.EOF
	}
	n := min(m.batch, len(m.packets)-m.given)
	b := &capture.Batch{Packets: m.packets[m.given : m.given+n], Free: func(*capture.Batch) { m.released += n }}
	m.given += n
	return b, nil
}

func (m *memory) Files() []capture.FileInfo { return nil }
func (m *memory) Close() error              { return nil }

// describe is one line that says what a record is.
func describe(r *Record) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d.%d ", r.Frame, r.Sub)
	switch {
	case r.SIP != nil && r.SIP.IsRequest:
		fmt.Fprintf(&b, "%s", r.SIP.MethodSpan.In(r.SIP.Raw))
	case r.SIP != nil:
		fmt.Fprintf(&b, "%d", r.SIP.Status)
	default:
		fmt.Fprintf(&b, "%s", r.Diameter.Name())
	}
	fmt.Fprintf(&b, " %s %v>%v", r.Proto, r.Src, r.Dst)
	if p := r.Path.String(); p != "" {
		fmt.Fprintf(&b, " [%s]", p)
	}
	if len(r.Frames) != 1 || r.Frames[0] != r.Frame {
		fmt.Fprintf(&b, " %v", r.Frames)
	}
	problems := r.SIP == nil
	if r.SIP != nil {
		for _, p := range r.SIP.Problems {
			fmt.Fprintf(&b, " %s", p.Code.ID)
		}
	}
	if problems {
		for _, p := range r.Diameter.Problems {
			fmt.Fprintf(&b, " %s", p.Code.ID)
		}
	}
	return b.String()
}

// run decodes a source and describes the records.
func run(t testing.TB, src capture.Source, opt Options) ([]string, *Stats) {
	t.Helper()
	var got []string
	st, err := Run(context.Background(), src, opt, func(r *Record) error {
		got = append(got, describe(r))
		return nil
	})
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
		t.Errorf("%d packets counted of %d: %+v", sum, st.Packets, st)
	}
	return got, st
}
