package network

import "strconv"

// Hop is one kind of encapsulation on the way to the transport header.
type Hop uint8

// The encapsulations a Path can name. The comment says what the identifier of the hop is.
const (
	hopNone     Hop = iota
	HopVLAN         // VLAN identifier
	HopMPLS         // label
	HopPPPoE        // session
	HopVNTag        // destination virtual interface
	HopIPIP         // 0: IPv4 in IPv4 or IPv6
	HopIPv6         // 0: IPv6 in IPv4 or IPv6
	HopGRE          // key, 0 without
	HopERSPAN       // session
	HopVXLAN        // network identifier
	HopGeneve       // network identifier
	HopGTPU         // tunnel endpoint identifier
	HopTZSP         // 0
	HopL2TP         // session
	HopEtherIP      // 0
	HopBridged      // 0: Ethernet behind an ethertype of its own
	HopAH           // SPI
	HopESP          // SPI
	HopUDPESP       // SPI, ESP in UDP
	HopHEP          // capture agent (HEP version 1 or 2)
	HopHEP3         // capture agent
	HopUpperPDU     // 0: exported PDU
)

// hopNames gives the words of a hop: its name and, where the identifier means something, the word before it.
var hopNames = [...]struct {
	name string
	hex  bool // the identifier is customarily written in hexadecimal
	bare bool // the identifier says nothing
}{
	HopVLAN:     {name: "vlan "},
	HopMPLS:     {name: "mpls "},
	HopPPPoE:    {name: "pppoe ", hex: true},
	HopVNTag:    {name: "vn-tag "},
	HopIPIP:     {name: "ipip", bare: true},
	HopIPv6:     {name: "ip6ip", bare: true},
	HopGRE:      {name: "gre key ", hex: true},
	HopERSPAN:   {name: "erspan "},
	HopVXLAN:    {name: "vxlan "},
	HopGeneve:   {name: "geneve "},
	HopGTPU:     {name: "gtp-u teid ", hex: true},
	HopTZSP:     {name: "tzsp", bare: true},
	HopL2TP:     {name: "l2tp ", hex: true},
	HopEtherIP:  {name: "etherip", bare: true},
	HopBridged:  {name: "ethernet", bare: true},
	HopAH:       {name: "ah spi ", hex: true},
	HopESP:      {name: "esp spi ", hex: true},
	HopUDPESP:   {name: "udp-esp spi ", hex: true},
	HopHEP:      {name: "hep agent "},
	HopHEP3:     {name: "hep3 agent "},
	HopUpperPDU: {name: "exported-pdu", bare: true},
}

const (
	// maxTunnels is how many encapsulations other than VLAN tags a packet may have. Real mirrors of real mobile
	// cores reach four or five (VLAN, VXLAN, MPLS, GTP-U, ESP); deeper ones are made to hurt the reader.
	maxTunnels = 8
	// maxVLANs is how many VLAN tags one Ethernet header may have: QinQ is two, and vendors stack up to four.
	maxVLANs = 4
	// maxHops bounds a Path: all tunnels and one full stack of VLAN tags.
	maxHops = maxTunnels + maxVLANs
)

// Path is the trail of encapsulations that led to a packet, outermost first. The zero Path is a plain packet.
// Paths are comparable and hold no pointers, so they can be part of a map key. They are kept small for that: Go stores
// map keys above 128 bytes out of line, at an allocation each.
type Path struct {
	ids   [maxHops]uint32
	kinds [maxHops]Hop
	n     uint8
}

// Len returns the number of hops.
func (p *Path) Len() int { return int(p.n) }

// Hop returns the i-th hop and its identifier.
func (p *Path) Hop(i int) (Hop, uint32) {
	return p.kinds[:p.n][i], p.ids[i]
}

// Has reports whether the path contains a hop of the kind.
func (p *Path) Has(kind Hop) bool {
	for _, k := range p.kinds[:p.n] {
		if k == kind {
			return true
		}
	}
	return false
}

// push adds a hop and reports whether there was room.
func (p *Path) push(kind Hop, id uint32) bool {
	if int(p.n) == maxHops {
		return false
	}
	p.kinds[p.n], p.ids[p.n] = kind, id
	p.n++
	return true
}

// tunnels counts the hops that are not VLAN tags.
func (p *Path) tunnels() int {
	n := 0
	for _, k := range p.kinds[:p.n] {
		if k != HopVLAN {
			n++
		}
	}
	return n
}

// flow returns the path without the identifiers that differ between the two directions of a connection or
// change while it lasts (a TEID at every handover, an SPI at every re-keying).
func (p *Path) flow() Path {
	f := *p
	for i, k := range f.kinds[:f.n] {
		switch k {
		case HopVLAN, HopVXLAN, HopGeneve, HopGRE:
		default:
			f.ids[i] = 0
		}
	}
	return f
}

// String gives the path for people, for example "vlan 10 / gtp-u teid 0x1f / esp spi 0xabc". It is empty for a
// plain packet.
func (p Path) String() string {
	if p.n == 0 {
		return ""
	}
	return string(p.Append(make([]byte, 0, 64)))
}

// Append appends String's text to b.
func (p *Path) Append(b []byte) []byte {
	for i, k := range p.kinds[:p.n] {
		if i > 0 {
			b = append(b, " / "...)
		}
		w, id := &hopNames[k], p.ids[i]
		if k == HopGRE && id == 0 {
			b = append(b, "gre"...)
			continue
		}
		b = append(b, w.name...)
		switch {
		case w.bare:
		case w.hex:
			b = append(b, "0x"...)
			b = strconv.AppendUint(b, uint64(id), 16)
		default:
			b = strconv.AppendUint(b, uint64(id), 10)
		}
	}
	return b
}
