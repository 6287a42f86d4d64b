package filter

import (
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// protocols are the words that stand for an IP protocol.
var protocols = map[string][]uint32{
	"tcp": {protoTCP}, "udp": {protoUDP}, "sctp": {protoSCTP}, "icmp": {protoICMP}, "icmp6": {protoICMPv6},
	"esp": {protoESP}, "ah": {protoAH}, "gre": {protoGRE}, "igmp": {2}, "pim": {103}, "vrrp": {112}, "ipip": {protoIPIP},
}

// ethertypes are the words that stand for an ethertype.
var ethertypes = map[string][]uint32{
	"ip": {etherIPv4}, "ip6": {etherIPv6}, "arp": {0x0806}, "rarp": {0x8035},
	"mpls": {0x8847, 0x8848}, "pppoes": {0x8864}, "pppoed": {0x8863},
}

// atPortName reports whether another port stands here, in "port sip or diameter".
func (p *parser) atPortName() bool {
	if p.last.kind != "port" || p.peek().op {
		return false
	}
	_, ok := portByName(p.peek().text, p.last.proto)
	return ok
}

// number reads a number.
func (p *parser) number(most uint64) (uint32, error) {
	t := p.peek()
	v, err := strconv.ParseUint(t.text, 0, 32)
	if err != nil || t.op {
		return 0, p.syntaxError("a number is missing")
	}
	if v > most {
		return 0, p.syntaxError("the number is too large")
	}
	p.pos++
	return uint32(v), nil
}

// id reads what the qualifiers are about.
func (p *parser) id(q qualifiers) (node, error) {
	switch q.kind {
	case "port":
		v, err := p.port(q.proto)
		return portNode{q, v, v}, err
	case "portrange":
		return p.portRange(q)
	case "proto":
		p.take("\\")
		t := p.peek()
		if list, ok := protocols[strings.ToLower(t.text)]; ok && !t.op {
			p.pos++
			return protoNode{q.family, list}, nil
		}
		v, err := p.number(255)
		return protoNode{q.family, []uint32{v}}, err
	}
	t := p.peek()
	if t.op || t.text == "" {
		return nil, p.syntaxError("an address is missing")
	}
	addr, err := netip.ParseAddr(t.text)
	if err != nil {
		if q.kind == "net" {
			return p.partialNet(q)
		}
		return nil, p.syntaxError("an address is needed, names are not looked up")
	}
	p.pos++
	bits := addr.BitLen()
	if p.take("/") {
		v, err := p.number(uint64(bits))
		if err != nil {
			return nil, err
		}
		bits = int(v)
	} else if p.take("mask") {
		m, err := netip.ParseAddr(p.peek().text)
		if err != nil || !m.Is4() || !addr.Is4() {
			return nil, p.syntaxError("an IPv4 mask is missing")
		}
		p.pos++
		a4 := m.As4()
		ones, _ := net.IPMask(a4[:]).Size()
		if ones == 0 && a4 != [4]byte{} {
			return nil, p.syntaxError("the mask has holes")
		}
		bits = ones
	}
	if q.family == "ip" && addr.Is6() || q.family == "ip6" && addr.Is4() {
		return nil, p.syntaxError("the address is of the other family")
	}
	return hostNode{q, netip.PrefixFrom(addr, bits).Masked()}, nil
}

// partialNet reads a network in the old manner: "10", "192.168.1".
func (p *parser) partialNet(q qualifiers) (node, error) {
	parts := strings.Split(p.peek().text, ".")
	bits := 8 * len(parts)
	for len(parts) < 4 {
		parts = append(parts, "0")
	}
	addr, err := netip.ParseAddr(strings.Join(parts, "."))
	if err != nil {
		return nil, p.syntaxError("a network is missing")
	}
	p.pos++
	if p.take("/") {
		v, err := p.number(32)
		if err != nil {
			return nil, err
		}
		bits = int(v)
	}
	return hostNode{q, netip.PrefixFrom(addr, bits).Masked()}, nil
}

// port reads a port by number or name.
func (p *parser) port(proto string) (uint32, error) {
	t := p.peek()
	if isNumber(t.text) {
		return p.number(0xffff)
	}
	v, ok := portByName(t.text, proto)
	if !ok || t.op {
		return 0, p.syntaxError("unknown port")
	}
	p.pos++
	return v, nil
}

// portByName knows the ports of signalling itself; the rest are the system's.
func portByName(name, proto string) (uint32, bool) {
	switch name {
	case "sip":
		return 5060, true
	case "sips", "sip-tls":
		return 5061, true
	case "diameter":
		return 3868, true
	case "":
		return 0, false
	}
	network := "udp"
	if proto == "tcp" {
		network = "tcp"
	}
	v, err := net.LookupPort(network, name)
	return uint32(v), err == nil
}

func (p *parser) portRange(q qualifiers) (node, error) {
	from, to, ok := strings.Cut(p.peek().text, "-")
	low, okLow := parsePort(from, q.proto)
	high, okHigh := parsePort(to, q.proto)
	if !ok || !okLow || !okHigh || p.peek().op {
		return nil, p.syntaxError("a range of ports is missing, 5060-5070 for example,")
	}
	p.pos++
	return portNode{q, min(low, high), max(low, high)}, nil
}

func parsePort(s, proto string) (uint32, bool) {
	if v, err := strconv.ParseUint(s, 0, 16); err == nil {
		return uint32(v), true
	}
	return portByName(s, proto)
}
