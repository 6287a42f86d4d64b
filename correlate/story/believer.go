package story

import (
	"cmp"
	"slices"
	"sync"

	"imscope/correlate/fact"
	"imscope/correlate/identity"
	"imscope/correlate/internal/slab"
)

// believers are those of users who were told by Tell.
var believers = sync.Pool{New: func() any { return &believer{} }}

// Beliefs works out what each party took the user's contacts for, and where they disagree.
func (u *User) Beliefs() Beliefs {
	if len(u.Bindings) == 0 {
		return Beliefs{}
	}
	if u.analyst != nil {
		return u.analyst.believe(u)
	}
	b := believers.Get().(*believer)
	out := b.believe(u)
	b.giveUp()
	believers.Put(b)
	return out
}

// believer collects the clues of one user.
type believer struct {
	dissector
	beliefs beliefs
	hints   hints

	start, stop int64
	charts      []*chart
	chartKeys   []string // contacts of charts
	chartIndex  index[string]
	aors        []string // identity keys
	spellings   []string // of aors
	aorIndex    index[string]
	scopes      []scope
	barred      []string // identity keys that no answer and no document lists, though they are registered
	held        held     // the contact and identity at hand
	scscf       string   // label of the registrar
	out         Beliefs

	// Scratch.
	lanes         []Lane
	disagreements []Disagreement
	segs          []Segment
	cuts          []int // where the lanes in segs end
	groups        []group
	toAS          []*fact.Exchange // third-party REGISTERs that were accepted
	named         []registered
	involved      []*party
	owners        []bool // of involved: it learns of the contact by REGISTER as well
	touched       []bool // of involved: a document told it of the contact
	listed        []listing
	told          []string
	edges         []int64
	at, ats       []int // segments of lanes
	open          []span
	views         []View
}

// beliefs is what Beliefs are made of.
type beliefs struct {
	lanes         slab.Slab[Lane]
	segments      slab.Slab[Segment]
	disagreements slab.Slab[Disagreement]
	views         slab.Slab[View]
	strings       slab.Slab[string]
}

func (m *beliefs) again() {
	m.lanes.Again()
	m.segments.Again()
	m.disagreements.Again()
	m.views.Again()
	m.strings.Again()
}

// hints is what finding them out takes besides.
type hints struct {
	charts   slab.Slab[chart]
	chartPtr slab.Slab[*chart]
	segments slab.Slab[Segment]
	parties  slab.Slab[party]
	partyPtr slab.Slab[*party]
	clues    slab.Slab[clue]
	lanes    slab.Slab[[]Segment]
	keys     slab.Slab[string]
}

func (m *hints) again() {
	m.charts.Again()
	m.chartPtr.Again()
	m.segments.Again()
	m.parties.Again()
	m.partyPtr.Again()
	m.clues.Again()
	m.lanes.Again()
	m.keys.Again()
}

// again takes back all that was made.
func (b *believer) again() {
	if b.u == nil {
		return // nobody has asked
	}
	b.made.again()
	b.beliefs.again()
	b.forget()
}

// giveUp leaves all that was made to whom it was given.
func (b *believer) giveUp() {
	b.made, b.beliefs = registrations{}, beliefs{}
	b.forget()
}

// forget forgets the user.
func (b *believer) forget() {
	b.dissector.forget()
	b.clear()
}

// clear makes room for working it out.
func (b *believer) clear() {
	b.hints.again()
	b.chartIndex.forget()
	b.aorIndex.forget()
	b.scscf, b.out = "", Beliefs{}
	empty(&b.charts)
	empty(&b.chartKeys, &b.aors, &b.spellings, &b.barred, &b.told)
	empty(&b.held.since, &b.held.ended)
	empty(&b.scopes)
	empty(&b.lanes)
	empty(&b.disagreements)
	empty(&b.segs)
	empty(&b.open)
	empty(&b.groups)
	empty(&b.views)
	empty(&b.toAS)
	empty(&b.named)
	empty(&b.involved)
	empty(&b.listed)
	empty(&b.edges)
	empty(&b.ats)
}

func (b *believer) believe(u *User) Beliefs {
	b.clear()
	b.survey(u)
	b.registers()
	b.registrar()
	b.unlisted()
	b.watchers()
	b.farewells()
	b.lay()
	b.identities()
	b.out.Lanes, b.out.Disagreements = b.beliefs.lanes.Copy(b.lanes), b.beliefs.disagreements.Copy(b.disagreements)
	return b.out
}

