// Package lookup finds things that lie elsewhere in a row by a hash of their key.
package lookup

// Table finds numbers by hash. It takes eight bytes a place and has no pointers, where a map has the keys once more.
// Hashes must be ones that nobody can foresee: a table does not mix them. The zero Table is ready.
type Table struct {
	places []place // a power of two; from where a hash belongs its numbers stand without a gap between
	used   int
}

// place is empty iff its hash is 0.
type place struct{ hash, number uint32 }

// fold makes the part of a hash that is kept.
func fold(hash uint64) uint32 { return uint32(hash>>32) | 1<<31 }

// Find gives the number of this hash of which is says that it is the one.
func (t *Table) Find(hash uint64, is func(number uint32) bool) (number uint32, ok bool) {
	if t.used == 0 {
		return 0, false
	}
	h, mask := fold(hash), uint32(len(t.places)-1)
	for i := h & mask; t.places[i].hash != 0; i = (i + 1) & mask {
		if p := t.places[i]; p.hash == h && is(p.number) {
			return p.number, true
		}
	}
	return 0, false
}

// Put adds a number that is not there.
func (t *Table) Put(hash uint64, number uint32) {
	if 4*(t.used+1) > 3*len(t.places) {
		old := t.places
		t.places = make([]place, max(8, 2*len(old)))
		for _, p := range old {
			if p.hash != 0 {
				t.put(p)
			}
		}
	}
	t.put(place{fold(hash), number})
	t.used++
}

func (t *Table) put(p place) {
	mask := uint32(len(t.places) - 1)
	i := p.hash & mask
	for t.places[i].hash != 0 {
		i = (i + 1) & mask
	}
	t.places[i] = p
}

// Change gives a number that is there another number.
func (t *Table) Change(hash uint64, from, to uint32) {
	if i, ok := t.find(hash, from); ok {
		t.places[i].number = to
	}
}

// Delete takes a number out.
func (t *Table) Delete(hash uint64, number uint32) {
	i, ok := t.find(hash, number)
	if !ok {
		return
	}
	// Who stands behind the gap and belongs before it moves up (Knuth, volume 3, 6.4, algorithm R).
	mask := uint32(len(t.places) - 1)
	for j := (i + 1) & mask; t.places[j].hash != 0; j = (j + 1) & mask {
		if home := t.places[j].hash & mask; (j-home)&mask >= (j-i)&mask {
			t.places[i], i = t.places[j], j
		}
	}
	t.places[i] = place{}
	t.used--
}

// Len is how many numbers there are.
func (t *Table) Len() int { return t.used }

func (t *Table) find(hash uint64, number uint32) (i uint32, ok bool) {
	if t.used == 0 {
		return 0, false
	}
	p, mask := place{fold(hash), number}, uint32(len(t.places)-1)
	for i = p.hash & mask; t.places[i].hash != 0; i = (i + 1) & mask {
		if t.places[i] == p {
			return i, true
		}
	}
	return 0, false
}
