package filter

import "strconv"

// relNode compares two numbers made of header bytes.
type relNode struct {
	a, b expr
	op   string
}

// expr is a number.
type expr interface {
	// emit leaves the number in A, using scratch memory from temp on. It branches to no where the packet has no
	// such header.
	emit(e *emitter, temp uint32, no label)
	onFragment() (canBe bool)
}

type (
	constant uint32
	length   struct{}
	// access is proto[off:size].
	access struct {
		proto string
		off   expr
		size  uint32
	}
	binary2 struct {
		op   string
		a, b expr
	}
)

// relation reads "ip[6:2] & 0x1fff != 0".
func (p *parser) relation() (node, error) {
	a, err := p.arith(0)
	if err != nil {
		return nil, err
	}
	for _, op := range []string{"==", "=", "!=", "<=", ">=", "<", ">"} {
		if p.take(op) {
			b, err := p.arith(0)
			return relNode{a, b, op}, err
		}
	}
	return nil, p.syntaxError("a comparison is missing")
}

// precedence of the operators, weakest first.
var precedence = [][]string{{"|"}, {"^"}, {"&"}, {"<<", ">>"}, {"+", "-"}, {"*", "/"}}

// arith reads a number with operators of at least this precedence.
func (p *parser) arith(level int) (expr, error) {
	if level == len(precedence) {
		return p.term()
	}
	a, err := p.arith(level + 1)
	for err == nil {
		op := p.peek().text
		if !p.take(precedence[level]...) {
			return a, nil
		}
		var b expr
		if b, err = p.arith(level + 1); err == nil {
			a = binary2{op, a, b}
		}
	}
	return nil, err
}

// named are the names of numbers.
var named = map[string]uint32{
	"tcpflags": 13, "tcp-fin": 1, "tcp-syn": 2, "tcp-rst": 4, "tcp-push": 8, "tcp-ack": 16, "tcp-urg": 32, "icmptype": 0, "icmpcode": 1,
}

func (p *parser) term() (expr, error) {
	t := p.peek()
	switch {
	case p.take("("):
		if p.depth++; p.depth > maxDepth {
			return nil, p.syntaxError("too many parentheses")
		}
		a, err := p.arith(0)
		p.depth--
		if err == nil && !p.take(")") {
			err = p.syntaxError("a parenthesis is not closed")
		}
		return a, err
	case p.take("len"):
		return length{}, nil
	}
	if v, err := strconv.ParseUint(t.text, 0, 32); err == nil && !t.op {
		p.pos++
		return constant(v), nil
	}
	if v, ok := named[t.text]; ok {
		p.pos++
		return constant(v), nil
	}
	if p.pos+1 >= len(p.tokens) || p.tokens[p.pos+1].text != "[" {
		return nil, p.syntaxError("a number is missing")
	}
	switch t.text {
	case "ether", "ip", "ip6", "tcp", "udp", "sctp", "icmp", "icmp6":
	default:
		return nil, p.syntaxError("unknown header")
	}
	p.pos += 2
	off, err := p.arith(0)
	if err != nil {
		return nil, err
	}
	size := uint32(1)
	if p.take(":") {
		if size, err = p.number(4); err != nil {
			return nil, err
		}
		if size == 0 || size == 3 {
			return nil, p.syntaxError("a size is 1, 2 or 4")
		}
	}
	if !p.take("]") {
		return nil, p.syntaxError("a bracket is not closed")
	}
	return access{t.text, off, size}, nil
}

func (n relNode) emit(e *emitter, yes, no label) {
	n.b.emit(e, slotTemp, no)
	e.op(opStore, slotTemp)
	n.a.emit(e, slotTemp+1, no)
	e.op(opXLoadMem, slotTemp)
	switch n.op {
	case "=", "==":
		e.jump(opJumpEq|opJumpX, 0, yes, no)
	case "!=":
		e.jump(opJumpEq|opJumpX, 0, no, yes)
	case ">":
		e.jump(opJumpGt|opJumpX, 0, yes, no)
	case "<=":
		e.jump(opJumpGt|opJumpX, 0, no, yes)
	case ">=":
		e.jump(opJumpGe|opJumpX, 0, yes, no)
	case "<":
		e.jump(opJumpGe|opJumpX, 0, no, yes)
	}
}

func (n relNode) onFragment() (canBe, cannot bool) {
	return n.a.onFragment() && n.b.onFragment(), true
}

func (c constant) emit(e *emitter, _ uint32, _ label) { e.op(opLoadConst, uint32(c)) }
func (constant) onFragment() bool                     { return true }

func (length) emit(e *emitter, _ uint32, _ label) { e.op(opLoadLen, 0) }
func (length) onFragment() bool                   { return true }

func (a access) emit(e *emitter, temp uint32, no label) {
	a.off.emit(e, temp, no)
	if temp+1 >= slots {
		e.fail("the filter's arithmetic is nested too deep")
		return
	}
	e.op(opStore, temp)
	from := e.net
	switch a.proto {
	case "ether":
		from = e.link
		e.op(opXLoadMem, temp)
	case "ip", "ip6":
		e.family(a.proto, no)
		e.op(opXLoadMem, slotNet)
	default:
		e.op(opLoadMem, slotProto)
		e.oneOf(protocols[a.proto], next, no)
		e.op(opLoadMem, slotFragment)
		e.equal(fragmentLater, no, next)
		e.op(opXLoadMem, slotPayload)
	}
	if a.proto != "ether" {
		e.op(opLoadMem, temp)
		e.op(opAddX, 0)
		e.op(opTAX, 0)
	}
	switch a.size {
	case 1:
		e.op(opIndByte, from)
	case 2:
		e.op(opIndHalf, from)
	default:
		e.op(opIndWord, from)
	}
}

func (a access) onFragment() bool {
	switch a.proto {
	case "ether", "ip", "ip6":
		return true
	}
	return false
}

// opcodes of arithmetic with X.
var arithmetic = map[string]uint16{"+": 0x0c, "-": 0x1c, "*": 0x2c, "/": 0x3c, "|": 0x4c, "&": 0x5c, "<<": 0x6c, ">>": 0x7c, "^": 0xac}

func (b binary2) emit(e *emitter, temp uint32, no label) {
	if temp+2 >= slots {
		e.fail("the filter's arithmetic is nested too deep")
		return
	}
	b.b.emit(e, temp, no)
	e.op(opStore, temp)
	b.a.emit(e, temp+1, no)
	e.op(opXLoadMem, temp)
	e.op(arithmetic[b.op], 0)
}

func (b binary2) onFragment() bool { return b.a.onFragment() && b.b.onFragment() }
