package filter

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// node is a part of an expression that is true or false of a packet.
type node interface {
	// emit branches to yes or no.
	emit(e *emitter, yes, no label)
	// onFragment tells whether it can be true of a fragment that is not the first one of a UDP datagram, and whether
	// it can be false.
	onFragment() (canBe, cannot bool)
}

// maxDepth bounds the nesting of parentheses.
const maxDepth = 100

// parser reads an expression, in the manner of pcap-filter(7).
type parser struct {
	tokens []token
	pos    int
	depth  int
	last   qualifiers // of the primitive before, for "port 5060 or 5061"
}

// qualifiers are the words in front of an address or number.
type qualifiers struct {
	family string // ip, ip6 or empty
	proto  string // tcp, udp, sctp or empty
	dir    direction
	kind   string // host, net, port, portrange, proto
}

type direction uint8

const (
	either direction = iota
	source
	destination
	both
)

// syntaxError is an error at a place of the expression.
func (p *parser) syntaxError(format string, args ...any) error {
	where := "at the end"
	if t := p.peek(); t.text != "" {
		where = fmt.Sprintf("at %q (position %d)", t.text, t.at+1)
	}
	return fmt.Errorf("%s %s", fmt.Sprintf(format, args...), where)
}

func (p *parser) peek() token {
	if p.pos < len(p.tokens) {
		return p.tokens[p.pos]
	}
	return token{}
}

// take steps over a token if it is one of these.
func (p *parser) take(texts ...string) bool {
	for _, text := range texts {
		if p.pos < len(p.tokens) && p.peek().text == text {
			p.pos++
			return true
		}
	}
	return false
}

// parse reads a whole expression.
func parse(s string) (node, error) {
	tokens, err := lex(s)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens}
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.pos < len(p.tokens) {
		return nil, p.syntaxError("cannot read the filter")
	}
	return n, nil
}

func (p *parser) or() (node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, fmt.Errorf("more than %d parentheses in each other", maxDepth)
	}
	defer func() { p.depth-- }()
	// "and" and "or" have the same precedence and group from the left.
	n, err := p.not()
	for err == nil {
		var m node
		switch {
		case p.take("or", "||"):
			if m, err = p.not(); err == nil {
				n = orNode{n, m}
			}
		case p.take("and", "&&"):
			if m, err = p.not(); err == nil {
				n = andNode{n, m}
			}
		default:
			return n, nil
		}
	}
	return nil, err
}

func (p *parser) not() (node, error) {
	if p.take("not", "!") {
		if p.depth++; p.depth > maxDepth {
			return nil, fmt.Errorf("more than %d negations in each other", maxDepth)
		}
		defer func() { p.depth-- }()
		n, err := p.not()
		return notNode{n}, err
	}
	if p.startsRelation() {
		from := p.pos
		n, err := p.relation()
		if err == nil {
			return n, nil
		}
		if p.tokens[from].text != "(" {
			return nil, err
		}
		p.pos = from
	}
	if p.take("(") {
		n, err := p.or()
		if err == nil && !p.take(")") {
			err = p.syntaxError("a parenthesis is not closed")
		}
		return n, err
	}
	return p.primitive()
}

// startsRelation reports whether an arithmetic comparison can begin here.
func (p *parser) startsRelation() bool {
	t := p.peek()
	if t.text == "(" || t.text == "len" {
		return true
	}
	if p.pos+1 < len(p.tokens) {
		behind := p.tokens[p.pos+1]
		if isNumber(t.text) {
			return behind.op && behind.text != ")" && behind.text != "/" && behind.text != "&&" && behind.text != "||"
		}
		return behind.text == "["
	}
	return false
}

func isNumber(s string) bool {
	_, err := strconv.ParseUint(s, 0, 32)
	return err == nil
}

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

