package network

import (
	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

const vxlanHeader = 8

// vxlan reads a VXLAN header (RFC 7348 5) and reports whether b is one.
func (w *Walker) vxlan(p *Packet, b []byte) bool {
	var v layers.VXLAN
	if len(b) < vxlanHeader+ethernetHeader || b[7] != 0 || v.DecodeFromBytes(b, gopacket.NilDecodeFeedback) != nil || !v.ValidIDFlag {
		return false
	}
	if p.enter(HopVXLAN, v.VNI) {
		w.ethernet(p, b[vxlanHeader:])
	}
	return true
}

// vxlanGPE reads a VXLAN header with a next protocol (draft-ietf-nvo3-vxlan-gpe 3.1) and reports whether b is one.
func (w *Walker) vxlanGPE(p *Packet, b []byte) bool {
	const (
		flagNext     = 0x04
		flagID       = 0x08
		nextIPv4     = 1
		nextIPv6     = 2
		nextEthernet = 3
	)
	if len(b) < vxlanHeader || b[0]&flagID == 0 || b[7] != 0 {
		return false
	}
	if b[0]&flagNext == 0 {
		return w.vxlan(p, b)
	}
	next, inner := b[3], b[vxlanHeader:]
	if next < nextIPv4 || next > nextEthernet {
		return false
	}
	if p.enter(HopVXLAN, be32(b[4:])>>8) {
		if next == nextEthernet {
			w.ethernet(p, inner)
		} else {
			w.ip(p, inner)
		}
	}
	return true
}
