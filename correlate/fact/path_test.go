package fact

import (
	"encoding/binary"
	"strings"
	"testing"

	"imscope/decode/capture"
	"imscope/decode/network"
)

// tunnelled gives the path of a packet in GTP-U, or in ESP.
func tunnelled(t *testing.T, w *network.Walker, id uint32, esp bool) network.Path {
	udp := []byte{0x14, 0x50, 0x14, 0x50, 0, 10, 0, 0, 'h', 'i'}
	ip := []byte{0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 9, 0, 1}
	var frame []byte
	if esp {
		ip[9] = 50
		udp[6], udp[7] = 0x5a, 0xc6 // the checksum, by which NULL encryption is known
		frame = append(binary.BigEndian.AppendUint32(ip, id), 0, 0, 0, 1)
		frame = append(append(frame, udp...), 0, 17)
		frame = append(frame, make([]byte, 12)...)
	} else {
		inner := append(append([]byte{}, ip...), udp...)
		binary.BigEndian.PutUint16(inner[2:], uint16(len(inner)))
		gtp := binary.BigEndian.AppendUint32([]byte{0x30, 0xff, 0, byte(len(inner))}, id)
		frame = append(append(ip, 0x08, 0x68, 0x08, 0x68, 0, byte(8+len(gtp)+len(inner)), 0, 0), append(gtp, inner...)...)
	}
	binary.BigEndian.PutUint16(frame[2:], uint16(len(frame)))
	var p network.Packet
	w.Walk(&p, capture.LinkRaw, frame, uint32(len(frame)))
	if p.Path.Len() != 1 {
		t.Fatalf("path %q", p.Path)
	}
	return p.Path
}

// Encapsulations without end: those beyond the bound are counted, are no plain packets, and ESP stays ESP. What no fact
// names makes room again.
func TestPathsAreBounded(t *testing.T) {
	x := NewExtractor()
	p := &x.paths
	var w network.Walker
	for id := range uint32(maxPaths) {
		p.id(tunnelled(t, &w, id+1, false))
	}
	later, sealed := p.id(tunnelled(t, &w, 1<<30, false)), p.id(tunnelled(t, &w, 1<<20, true))
	n, beyond := x.Paths()
	if n != maxPaths || beyond != 5 || later == 0 || !strings.Contains(x.Path(sealed), "esp spi 0x") || strings.Contains(x.Path(later), "esp") {
		t.Errorf("%d paths, %d beyond; later ones are %d %q and %d %q", n, beyond, later, x.Path(later), sealed, x.Path(sealed))
	}
	used := make([]bool, n)
	used[7] = true
	kept := x.Path(7)
	x.FreePaths(used)
	if id := p.id(tunnelled(t, &w, 1<<30, false)); id <= otherESPPath || x.Path(id) != "gtp-u teid 0x40000000" || x.Path(7) != kept || kept == "" {
		t.Errorf("after room was made: %d %q, kept %q", id, x.Path(id), x.Path(7))
	}
	if n, _ := x.Paths(); n != maxPaths || len(p.ids) != 2 {
		t.Errorf("%d paths, %d of them in use", n, len(p.ids))
	}
}
