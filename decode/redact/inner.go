package redact

import (
	"math/bits"
	"strings"
)

// inner finds known texts within longer ones, as in branch=z9hG4bKtobias1.
type inner struct {
	lengths map[uint32]uint64 // by the first four characters: which lengths there are
	maybe   [1 << 10]uint64   // hashes of these, to be quick where there is nothing
}

const (
	// minInner is the shortest text that is searched within others.
	minInner = 4
	// minDigits is that of one with digits, which are elsewhere by chance.
	minDigits = 6
	// maxInner is the longest one: a mask has a bit for each length.
	maxInner = 63
)

func (n *inner) add(text string) {
	if len(text) < minInner || len(text) > maxInner || len(text) < minDigits && strings.ContainsAny(text, "0123456789") {
		return
	}
	if n.lengths == nil {
		n.lengths = map[uint32]uint64{}
	}
	k := first4([]byte(text))
	n.lengths[k] |= 1 << len(text)
	h := bucket(k)
	n.maybe[h>>6] |= 1 << (h & 63)
}

// first4 makes a number of the first four characters, in lower case as far as they are letters.
func first4(b []byte) uint32 {
	return (uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])) | 0x20202020
}

func bucket(k uint32) uint32 { return k * 2654435761 >> 16 }

// find returns the first text of a set in b, the longest one that begins there.
func (n *inner) find(b []byte, set map[string]struct{}) (at, length int) {
	var room [maxInner]byte
	for i := 0; i+minInner <= len(b); i++ {
		k := first4(b[i:])
		if h := bucket(k); n.maybe[h>>6]&(1<<(h&63)) == 0 {
			continue
		}
		mask := n.lengths[k]
		if mask == 0 {
			continue
		}
		low := lower(room[:0], b[i:min(len(b), i+maxInner)])
		for mask &= 1<<(len(low)+1) - 1; mask != 0; {
			length = bits.Len64(mask) - 1
			if _, ok := set[string(low[:length])]; ok {
				return i, length
			}
			mask &^= 1 << length
		}
	}
	return 0, 0
}