// survey makes a chart of each contact.
func (b *believer) survey(u *User) {
	b.of(u)
	b.start, b.stop = u.FirstTime, b.end()
	if u.Context != nil && u.Context.Start != 0 {
		b.start = min(u.Context.Start, b.start)
	}
	for i := range u.Bindings {
		row := &u.Bindings[i]
		at := b.chartIndex.find(b.chartKeys, row.ContactKey)
		if at < 0 {
			c := b.hints.charts.One()
			c.key, c.uri, c.host, at = row.ContactKey, row.Contact, identity.HostOf(row.ContactKey), len(b.charts)
			b.charts, b.chartKeys = append(b.charts, c), append(b.chartKeys, c.key)
		}
		c := b.charts[at]
		c.instance = cmp.Or(row.Instance, c.instance)
		if key := aorKey(row); !slices.Contains(c.aors, key) {
			c.aors = b.hints.keys.Add(c.aors, key)
			b.spell(key, row.AOR)
		}
	}
	if n := len(b.charts) - maxCharts; n > 0 {
		b.charts, b.chartKeys, b.out.Dropped = b.charts[n:], b.chartKeys[n:], n
		b.chartIndex.forget()
	}
	for _, x := range b.exchanges {
		if a := x.Register.Answer.Associated; len(a) > 0 {
			b.scope(x.Register.IMPI, x.To.Key, a)
		}
	}
}

// aorKey gives the key of a binding's identity.
func aorKey(b *Binding) string { return cmp.Or(b.AORKey, b.AOR) }

// spell takes note of how an identity is spelled.
func (b *believer) spell(key, as string) {
	if i := b.aorIndex.find(b.aors, key); i >= 0 {
		b.spellings[i] = as
		return
	}
	b.aors, b.spellings = append(b.aors, key), append(b.spellings, as)
}

// spelled gives identities as they are spelled.
func (b *believer) spelled(keys []string) []string {
	out := b.beliefs.strings.Some(len(keys))
	for i, k := range keys {
		out[i] = k
		if at := b.aorIndex.find(b.aors, k); at >= 0 && b.spellings[at] != "" {
			out[i] = b.spellings[at]
		}
	}
	return out
}

// scope is an implicit registration set as a 200 told it.
type scope struct {
	impi   string
	keys   []string // that which was registered first
	barred bool     // no 200 lists that one
}

// scope takes an implicit registration set.
func (b *believer) scope(impi, to string, associated []fact.URI) {
	at := slices.IndexFunc(b.scopes, func(s scope) bool { return s.impi == impi && s.keys[0] == to })
	if at < 0 {
		at = len(b.scopes)
		keys := b.hints.keys.Some(len(associated) + 1)[:1]
		keys[0] = to
		b.scopes = append(b.scopes, scope{impi, keys, true})
	}
	s := &b.scopes[at]
	for i := range associated {
		key := associated[i].Key
		if !slices.Contains(s.keys, key) {
			s.keys = b.hints.keys.Add(s.keys, key)
		}
		s.barred = s.barred && key != to
	}
}

// unlisted finds the identities that are registered, though no 200 and no document lists them: barred ones, as that which
// a phone makes of its IMSI (TS 23.003 13.4B).
func (b *believer) unlisted() {
	for i := range b.scopes {
		if s := &b.scopes[i]; s.barred && !slices.Contains(b.barred, s.keys[0]) && !b.isListed(s.keys[0]) {
			b.barred = append(b.barred, s.keys[0])
		}
	}
}

// isListed reports whether a 200 or a document lists an identity.
func (b *believer) isListed(aor string) bool {
	for i := range b.scopes {
		if s := &b.scopes[i]; slices.Contains(s.keys[1:], aor) || !s.barred && s.keys[0] == aor {
			return true
		}
	}
	for _, s := range b.u.Subscriptions {
		for _, d := range s.Documents {
			for i := range d.Changes {
				if cmp.Or(d.Changes[i].AORKey, d.Changes[i].AOR) == aor {
					return true
				}
			}
		}
	}
	return false
}

// set gives the identities that a REGISTER is about.
func (b *believer) set(x *fact.Exchange) []string {
	for i := range b.scopes {
		if s := &b.scopes[i]; s.keys[0] == x.To.Key && (s.impi == x.Register.IMPI || x.Register.IMPI == "") {
			return s.keys
		}
	}
	return b.hints.keys.Add(nil, x.To.Key)
}

// phone names the phone of a contact.
func (b *believer) phone(contact string) string {
	name := ""
	if b.u.Phone != nil {
		name = b.u.Phone(contact)
	}
	return cmp.Or(name, "UE")
}

// chart finds the chart of a contact: by its key, else by the same place with another port if just one
// is there.
func (b *believer) chart(key string) *chart {
	if at := b.chartIndex.find(b.chartKeys, key); at >= 0 {
		return b.charts[at]
	}
	var hit *chart
	for _, c := range b.charts {
		if identity.SamePlace(c.key, key) {
			if hit != nil {
				return nil
			}
			hit = c
		}
	}
	return hit
}
