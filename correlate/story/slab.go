package story

// slab cuts lists and single values from larger pieces of memory: an allocation for all of a kind that a
// user's story holds instead of one for each. The zero slab is ready.
type slab[T any] struct {
	piece  []T // what is given out of the present piece; behind its length all is zero
	before int // how many were given out of the pieces before it
	hint   int // how many the user before needed
}

const (
	// maxKept bounds what of a kind is kept, or made at once, for the next user: the tables of a giant would
	// be memory that no other user needs.
	maxKept = 512
	// minList is the room of a list to which something is added.
	minList = 4
)

// some gives n zero values.
func (s *slab[T]) some(n int) []T {
	from := len(s.piece)
	if s.piece == nil || cap(s.piece)-from < n {
		s.before += from
		s.piece, from = make([]T, 0, max(n, s.hint, s.before)), 0
	}
	s.piece = s.piece[:from+n]
	return s.piece[from : from+n : from+n]
}

// one gives a single zero value.
func (s *slab[T]) one() *T { return &s.some(1)[0] }

// add appends to a list of this slab.
func (s *slab[T]) add(list []T, v T) []T {
	if len(list) == cap(list) {
		longer := s.some(max(minList, 2*len(list)))
		list = longer[:copy(longer, list)]
	}
	return append(list, v)
}

// copy gives a list of its own to what was put together elsewhere, nil if that is empty.
func (s *slab[T]) copy(list []T) []T {
	if len(list) == 0 {
		return nil
	}
	out := s.some(len(list))
	copy(out, list)
	return out
}

// again takes back all that was given out, for the next user.
func (s *slab[T]) again() {
	if s.before > 0 || cap(s.piece) > maxKept {
		*s = slab[T]{hint: min(s.before+len(s.piece), maxKept)}
		return
	}
	clear(s.piece)
	s.piece = s.piece[:0]
}

// giveUp leaves all that was given out to those who have it.
func (s *slab[T]) giveUp() { *s = slab[T]{} }

// reserve makes room for n values more at once.
func (s *slab[T]) reserve(n int) {
	if cap(s.piece)-len(s.piece) < n {
		s.before += len(s.piece)
		s.piece = make([]T, 0, max(n, s.hint))
	}
}

// store is a slab of any kind.
type store interface {
	again()
	giveUp()
}
