package finding

import (
	"cmp"
	"slices"
	"sort"

	"imscope/correlate/fact"
)

// binding is a REGISTER that bound a contact.
type binding struct {
	contact string
	x       *fact.Exchange
}

// Bound returns the newest REGISTER before a frame that bound or refreshed a contact with success, nil
// if the capture holds none. The contact is in the form of identity.Contact.
func (c *Case) Bound(contact string, before uint32) *fact.Exchange {
	m := c.memory()
	if !m.known.bound {
		m.known.bound = true
		m.bound = c.appendBindings(m.bound[:0])
		slices.SortStableFunc(m.bound, func(a, b binding) int { return cmp.Compare(a.contact, b.contact) })
	}
	i := sort.Search(len(m.bound), func(i int) bool {
		b := &m.bound[i]
		return b.contact > contact || b.contact == contact && b.x.FirstFrame() >= before
	})
	if i == 0 || m.bound[i-1].contact != contact {
		return nil
	}
	return m.bound[i-1].x
}

// appendBindings lists the REGISTERs that bound contacts, in order of frames.
func (c *Case) appendBindings(list []binding) []binding {
	for _, x := range c.Exchanges {
		r := x.Register
		if r == nil || r.ThirdParty {
			continue
		}
		if f := x.Final(); f == nil || f.Status >= 300 {
			continue
		}
		for i := range r.Contacts {
			if k := &r.Contacts[i]; r.EffectiveExpires(*k) != 0 {
				list = append(list, binding{k.Key, x})
			}
		}
	}
	return list
}
