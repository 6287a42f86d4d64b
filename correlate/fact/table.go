package fact

import "sync"

// table numbers values that signalling repeats all the time. Any goroutine may enter one; a number may be looked up
// by whom it was handed to.
type table[T comparable] struct {
	mu   sync.Mutex
	ids  map[T]uint32
	list []T // of fixed length, so that a reader of one entry needs no lock while others are added
	used int
}

func newTable[T comparable](size int) *table[T] {
	return &table[T]{ids: map[T]uint32{}, list: make([]T, size)}
}

// enter gives the number of a value; ok is false where the table is full. own makes the copy that is kept.
func (t *table[T]) enter(v T, own func(T) T) (id uint32, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if id, ok = t.ids[v]; ok {
		return id, true
	}
	if t.used == len(t.list) {
		return 0, false
	}
	id = uint32(t.used)
	v = own(v)
	t.list[id] = v
	t.ids[v] = id
	t.used++
	return id, true
}

// at gives the value of a number.
func (t *table[T]) at(id uint32) T { return t.list[id] }
