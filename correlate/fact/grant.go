package fact

// Granted gives what a 2xx grants to a contact of the request: the contact's own expires, else the
// Expires header, Absent if it has neither; listed says whether the 2xx lists the contact. Some
// registrars rewrite the URI, so the instance serves as well, and a single contact answers a single one.
// RFC 3261 10.3 step 8.
func (r *Register) Granted(c ContactValue) (granted int64, listed bool) {
	pick := -1
	for i, g := range r.Answer.Contacts {
		if g.Key == c.Key {
			pick = i
			break
		}
		if pick < 0 && c.Instance != "" && g.Instance == c.Instance && g.RegID == c.RegID {
			pick = i
		}
	}
	if pick < 0 && len(r.Answer.Contacts) == 1 && len(r.Contacts) == 1 && r.Answer.Contacts[0].Instance == "" {
		pick = 0
	}
	if pick < 0 {
		return r.Answer.Expires, false
	}
	if e := r.Answer.Contacts[pick].Expires; e != Absent {
		return e, true
	}
	return r.Answer.Expires, true
}