// primitive reads one condition, "udp dst port 5060" for example.
func (p *parser) primitive() (node, error) {
	word := strings.ToLower(p.peek().text)
	if p.peek().op || word == "" {
		return nil, p.syntaxError("a condition is missing")
	}
	switch word {
	case "vlan":
		p.pos++
		id := uint32(noValue)
		if t := p.peek(); isNumber(t.text) && !t.op {
			v, err := p.number(0xfff)
			if err != nil {
				return nil, err
			}
			id = v
		}
		return vlanNode{id}, nil
	case "less", "greater":
		p.pos++
		v, err := p.number(1<<32 - 1)
		if err != nil {
			return nil, err
		}
		return lengthNode{v, word == "less"}, nil
	case "ether":
		p.pos++
		if !p.take("proto") {
			return nil, p.syntaxError("only \"ether proto\" is understood")
		}
		p.take("\\")
		if list, ok := ethertypes[p.peek().text]; ok {
			p.pos++
			return etherNode{list}, nil
		}
		v, err := p.number(0xffff)
		return etherNode{[]uint32{v}}, err
	}
	q, any := p.qualifiers()
	if any && q.kind == "" && q.dir == either {
		if q.proto != "" && !p.atID() {
			return transportNode(q), nil
		}
		if q.family != "" && !p.atID() {
			return etherNode{ethertypes[q.family]}, nil
		}
	}
	if list, ok := protocols[word]; ok && !any {
		p.pos++
		family := map[string]string{"icmp": "ip", "icmp6": "ip6"}[word]
		return protoNode{family, list}, nil
	}
	if list, ok := ethertypes[word]; ok && !any {
		p.pos++
		return etherNode{list}, nil
	}
	if !any {
		if p.last.kind == "" || !p.atID() && !p.atPortName() {
			return nil, p.syntaxError("unknown word")
		}
		q = p.last
	}
	if q.kind == "" {
		q.kind = "host"
	}
	p.last = q
	return p.id(q)
}

// atID reports whether an address, a number or a name can stand here.
func (p *parser) atID() bool {
	t := p.peek()
	if t.text == "" || t.op {
		return false
	}
	switch strings.ToLower(t.text) {
	case "and", "or", "not":
		return false
	}
	_, proto := protocols[t.text]
	_, ether := ethertypes[t.text]
	return !proto && !ether && (t.text[0] >= '0' && t.text[0] <= '9' || strings.Contains(t.text, ":") || p.pos > 0 && !p.tokens[p.pos-1].op && isKind(p.tokens[p.pos-1].text))
}

// atPortName reports whether another port stands here, in "port sip or diameter".
func (p *parser) atPortName() bool {
	if p.last.kind != "port" || p.peek().op {
		return false
	}
	_, ok := portByName(p.peek().text, p.last.proto)
	return ok
}

func isKind(word string) bool {
	switch word {
	case "host", "net", "port", "portrange", "proto", "src", "dst":
		return true
	}
	return false
}

// qualifiers reads the words in front of an address or number.
func (p *parser) qualifiers() (q qualifiers, any bool) {
	for {
		word := strings.ToLower(p.peek().text)
		switch word {
		case "ip", "ip6":
			if q.family != "" {
				return q, any
			}
			q.family = word
		case "tcp", "udp", "sctp":
			if q.proto != "" {
				return q, any
			}
			q.proto = word
		case "src", "dst":
			p.pos++
			q.dir = source
			if word == "dst" {
				q.dir = destination
			}
			q.dir = p.secondDirection(q.dir)
			any = true
			continue
		case "host", "net", "port", "portrange", "proto":
			p.pos++
			q.kind = word
			return q, true
		default:
			return q, any
		}
		p.pos++
		any = true
	}
}

// secondDirection reads "or dst" and "and dst" behind "src".
func (p *parser) secondDirection(first direction) direction {
	if p.pos+1 >= len(p.tokens) {
		return first
	}
	second := source
	switch p.tokens[p.pos+1].text {
	case "src":
	case "dst":
		second = destination
	default:
		return first
	}
	if second == first {
		return first
	}
	switch p.peek().text {
	case "or", "||":
		p.pos += 2
		return either
	case "and", "&&":
		p.pos += 2
		return both
	}
	return first
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
