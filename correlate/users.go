package correlate

import (
	"imscope/correlate/fact"
	"imscope/correlate/story"
)

// user collects the facts of one subscriber. Users merge when a message shows that two names are
// one subscriber's: parent then points at the one that lives on.
type user struct {
	parent *user
	names  []fact.Name // those in the table
	facts  []fact.Ref  // the exchanges, in the engine's log; none in a Live
	last   int64       // time of the newest
	first  uint32      // frame of the first fact
	gone   bool        // the last document had nothing active, and no REGISTER has succeeded since

	sections fact.Last // what was kept last, to share it

	*more // see extra
}

// more is what few users of a capture have, and each of a Live.
type more struct {
	in    story.Input // of a Live; of others what is not in the engine's log
	calls []fact.Ref  // its strays, in the engine's log
	cx    []fact.Ref  // its Cx transactions, there too

	// What follows serves a Live only.
	dirty     bool   // something has changed since the user was told
	active    bool   // there was a binding when the user was told
	rests     bool   // told and folded since the last fact came
	forgotten bool   // no name leads here any more
	wakeAt    int64  // when to look again though nothing comes; 0 never
	told      ledger // what was emitted
	kept      int    // how many facts the last fold left
	lag       lag    // of the messages about the user; none in a Stream, whose clock is the messages' own

	// What follows serves a Stream only.
	on         *roll // where the user is, between prev and next
	prev, next *user
	since      int64 // when something changed first that was not told
	weight     int   // as it is in the sum of all users
}

// extra gives a user's more, made if need be: of 20,000 users most do without its 4 MB (2026-11-29).
func (u *user) extra() *more {
	if u.more == nil {
		u.more = new(more)
	}
	return u.more
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
	live    bool    // each user has more
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

// usualNames is how many identities a user has at least: a private and a public one.
const usualNames = 2

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
	u := &user{names: append(make([]fact.Name, 0, usualNames), n)}
	if t.live {
		u.extra()
	}
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
	t.join(a, b)
	return a
}

// revive gives what has come to a user who was forgotten to a new one of the same names, or to whoever has them now.
func (t *users) revive(u *user) *user {
	names := u.names
	u.names = nil
	for _, n := range names {
		if t.known(n) == u {
			delete(t.byName, n)
		}
	}
	var to *user
	for _, n := range names {
		to = t.name(to, n, true)
	}
	if to == nil {
		u.first, u.in = 0, story.Input{}
		return nil
	}
	t.join(to, u)
	return to
}

// join makes a user part of another, with as many facts as one user may have.
func (t *users) join(a, b *user) {
	b.parent = a
	a.names = append(a.names, b.names...)
	cut := 0
	a.facts, cut = fill(a.facts, b.facts, maxFacts-a.exchanges())
	a.gone = a.gone || b.gone
	if a.first == 0 || b.first != 0 && b.first < a.first {
		a.first = b.first
	}
	a.last = max(a.last, b.last)
	b.names, b.facts = nil, nil
	if b.more != nil {
		cut += a.extra().take(b.more, maxFacts-a.exchanges())
	}
	if cut > 0 {
		a.extra().in.Truncated += cut
		t.dropped += uint64(cut)
	}
}

// fill appends what there is room for, and tells how much there was none for.
func fill[T any](to, from []T, room int) (list []T, cut int) {
	n := min(len(from), max(room, 0))
	return append(to, from[:n]...), len(from) - n
}

// take takes what another user has, with room for so many exchanges, and tells how much was cut off.
func (a *more) take(b *more, room int) (cut int) {
	var cuts [3]int
	a.in.Exchanges, cuts[0] = fill(a.in.Exchanges, b.in.Exchanges, room)
	a.in.Cx, cuts[1] = fill(a.in.Cx, b.in.Cx, maxFacts-len(a.in.Cx))
	a.cx, cuts[2] = fill(a.cx, b.cx, maxFacts-len(a.cx))
	a.calls, _ = fill(a.calls, b.calls, maxStrays-len(a.calls))
	a.in.Strays, _ = fill(a.in.Strays, b.in.Strays, maxStrays-len(a.in.Strays))
	a.in.Truncated += b.in.Truncated
	a.kept += b.kept
	a.lag.join(b.lag)
	if a.told == nil {
		a.told = b.told
	} else {
		for t, e := range b.told {
			a.told.add(t, e)
		}
	}
	b.in, b.calls, b.cx, b.told = story.Input{}, nil, nil, nil
	return cuts[0] + cuts[1] + cuts[2]
}

// exchange gives a user an exchange.
func (t *users) exchange(u *user, o *open, frame uint32) {
	switch {
	case !u.room(), o.x == nil && o.chain.Head == 0: // the log is full
		t.truncated(u)
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

// truncated counts a fact that a user has no room for.
func (t *users) truncated(u *user) {
	u.extra().in.Truncated++
	t.dropped++
}

// room reports whether a user may have another exchange.
func (u *user) room() bool { return u.exchanges() < maxFacts }

// exchanges is how many a user has.
func (u *user) exchanges() int {
	if u.more == nil {
		return len(u.facts)
	}
	return len(u.facts) + len(u.in.Exchanges)
}

// size is how many facts a user has.
func (u *user) size() int {
	if u.more == nil {
		return len(u.facts)
	}
	return u.exchanges() + u.transactions()
}

// transactions is how many Cx transactions a user has.
func (u *user) transactions() int {
	if u.more == nil {
		return 0
	}
	return len(u.in.Cx) + len(u.cx)
}

// strays is how many calls are kept of a user.
func (u *user) strays() int {
	if u.more == nil {
		return 0
	}
	return len(u.in.Strays) + len(u.calls)
}

// stray gives a user a call.
func (u *user) stray(o *open) {
	m := u.extra()
	if o.x != nil {
		m.in.Strays = append(m.in.Strays, o.x)
	} else if o.chain.Head != 0 {
		m.calls = append(m.calls, o.chain.Head)
	}
}

// transaction gives a user a Cx transaction.
func (t *users) transaction(u *user, o *openCx, frame uint32) {
	m := u.extra()
	switch {
	case u.transactions() >= maxFacts, o.x == nil && o.chain.Head == 0: // the log is full
		t.truncated(u)
		return
	case o.x != nil:
		m.in.Cx = append(m.in.Cx, o.x)
	default:
		m.cx = append(m.cx, o.chain.Head)
	}
	u.seen(frame)
}

func (u *user) seen(frame uint32) {
	if u.first == 0 || frame < u.first {
		u.first = frame
	}
}
