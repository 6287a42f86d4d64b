// Package slab has memory for what is made of one user after the other.
package slab

// Slab cuts lists and single values from larger pieces of memory: an allocation for all of a kind that a
// user's facts or story hold instead of one for each. The zero Slab is ready.
type Slab[T any] struct {
	piece  []T // what is given out of the present piece; behind its length all is zero
	before int // how many were given out of the pieces before it
	hint   int // how many the user before needed
}

const (
	// MaxKept bounds what of a kind is kept, or made at once, for the next user: the tables of a giant would
	// be memory that no other user needs.
	MaxKept = 512
	// minList is the room of a list to which something is added.
	minList = 4
)

// Some gives n zero values, nil for none.
func (s *Slab[T]) Some(n int) []T {
	if n == 0 {
		return nil
	}
	from := len(s.piece)
	if s.piece == nil || cap(s.piece)-from < n {
		s.before += from
		s.piece, from = make([]T, 0, max(n, s.hint, s.before)), 0
	}
	s.piece = s.piece[:from+n]
	return s.piece[from : from+n : from+n]
}

// One gives a single zero value.
func (s *Slab[T]) One() *T { return &s.Some(1)[0] }

// Add appends to a list of this slab.
func (s *Slab[T]) Add(list []T, v T) []T {
	if len(list) == cap(list) {
		longer := s.Some(max(minList, 2*len(list)))
		list = longer[:copy(longer, list)]
	}
	return append(list, v)
}

// Copy gives a list of its own to what was put together elsewhere, nil if that is empty.
func (s *Slab[T]) Copy(list []T) []T {
	if len(list) == 0 {
		return nil
	}
	out := s.Some(len(list))
	copy(out, list)
	return out
}

// Again takes back all that was given out, for the next user.
func (s *Slab[T]) Again() {
	if s.before > 0 || cap(s.piece) > MaxKept {
		*s = Slab[T]{hint: min(s.before+len(s.piece), MaxKept)}
		return
	}
	if len(s.piece) > 0 {
		clear(s.piece)
		s.piece = s.piece[:0]
	}
}

// Reserve makes room for n values more at once.
func (s *Slab[T]) Reserve(n int) {
	if cap(s.piece)-len(s.piece) < n {
		s.before += len(s.piece)
		s.piece = make([]T, 0, max(n, s.hint))
	}
}
