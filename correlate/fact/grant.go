package fact

import "imscope/correlate/identity"

// Granted gives what a 2xx grants to a contact of the request: the contact's own expires, else the
// Expires header, Absent if it has neither; listed says whether the 2xx lists the contact. RFC 3261 10.3 step 8.
func (r *Register) Granted(c ContactValue) (granted int64, listed bool) {
	g := r.Answered(c)
	if g == nil || g.Expires == Absent {
		return r.Answer.Expires, g != nil
	}
	return g.Expires, true
}

// Answered gives the contact of a 2xx that stands for one of the request, nil if it lists none. Some registrars and
// proxies rewrite the URI, so the instance serves as well, and a single contact answers a single one.
func (r *Register) Answered(c ContactValue) *ContactValue {
	var hit *ContactValue
	for i := range r.Answer.Contacts {
		g := &r.Answer.Contacts[i]
		if g.Key == c.Key {
			return g
		}
		if hit == nil && c.Instance != "" && g.Instance == c.Instance && g.RegID == c.RegID && identity.Emergency(g.Key) == identity.Emergency(c.Key) {
			hit = g
		}
	}
	if hit == nil && len(r.Answer.Contacts) == 1 && len(r.Contacts) == 1 {
		if g := &r.Answer.Contacts[0]; g.Instance == "" && identity.Emergency(g.Key) == identity.Emergency(c.Key) {
			hit = g
		}
	}
	return hit
}
