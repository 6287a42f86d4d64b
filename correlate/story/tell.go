package story

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"imscope/correlate/fact"
	"imscope/correlate/identity"
)

// Input is what the capture holds of one user, in the order of first frames.
type Input struct {
	Exchanges []*fact.Exchange // REGISTER, third-party REGISTER, SUBSCRIBE and NOTIFY of the reg package
	Cx        []*fact.Cx
	Strays    []*fact.Exchange // calls and messages of a device that the network had de-registered, a few
	Truncated int              // facts of this user that were dropped at a cap
}

// Context is what the capture as a whole knows.
type Context struct {
	Role func(fact.NodeID) fact.Role
	Addr func(fact.NodeID) string // address without port, "" if unknown
	Path func(uint32) string      // name of an encapsulation
	// Forwards reports whether the capture shows a node sending on REGISTERs: what is not seen behind
	// it did not get there.
	Forwards func(fact.NodeID) bool
	End      int64  // time of the capture's last packet, as far as this user was in view
	Start    int64  // time of its first packet
	Spans    []Span // when packets were captured, in order; none: from Start to End

	tellers *sync.Pool // of *teller; nil unless Reuse
}

// Reuse lets users of this context be told with the same tables one after the other. They last as long as
// the context; several goroutines may tell.
func (c *Context) Reuse() { c.tellers = new(sync.Pool) }

// Span is a time during which packets were captured, ns.
type Span struct{ From, To int64 }

// covers reports whether packets were captured all the time between two moments: silence proves
// something only there.
func (c *Context) covers(from, to int64) bool {
	for _, s := range c.Spans {
		if s.From <= from && to <= s.To {
			return true
		}
	}
	return len(c.Spans) == 0 && to <= c.End
}

// Until gives the context of a user whose newest fact is of this time: of what comes after the span
// that it lies in, nothing is known.
func (c *Context) Until(last int64) *Context {
	for _, s := range c.Spans {
		if s.From <= last && last <= s.To && s.To < c.End {
			out := *c
			out.End = s.To
			return &out
		}
	}
	return c
}

// Tell tells the story of one user. What it needs besides the story itself may serve the next user of the
// context, see Reuse: tables for each user were a third of what telling allocates (2026-11-22).
func Tell(in Input, ctx *Context) *User {
	var t *teller
	if ctx.tellers != nil {
		t, _ = ctx.tellers.Get().(*teller)
	}
	if t == nil {
		t = newTeller()
	}
	t.in, t.ctx, t.u = in, ctx, &User{Truncated: in.Truncated}
	t.tell()
	u := t.u
	if ctx.tellers != nil && len(in.Exchanges) <= maxReused && len(t.known) <= maxReused {
		t.reset()
		ctx.tellers.Put(t)
	}
	return u
}

// maxReused bounds the facts of a user whose tables serve the next one: those of a giant would be cleared
// for every dwarf behind it.
const maxReused = 64

func newTeller() *teller {
	return &teller{
		live:     map[string]*binding{},
		dialogs:  map[dialogKey]*subscription{},
		known:    map[string]string{},
		sets:     map[setKey][]string{},
		byX:      map[*fact.Exchange]*attempt{},
		activity: map[string]*activity{},
		saw:      map[[2]string]bool{},
		sees:     map[[2]string]bool{},
	}
}

// reset empties the tables for the next user. The story keeps none of them.
func (t *teller) reset() {
	clear(t.live)
	clear(t.dialogs)
	clear(t.known)
	clear(t.sets)
	clear(t.byX)
	clear(t.activity)
	clear(t.saw)
	clear(t.sees)
	*t = teller{
		live: t.live, dialogs: t.dialogs, known: t.known, sets: t.sets, byX: t.byX, activity: t.activity, saw: t.saw, sees: t.sees,
		order: emptied(t.order), plays: emptied(t.plays), bindings: emptied(t.bindings), subs: emptied(t.subs), attempts: emptied(t.attempts),
		open: emptied(t.open), stars: emptied(t.stars), rtrs: emptied(t.rtrs), pending: emptied(t.pending), deregs: emptied(t.deregs), text: t.text[:0],
	}
}

// emptied gives a slice's room without what it pointed at.
func emptied[T any](s []T) []T {
	clear(s[:cap(s)])
	return s[:0]
}

// tell plays what was seen and makes the story of it.
func (t *teller) tell() {
	t.identities()
	t.label = newLabels(t.in, t.ctx)
	t.u.Label, t.u.Context = t.label.of, t.ctx
	ms := t.moments()
	for i := range ms {
		t.play(&ms[i])
	}
	t.settle()
	t.silentExpiry()
	t.report()
}

// setKey names an implicit registration set: another private identity may register the same public
// identity with other company, as a second device of the user does.
type setKey struct{ impi, aor string }

// teller is the state while the moments of one user are played in order.
type teller struct {
	in    Input
	ctx   *Context
	u     *User
	label *labels

	known map[string]string   // identity key → spelling
	order []string            // identity keys, default one first
	sets  map[setKey][]string // implicit registration sets, from P-Associated-URI

	bindings []*binding // every lifetime, in order
	live     map[string]*binding
	subs     []*subscription
	dialogs  map[dialogKey]*subscription
	attempts []*attempt
	open     []*attempt // those that the same REGISTER once more would belong to
	byX      map[*fact.Exchange]*attempt
	stars    []*attempt // "Contact: *" that was accepted and is not decided
	rtrs     []*termination
	pending  []*termination       // those that are not decided
	activity map[string]*activity // by identity key; filled once all is played
	deregs   []*dereg
	sarSeen  bool // the capture shows Server-Assignment requests of this user

	// Room that is shared: the hops and frames of all events, the text that is being worded.
	hops   []Hop
	frames []uint32
	text   []byte

	// Scratch: moments, and what a document's watcher saw before it and sees now.
	plays     []moment
	saw, sees map[[2]string]bool
}

