package filter

import (
	"errors"
	"fmt"
	"strings"
)

// Filter is a compiled expression.
type Filter struct {
	Program Program
	// LosesFragments: the expression cannot be true of the later fragments of a datagram, "port 5060" for example,
	// since only the first one has ports. Large messages would be lost.
	LosesFragments bool
}

// FragmentSafe gives the expression that also keeps the later fragments of datagrams.
func FragmentSafe(expression string) string {
	return "(" + strings.TrimSpace(expression) + ") or (ip[6:2] & 0x1fff != 0) or (ip6[6] = 44)"
}

// Compile makes the program of an expression in tcpdump's language. The error says where the expression cannot be read.
func Compile(expression string) (*Filter, error) { return compile(expression, kernelBase) }

func compile(expression string, b base) (*Filter, error) {
	if strings.TrimSpace(expression) == "" {
		return nil, errors.New("the filter is empty")
	}
	n, err := parse(expression)
	if err != nil {
		return nil, fmt.Errorf("filter: %w", err)
	}
	e := &emitter{base: b}
	keep, drop := e.label(), e.label()
	e.headers()
	n.emit(e, keep, drop)
	e.put(keep)
	e.ret(keepAll)
	e.put(drop)
	e.ret(0)
	p, err := e.assemble()
	if err != nil {
		return nil, fmt.Errorf("filter: %w", err)
	}
	canBe, _ := n.onFragment()
	return &Filter{Program: p, LosesFragments: !canBe}, nil
}

// ForInterfaces gives the program that keeps what p keeps, of these interfaces only; without any, of all. Packets that
// leave by the loopback interface, if that is not 0, come in by it again and are kept once.
func ForInterfaces(p Program, interfaces []int, loopback int) (Program, error) {
	const outgoing = 4 // PACKET_OUTGOING of linux/if_packet.h
	e := &emitter{base: kernelBase}
	drop, ours := e.label(), e.label()
	e.op(opLoadWord, ancillaryIfindex)
	for _, i := range interfaces {
		e.equal(uint32(i), ours, next)
	}
	if len(interfaces) > 0 {
		e.always(drop)
	}
	e.put(ours)
	if loopback != 0 {
		rest := e.label()
		e.equal(uint32(loopback), next, rest)
		e.op(opLoadHalf, ancillaryType)
		e.equal(outgoing, drop, rest)
		e.put(rest)
	}
	run := e.label()
	e.always(run)
	e.put(drop)
	e.ret(0)
	e.put(run)
	head, err := e.assemble2(len(p))
	return append(head, p...), err
}

// assemble2 assembles what more instructions follow.
func (e *emitter) assemble2(more int) (Program, error) {
	p, err := e.assemble()
	if err == nil && len(p)+more > maxProgram {
		err = errTooLong
	}
	return p, err
}
