// Package few has a map for a handful.
package few

// Map is a map for what most users have one or two of. The first ones need neither memory nor hashing, which was 1 µs
// of the 4 that all rules took for a user (2026-11-29). The zero Map is empty.
type Map[K comparable, V any] struct {
	n      int // in use of what follows
	keys   [6]K
	values [6]V
	more   map[K]V // nil while there is room
}

// Get returns the value of a key, the zero value if there is none.
func (m *Map[K, V]) Get(k K) V {
	for i := range m.n {
		if m.keys[i] == k {
			return m.values[i]
		}
	}
	return m.more[k]
}

// Put sets the value of a key.
func (m *Map[K, V]) Put(k K, v V) {
	for i := range m.n {
		if m.keys[i] == k {
			m.values[i] = v
			return
		}
	}
	if m.n < len(m.keys) && len(m.more) == 0 {
		m.keys[m.n], m.values[m.n] = k, v
		m.n++
		return
	}
	if m.more == nil {
		m.more = map[K]V{}
	}
	m.more[k] = v
}

// Drop forgets a key.
func (m *Map[K, V]) Drop(k K) {
	for i := range m.n {
		if m.keys[i] == k {
			m.n--
			m.keys[i], m.values[i] = m.keys[m.n], m.values[m.n]
			return
		}
	}
	delete(m.more, k)
}

// Clear forgets all keys.
func (m *Map[K, V]) Clear() {
	m.n = 0
	clear(m.more)
}
