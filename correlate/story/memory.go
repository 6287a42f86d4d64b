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
		u.Label, u.Phone, m.user = u.labels.of, u.labels.phone, u
	}
	return &u.User, &u.labels
}

// again takes the story back.
func (m *memory) again() {
	if m.user != nil {
		m.user.User = User{Label: m.user.Label, Phone: m.user.Phone}
	}
	m.strings.Again()
	m.bindings.Again()
	m.subscriptions.Again()
	m.subscriptionPtr.Again()
	m.documents.Again()
	m.documentPtr.Again()
	m.changes.Again()
	m.states.Again()
	m.deregs.Again()
	m.deregPtr.Again()
	m.events.Again()
	m.hops.Again()
	m.frames.Again()
	m.evidence.Again()
	m.told.Again()
	m.refs.Again()
	m.exchanges.Again()
}

// giveUp leaves the story to whom it was told.
func (m *memory) giveUp() { *m = memory{} }

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
	numbers      slab.Slab[int32]
}

// again takes all of it back.
func (m *scratch) again() {
	m.bindings.Again()
	m.bindingPtr.Again()
	m.rows.Again()
	m.rowPtr.Again()
	m.attempts.Again()
	m.terminations.Again()
	m.deregs.Again()
	m.subs.Again()
	m.watched.Again()
	m.watchedPtr.Again()
	m.contacts.Again()
	m.keys.Again()
	m.notifies.Again()
	m.told.Again()
	m.times.Again()
	m.numbers.Again()
}
