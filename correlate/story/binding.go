package story

import (
	"slices"

	"imscope/correlate/identity"
)

// binding is one contact over one lifetime, bound to one or more addresses-of-record.
type binding struct {
	place    int    // in the order of the bindings
	key      string // identity.Contact
	uri      string
	instance string
	rows     []*row
	source   string // address that registered it
	answerAt int64  // time of the last 2xx to a REGISTER of this contact; 0 if there is none
}

// row is one contact under one address-of-record.
type row struct {
	b         *binding
	place     int    // in the order of the binding's rows
	aor       string // identity key
	active    bool
	event     string
	since     int64
	refreshed int64
	lastFrame uint32 // last frame that said active
	told      bool   // a document said active
	ended     int64
	by        *dereg
	grant
}

// grant is what a registrar granted for one implicit registration set: the addresses-of-record of a contact that are
// registered by one REGISTER live and end together, those of another set do not (RFC 3261 10.3: bindings are an
// address-of-record's).
type grant struct {
	answered bool   // a REGISTER of the set with this contact and its 2xx are in the capture
	answerAt int64  // time of the last such 2xx
	askedAt  int64  // time of its REGISTER, of the answer where the capture lost that
	impi     string // private identity that it was for
	group    int32  // the same for all that was granted by one REGISTER
	callID   string // of the REGISTER, with its CSeq
	cseq     int64
	// The granted time runs out between these two: the 200 and reginfo may differ (a widespread
	// registrar grants 10 % less in the 200 than it keeps itself).
	soonest, latest int64
	// shortened is the frame in which a document first said that the network leaves less time, seconds shortTo, than the
	// REGISTER was granted (RFC 3680 4.7.1, TS 24.229 5.4.1.6); 0 if none did.
	shortened uint32
	shortTo   int64
}

func (b *binding) active() bool {
	for _, r := range b.rows {
		if r.active {
			return true
		}
	}
	return false
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
// old one has ended. A new one is taken for a part of the set that the contact is registered for.
func (t *Teller) confirm(b *binding, aor, event string, frame uint32, now, since int64) *row {
	r := b.row(aor)
	if r == nil || !r.active {
		as := row{aor: aor, active: true, since: since}
		if i := slices.IndexFunc(b.rows, func(o *row) bool { return o.active && t.together(o.aor, aor) }); i >= 0 {
			as.grant = b.rows[i].grant
		}
		r = t.newRow(b, as)
	}
	r.event, r.refreshed, r.lastFrame = event, now, frame
	return r
}

// maxRows bounds what is kept of one user's contacts under its identities, over all lifetimes. A phone that registers
// anew every hour for a month, under four identities, has 3,000; a message can name thousands.
const maxRows = 16 << 10

// newRow gives a binding another row. Beyond the bound it is one that nobody keeps.
func (t *Teller) newRow(b *binding, as row) *row {
	if t.rows == maxRows {
		t.u.Truncated++
		t.spare = as
		t.spare.b = b
		return &t.spare
	}
	t.rows++
	r := t.room.rows.One()
	*r = as
	r.b, r.place = b, len(b.rows)
	b.rows = t.room.rowPtr.Add(b.rows, r)
	return r
}

// runsOut takes note of when the binding ends unless refreshed. A REGISTER starts the window anew; a
// document widens it.
func (g *grant) runsOut(at int64, fresh bool) {
	if fresh || g.latest == 0 {
		g.soonest, g.latest = at, at
		return
	}
	g.soonest, g.latest = min(g.soonest, at), max(g.latest, at)
}

// bind finds the live binding of a contact or starts a new one.
func (t *Teller) bind(key, uri, instance string) *binding {
	at := t.liveIndex.find(t.liveKeys, key)
	if at < 0 {
		at = len(t.live)
		t.liveKeys, t.live = append(t.liveKeys, key), append(t.live, nil)
	}
	b := t.live[at]
	if b == nil || !b.active() {
		b = t.room.bindings.One()
		b.place, b.key, b.uri, b.instance = len(t.bindings), key, uri, instance
		t.bindings = append(t.bindings, b)
		t.live[at] = b
	}
	if b.instance == "" {
		b.instance = instance
	}
	return b
}

// alias makes a binding known by another URI as well: a proxy wrote its contact anew on the way.
func (t *Teller) alias(key string, b *binding) {
	at := t.liveIndex.find(t.liveKeys, key)
	if at < 0 {
		t.liveKeys, t.live = append(t.liveKeys, key), append(t.live, b)
		return
	}
	if o := t.live[at]; !o.active() {
		t.live[at] = b
	}
}

// find returns the newest binding of a contact, ended or not: by URI, else by the same place without its port if just
// one is there (documents that lost the port), nil if unknown.
func (t *Teller) find(key string) *binding {
	if at := t.liveIndex.find(t.liveKeys, key); at >= 0 {
		return t.live[at]
	}
	// Documents may name as many contacts as they like: no look through all for each.
	for i := t.placed; i < len(t.liveKeys); i++ {
		place := identity.Place(t.liveKeys[i])
		if at := t.placeIndex.find(t.places, place); at >= 0 {
			t.placeOf[at] = crowded
			continue
		}
		t.places, t.placeOf = append(t.places, place), append(t.placeOf, int32(i))
	}
	t.placed = len(t.liveKeys)
	at := t.placeIndex.find(t.places, identity.Place(key))
	if at < 0 || t.placeOf[at] == crowded || !identity.SamePlace(t.liveKeys[t.placeOf[at]], key) {
		return nil
	}
	return t.live[t.placeOf[at]]
}

// crowded marks a place of several contacts.
const crowded = -1
