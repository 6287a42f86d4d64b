package decode

import (
	"bytes"
	"encoding/binary"
	"maps"
	"slices"
	"strings"
	"testing"

	"imscope/decode/capture"
	"imscope/decode/network"
)

// otherPort makes the copy of a packet that another capture point sees: another TTL and so another checksum, and a VLAN
// tag if wanted.
func otherPort(packet []byte, vlan uint16) []byte {
	p := bytes.Clone(packet)
	p[8]--
	sumHeader(p)
	tag := []byte{2, 0, 0, 0, 0, 4, 2, 0, 0, 0, 0, 3}
	if vlan != 0 {
		tag = binary.BigEndian.AppendUint16(append(tag, 0x81, 0), vlan)
	}
	return append(append(tag, 8, 0), p...)
}

// A datagram that two mirror ports capture fragment by fragment is one message and no damage.
func TestRunFragmentsTwice(t *testing.T) {
	whole := udp(t, pcscf, ue, request("NOTIFY", 2, strings.Repeat("x", 1500)))
	a := fragments(whole, 800)
	reused := fragments(udp(t, pcscf, ue, request("NOTIFY", 3, strings.Repeat("y", 1500))), 800)
	for _, f := range append(slices.Clone(a), reused...) {
		sumHeader(f)
	}
	type packet struct {
		data []byte
		at   int64 // ms
	}
	const m1, m2 = "NOTIFY udp 10.46.0.2:5060>10.45.0.10:5060", "NOTIFY udp 10.46.0.2:5060>10.45.0.10:5060"
	plain := func(f []byte, at int64) packet {
		return packet{append(make([]byte, 12, 20), append([]byte{8, 0}, f...)...), at}
	}
	other := func(f []byte, at int64, vlan uint16) packet { return packet{otherPort(f, vlan), at} }
	for _, c := range []struct {
		name      string
		packets   []packet
		want      []string
		copies    uint64
		undecoded string
	}{
		{"interleaved", []packet{plain(a[0], 1), plain(a[0], 1), plain(a[1], 2), plain(a[1], 2), plain(a[2], 3), plain(a[2], 3)},
			[]string{"5.0 " + m1 + " [1 3 5]"}, 1, ""},
		{"TTL and MAC differ", []packet{plain(a[0], 1), other(a[0], 2, 0), plain(a[1], 3), other(a[1], 4, 0), plain(a[2], 5), other(a[2], 6, 0)},
			[]string{"5.0 " + m1 + " [1 3 5]"}, 1, ""},
		{"three times", []packet{plain(a[0], 1), plain(a[0], 1), plain(a[0], 1), plain(a[1], 2), plain(a[2], 2), plain(a[1], 2), plain(a[1], 2), plain(a[2], 2), plain(a[2], 2)},
			[]string{"5.0 " + m1 + " [1 4 5]"}, 4, ""},
		{"one after the other is sent twice, as far as this goes", []packet{plain(a[0], 1), plain(a[1], 1), plain(a[2], 1), other(a[0], 2, 0), other(a[1], 2, 0), other(a[2], 2, 0)},
			[]string{"3.0 " + m1 + " [1 2 3]", "6.0 " + m1 + " [4 5 6]"}, 0, ""},
		{"with and without a VLAN tag", []packet{plain(a[0], 1), other(a[0], 1, 7), plain(a[1], 2), other(a[1], 2, 7), plain(a[2], 3), other(a[2], 3, 7)},
			[]string{"5.0 " + m1 + " [1 3 5]", "6.0 " + m1 + " [vlan 7] [2 4 6]"}, 0, ""},
		{"a piece of the tagged copy is lost", []packet{plain(a[0], 1), other(a[0], 1, 7), plain(a[1], 2), plain(a[2], 3), other(a[2], 3, 7)},
			[]string{"4.0 " + m1 + " [1 3 4]"}, 2, ""},
		{"the same piece is lost in both", []packet{plain(a[0], 1), plain(a[0], 1), plain(a[2], 3), plain(a[2], 3)},
			[]string{"3.0 " + m1 + " [1 3] sip-body-short net-fragment-missing"}, 0, ""},
		{"the copy has what the first lost", []packet{plain(a[0], 1), plain(a[2], 1), other(a[0], 2, 0), other(a[1], 2, 0), other(a[2], 2, 0)},
			[]string{"4.0 " + m1 + " [1 2 4]"}, 1, ""},
		{"a second later it is no copy", []packet{plain(a[0], 1), plain(a[1], 1), plain(a[2], 1), plain(a[2], 1000)},
			[]string{"3.0 " + m1 + " [1 2 3]"}, 0, "ip-incomplete"},
		{"identification used again", []packet{plain(a[0], 1), plain(a[0], 1), plain(a[1], 2), plain(a[1], 2), plain(a[2], 3), plain(a[2], 3),
			plain(reused[0], 300), plain(reused[1], 301), plain(reused[2], 302)},
			[]string{"5.0 " + m1 + " [1 3 5]", "9.0 " + m2 + " [7 8 9]"}, 1, ""},
		{"identification used again at once, a piece is lost", []packet{plain(a[0], 1), plain(a[1], 2), plain(a[2], 3), plain(reused[0], 4), plain(reused[1], 4)},
			[]string{"3.0 " + m1 + " [1 2 3]", "5.0 " + m1 + " [4 5] sip-body-short net-fragment-missing"}, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var m memory
			m.batch = 2
			for i, p := range c.packets {
				m.packets = append(m.packets, capture.Packet{Data: p.data, Time: p.at * 1e6, Frame: uint32(i + 1), OrigLen: uint32(len(p.data)), Link: capture.LinkEthernet})
			}
			got, st := run(t, &m, Options{Workers: 2})
			if !slices.Equal(got, c.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
			if n := st.Other[network.ClassCopy.String()]; n != c.copies {
				t.Errorf("%d copies, want %d", n, c.copies)
			}
			if (c.undecoded != "") != (len(st.Undecodable) > 0) || c.undecoded != "" && st.Undecodable[c.undecoded].Packets == 0 {
				t.Errorf("undecodable %v, want %q", slices.Collect(maps.Keys(st.Undecodable)), c.undecoded)
			}
		})
	}
}
