package story

import "imscope/correlate/fact"

// memory is what a story is made of.
type memory struct {
	user *labelledUser

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

// labelledUser is a user with the names of the nodes.
type labelledUser struct {
	User
	labels labels
}

// begin makes the user, nameless yet.
func (m *memory) begin() (*User, *labels) {
	u := m.user
	if u == nil {
		u = &labelledUser{}
		u.Label, m.user = u.labels.of, u
	}
	return &u.User, &u.labels
}

func (m *memory) stores() [17]store {
	return [...]store{&m.strings, &m.bindings, &m.subscriptions, &m.subscriptionPtr, &m.documents, &m.documentPtr, &m.changes,
		&m.states, &m.deregs, &m.deregPtr, &m.events, &m.hops, &m.frames, &m.evidence, &m.told, &m.refs, &m.exchanges}
}

// again takes the story back.
func (m *memory) again() {
	if m.user != nil {
		m.user.User = User{Label: m.user.Label}
	}
	for _, s := range m.stores() {
		s.again()
	}
}

// giveUp leaves the story to whom it was told.
func (m *memory) giveUp() {
	m.user = nil
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
