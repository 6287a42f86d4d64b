package gen

import (
	"encoding/binary"
	"net"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

const (
	ipv6HeaderLen     = 40
	fragmentHeaderLen = 8
	hopLimit          = 64
	// fragmentGap is the time between two fragments of one datagram.
	fragmentGap = 10 * time.Microsecond
)

// wire collects frames.
type wire struct {
	mtu        int
	packets    []Packet
	fragmentID uint32
}

func mac(n *Node) net.HardwareAddr {
	return net.HardwareAddr{0x02, 0, 0, 0, 0, n.num} // locally administered
}

// datagram sends data as one UDP datagram.
func (w *wire) datagram(t time.Time, h hop, l link, data []byte) {
	w.ip(t, h, layers.IPProtocolUDP, &layers.UDP{SrcPort: layers.UDPPort(l.src), DstPort: layers.UDPPort(l.dst)}, gopacket.Payload(data))
}

// ip sends the layers above IP, in fragments if they do not fit the MTU.
func (w *wire) ip(t time.Time, h hop, proto layers.IPProtocol, upper ...gopacket.SerializableLayer) {
	ip := &layers.IPv6{
		Version:    6,
		HopLimit:   hopLimit,
		NextHeader: proto,
		SrcIP:      h.from.Addr.AsSlice(),
		DstIP:      h.to.Addr.AsSlice(),
	}
	if u, ok := upper[0].(interface {
		SetNetworkLayerForChecksum(gopacket.NetworkLayer) error
	}); ok {
		must(u.SetNetworkLayerForChecksum(ip))
	}
	payload := serialize(upper...)
	if proto == layers.IPProtocolUDP && binary.BigEndian.Uint16(payload[6:]) == 0 {
		binary.BigEndian.PutUint16(payload[6:], 0xffff) // RFC 8200 8.1: zero would mean none
	}
	if ipv6HeaderLen+len(payload) <= w.mtu {
		w.frame(t, h, ip, payload)
		return
	}
	w.fragmentID++
	room := (w.mtu - ipv6HeaderLen - fragmentHeaderLen) &^ 7
	ip.NextHeader = layers.IPProtocolIPv6Fragment
	for off := 0; off < len(payload); off += room {
		piece := payload[off:min(off+room, len(payload))]
		head := make([]byte, fragmentHeaderLen, fragmentHeaderLen+len(piece))
		head[0] = byte(proto)
		offset := uint16(off) // a multiple of 8, which leaves the low bits to the flags
		if off+room < len(payload) {
			offset |= 1 // more fragments follow
		}
		binary.BigEndian.PutUint16(head[2:], offset)
		binary.BigEndian.PutUint32(head[4:], w.fragmentID)
		w.frame(t, h, ip, append(head, piece...))
		t = t.Add(fragmentGap)
	}
}

func (w *wire) frame(t time.Time, h hop, ip *layers.IPv6, payload []byte) {
	eth := &layers.Ethernet{SrcMAC: mac(h.from), DstMAC: mac(h.to), EthernetType: layers.EthernetTypeIPv6}
	w.packets = append(w.packets, Packet{
		Time:      t,
		Interface: refPoint(h.from, h.to),
		Data:      serialize(eth, ip, gopacket.Payload(payload)),
	})
}

// serialize returns the bytes of the layers with their lengths and checksums.
func serialize(l ...gopacket.SerializableLayer) []byte {
	b := gopacket.NewSerializeBuffer()
	must(gopacket.SerializeLayers(b, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, l...))
	return b.Bytes()
}

// must stops on errors that only a mistake in this package can cause: the layers are all built here.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
