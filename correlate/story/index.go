package story

import (
	"slices"

	"imscope/correlate/internal/slab"
)

// few is up to how many keys a list is looked through. A map that is there already is faster from six keys on
// (2026-11-29: 11 ns against 17 ns for eight), but must be made, and most lists have one to three.
const few = 8

// index finds keys in a list in which none is twice. The list only grows; else forget. The zero index is
// ready.
type index[K comparable] struct {
	places map[K]int // nil while the list is short
}

// find gives the place of a key in the list, -1 if it is not there.
func (x *index[K]) find(list []K, k K) int {
	if len(list) <= few {
		return slices.Index(list, k)
	}
	if x.places == nil {
		x.places = make(map[K]int, 2*len(list))
	}
	for i := len(x.places); i < len(list); i++ {
		x.places[list[i]] = i
	}
	if i, ok := x.places[k]; ok {
		return i
	}
	return -1
}

// forget prepares for another list.
func (x *index[K]) forget() {
	switch n := len(x.places); {
	case n > slab.MaxKept:
		x.places = nil
	case n > 0:
		clear(x.places)
	}
}

// distinct keeps strings once, in order of arrival.
type distinct struct {
	list  []string
	index index[string]
}

// add adds a string unless it is empty or there already.
func (d *distinct) add(s string) {
	if s != "" {
		d.first(s)
	}
}

// first adds a string, and reports whether it was not there.
func (d *distinct) first(s string) bool {
	if d.index.find(d.list, s) >= 0 {
		return false
	}
	d.list = append(d.list, s)
	return true
}

// reset empties the list and keeps its room.
func (d *distinct) reset() {
	empty(&d.list)
	d.index.forget()
}
