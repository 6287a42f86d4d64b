package story

// view is which contacts a watcher knows, and whether as active.
type view struct {
	places []place
	active []bool
	index  index[place]
}

// place is a contact under an address-of-record, by their keys.
type place struct{ aor, contact string }

// of takes the present view of a subscription's watcher.
func (v *view) of(s *subscription) {
	v.reset()
	for i, w := range s.regs {
		for j := range w.contacts {
			c := &w.contacts[j]
			p := place{s.keys[i], c.key}
			if at := v.index.find(v.places, p); at >= 0 {
				v.active[at] = c.active
				continue
			}
			v.places, v.active = append(v.places, p), append(v.active, c.active)
		}
	}
}

// has tells whether a contact is known, and whether as active.
func (v *view) has(p place) (active, known bool) {
	if at := v.index.find(v.places, p); at >= 0 {
		return v.active[at], true
	}
	return false, false
}

func (v *view) reset() {
	empty(&v.places)
	empty(&v.active)
	v.index.forget()
}
