package filter

import (
	"fmt"
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
