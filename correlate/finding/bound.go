package finding

import (
	"sort"

	"imscope/correlate/fact"
)

// Bound returns the newest REGISTER before a frame that bound or refreshed a contact with success, nil
// if the capture holds none. The contact is in the form of identity.Contact.
func (c *Case) Bound(contact string, before uint32) *fact.Exchange {
	if c.bound == nil {
		c.bound = map[string][]*fact.Exchange{}
		for _, x := range c.Exchanges {
			r := x.Register
			if r == nil || r.ThirdParty {
				continue
			}
			if f := x.Final(); f == nil || f.Status >= 300 {
				continue
			}
			for _, k := range r.Contacts {
				if r.EffectiveExpires(k) != 0 {
					c.bound[k.Key] = append(c.bound[k.Key], x)
				}
			}
		}
	}
	list := c.bound[contact]
	i := sort.Search(len(list), func(i int) bool { return list[i].FirstFrame() >= before })
	if i == 0 {
		return nil
	}
	return list[i-1]
}
