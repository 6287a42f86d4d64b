package main

import (
	"encoding/binary"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// tagged puts VLAN tags into a frame.
func tagged(frame []byte, tags ...uint32) []byte {
	out := append([]byte(nil), frame[:12]...)
	for _, t := range tags {
		out = binary.BigEndian.AppendUint32(out, t)
	}
	return append(out, frame[12:]...)
}

// fragmented cuts a UDP datagram over IPv4 or IPv6 into fragments of at most size bytes of payload, the last one first.
func fragmented(frame []byte, size int) [][]byte {
	const ether = 14
	ip := frame[ether:]
	switch binary.BigEndian.Uint16(frame[12:]) {
	case 0x0800:
		total := int(binary.BigEndian.Uint16(ip[2:]))
		if ip[9] != 17 || total <= 20+size || ip[0] != 0x45 || ip[6]&0x3f|ip[7] != 0 {
			return [][]byte{frame}
		}
		payload := ip[20:total]
		var out [][]byte
		for off := 0; off < len(payload); off += size {
			part := payload[off:min(off+size, len(payload))]
			f := append(append([]byte(nil), frame[:ether+20]...), part...)
			h := f[ether:]
			binary.BigEndian.PutUint16(h[2:], uint16(20+len(part)))
			flags := uint16(off / 8)
			if off+size < len(payload) {
				flags |= 0x2000
			}
			binary.BigEndian.PutUint16(h[6:], flags)
			binary.BigEndian.PutUint16(h[10:], 0)
			var sum uint32
			for i := 0; i < 20; i += 2 {
				sum += uint32(binary.BigEndian.Uint16(h[i:]))
			}
			for sum > 0xffff {
				sum = sum>>16 + sum&0xffff
			}
			binary.BigEndian.PutUint16(h[10:], ^uint16(sum))
			out = append([][]byte{f}, out...)
		}
		return out
	case 0x86dd:
		payload := ip[40:]
		if ip[6] != 17 || len(payload) <= size {
			return [][]byte{frame}
		}
		id := binary.BigEndian.Uint32(payload[len(payload)-4:])
		var out [][]byte
		for off := 0; off < len(payload); off += size {
			part := payload[off:min(off+size, len(payload))]
			f := append([]byte(nil), frame[:ether+40]...)
			binary.BigEndian.PutUint16(f[ether+4:], uint16(8+len(part)))
			f[ether+6] = 44
			flags := uint16(off)
			if off+size < len(payload) {
				flags |= 1
			}
			f = append(f, 17, 0)
			f = binary.BigEndian.AppendUint16(f, flags)
			f = binary.BigEndian.AppendUint32(f, id)
			out = append([][]byte{append(f, part...)}, out...)
		}
		return out
	}
	return [][]byte{frame}
}

// What is in tags and fragments is found as in a file, and what was saved tells the same again.
func TestLiveEncapsulations(t *testing.T) {
	each := func(f func([]byte) [][]byte) func([]timed) []timed {
		return func(list []timed) []timed {
			var out []timed
			for _, x := range list {
				for _, b := range f(x.data) {
					out = append(out, timed{x.at, b})
				}
			}
			return out
		}
	}
	for _, c := range []struct {
		name, capture string
		change        func([]timed) []timed
		path          string
	}{
		{"vlan", realCore, each(func(b []byte) [][]byte { return [][]byte{tagged(b, 0x81000000|10)} }), "vlan 10"},
		{"qinq", realCore, each(func(b []byte) [][]byte { return [][]byte{tagged(b, 0x88a80000|20, 0x81000000|10)} }), "vlan 20 / vlan 10"},
		{"fragments of IPv4", realCore, each(func(b []byte) [][]byte { return fragmented(b, 400) }), ""},
		{"fragments of IPv6", seedFlow, each(func(b []byte) [][]byte { return fragmented(b, 400) }), ""},
		{"fragments in a VLAN", seedFlow, each(func(b []byte) [][]byte {
			var out [][]byte
			for _, f := range fragmented(b, 640) {
				out = append(out, tagged(f, 0x81000000|4000))
			}
			return out
		}), "vlan 4000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := newNetwork(t, 1)
			dir := t.TempDir()
			beside := tcpdump(n, filepath.Join(dir, "tcpdump.pcap"), "r0")
			saved := filepath.Join(dir, "saved.pcapng")
			live := n.live("-i", "r0", "--format", "json", "-w", saved)
			list := c.change(frames(t, c.capture))
			n.sender("l0").replay(t, list, 2*time.Millisecond)
			original := analyze(t, c.capture)
			awaitSaved(t, saved, messages(original))
			out, _ := live.end()
			beside.end(len(list))
			got := report(t, out)
			if p := paths(got); c.path != "" && !p[c.path] || c.path == "" && len(p) > 0 {
				t.Errorf("paths %v, want %q", p, c.path)
			}
			same(t, got, analyze(t, beside.path))
			same(t, got, analyze(t, saved))
			if a, b := kinds(got), kinds(original); a != b {
				t.Errorf("de-registrations %s, in the capture %s", a, b)
			}
		})
	}
}

// paths collects the encapsulations of all hops.
func paths(v any) map[string]bool {
	out := map[string]bool{}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if p, ok := v["path"].(string); ok && p != "" {
				out[p] = true
			}
			for _, x := range v {
				walk(x)
			}
		case []any:
			for _, x := range v {
				walk(x)
			}
		}
	}
	walk(v)
	return out
}

// kinds lists the de-registrations of all users.
func kinds(r map[string]any) string {
	var list []string
	users, _ := r["users"].([]any)
	for _, u := range users {
		ds, _ := u.(map[string]any)["deregistrations"].([]any)
		for _, d := range ds {
			d := d.(map[string]any)
			list = append(list, fmt.Sprint(d["initiator"], " ", d["outcome"], " ", d["scope"]))
		}
	}
	return strings.Join(list, ", ")
}
