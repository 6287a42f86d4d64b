package redact

import "bytes"

// inner finds known words within longer ones, as in branch=z9hG4bKtobias1.
type inner struct {
	words map[uint32][]string // by their first four characters
	maybe [1 << 10]uint64     // hashes of these, to be quick where there is nothing
}

// minInner is the shortest name that is searched within other words; shorter ones are there by chance.
const minInner = 6

func (n *inner) add(word string) {
	if len(word) < minInner {
		return
	}
	if n.words == nil {
		n.words = map[uint32][]string{}
	}
	k := first4([]byte(word))
	n.words[k] = append(n.words[k], word)
	h := bucket(k)
	n.maybe[h>>6] |= 1 << (h & 63)
}

// first4 makes a number of the first four characters, in lower case as far as they are letters.
func first4(b []byte) uint32 {
	return (uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])) | 0x20202020
}

func bucket(k uint32) uint32 { return k * 2654435761 >> 16 }

// find returns the first known word in b, the longest one that begins there.
func (n *inner) find(b []byte) (at, length int) {
	for i := 0; i+minInner <= len(b); i++ {
		k := first4(b[i:])
		if h := bucket(k); n.maybe[h>>6]&(1<<(h&63)) == 0 {
			continue
		}
		for _, w := range n.words[k] {
			if len(w) > length && i+len(w) <= len(b) && bytes.EqualFold(b[i:i+len(w)], []byte(w)) {
				at, length = i, len(w)
			}
		}
		if length > 0 {
			return at, length
		}
	}
	return 0, 0
}
