package story

import (
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/identity"
)

// binding is one contact over one lifetime, bound to one or more addresses-of-record.
type binding struct {
	key      string // identity.Contact
	uri      string
	instance string
	rows     []*row
	callID   string
	source   string // address that registered it
	answered bool   // a REGISTER of this contact and its 2xx are in the capture
	answerAt int64  // time of the last such 2xx
	// The granted time runs out between these two: the 200 and reginfo may differ (a widespread
	// registrar grants 10 % less in the 200 than it keeps itself).
	soonest, latest int64
}

// row is one contact under one address-of-record.
type row struct {
	b         *binding
	aor       string // identity key
	active    bool
	event     string
	since     int64
	refreshed int64
	lastFrame uint32 // last frame that said active
	told      bool   // a document said active
	ended     int64
	by        *dereg
}

func (b *binding) active() bool {
	return slices.ContainsFunc(b.rows, func(r *row) bool { return r.active })
}

// row returns the newest row for an address-of-record, nil if there is none.
func (b *binding) row(aor string) *row {
	for i := len(b.rows) - 1; i >= 0; i-- {
		if b.rows[i].aor == aor {
			return b.rows[i]
		}
	}
	return nil
}

// confirm marks the contact active under aor as of now, with a new row if there is none or if the
// old one has ended.
func (b *binding) confirm(aor, event string, frame uint32, now, since int64) *row {
	r := b.row(aor)
	if r == nil || !r.active {
		r = &row{b: b, aor: aor, active: true, since: since}
		b.rows = append(b.rows, r)
	}
	r.event, r.refreshed, r.lastFrame = event, now, frame
	return r
}

// runsOut takes note of when the binding ends unless refreshed. A REGISTER starts the window anew; a
// document widens it.
func (b *binding) runsOut(at int64, fresh bool) {
	if fresh || b.latest == 0 {
		b.soonest, b.latest = at, at
		return
	}
	b.soonest, b.latest = min(b.soonest, at), max(b.latest, at)
}

// bind finds the live binding of a contact or starts a new one.
func (t *teller) bind(key, uri, instance string) *binding {
	b := t.live[key]
	if b == nil || !b.active() {
		b = &binding{key: key, uri: uri, instance: instance}
		t.bindings = append(t.bindings, b)
		t.live[key] = b
	}
	if b.instance == "" {
		b.instance = instance
	}
	return b
}

// find returns the newest binding of a contact, ended or not: by URI, else by the same place with
// another port if just one is there (documents that lost the port), nil if unknown.
func (t *teller) find(key string) *binding {
	if b := t.live[key]; b != nil {
		return b
	}
	var hit *binding
	for _, b := range t.bindings {
		if t.live[b.key] != b || !identity.SamePlace(b.key, key) {
			continue
		}
		if hit != nil {
			return nil
		}
		hit = b
	}
	return hit
}

// set returns the keys of the implicit registration set that a REGISTER speaks of, its own identity
// included.
func (t *teller) set(x *fact.Exchange) []string {
	if s := t.sets[setKey{x.Register.IMPI, x.To.Key}]; len(s) > 0 {
		return s
	}
	return []string{x.To.Key}
}

// related reports whether two identities are in one implicit registration set.
func (t *teller) related(a, b string) bool {
	if a == b {
		return true
	}
	for _, set := range t.sets {
		if slices.Contains(set, a) && slices.Contains(set, b) {
			return true
		}
	}
	return false
}

// activeRows returns the rows that are active under one of the addresses-of-record, all if none is
// given.
func (t *teller) activeRows(aors ...string) []*row {
	var rows []*row
	for _, b := range t.bindings {
		for _, r := range b.rows {
			if r.active && (len(aors) == 0 || slices.Contains(aors, r.aor)) {
				rows = append(rows, r)
			}
		}
	}
	return rows
}
