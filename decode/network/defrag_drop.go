package network

import "net/netip"

// This file gives up datagrams that will not be complete.

func (d *Defragmenter) evict(i int32) {
	d.Stats.Evicted++
	d.drop(i)
}

func (d *Defragmenter) drop(i int32) {
	switch g := &d.slots[i]; {
	case g.echo:
		d.Stats.Copies++
		if d.Repeat != nil {
			d.Repeat(int(g.packets))
		}
	default:
		d.Stats.Incomplete++
		if d.Drop != nil {
			d.Drop(d.beginning(g), g.first, g.latest)
		}
	}
	d.remove(i)
}

// beginning makes a packet of what a datagram has before its first hole.
func (d *Defragmenter) beginning(g *datagram) *Packet {
	p := &d.dropped
	p.reset()
	p.Weight = g.packets
	b := d.join(g)
	if len(b) == 0 {
		p.fail(ReasonIncomplete, 0)
		return p
	}
	p.Kind, p.Payload = Fragment, b
	p.Src, p.Dst = g.key.address(g.key.src), g.key.address(g.key.dst)
	p.Path, p.Frames, p.Overlap = g.key.path, g.frames, g.clash
	p.Frag = FragmentInfo{ID: g.key.id, Next: g.next, IPv6: g.key.ipv6}
	p.cut = 1 // at least
	if g.last {
		p.cut = g.total - uint32(len(b))
	}
	return p
}

// address gives back what Packet.Src or Packet.Dst was.
func (k *fragmentKey) address(a [16]byte) netip.AddrPort {
	ip := netip.AddrFrom16(a)
	if !k.ipv6 {
		ip = ip.Unmap()
	}
	return netip.AddrPortFrom(ip, 0)
}
