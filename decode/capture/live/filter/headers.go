package filter

// What the first part of every program finds out about a packet, by slot of BPF's scratch memory.
const (
	slotNet      = iota // offset of the IP header behind the network header: 4 or 8 with VLAN tags in the frame
	slotEther           // ethertype behind VLAN tags
	slotProto           // IP protocol behind extension headers; noValue if this is no IP
	slotPayload         // offset of the transport header, counted like slotNet
	slotFragment        // fragment: whole, first or later
	slotVLAN            // VLAN of the outermost tag in the frame, noValue if there is none
	slotSrcPort         // noValue where there are no ports
	slotDstPort
	slotTemp // and what follows: intermediate results
)

// slots is how many words of scratch memory there are.
const slots = 16

const (
	fragmentNone = iota
	fragmentFirst
	fragmentLater
)

// noValue is in no field of up to 16 bits.
const noValue = 1 << 16

const (
	etherIPv4 = 0x0800
	etherIPv6 = 0x86dd
)

const (
	protoICMP   = 1
	protoIPIP   = 4
	protoTCP    = 6
	protoUDP    = 17
	protoIPv6   = 41
	protoGRE    = 47
	protoESP    = 50
	protoAH     = 51
	protoICMPv6 = 58
	protoSCTP   = 132
)

// maxExtensions is how many IPv6 extension headers are passed: hop-by-hop, routing, destination, fragment.
const maxExtensions = 4

// headers emits what fills the slots.
func (e *emitter) headers() {
	e.op(opLoadConst, 0)
	e.op(opStore, slotNet)
	e.op(opStore, slotPayload)
	e.op(opStore, slotFragment)
	e.op(opLoadConst, noValue)
	e.op(opStore, slotProto)
	e.op(opStore, slotVLAN)
	e.op(opStore, slotSrcPort)
	e.op(opStore, slotDstPort)

	e.op(opLoadHalf, e.protocol)
	tagged, plain := e.label(), e.label()
	e.tag(tagged, plain)
	e.put(tagged)
	e.op(opLoadHalf, e.net)
	e.op(opAnd, 0x0fff)
	e.op(opStore, slotVLAN)
	e.op(opLoadConst, 4)
	e.op(opStore, slotNet)
	e.op(opLoadHalf, e.net+2)
	inner := e.label()
	e.tag(inner, plain)
	e.put(inner)
	e.op(opLoadConst, 8)
	e.op(opStore, slotNet)
	e.op(opLoadHalf, e.net+6)
	e.put(plain)
	e.op(opStore, slotEther)

	v4, v6, ports, done := e.label(), e.label(), e.label(), e.label()
	e.equal(etherIPv4, v4, next)
	e.equal(etherIPv6, v6, done)
	e.put(v4)
	e.ipv4(ports, done)
	e.put(v6)
	e.ipv6(ports, done)
	e.put(ports)
	e.ports(done)
	e.put(done)
}

// tag branches on whether the ethertype in A announces a VLAN tag.
func (e *emitter) tag(yes, no label) {
	e.equal(0x8100, yes, next)
	e.equal(0x88a8, yes, next)
	e.equal(0x9100, yes, next)
	e.equal(0x9200, yes, no)
}

// ipv4 reads the IPv4 header at slotNet.
func (e *emitter) ipv4(ports, done label) {
	later, whole, first := e.label(), e.label(), e.label()
	e.op(opXLoadMem, slotNet)
	e.op(opIndByte, e.net+9)
	e.op(opStore, slotProto)
	e.op(opIndByte, e.net)
	e.op(opAnd, 0x0f)
	e.op(opShiftLeft, 2)
	e.op(opAddX, 0)
	e.op(opStore, slotPayload)
	e.op(opIndHalf, e.net+6)
	e.jump(opJumpSet, 0x1fff, later, next)
	e.jump(opJumpSet, 0x2000, first, whole)
	e.put(first)
	e.op(opLoadConst, fragmentFirst)
	e.op(opStore, slotFragment)
	e.put(whole)
	e.always(ports)
	e.put(later)
	e.op(opLoadConst, fragmentLater)
	e.op(opStore, slotFragment)
	e.always(done)
}

// ipv6 reads the IPv6 header at slotNet and the extension headers behind it.
func (e *emitter) ipv6(ports, done label) {
	e.op(opXLoadMem, slotNet)
	e.op(opIndByte, e.net+6)
	e.op(opStore, slotProto)
	e.op(opLoadConst, 40)
	e.op(opAddX, 0)
	e.op(opStore, slotPayload)
	for range maxExtensions {
		option, fragment, advance := e.label(), e.label(), e.label()
		e.op(opXLoadMem, slotPayload)
		e.op(opLoadMem, slotProto)
		e.equal(0, option, next)
		e.equal(43, option, next)
		e.equal(60, option, next)
		e.equal(44, fragment, ports)

		e.put(fragment)
		e.op(opIndByte, e.net)
		e.op(opStore, slotProto)
		e.op(opIndHalf, e.net+2)
		later, first := e.label(), e.label()
		e.jump(opJumpSet, 0xfff8, later, first)
		e.put(later)
		e.op(opLoadConst, fragmentLater)
		e.op(opStore, slotFragment)
		e.always(done)
		e.put(first)
		e.op(opLoadConst, fragmentFirst)
		e.op(opStore, slotFragment)
		e.op(opLoadConst, 8)
		e.always(advance)

		e.put(option)
		e.op(opIndByte, e.net)
		e.op(opStore, slotProto)
		e.op(opIndByte, e.net+1)
		e.op(opAdd, 1)
		e.op(opShiftLeft, 3)

		e.put(advance)
		e.op(opAddX, 0)
		e.op(opStore, slotPayload)
	}
	e.always(ports)
}

// ports reads the ports of TCP, UDP and SCTP.
func (e *emitter) ports(done label) {
	have := e.label()
	e.op(opLoadMem, slotProto)
	e.equal(protoUDP, have, next)
	e.equal(protoTCP, have, next)
	e.equal(protoSCTP, have, done)
	e.put(have)
	e.op(opXLoadMem, slotPayload)
	e.op(opIndHalf, e.net)
	e.op(opStore, slotSrcPort)
	e.op(opIndHalf, e.net+2)
	e.op(opStore, slotDstPort)
}
