package filter

import (
	"encoding/binary"
	"net/netip"
)

type (
	andNode struct{ a, b node }
	orNode  struct{ a, b node }
	notNode struct{ a node }

	// etherNode is true of packets with one of these ethertypes behind VLAN tags.
	etherNode struct{ types []uint32 }
	// protoNode is true of IP packets of one of these protocols; family is ip, ip6 or empty.
	protoNode struct {
		family string
		list   []uint32
	}
	hostNode struct {
		q   qualifiers
		net netip.Prefix
	}
	portNode struct {
		q         qualifiers
		low, high uint32
	}
	vlanNode   struct{ id uint32 } // noValue: any
	lengthNode struct {
		n    uint32
		less bool
	}
)

// transportNode is "udp", or "ip6 udp".
func transportNode(q qualifiers) node { return protoNode{q.family, protocols[q.proto]} }

func (n andNode) emit(e *emitter, yes, no label) {
	second := e.label()
	n.a.emit(e, second, no)
	e.put(second)
	n.b.emit(e, yes, no)
}

func (n andNode) onFragment() (canBe, cannot bool) {
	a, na := n.a.onFragment()
	b, nb := n.b.onFragment()
	return a && b, na || nb
}

func (n orNode) emit(e *emitter, yes, no label) {
	second := e.label()
	n.a.emit(e, yes, second)
	e.put(second)
	n.b.emit(e, yes, no)
}

func (n orNode) onFragment() (canBe, cannot bool) {
	a, na := n.a.onFragment()
	b, nb := n.b.onFragment()
	return a || b, na && nb
}

func (n notNode) emit(e *emitter, yes, no label) { n.a.emit(e, no, yes) }

func (n notNode) onFragment() (canBe, cannot bool) {
	a, na := n.a.onFragment()
	return na, a
}

func (n etherNode) emit(e *emitter, yes, no label) {
	e.op(opLoadMem, slotEther)
	e.oneOf(n.types, yes, no)
}

func (n etherNode) onFragment() (canBe, cannot bool) {
	for _, t := range n.types {
		if t == etherIPv4 || t == etherIPv6 {
			return true, true
		}
	}
	return false, true
}

// oneOf branches on whether A is one of these.
func (e *emitter) oneOf(list []uint32, yes, no label) {
	for _, v := range list[:len(list)-1] {
		e.equal(v, yes, next)
	}
	e.equal(list[len(list)-1], yes, no)
}

// family branches to no unless the packet is of this family; an empty one is any.
func (e *emitter) family(name string, no label) {
	if name != "" {
		e.op(opLoadMem, slotEther)
		e.equal(ethertypes[name][0], next, no)
	}
}

func (n protoNode) emit(e *emitter, yes, no label) {
	e.family(n.family, no)
	e.op(opLoadMem, slotProto)
	e.oneOf(n.list, yes, no)
}

func (n protoNode) onFragment() (canBe, cannot bool) {
	for _, p := range n.list {
		if p == protoUDP {
			return true, n.family != ""
		}
	}
	return false, true
}

func (n hostNode) emit(e *emitter, yes, no label) {
	if n.q.proto != "" {
		e.op(opLoadMem, slotProto)
		e.oneOf(protocols[n.q.proto], next, no)
	}
	family, src, dst := "ip", uint32(12), uint32(16)
	if n.net.Addr().Is6() {
		family, src, dst = "ip6", 8, 24
	}
	e.family(family, no)
	e.op(opXLoadMem, slotNet)
	e.either(n.q.dir, yes, no, func(isSource bool, yes, no label) {
		off := dst
		if isSource {
			off = src
		}
		e.prefix(n.net, off, yes, no)
	})
}

func (n hostNode) onFragment() (canBe, cannot bool) {
	return n.q.proto == "" || n.q.proto == "udp", true
}

// either emits a test of the source, the destination, or what the direction says of both.
func (e *emitter) either(d direction, yes, no label, test func(isSource bool, yes, no label)) {
	switch d {
	case source:
		test(true, yes, no)
	case destination:
		test(false, yes, no)
	case both:
		second := e.label()
		test(true, second, no)
		e.put(second)
		test(false, yes, no)
	default:
		second := e.label()
		test(true, yes, second)
		e.put(second)
		test(false, yes, no)
	}
}

// prefix compares the address at X + off with a prefix.
func (e *emitter) prefix(net netip.Prefix, off uint32, yes, no label) {
	addr := net.Addr().AsSlice()
	bits := net.Bits()
	if bits == 0 {
		e.always(yes)
		return
	}
	for i := 0; bits > 0; i, bits = i+4, bits-32 {
		e.op(opIndWord, e.net+off+uint32(i))
		if bits < 32 {
			e.op(opAnd, ^uint32(0)<<(32-bits))
		}
		target := next
		if bits <= 32 {
			target = yes
		}
		e.equal(binary.BigEndian.Uint32(addr[i:]), target, no)
	}
}

func (n portNode) emit(e *emitter, yes, no label) {
	e.family(n.q.family, no)
	if n.q.proto != "" {
		e.op(opLoadMem, slotProto)
		e.oneOf(protocols[n.q.proto], next, no)
	}
	e.either(n.q.dir, yes, no, func(isSource bool, yes, no label) {
		slot := uint32(slotDstPort)
		if isSource {
			slot = slotSrcPort
		}
		e.op(opLoadMem, slot)
		if n.low == n.high {
			e.equal(n.low, yes, no)
			return
		}
		e.jump(opJumpGe, n.low, next, no)
		e.jump(opJumpGt, n.high, no, yes)
	})
}

// onFragment: there are no ports in what is not the first fragment.
func (portNode) onFragment() (canBe, cannot bool) { return false, true }

func (n vlanNode) emit(e *emitter, yes, no label) {
	if e.kernel {
		inFrame, taken := e.label(), e.label()
		e.op(opLoadHalf, e.vlanPresent)
		e.equal(0, inFrame, taken)
		e.put(taken)
		if n.id == noValue {
			e.always(yes)
		} else {
			e.op(opLoadHalf, e.vlanTag)
			e.op(opAnd, 0x0fff)
			e.equal(n.id, yes, next)
		}
		e.put(inFrame)
	}
	e.op(opLoadMem, slotVLAN)
	if n.id == noValue {
		e.equal(noValue, no, yes)
		return
	}
	e.equal(n.id, yes, no)
}

func (vlanNode) onFragment() (canBe, cannot bool) { return true, true }

func (n lengthNode) emit(e *emitter, yes, no label) {
	e.op(opLoadLen, 0)
	if n.less {
		e.jump(opJumpGt, n.n, no, yes)
		return
	}
	e.jump(opJumpGe, n.n, yes, no)
}

func (lengthNode) onFragment() (canBe, cannot bool) { return true, true }
