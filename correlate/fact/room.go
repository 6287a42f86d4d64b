package fact

// Room is where exchanges are unpacked to. Everything in it is given up at once, by Reset or with the Room.
type Room struct {
	exchanges     slab[Exchange]
	pointers      slab[*Exchange]
	registers     slab[Register]
	subscribes    slab[Subscribe]
	notifies      slab[Notify]
	documents     slab[Document]
	registrations slab[Registration]
	listed        slab[Contact]
	contacts      slab[ContactValue]
	uris          slab[URI]
	strings       slab[string]
	messages      slab[Message]
	hops          slab[Hop]

	// Scratch of Exchanges.
	heads   [1]Ref
	chains  []walked
	entries []found
	links   []link
}

// Reset gives up what was unpacked. The Room stays as large as it was, within bounds.
func (r *Room) Reset() {
	r.exchanges.reset()
	r.pointers.reset()
	r.registers.reset()
	r.subscribes.reset()
	r.notifies.reset()
	r.documents.reset()
	r.registrations.reset()
	r.listed.reset()
	r.contacts.reset()
	r.uris.reset()
	r.strings.reset()
	r.messages.reset()
	r.hops.reset()
}

// slab gives out zeroed pieces of a block, of a larger one each time that one is used up.
type slab[T any] struct {
	block []T
	used  int
}

// maxSlab bounds what stays reserved for the next user: those of a giant would be cleared for every dwarf behind it.
const maxSlab = 1 << 10

// take gives n zeroed values, nil for none.
func (s *slab[T]) take(n int) []T {
	if n == 0 {
		return nil
	}
	if len(s.block)-s.used < n {
		// What was given out stays where it is. The first block is as large as was asked for: a Room may serve once.
		s.block, s.used = make([]T, max(2*len(s.block), n)), 0
	}
	out := s.block[s.used : s.used+n : s.used+n]
	s.used += n
	return out
}

func (s *slab[T]) reset() {
	if len(s.block) > maxSlab {
		s.block = nil
	}
	clear(s.block[:min(s.used, len(s.block))])
	s.used = 0
}