// moment is a point of the capture at which something became known: a request of an exchange, its
// final response, a request or an answer on Cx.
type moment struct {
	frame  uint32
	seq    int32 // order within a frame
	answer bool
	x      *fact.Exchange // nil on Cx
	c      *fact.Cx
	final  *fact.Message // of x, where answer
}

// play lets a moment happen.
func (t *teller) play(m *moment) {
	switch x := m.x; {
	case x == nil && m.answer:
		t.cxAnswer(m.c)
	case x == nil:
		t.cxRequest(m.c)
	case x.Register != nil && m.answer:
		t.registerAnswer(x, m.final)
	case x.Register != nil:
		t.registerRequest(x)
	case x.Subscribe != nil && m.answer:
		t.subscribeAnswer(x, m.final)
	case x.Subscribe != nil:
		t.subscribeRequest(x)
	case x.Notify != nil && !m.answer:
		t.notify(x)
	}
}

// moments lists what the facts say in the order in which it was seen first.
func (t *teller) moments() []moment {
	ms := slices.Grow(t.plays[:0], 2*(len(t.in.Exchanges)+len(t.in.Cx)))
	add := func(m *fact.Message, to moment) {
		if m != nil && m.Seen() {
			to.frame, to.seq = m.Hops[0].Frame, int32(len(ms))
			ms = append(ms, to)
		}
	}
	for _, x := range t.in.Exchanges {
		if x.Register != nil && x.Register.ThirdParty {
			continue
		}
		add(&x.Request, moment{x: x})
		if x.Notify == nil {
			final := x.Final()
			add(final, moment{x: x, answer: true, final: final})
		}
	}
	for _, c := range t.in.Cx {
		add(&c.Request, moment{c: c})
		add(&c.Answer, moment{c: c, answer: true})
	}
	slices.SortFunc(ms, func(a, b moment) int {
		return cmp.Or(cmp.Compare(a.frame, b.frame), cmp.Compare(a.seq, b.seq))
	})
	t.plays = ms
	return ms
}

// identities collects the user's names, the default public identity first (TS 24.229 5.4.1.2.2F:
// the first URI of P-Associated-URI).
func (t *teller) identities() {
	byFrame := t.in.Exchanges
	var private, instances, agents distinct
	for _, x := range byFrame {
		if r := x.Register; r != nil && !r.ThirdParty {
			for _, u := range r.Answer.Associated {
				t.learn(u)
			}
			if len(r.Answer.Associated) == 0 {
				continue
			}
			keys := make([]string, 0, len(r.Answer.Associated)+1)
			for _, u := range r.Answer.Associated {
				keys = append(keys, u.Key)
			}
			if !slices.Contains(keys, x.To.Key) {
				keys = append(keys, x.To.Key) // a barred identity, or one that a proxy left out
			}
			t.sets[setKey{r.IMPI, x.To.Key}] = keys
		}
	}
	for _, x := range byFrame {
		switch {
		case x.Register != nil:
			t.learn(x.To)
			if x.Register.ThirdParty {
				continue
			}
			private.add(x.Register.IMPI)
			agents.add(x.Register.UserAgent)
			for _, c := range x.Register.Contacts {
				instances.add(c.Instance)
			}
		case x.Notify != nil && x.Notify.Document != nil:
			for _, r := range x.Notify.Document.Registrations {
				t.learn(r.AOR)
				for _, c := range r.Contacts {
					instances.add(c.Instance)
				}
			}
		case x.Subscribe != nil:
			t.learn(resource(x))
		}
	}
	for _, c := range t.in.Cx {
		private.add(c.UserName)
		for _, p := range c.Public {
			t.learn(p)
		}
	}
	t.u.PublicIdentities = slices.Grow(t.u.PublicIdentities, len(t.order))
	for _, k := range t.order {
		t.u.PublicIdentities = append(t.u.PublicIdentities, t.known[k])
	}
	t.u.PrivateIdentities, t.u.Instances, t.u.UserAgents = private.list, instances.list, agents.list
	switch {
	case len(t.u.PublicIdentities) > 0:
		t.u.ID = t.u.PublicIdentities[0]
	case len(t.u.PrivateIdentities) > 0:
		t.u.ID = t.u.PrivateIdentities[0]
	default:
		t.u.ID = "unknown user"
	}
}

// learn takes note of a public identity.
func (t *teller) learn(u fact.URI) {
	if u.Key == "" {
		return
	}
	if _, ok := t.known[u.Key]; ok {
		return
	}
	t.known[u.Key] = u.Raw
	t.order = append(t.order, u.Key)
}

// resource is the identity that a SUBSCRIBE asks about.
func resource(x *fact.Exchange) fact.URI {
	if x.ToTag == "" && strings.HasPrefix(x.RequestURI, "sip") || strings.HasPrefix(x.RequestURI, "tel") {
		if key := identity.Canonical(x.RequestURI); identity.HasUser(key) && key == x.To.Key {
			return x.To
		}
	}
	return x.To
}

// distinct keeps non-empty strings once, in order of arrival.
type distinct struct{ list []string }

func (d *distinct) add(s string) {
	if s != "" && !slices.Contains(d.list, s) {
		d.list = append(d.list, s)
	}
}

// method spells the exchange's method.
func method(x *fact.Exchange) string {
	if x.MethodName != "" {
		return x.MethodName
	}
	return x.Method.String()
}
