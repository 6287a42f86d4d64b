package finding

import "imscope/correlate/fact"

// Grant is the time that a registrar gave to one contact.
type Grant struct {
	Round   *Round
	Contact *fact.ContactValue // as the device sent it
	Asked   int64              // seconds; fact.Absent if the device left it to the registrar
	Seconds int64
	At      int64 // of the 2xx
	Until   int64
}

// maxGrant is the greatest number of seconds that RFC 3261 20.19 allows.
const maxGrant = 1<<32 - 1

// Grants lists what the user's contacts were granted, in order.
func (c *Case) Grants() []Grant {
	m := c.memory()
	if !m.known.grants {
		m.known.grants = true
		m.grants = m.grants[:0]
		for _, r := range c.Rounds() {
			first := len(m.grants)
			if r.OK() {
				m.grants = r.appendGrants(m.grants)
			}
			r.grants = [2]int{first, len(m.grants)}
		}
	}
	return m.grants
}

// GrantsOf lists what one of the Rounds was granted.
func (c *Case) GrantsOf(r *Round) []Grant {
	all := c.Grants()
	return all[r.grants[0]:r.grants[1]]
}

func (r *Round) appendGrants(out []Grant) []Grant {
	for i := range r.Register.Contacts {
		k := &r.Register.Contacts[i]
		asked := r.Register.EffectiveExpires(*k)
		got, listed := r.Register.Granted(*k)
		if asked == 0 || !listed && len(r.Register.Answer.Contacts) > 0 {
			continue
		}
		if got == fact.Absent {
			got = asked
		}
		if got > 0 && got <= maxGrant {
			out = append(out, Grant{r, k, asked, got, r.Done(), r.Done() + got*Second})
		}
	}
	return out
}

// RefreshDue is when a device must refresh: 600 s before the end, or at half of the time where that is
// 1200 s or less (TS 24.229 5.1.1.4.1).
func (g *Grant) RefreshDue() int64 {
	if g.Seconds > 1200 {
		return g.Until - 600*Second
	}
	return g.At + g.Seconds*Second/2
}
