package filter

import (
	"errors"
	"fmt"

	"golang.org/x/net/bpf"
)

// Program is a filter as the kernel takes it: what it returns is how many bytes of the packet are kept, 0 for none.
type Program []bpf.RawInstruction

const (
	// keepAll is what a program returns for a packet it keeps; the snap length is up to the ring.
	keepAll = 256 << 10
	// maxProgram is BPF_MAXINSNS of linux/bpf_common.h.
	maxProgram = 4096
)

// Opcodes that the emitter needs; linux/bpf_common.h.
const (
	opLoadWord    = 0x20 // ld  [k]
	opLoadHalf    = 0x28
	opLoadByte    = 0x30
	opIndWord     = 0x40 // ld  [x + k]
	opIndHalf     = 0x48
	opIndByte     = 0x50
	opLoadConst   = 0x00 // ld  #k
	opLoadMem     = 0x60 // ld  M[k]
	opLoadLen     = 0x80 // ld  len
	opXLoadConst  = 0x01
	opXLoadMem    = 0x61
	opStore       = 0x02
	opXStore      = 0x03
	opAdd         = 0x04
	opAnd         = 0x54
	opShiftLeft   = 0x64
	opAddX        = 0x0c
	opTAX         = 0x07
	opReturn      = 0x06
	opJump        = 0x05
	opJumpEq      = 0x15
	opJumpGt      = 0x25
	opJumpGe      = 0x35
	opJumpSet     = 0x45
	opJumpX       = 0x08 // added: compare with X
	classJump     = 0x05
	maskClass     = 0x07
	maxJumpOffset = 255
)

// base says where a packet's parts are. The kernel resolves negative offsets to the header it found (linux/filter.h).
type base struct {
	net         uint32 // offset of the network header
	link        uint32
	protocol    uint32 // where the ethertype is
	kernel      bool   // there are the kernel's own data: VLAN tag, interface, packet type
	vlanPresent uint32
	vlanTag     uint32
}

var (
	// kernelBase is what runs in a packet socket.
	kernelBase = base{net: 0xfff00000, link: 0xffe00000, protocol: 0xfffff000, kernel: true, vlanTag: 0xfffff000 + 44, vlanPresent: 0xfffff000 + 48}
	// ethernetBase is for frames as they stand in a file, for tests.
	ethernetBase = base{net: 14, link: 0, protocol: 12}
)

// Ancillary data of linux/filter.h: offsets from SKF_AD_OFF.
const (
	ancillary        = 0xfffff000
	ancillaryType    = ancillary + 4
	ancillaryIfindex = ancillary + 8
)

// label is a place in a program, known once it is put.
type label int

// next stands for the instruction that follows.
const next label = -1

// op is one instruction with symbolic jumps.
type op struct {
	code   uint16
	k      uint32
	jt, jf label // of conditional jumps; jt alone of opJump
}

// emitter collects a program.
type emitter struct {
	base
	ops    []op
	places []int // of labels: index into ops
	err    error
}

func (e *emitter) label() label {
	e.places = append(e.places, -1)
	return label(len(e.places) - 1)
}

// put says that a label is here.
func (e *emitter) put(l label) { e.places[l] = len(e.ops) }

func (e *emitter) op(code uint16, k uint32) { e.ops = append(e.ops, op{code: code, k: k}) }

// jump adds a conditional jump.
func (e *emitter) jump(code uint16, k uint32, jt, jf label) {
	e.ops = append(e.ops, op{code: code, k: k, jt: jt, jf: jf})
}

// equal compares A with a constant.
func (e *emitter) equal(k uint32, jt, jf label) { e.jump(opJumpEq, k, jt, jf) }

func (e *emitter) always(to label) { e.ops = append(e.ops, op{code: opJump, jt: to}) }

// ret ends the program.
func (e *emitter) ret(n uint32) { e.op(opReturn, n) }

func (e *emitter) fail(format string, args ...any) {
	if e.err == nil {
		e.err = fmt.Errorf(format, args...)
	}
}

var errTooLong = errors.New("the filter is too long for the kernel")

func isConditional(code uint16) bool { return code&maskClass == classJump && code != opJump }

// assemble resolves the labels. Conditional jumps reach 255 instructions; those that must reach further jump to an
// unconditional one right behind them.
func (e *emitter) assemble() (Program, error) {
	if e.err != nil {
		return nil, e.err
	}
	if len(e.ops) > maxProgram {
		return nil, errTooLong
	}
	long := make([]bool, len(e.ops))
	at := make([]int, len(e.ops)+1)
	for {
		n := 0
		for i := range e.ops {
			at[i] = n
			n++
			if long[i] {
				n += 2
			}
		}
		at[len(e.ops)] = n
		if n > maxProgram {
			return nil, errTooLong
		}
		again := false
		for i, o := range e.ops {
			if long[i] || !isConditional(o.code) {
				continue
			}
			if e.distance(at, i, o.jt) < 0 || e.distance(at, i, o.jf) < 0 {
				return nil, errors.New("filter: a jump back") // a mistake of ours: tests would see it
			}
			if e.distance(at, i, o.jt) > maxJumpOffset || e.distance(at, i, o.jf) > maxJumpOffset {
				long[i], again = true, true
			}
		}
		if !again {
			break
		}
	}
	var p Program
	for i, o := range e.ops {
		switch {
		case o.code == opJump:
			p = append(p, bpf.RawInstruction{Op: opJump, K: uint32(e.distance(at, i, o.jt))})
		case !isConditional(o.code):
			p = append(p, bpf.RawInstruction{Op: o.code, K: o.k})
		case long[i]:
			p = append(p, bpf.RawInstruction{Op: o.code, Jt: 0, Jf: 1, K: o.k},
				bpf.RawInstruction{Op: opJump, K: uint32(e.target(at, i, o.jt) - at[i] - 2)},
				bpf.RawInstruction{Op: opJump, K: uint32(e.target(at, i, o.jf) - at[i] - 3)})
		default:
			p = append(p, bpf.RawInstruction{Op: o.code, Jt: uint8(e.distance(at, i, o.jt)), Jf: uint8(e.distance(at, i, o.jf)), K: o.k})
		}
	}
	return p, nil
}

// target is the index of the instruction that l stands for, seen from op i.
func (e *emitter) target(at []int, i int, l label) int {
	if l == next {
		return at[i+1]
	}
	return at[e.places[l]]
}

func (e *emitter) distance(at []int, i int, l label) int { return e.target(at, i, l) - at[i] - 1 }
