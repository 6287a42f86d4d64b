package story

import "imscope/correlate/fact"

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
	// minPiece is the size of a piece without any experience.
	minPiece = 4
)

// some gives n zero values.
func (s *slab[T]) some(n int) []T {
	from := len(s.piece)
	if s.piece == nil || cap(s.piece)-from < n {
		s.before += from
		s.piece, from = make([]T, 0, max(n, s.hint, s.before, minPiece)), 0
	}
	s.piece = s.piece[:from+n]
	return s.piece[from : from+n : from+n]
}

// one gives a single zero value.
func (s *slab[T]) one() *T { return &s.some(1)[0] }

// add appends to a list of this slab.
func (s *slab[T]) add(list []T, v T) []T {
	if len(list) == cap(list) {
		longer := s.some(max(minPiece, 2*len(list)))
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
		s.giveUp()
		return
	}
	clear(s.piece)
	s.piece = s.piece[:0]
}

// giveUp leaves all that was given out to those who have it.
func (s *slab[T]) giveUp() {
	*s = slab[T]{hint: min(s.before+len(s.piece), maxKept)}
}

// store is a slab of any kind.
type store interface {
	again()
	giveUp()
}

// memory is what a story is made of.
type memory struct {
	user    *User
	label   *labels
	labelOf func(fact.NodeID) string // of label

	strings         slab[string]
	bindings        slab[Binding]
	subscriptions   slab[Subscription]
	subscriptionPtr slab[*Subscription]
	documents       slab[Document]
	documentPtr     slab[*Document]
	changes         slab[Change]
	states          slab[IdentityState]
	deregs          slab[Deregistration]
	deregPtr        slab[*Deregistration]
	events          slab[Event]
	hops            slab[Hop]
	frames          slab[uint32]
	evidence        slab[Evidence]
	told            slab[Told]
	refs            slab[DocumentRef]
	exchanges       slab[*fact.Exchange]
}

// begin makes the user, nameless yet.
func (m *memory) begin() *User {
	if m.user == nil {
		m.user, m.label = &User{}, &labels{}
		m.labelOf = m.label.of
	}
	return m.user
}

func (m *memory) stores() [17]store {
	return [...]store{&m.strings, &m.bindings, &m.subscriptions, &m.subscriptionPtr, &m.documents, &m.documentPtr, &m.changes,
		&m.states, &m.deregs, &m.deregPtr, &m.events, &m.hops, &m.frames, &m.evidence, &m.told, &m.refs, &m.exchanges}
}

// again takes the story back.
func (m *memory) again() {
	if m.user != nil {
		*m.user = User{}
	}
	for _, s := range m.stores() {
		s.again()
	}
}

// giveUp leaves the story to whom it was told.
func (m *memory) giveUp() {
	m.user, m.label, m.labelOf = nil, nil, nil
	for _, s := range m.stores() {
		s.giveUp()
	}
}

// scratch is what telling needs besides the story.
type scratch struct {
	bindings     slab[binding]
	bindingPtr   slab[*binding]
	rows         slab[row]
	rowPtr       slab[*row]
	attempts     slab[attempt]
	terminations slab[termination]
	deregs       slab[dereg]
	subs         slab[subscription]
	watched      slab[watched]
	watchedPtr   slab[*watched]
	contacts     slab[watchedContact]
	keys         slab[string]
	notifies     slab[*fact.Exchange]
	told         slab[toldBy]
	times        slab[int64]
}

// again takes all of it back.
func (m *scratch) again() {
	for _, s := range [...]store{&m.bindings, &m.bindingPtr, &m.rows, &m.rowPtr, &m.attempts, &m.terminations, &m.deregs, &m.subs,
		&m.watched, &m.watchedPtr, &m.contacts, &m.keys, &m.notifies, &m.told, &m.times} {
		s.again()
	}
}
