package correlate

import (
	"maps"

	"imscope/correlate/fact"
	"imscope/correlate/story"
)

// user collects the facts of one subscriber. Users merge when a message shows that two names are
// one subscriber's: parent then points at the one that lives on.
type user struct {
	parent *user
	names  []fact.Name // those in the table
	in     story.Input // of a Live; of others without the exchanges
	facts  []fact.Ref  // the exchanges, in the engine's log; none in a Live
	calls  []fact.Ref  // its strays

	sections fact.Last // what was kept last, to share it
	first    uint32    // frame of the first fact
	last     int64     // time of the newest
	gone     bool      // the last document had nothing active, and no REGISTER has succeeded since

	// What follows serves a Live only.
	dirty   bool                // something has changed since the user was told
	wakeAt  int64               // when to look again though nothing comes; 0 never
	told    uint32              // highest frame whose events were emitted
	folded  uint32              // highest frame that was forgotten
	emitted map[uint64]struct{} // what was emitted, hashed

	// What follows serves a Stream only.
	on         *roll // where the user is, between prev and next
	prev, next *user
	since      int64 // when something changed first that was not told
	weight     int   // as it is in the sum of all users
	forgotten  bool  // no name leads here any more
}

// find follows merges.
func (u *user) find() *user {
	for u.parent != nil {
		if u.parent.parent != nil {
			u.parent = u.parent.parent
		}
		u = u.parent
	}
	return u
}

// users is the table of subscribers by their public identities, in canonical form, and private identities.
type users struct {
	byName  map[fact.Name]*user
	all     []*user // in order of creation, merged ones included
	dropped uint64  // facts beyond a cap
}

const (
	// maxUsers bounds the table; what belongs to later users is counted and left out. A registrar
	// pair serves some millions.
	maxUsers = 4 << 20
	// maxFacts bounds what is kept of one user: weeks of refreshes and their notifications. A
	// malicious or broken phone that registers all day must not take the memory of all others.
	maxFacts = 6000
	// maxNames bounds the identities of one user, far above an implicit set of a PBX.
	maxNames = 1024
)

func newUsers() users { return users{byName: map[fact.Name]*user{}} }

// known returns the user of a name, nil if there is none.
func (t *users) known(n fact.Name) *user {
	if u := t.byName[n]; u != nil {
		return u.find()
	}
	return nil
}

// named returns the user of a name, made if need be; nil for none or beyond the cap.
func (t *users) named(n fact.Name) *user {
	if n == 0 {
		return nil
	}
	if u := t.known(n); u != nil {
		return u
	}
	if len(t.all) >= maxUsers {
		t.dropped++
		return nil
	}
	u := &user{names: []fact.Name{n}}
	t.byName[n] = u
	t.all = append(t.all, u)
	return u
}

// name gives a user a further name. If the name is another user's, the two are merged iff join says
// that the evidence is strong enough.
func (t *users) name(u *user, n fact.Name, join bool) *user {
	if n == 0 {
		return u
	}
	if u == nil {
		return t.named(n)
	}
	u = u.find()
	o := t.known(n)
	switch {
	case o == u:
	case o == nil:
		if len(u.names) < maxNames {
			t.byName[n] = u
			u.names = append(u.names, n)
		}
	case join:
		return t.merge(u, o)
	}
	return u
}

// redirect has the names of users who merged lead to whom they are now.
func (t *users) redirect() {
	for name, u := range t.byName {
		if u.parent != nil {
			t.byName[name] = u.find()
		}
	}
}

// merge joins two users; the one with more facts takes the other's.
func (t *users) merge(a, b *user) *user {
	if a.size() < b.size() {
		a, b = b, a
	}
	if len(a.names)+len(b.names) > maxNames {
		return a
	}
	b.parent = a
	a.names = append(a.names, b.names...)
	a.in.Exchanges = append(a.in.Exchanges, b.in.Exchanges...)
	a.in.Cx = append(a.in.Cx, b.in.Cx...)
	a.facts = append(a.facts, b.facts...)
	a.calls = append(a.calls, b.calls[:min(len(b.calls), maxStrays-len(a.calls))]...)
	a.in.Strays = append(a.in.Strays, b.in.Strays[:min(len(b.in.Strays), maxStrays-len(a.in.Strays))]...)
	a.gone = a.gone || b.gone
	a.in.Truncated += b.in.Truncated
	if a.first == 0 || b.first != 0 && b.first < a.first {
		a.first = b.first
	}
	a.last, a.told, a.folded = max(a.last, b.last), max(a.told, b.told), max(a.folded, b.folded)
	if a.emitted == nil {
		a.emitted = b.emitted
	} else {
		maps.Copy(a.emitted, b.emitted)
	}
	b.emitted = nil
	b.names, b.in, b.facts, b.calls = nil, story.Input{}, nil, nil
	return a
}

// exchange gives a user an exchange.
func (t *users) exchange(u *user, o *open, frame uint32) {
	switch {
	case !u.room():
		u.in.Truncated++
		t.dropped++
		return
	case o.x != nil:
		u.in.Exchanges = append(u.in.Exchanges, o.x)
	default:
		if u.facts == nil {
			u.facts = make([]fact.Ref, 0, usualFacts)
		}
		u.facts = append(u.facts, o.chain.Head)
	}
	u.seen(frame)
}

// usualFacts is how many exchanges a user has who registers, watches the registration and leaves.
const usualFacts = 8

// room reports whether a user may have another exchange.
func (u *user) room() bool { return len(u.in.Exchanges)+len(u.facts) < maxFacts }

// size is how many facts a user has.
func (u *user) size() int { return len(u.in.Exchanges) + len(u.facts) + len(u.in.Cx) }

// strays is how many calls are kept of a user.
func (u *user) strays() int { return len(u.in.Strays) + len(u.calls) }

// stray gives a user a call.
func (u *user) stray(o *open) {
	if o.x != nil {
		u.in.Strays = append(u.in.Strays, o.x)
		return
	}
	u.calls = append(u.calls, o.chain.Head)
}

// cx gives a user a Cx transaction.
func (t *users) cx(u *user, c *fact.Cx, frame uint32) {
	if u == nil {
		return
	}
	if len(u.in.Cx) >= maxFacts {
		u.in.Truncated++
		t.dropped++
		return
	}
	u.in.Cx = append(u.in.Cx, c)
	u.seen(frame)
}

func (u *user) seen(frame uint32) {
	if u.first == 0 || frame < u.first {
		u.first = frame
	}
}
