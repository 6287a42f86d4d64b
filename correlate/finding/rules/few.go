package rules

// few is a map for what most users have a handful of, in a place of its own on the stack: a map takes several times as
// long to fill (2026-11-29: 1 µs of the 4 that all rules took for a user). The zero few is empty.
type few[K comparable, V any] struct {
	n      int // in use of what follows
	keys   [6]K
	values [6]V
	more   map[K]V // nil while there is room
}

// get returns the value of a key, the zero value if there is none.
func (f *few[K, V]) get(k K) V {
	for i := range f.n {
		if f.keys[i] == k {
			return f.values[i]
		}
	}
	return f.more[k]
}

// put sets the value of a key.
func (f *few[K, V]) put(k K, v V) {
	for i := range f.n {
		if f.keys[i] == k {
			f.values[i] = v
			return
		}
	}
	if f.n < len(f.keys) && len(f.more) == 0 {
		f.keys[f.n], f.values[f.n] = k, v
		f.n++
		return
	}
	if f.more == nil {
		f.more = map[K]V{}
	}
	f.more[k] = v
}

// drop forgets a key.
func (f *few[K, V]) drop(k K) {
	for i := range f.n {
		if f.keys[i] == k {
			f.n--
			f.keys[i], f.values[i] = f.keys[f.n], f.values[f.n]
			return
		}
	}
	delete(f.more, k)
}

// clear forgets all keys.
func (f *few[K, V]) clear() {
	f.n = 0
	clear(f.more)
}
