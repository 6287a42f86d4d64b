package pseudonym

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"math"
	"math/big"
	"math/bits"
)

const (
	// maxTable is the largest set that is permuted by a table. In smaller halves of it a Feistel network would be
	// a bad permutation; above, a table is a waste.
	maxTable = 1 << 12
	// rounds of the Feistel network, as many as FF1 has (NIST SP 800-38G).
	rounds = 10
	// maxNumerals is how many numerals are permuted together; longer texts are cut into pieces. The halves then
	// stay far below the 256 bits of a round.
	maxNumerals = 32
	// maxTables bounds the tables that are kept.
	maxTables = 1 << 10
)

// permuter permutes vectors of numerals, each with a radix of its own.
type permuter struct {
	mac    hash.Hash
	tables map[string][]uint16 // by tweak and radices: the next element of the cycle
	sum    [sha256.Size]byte
	buf    []byte
}

func newPermuter(key []byte) *permuter {
	return &permuter{mac: hmac.New(sha256.New, key), tables: map[string][]uint16{}}
}

// permute replaces the numerals v, where v[i] < radix[i], by others. tweak names the permutation.
func (p *permuter) permute(tweak string, v, radix []uint16) {
	for part := 0; len(v) > 0; part++ {
		n := min(len(v), maxNumerals)
		p.piece(tweak, byte(part), v[:n], radix[:n])
		v, radix = v[n:], radix[n:]
	}
}

func (p *permuter) piece(tweak string, part byte, v, radix []uint16) {
	size := 1
	for _, r := range radix {
		if size *= int(r); size > maxTable {
			p.cycle(p.label(tweak, part, radix), v, radix)
			return
		}
	}
	if size < 2 {
		return
	}
	next := p.table(p.label(tweak, part, radix), size)
	x := 0
	for i := range v {
		x = x*int(radix[i]) + int(v[i])
	}
	x = int(next[x])
	for i := len(v) - 1; i >= 0; i-- {
		v[i] = uint16(x % int(radix[i]))
		x /= int(radix[i])
	}
}

// label names a permutation.
func (p *permuter) label(tweak string, part byte, radix []uint16) string {
	b := make([]byte, 0, len(tweak)+2+2*len(radix))
	b = append(append(b, tweak...), 0, part)
	for _, r := range radix {
		b = binary.BigEndian.AppendUint16(b, r)
	}
	return string(b)
}

// table gives a random cycle through 0 to size-1 (Sattolo's shuffle).
func (p *permuter) table(label string, size int) []uint16 {
	if t, ok := p.tables[label]; ok {
		return t
	}
	t := make([]uint16, size)
	for i := range t {
		t[i] = uint16(i)
	}
	for i := size - 1; i > 0; i-- {
		p.mac.Reset()
		p.mac.Write([]byte("table\x00" + label))
		p.mac.Write(binary.BigEndian.AppendUint32(nil, uint32(i)))
		j := int(binary.BigEndian.Uint64(p.mac.Sum(p.sum[:0])) % uint64(i))
		t[i], t[j] = t[j], t[i]
	}
	if len(p.tables) >= maxTables {
		clear(p.tables)
	}
	p.tables[label] = t
	return t
}

// cycle replaces v by its successor in a cycle through all vectors: with F a Feistel network, F⁻¹(F(v)+1). The
// successor of every vector is another one, and no two have the same.
func (p *permuter) cycle(label string, v, radix []uint16) {
	half := len(v) / 2
	if na, nb := small(radix[:half]), small(radix[half:]); na > 0 && nb > 0 {
		p.smallCycle(label, v, radix, na, nb)
		return
	}
	a, na := number(v[:half], radix[:half])
	b, nb := number(v[half:], radix[half:])
	for i := range rounds {
		p.round(label, i, a, b, na, nb, false)
	}
	one := big.NewInt(1)
	if b.Add(b, one); b.Cmp(nb) == 0 {
		b.SetInt64(0)
		if a.Add(a, one); a.Cmp(na) == 0 {
			a.SetInt64(0)
		}
	}
	for i := rounds - 1; i >= 0; i-- {
		p.round(label, i, a, b, na, nb, true)
	}
	numerals(a, v[:half], radix[:half])
	numerals(b, v[half:], radix[half:])
}

