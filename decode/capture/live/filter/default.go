package filter

// Ports of tunnels over UDP, which can carry signalling behind bytes of any value.
var tunnelPorts = []uint32{
	4500,                   // ESP in UDP, RFC 3948
	4789, 8472, 4790, 6081, // VXLAN, its Linux predecessor, VXLAN-GPE, Geneve
	37008, // TZSP
	1701,  // L2TP
	6635,  // MPLS in UDP
}

const portGTPU = 2152

// Ethertypes of protocols that never carry IP.
var deadEthertypes = []uint32{
	0x0806, 0x8035, // ARP, RARP
	0x88cc, 0x888e, 0x8809, 0x88e7, // LLDP, EAPOL, slow protocols, PBB
}

// IP protocols that never carry signalling: ICMP, IGMP, EIGRP, ICMPv6, OSPF, PIM, VRRP.
var deadProtocols = []uint32{protoICMP, 2, 88, protoICMPv6, 89, 103, 112}

// highBits are set in the first bytes of RTP, RTCP and DTLS, of almost all QUIC and of most of what else is bulk over
// UDP, and in no SIP or HEP message: both begin with ASCII (RFC 3261 25.1) or, in old HEP versions, with small numbers.
const highBits = 0x80808080

// Default keeps what can be signalling, on any port: TCP, SCTP, ESP, tunnels, all fragments, and the UDP datagrams that
// begin like a message, also inside GTP-U. Media is dropped by its first four bytes, before it is copied.
func Default() Program {
	p, err := defaultProgram(kernelBase)
	if err != nil {
		panic(err) // a constant program: a test makes it
	}
	return p
}

func defaultProgram(b base) (Program, error) {
	e := &emitter{base: b}
	keep, drop := e.label(), e.label()
	e.headers()
	e.op(opLoadMem, slotFragment)
	e.equal(fragmentNone, next, keep)
	ip := e.label()
	e.op(opLoadMem, slotEther)
	e.equal(etherIPv4, ip, next)
	e.equal(etherIPv6, ip, next)
	for _, t := range deadEthertypes {
		e.equal(t, drop, next)
	}
	e.jump(opJumpGe, 0x0600, keep, drop) // below is the length of an 802.3 frame
	e.put(ip)
	udp := e.label()
	e.op(opLoadMem, slotProto)
	e.equal(protoUDP, udp, next)
	for _, p := range deadProtocols {
		e.equal(p, drop, next)
	}
	e.always(keep)

	e.put(udp)
	gtp, plain := e.label(), e.label()
	for _, slot := range []uint32{slotDstPort, slotSrcPort} {
		e.op(opLoadMem, slot)
		for _, p := range tunnelPorts {
			e.equal(p, keep, next)
		}
		e.equal(portGTPU, gtp, next)
	}
	e.always(plain)

	e.put(gtp)
	e.gtpu(keep, plain)

	e.put(plain)
	e.op(opXLoadMem, slotPayload)
	e.begins(8, keep, drop)
	e.put(keep)
	e.ret(keepAll)
	e.put(drop)
	e.ret(0)
	return e.assemble()
}

// begins decides whether a datagram begins like a message, off bytes behind X.
func (e *emitter) begins(off uint32, keep, drop label) {
	other := e.label()
	e.op(opIndWord, e.net+off)
	e.jump(opJumpSet, highBits, other, keep)
	e.put(other)
	// SigComp (RFC 3320 7) on SIP's own ports; unlike messages it cannot be told from anything else.
	e.jump(opJumpGe, 0xf8000000, next, drop)
	e.op(opLoadMem, slotDstPort)
	e.equal(5060, keep, next)
	e.equal(5061, keep, next)
	e.op(opLoadMem, slotSrcPort)
	e.equal(5060, keep, next)
	e.equal(5061, keep, drop)
}

// gtpu sets slotPayload to the UDP header of the user's datagram in a G-PDU (TS 29.281 5.1), or decides.
func (e *emitter) gtpu(keep, plain label) {
	const udpHeader = 8
	short, options, chained, none, inner := e.label(), e.label(), e.label(), e.label(), e.label()
	e.op(opXLoadMem, slotPayload)
	e.op(opIndByte, e.net+udpHeader+1)
	e.equal(0xff, next, keep)
	e.op(opIndByte, e.net+udpHeader)
	e.jump(opJumpSet, 0x07, options, short)
	e.put(options)
	e.jump(opJumpSet, 0x04, chained, none)
	// At most one extension header, the PDU session container of N3; what has more is kept.
	e.put(chained)
	e.op(opIndByte, e.net+udpHeader+11)
	e.equal(0, none, next)
	e.op(opIndByte, e.net+udpHeader+12)
	e.equal(1, next, keep)
	e.op(opIndByte, e.net+udpHeader+15)
	e.equal(0, next, keep)
	e.op(opLoadConst, 16)
	e.always(inner)
	e.put(none)
	e.op(opLoadConst, 12)
	e.always(inner)
	e.put(short)
	e.op(opLoadConst, 8)

	e.put(inner)
	e.op(opAdd, udpHeader)
	e.op(opAddX, 0)
	e.op(opTAX, 0)
	v4, v6 := e.label(), e.label()
	e.op(opIndByte, e.net)
	e.op(opAnd, 0xf0)
	e.equal(0x40, v4, next)
	e.equal(0x60, v6, keep)
	e.put(v4)
	e.op(opIndByte, e.net+9)
	e.equal(protoUDP, next, keep)
	e.op(opIndHalf, e.net+6)
	e.jump(opJumpSet, 0x3fff, keep, next)
	e.op(opIndByte, e.net)
	e.op(opAnd, 0x0f)
	e.op(opShiftLeft, 2)
	e.op(opAddX, 0)
	e.op(opStore, slotPayload)
	e.always(plain)
	e.put(v6)
	e.op(opIndByte, e.net+6)
	e.equal(protoUDP, next, keep)
	e.op(opLoadConst, 40)
	e.op(opAddX, 0)
	e.op(opStore, slotPayload)
	e.always(plain)
}
