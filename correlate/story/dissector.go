package story

import (
	"iter"

	"imscope/correlate/fact"
	"imscope/correlate/internal/slab"
)

// Registrations tells how each try to register, refresh or de-register by REGISTER went, in the order
// of their first frames. It is worked out on the first call.
func (u *User) Registrations() []*Registration {
	switch {
	case u.anatomised:
	case u.analyst != nil:
		u.registrations = u.analyst.dissect(u)
	default:
		b := believers.Get().(*believer)
		u.registrations = b.dissect(u)
		b.giveUp()
		believers.Put(b)
	}
	u.anatomised = true
	return u.registrations
}

// dissector takes the REGISTERs of one user apart.
type dissector struct {
	wording
	made registrations

	u         *User
	exchanges []*fact.Exchange // REGISTERs of the user's devices, by first frame
	cx        []*fact.Cx       // by first frame
	list      []*Registration
	rows      chains // of the user's bindings
	next      successors
	list32    []uint32 // scratch
}

// registrations is what registrations are made of.
type registrations struct {
	registrations   slab.Slab[Registration]
	registrationPtr slab.Slab[*Registration]
	rounds          slab.Slab[Round]
	delays          slab.Slab[Delay]
	cx              slab.Slab[CxStep]
	repeats         slab.Slab[Repeat]
	lastSeen        slab.Slab[LastSeen]
	strings         slab.Slab[string]
	frames          slab.Slab[uint32]
}

func (m *registrations) again() {
	m.registrations.Again()
	m.registrationPtr.Again()
	m.rounds.Again()
	m.delays.Again()
	m.cx.Again()
	m.repeats.Again()
	m.lastSeen.Again()
	m.strings.Again()
	m.frames.Again()
}

// of turns to a user.
func (d *dissector) of(u *User) {
	if d.u == u {
		return
	}
	d.u = u
	for i := range u.Timeline {
		e := &u.Timeline[i]
		switch x := e.Exchange; {
		case x != nil && x.Register != nil && !x.Register.ThirdParty && e.opens():
			d.exchanges = append(d.exchanges, x)
		case e.Cx != nil && (e.Method == e.Cx.Name || !e.Cx.Request.Seen()):
			d.cx = append(d.cx, e.Cx)
		}
	}
}

// opens reports whether an event is the first one of its exchange.
func (e *Event) opens() bool {
	x := e.Exchange
	if x.Request.Seen() {
		return e.Status == 0
	}
	for i := range x.Responses {
		if r := &x.Responses[i]; r.Status >= 200 {
			return r.Status == e.Status
		}
	}
	return false
}

// forget forgets the user, but not what was made.
func (d *dissector) forget() {
	d.u = nil
	empty(&d.exchanges)
	empty(&d.cx)
	empty(&d.list)
	empty(&d.list32)
	d.rows.reset()
	d.next.reset()
}

func (d *dissector) dissect(u *User) []*Registration {
	d.of(u)
	if len(d.exchanges) == 0 {
		return nil
	}
	d.rows.of(u.Bindings)
	for i, x := range d.exchanges {
		r := d.continued(x)
		if r == nil {
			r = d.begin(x)
			d.list = append(d.list, r)
		}
		until := uint32(1<<32 - 1)
		if i+1 < len(d.exchanges) {
			until = d.exchanges[i+1].FirstFrame()
		}
		d.round(r, x, until)
	}
	for i, r := range d.list {
		d.finish(r, d.list[i+1:])
	}
	d.lifetimes()
	return d.made.registrationPtr.Copy(d.list)
}

// chains finds the bindings of a contact.
type chains struct {
	bindings    []Binding
	keys        []string // contacts
	index       index[string]
	first, last []int32 // by contact, indices of bindings
	next        []int32 // by binding; -1 behind the last
}

// of takes the bindings of a user.
func (c *chains) of(bindings []Binding) {
	c.reset()
	c.bindings = bindings
	for i := range bindings {
		key := bindings[i].ContactKey
		c.next = append(c.next, -1)
		if at := c.index.find(c.keys, key); at >= 0 {
			c.next[c.last[at]], c.last[at] = int32(i), int32(i)
			continue
		}
		c.keys, c.first, c.last = append(c.keys, key), append(c.first, int32(i)), append(c.last, int32(i))
	}
}

// find gives the bindings of a contact in their order.
func (c *chains) find(key string) iter.Seq[*Binding] {
	return func(yield func(*Binding) bool) {
		at := c.index.find(c.keys, key)
		if at < 0 {
			return
		}
		for i := c.first[at]; i >= 0; i = c.next[i] {
			if !yield(&c.bindings[i]) {
				return
			}
		}
	}
}

func (c *chains) reset() {
	c.bindings = nil
	empty(&c.keys)
	empty(&c.first, &c.last, &c.next)
	c.index.forget()
}
