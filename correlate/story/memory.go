package story

import (
	"imscope/correlate/fact"
	"imscope/correlate/internal/slab"
)

// memory is what a story is made of.
type memory struct {
	user *labelledUser

	strings         slab.Slab[string]
	bindings        slab.Slab[Binding]
	subscriptions   slab.Slab[Subscription]
	subscriptionPtr slab.Slab[*Subscription]
	documents       slab.Slab[Document]
	documentPtr     slab.Slab[*Document]
	changes         slab.Slab[Change]
	states          slab.Slab[IdentityState]
	deregs          slab.Slab[Deregistration]
	deregPtr        slab.Slab[*Deregistration]
	events          slab.Slab[Event]
	hops            slab.Slab[Hop]
	frames          slab.Slab[uint32]
	evidence        slab.Slab[Evidence]
	told            slab.Slab[Told]
	refs            slab.Slab[DocumentRef]
	exchanges       slab.Slab[*fact.Exchange]
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

func (m *memory) stores() [17]slab.Store {
	return [...]slab.Store{&m.strings, &m.bindings, &m.subscriptions, &m.subscriptionPtr, &m.documents, &m.documentPtr, &m.changes,
		&m.states, &m.deregs, &m.deregPtr, &m.events, &m.hops, &m.frames, &m.evidence, &m.told, &m.refs, &m.exchanges}
}

// again takes the story back.
func (m *memory) again() {
	if m.user != nil {
		m.user.User = User{Label: m.user.Label}
	}
	for _, s := range m.stores() {
		s.Again()
	}
}

// giveUp leaves the story to whom it was told.
func (m *memory) giveUp() {
	m.user = nil
	for _, s := range m.stores() {
		s.GiveUp()
	}
}

// scratch is what telling needs besides the story.
type scratch struct {
	bindings     slab.Slab[binding]
	bindingPtr   slab.Slab[*binding]
	rows         slab.Slab[row]
	rowPtr       slab.Slab[*row]
	attempts     slab.Slab[attempt]
	terminations slab.Slab[termination]
	deregs       slab.Slab[dereg]
	subs         slab.Slab[subscription]
	watched      slab.Slab[watched]
	watchedPtr   slab.Slab[*watched]
	contacts     slab.Slab[watchedContact]
	keys         slab.Slab[string]
	notifies     slab.Slab[*fact.Exchange]
	told         slab.Slab[toldBy]
	times        slab.Slab[int64]
}

// again takes all of it back.
func (m *scratch) again() {
	for _, s := range [...]slab.Store{&m.bindings, &m.bindingPtr, &m.rows, &m.rowPtr, &m.attempts, &m.terminations, &m.deregs, &m.subs,
		&m.watched, &m.watchedPtr, &m.contacts, &m.keys, &m.notifies, &m.told, &m.times} {
		s.Again()
	}
}