// small gives the number of values that numerals can have, 0 if it takes more than a word.
func small(radix []uint16) uint64 {
	n := uint64(1)
	for _, r := range radix {
		hi, lo := bits.Mul64(n, uint64(r))
		if hi != 0 || lo > math.MaxInt64 {
			return 0
		}
		n = lo
	}
	return n
}

// smallCycle is cycle for halves of one word each, which names and numbers are: several times as fast.
func (p *permuter) smallCycle(label string, v, radix []uint16, na, nb uint64) {
	half := len(v) / 2
	var a, b uint64
	for i, x := range v[:half] {
		a = a*uint64(radix[i]) + uint64(x)
	}
	for i, x := range v[half:] {
		b = b*uint64(radix[half+i]) + uint64(x)
	}
	for i := range rounds {
		if i&1 == 0 {
			a = (a + p.smallRound(label, i, b, na)) % na
		} else {
			b = (b + p.smallRound(label, i, a, nb)) % nb
		}
	}
	if b = (b + 1) % nb; b == 0 {
		a = (a + 1) % na
	}
	for i := rounds - 1; i >= 0; i-- {
		if i&1 == 0 {
			a = (a + na - p.smallRound(label, i, b, na)) % na
		} else {
			b = (b + nb - p.smallRound(label, i, a, nb)) % nb
		}
	}
	for i := len(v) - 1; i >= half; i-- {
		v[i] = uint16(b % uint64(radix[i]))
		b /= uint64(radix[i])
	}
	for i := half - 1; i >= 0; i-- {
		v[i] = uint16(a % uint64(radix[i]))
		a /= uint64(radix[i])
	}
}

// smallRound gives a number below n that is made of the other half.
func (p *permuter) smallRound(label string, i int, other, n uint64) uint64 {
	p.buf = append(append(p.buf[:0], "small\x00"...), label...)
	p.buf = binary.BigEndian.AppendUint64(append(p.buf, byte(i)), other)
	p.mac.Reset()
	p.mac.Write(p.buf)
	sum := p.mac.Sum(p.sum[:0])
	return bits.Rem64(binary.BigEndian.Uint64(sum)%n, binary.BigEndian.Uint64(sum[8:]), n)
}

// round adds to one half what is made of the other one, or takes it off again.
func (p *permuter) round(label string, i int, a, b, na, nb *big.Int, undo bool) {
	x, n, other := a, na, b
	if i&1 == 1 {
		x, n, other = b, nb, a
	}
	p.mac.Reset()
	p.mac.Write([]byte("round\x00" + label))
	p.mac.Write([]byte{byte(i)})
	p.mac.Write(other.Bytes())
	f := new(big.Int).SetBytes(p.mac.Sum(p.sum[:0]))
	if undo {
		x.Sub(x, f)
	} else {
		x.Add(x, f)
	}
	x.Mod(x, n)
}

// number gives the value of numerals and how many values there are.
func number(v, radix []uint16) (x, n *big.Int) {
	x, n = new(big.Int), big.NewInt(1)
	r := new(big.Int)
	for i := range v {
		r.SetInt64(int64(radix[i]))
		x.Add(x.Mul(x, r), big.NewInt(int64(v[i])))
		n.Mul(n, r)
	}
	return x, n
}

// numerals writes a value as numerals. It destroys x.
func numerals(x *big.Int, v, radix []uint16) {
	r, m := new(big.Int), new(big.Int)
	for i := len(v) - 1; i >= 0; i-- {
		x.DivMod(x, r.SetInt64(int64(radix[i])), m)
		v[i] = uint16(m.Int64())
	}
}

// random fills dst with what is made of the label and b. The same b gives the same bytes.
func (p *permuter) random(dst []byte, label string, b []byte) {
	for n := uint32(0); len(dst) > 0; n++ {
		p.mac.Reset()
		p.mac.Write([]byte("random\x00" + label + "\x00"))
		p.mac.Write(binary.BigEndian.AppendUint32(nil, n))
		p.mac.Write(b)
		dst = dst[copy(dst, p.mac.Sum(p.sum[:0])):]
	}
}
