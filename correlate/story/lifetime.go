package story

import "imscope/correlate/fact"

// kind tells a first registration from a refresh: by what was bound, else by how the phone proves who
// it is. An initial REGISTER of IMS AKA comes unprotected and answers nothing (TS 24.229 5.1.1.2).
func (d *dissector) kind(r *Registration) RegistrationKind {
	o := &r.Rounds[0]
	reg := o.Exchange.Register
	switch {
	case !o.Exchange.Request.Seen():
		return RegistrationUnknown
	case removal(reg):
		return RegistrationRemoval
	case len(reg.Contacts) == 0:
		return RegistrationQuery
	}
	// A phone that refreshes answers the last challenge once more (TS 24.229 5.1.1.4.2).
	anew := o.Credentials == CredentialsIdentity && !o.Protected && !reg.SecurityOld
	known := false
	for _, c := range reg.Contacts {
		for b := range d.rows.find(c.Key) {
			switch {
			case b.Registered >= o.Time:
			case (b.Active || b.Ended > o.Time) && !(anew && b.Registered != 0):
				return RegistrationRefresh
			default:
				known = true
			}
		}
	}
	if !known && (o.Protected || o.Credentials == CredentialsResponse || reg.SecurityOld) {
		return RegistrationRefresh // of what was bound before the capture
	}
	return RegistrationInitial
}

// granted takes what a 2xx grants.
func (d *dissector) granted(r *Registration, reg *fact.Register) {
	if r.Kind == RegistrationRemoval {
		return
	}
	for _, c := range reg.Contacts {
		if reg.EffectiveExpires(c) == 0 {
			continue
		}
		if g, _ := reg.Granted(c); g != fact.Absent {
			r.Granted = g
		} else {
			r.Granted = r.Requested
		}
		break
	}
	if r.Granted <= 0 {
		return
	}
	r.PredictedExpiry = r.Ended + r.Granted*second
	// 600 s before the end, or at half the time if that is 1200 s or less.
	if r.Granted > 1200 {
		r.RefreshDue = r.PredictedExpiry - 600*second
	} else {
		r.RefreshDue = r.Ended + r.Granted*second/2
	}
}

// lifetimes tells of each registration that bound a contact whether it was refreshed or when the
// binding ended.
func (d *dissector) lifetimes() {
	for i := len(d.list) - 1; i >= 0; i-- {
		r := d.list[i]
		if r.answer == nil {
			continue
		}
		x := r.Rounds[len(r.Rounds)-1].Exchange
		for _, c := range x.Register.Contacts {
			if x.Register.EffectiveExpires(c) == 0 {
				continue
			}
			n := d.next.replace(place{x.To.Key, c.Key}, r)
			if r.RefreshedAfter != 0 || r.ActualExpiry != 0 {
				continue // one contact tells
			}
			limit := int64(1<<63 - 1)
			if n != nil {
				limit = n.answer.First().Time
			}
			if b := d.ended(c.Key, x.To.Raw, r.answer.First().Time, limit); b != nil {
				r.ActualExpiry, r.EndedBy = b.Ended, b.EndedBy
			} else if n != nil {
				r.RefreshedAfter = max(n.Started-r.Ended, 1)
			}
		}
	}
}

// successors finds the next registration of a contact under an identity, when going backwards.
type successors struct {
	places []place
	list   []*Registration
	index  index[place]
}

// replace takes a registration and gives the one that came before, nil if there was none.
func (s *successors) replace(p place, r *Registration) *Registration {
	i := s.index.find(s.places, p)
	if i < 0 {
		s.places, s.list = append(s.places, p), append(s.list, r)
		return nil
	}
	before := s.list[i]
	s.list[i] = r
	return before
}

func (s *successors) reset() {
	empty(&s.places)
	empty(&s.list)
	s.index.forget()
}

// ended finds the binding of a contact that ended first within a span of time, under this identity if
// there is a choice.
func (d *dissector) ended(key, aor string, after, before int64) *Binding {
	var hit *Binding
	for b := range d.rows.find(key) {
		if b.Active || b.Ended <= after || b.Ended >= before || b.Registered > after {
			continue
		}
		if hit == nil || b.AOR == aor && hit.AOR != aor || (b.AOR == aor) == (hit.AOR == aor) && b.Ended < hit.Ended {
			hit = b
		}
	}
	return hit
}
