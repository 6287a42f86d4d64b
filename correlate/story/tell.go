package story

import (
	"sync"

	"imscope/correlate/fact"
	"imscope/correlate/internal/slab"
)

// tellers are those of Tell. They keep their tables and give up the stories.
var tellers = sync.Pool{New: func() any { return &Teller{} }}

// Tell tells the story of one user, which lasts. See Teller for many users.
func Tell(in Input, ctx *Context) *User {
	t := tellers.Get().(*Teller)
	u := t.tell(in, ctx)
	t.made.giveUp()
	tellers.Put(t)
	return u
}

// Teller tells one user after the other in the same memory (2026-11-29: no allocation, where Tell has 24, and
// a third of its time with the collection of garbage). The zero Teller is ready. Several goroutines need a Teller
// each.
type Teller struct {
	// Outline leaves out what no rule looks at: the timeline, and of a de-registration its scope, steps, evidence,
	// verdict and when the phone was back.
	Outline bool

	made    memory
	room    scratch
	analyst believer // works out what is not told at once
	wording

	// What follows is the state while the moments of one user are played in order; see reset.

	in    Input
	ctx   *Context
	u     *User
	label *labels

	order      []string   // identity keys, default one first
	spelled    []string   // how they are spelled
	activities []activity // when something was bound to them; filled once all is played
	orderIndex index[string]

	// Implicit registration sets, from P-Associated-URI.
	setKeys  []setKey
	sets     [][]string
	setIndex index[setKey]
	inSets   [][]int32 // the sets that an identity is in, in order of order

	private, instances, agents distinct

	bindings  []*binding // every lifetime, in order
	liveKeys  []string   // contacts that were bound
	live      []*binding // the newest lifetime of each
	liveIndex index[string]
	rows      int   // of all bindings
	groups    int32 // of grants
	spare     row   // where there is no room for another one

	places     []string // of the first so many live contacts, without ports
	placeOf    []int32  // the contact that is there, by its place in liveKeys; crowded
	placeIndex index[string]
	placed     int

	subs        []*subscription
	dialogs     []dialogKey // of subs
	dialogIndex index[dialogKey]

	attempts     []*attempt
	open         []*attempt       // those that the same REGISTER once more would belong to
	removals     []*fact.Exchange // REGISTERs that belong to attempts
	removalOf    []*attempt       // the attempt of each
	removalIndex index[*fact.Exchange]

	stars     []*attempt // "Contact: *" that was accepted and is not decided
	rtrs      []*termination
	pending   []*termination // those that are not decided
	assigned  []*fact.Cx     // Server-Assignments of an end that are not decided
	deregs    []*dereg
	farewells []*fact.Exchange // third-party REGISTERs with expires 0
	sarSeen   bool             // the capture shows Server-Assignment requests of this user

	// Scratch of single steps.

	plays                []moment
	apart                []bool
	saw, sees            view // what a document's watcher saw before it and sees now
	changes, unmentioned []Change
	used                 []bool
	contacts, keys       distinct
	yes, no, mute        distinct
	left, gone           []string
	marks                []mark
	frames               []uint32
	steps                []int32
	late                 []lapse
	watchers             []informed
	told                 []Told
	parts, missing       []string
	alone                [1]string
}

// Tell tells the story of one user. All that the user points to, and its registrations and beliefs, are valid
// until the next call; strings stay.
func (t *Teller) Tell(in Input, ctx *Context) *User {
	t.made.again()
	t.analyst.again()
	u := t.tell(in, ctx)
	u.analyst = &t.analyst
	return u
}

// tell plays what was seen and makes the story of it.
func (t *Teller) tell(in Input, ctx *Context) *User {
	t.in, t.ctx = in, ctx
	t.u, t.label = t.made.begin()
	t.u.Truncated, t.u.Context = in.Truncated, ctx
	t.label.learn(&t.in, ctx, &t.phrases)
	t.identities()
	t.moments()
	for i := range t.plays {
		t.play(&t.plays[i])
	}
	t.settle(nil)
	t.silentExpiry()
	t.farewell()
	t.report()
	u := t.u
	t.reset()
	return u
}

// setKey names an implicit registration set: another private identity may register the same public
// identity with other company, as a second device of the user does.
type setKey struct{ impi, aor string }

// reset forgets a user. Nothing of the story is kept here.
func (t *Teller) reset() {
	t.room.again()
	t.in, t.ctx, t.u, t.label, t.sarSeen = Input{}, nil, nil, nil, false
	t.orderIndex.forget()
	t.setIndex.forget()
	t.liveIndex.forget()
	t.placeIndex.forget()
	t.rows, t.groups, t.placed, t.spare = 0, 0, 0, row{}
	empty(&t.places)
	empty(&t.placeOf)
	t.dialogIndex.forget()
	t.removalIndex.forget()
	t.saw.reset()
	t.sees.reset()
	for _, d := range [...]*distinct{&t.private, &t.instances, &t.agents, &t.contacts, &t.keys, &t.yes, &t.no, &t.mute} {
		d.reset()
	}
	empty(&t.order, &t.spelled, &t.liveKeys, &t.left, &t.gone, &t.parts, &t.missing)
	empty(&t.activities)
	empty(&t.setKeys)
	empty(&t.sets)
	empty(&t.inSets)
	empty(&t.bindings, &t.live)
	empty(&t.late)
	empty(&t.subs)
	empty(&t.dialogs)
	empty(&t.attempts, &t.open, &t.stars, &t.removalOf)
	empty(&t.removals)
	empty(&t.rtrs, &t.pending)
	empty(&t.assigned)
	empty(&t.deregs)
	empty(&t.plays)
	empty(&t.farewells)
	empty(&t.changes, &t.unmentioned)
	empty(&t.marks)
	empty(&t.watchers)
	empty(&t.told)
	empty(&t.used)
	empty(&t.frames)
	empty(&t.steps)
	empty(&t.text)
}

// empty keeps the room of lists and nothing of what they pointed at, unless it is a giant's.
func empty[T any](lists ...*[]T) {
	for _, s := range lists {
		switch {
		case cap(*s) > slab.MaxKept:
			*s = nil
		case len(*s) > 0:
			clear(*s)
			*s = (*s)[:0]
		}
	}
}
