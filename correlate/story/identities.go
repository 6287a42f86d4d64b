package story

import (
	"slices"

	"imscope/correlate/fact"
)

// identities collects the user's names, the default public identity first (TS 24.229 5.4.1.2.2F:
// the first URI of P-Associated-URI).
func (t *Teller) identities() {
	for _, x := range t.in.Exchanges {
		if r := x.Register; r != nil && !r.ThirdParty && len(r.Answer.Associated) > 0 {
			for i := range r.Answer.Associated {
				t.learn(&r.Answer.Associated[i])
			}
		}
	}
	documents, elements, contacts := 0, 0, 0 // how much the documents will take
	for _, x := range t.in.Exchanges {
		switch {
		case x.Register != nil:
			t.learn(&x.To)
			if x.Register.ThirdParty {
				continue
			}
			t.private.add(x.Register.IMPI)
			t.agents.add(x.Register.UserAgent)
			for i := range x.Register.Contacts {
				t.instances.add(x.Register.Contacts[i].Instance)
			}
		case x.Notify != nil && x.Notify.Document != nil:
			documents++
			elements += len(x.Notify.Document.Registrations)
			for i := range x.Notify.Document.Registrations {
				r := &x.Notify.Document.Registrations[i]
				t.learn(&r.AOR)
				contacts += len(r.Contacts)
				for j := range r.Contacts {
					t.instances.add(r.Contacts[j].Instance)
				}
			}
		case x.Subscribe != nil:
			t.learn(&x.To) // the identity that it asks about
		}
	}
	for _, x := range t.in.Exchanges {
		switch r := x.Register; {
		case r != nil && !r.ThirdParty && len(r.Answer.Associated) > 0:
			if key := (setKey{r.IMPI, x.To.Key}); t.setIndex.find(t.setKeys, key) < 0 {
				t.learnSet(key, r.Answer.Associated) // until an answer says otherwise
			}
		case x.Notify != nil && len(t.order) == 0:
			t.learn(&x.From) // nothing else names the user
		}
	}
	for _, c := range t.in.Cx {
		t.private.add(c.UserName)
		for i := range c.Public {
			t.learn(&c.Public[i])
		}
	}
	t.made.documents.Reserve(documents)
	t.made.states.Reserve(elements)
	t.made.changes.Reserve(contacts)
	u := t.u
	t.made.strings.Reserve(len(t.spelled) + len(t.private.list) + len(t.instances.list) + len(t.agents.list))
	u.PublicIdentities = t.made.strings.Copy(t.spelled)
	u.PrivateIdentities = t.made.strings.Copy(t.private.list)
	u.Instances = t.made.strings.Copy(t.instances.list)
	u.UserAgents = t.made.strings.Copy(t.agents.list)
	switch {
	case len(u.PublicIdentities) > 0:
		u.ID = u.PublicIdentities[0]
	case len(u.PrivateIdentities) > 0:
		u.ID = u.PrivateIdentities[0]
	default:
		u.ID = "unknown user"
	}
}

// learn takes note of a public identity.
func (t *Teller) learn(u *fact.URI) {
	if u.Key == "" || t.isMine(u.Key) {
		return
	}
	t.order, t.spelled = append(t.order, u.Key), append(t.spelled, u.Raw)
}

// isMine reports whether a key is one of the user's identities.
func (t *Teller) isMine(key string) bool { return t.orderIndex.find(t.order, key) >= 0 }

// learnSet takes the implicit registration set that a registrar told, with the identity that was registered:
// a barred one is not in it, nor one that a proxy left out.
func (t *Teller) learnSet(key setKey, told []fact.URI) {
	i := t.setIndex.find(t.setKeys, key)
	if i < 0 {
		i = len(t.sets)
		t.setKeys, t.sets = append(t.setKeys, key), append(t.sets, nil)
	}
	keys := t.parts[:0]
	for j := range told {
		keys = append(keys, told[j].Key)
	}
	if !slices.Contains(keys, key.aor) {
		keys = append(keys, key.aor)
	}
	if !slices.Equal(keys, t.sets[i]) {
		t.enter(int32(i), t.sets[i], false)
		t.sets[i] = t.room.keys.Copy(keys)
		t.enter(int32(i), t.sets[i], true)
	}
	t.parts = keys
}

// enter writes down for each identity of a set that it is in it, or is not any more.
func (t *Teller) enter(set int32, keys []string, in bool) {
	for _, k := range keys {
		at := t.orderIndex.find(t.order, k)
		if at < 0 {
			continue
		}
		for len(t.inSets) <= at {
			t.inSets = append(t.inSets, nil)
		}
		l := t.inSets[at]
		switch i, found := slices.BinarySearch(l, set); {
		case in && !found:
			l = t.room.numbers.Add(l, set)
			copy(l[i+1:], l[i:])
			l[i], t.inSets[at] = set, l
		case !in && found:
			t.inSets[at] = slices.Delete(l, i, i+1)
		}
	}
}

// setsOf gives the implicit registration sets that an identity is in, in ascending order.
func (t *Teller) setsOf(aor string) []int32 {
	if at := t.orderIndex.find(t.order, aor); at >= 0 && at < len(t.inSets) {
		return t.inSets[at]
	}
	return nil
}

// set returns the keys of the implicit registration set that a REGISTER speaks of, its own identity
// included. It is valid until the next call.
func (t *Teller) set(x *fact.Exchange) []string {
	if i := t.setIndex.find(t.setKeys, setKey{x.Register.IMPI, x.To.Key}); i >= 0 {
		return t.sets[i]
	}
	t.alone[0] = x.To.Key
	return t.alone[:]
}

// together reports whether two identities are registered together as far as the capture shows: in one implicit
// registration set, or one of them in none that is known.
func (t *Teller) together(a, b string) bool {
	if a == b {
		return true
	}
	x, y := t.setsOf(a), t.setsOf(b)
	return len(x) == 0 || len(y) == 0 || meet(x, y)
}

// related reports whether two identities are in one implicit registration set.
func (t *Teller) related(a, b string) bool { return a == b || meet(t.setsOf(a), t.setsOf(b)) }

// meet reports whether two ascending lists have a number in common.
func meet(x, y []int32) bool {
	for len(x) > 0 && len(y) > 0 {
		switch {
		case x[0] == y[0]:
			return true
		case x[0] < y[0]:
			x = x[1:]
		default:
			y = y[1:]
		}
	}
	return false
}
