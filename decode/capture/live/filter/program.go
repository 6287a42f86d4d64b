package filter

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/bpf"
)

// ReadProgram reads what `tcpdump -ddd EXPRESSION` prints: the number of instructions, then one a line as opcode, two
// jump offsets and operand.
func ReadProgram(r io.Reader) (Program, error) {
	var p Program
	want := -1
	lines := bufio.NewScanner(io.LimitReader(r, maxProgram*64))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "Warning:") {
			continue
		}
		fields := strings.Fields(line)
		if want < 0 {
			v, err := strconv.Atoi(line)
			if err != nil || v < 1 || v > maxProgram {
				return nil, fmt.Errorf("line %d is no number of instructions (1 to %d): is this the output of tcpdump -ddd?", n, maxProgram)
			}
			want = v
			continue
		}
		if len(fields) != 4 {
			return nil, fmt.Errorf("line %d has %d numbers instead of 4", n, len(fields))
		}
		var v [4]uint64
		for i, bits := range [4]int{16, 8, 8, 32} {
			var err error
			if v[i], err = strconv.ParseUint(fields[i], 10, bits); err != nil {
				return nil, fmt.Errorf("line %d: %q is no number of %d bits", n, fields[i], bits)
			}
		}
		p = append(p, bpf.RawInstruction{Op: uint16(v[0]), Jt: uint8(v[1]), Jf: uint8(v[2]), K: uint32(v[3])})
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if want < 0 {
		return nil, fmt.Errorf("no program")
	}
	if len(p) != want {
		return nil, fmt.Errorf("%d instructions instead of %d", len(p), want)
	}
	return p, nil
}

// Snap gives the program that keeps at most n bytes of a packet.
func (p Program) Snap(n uint32) Program {
	out := slices.Clone(p)
	for i := range out {
		if out[i].Op == opReturn && out[i].K > n {
			out[i].K = n
		}
	}
	return out
}
