package rules

import (
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
)

// maxSets bounds the registrations, by private and public identity, of which implicitSets keeps the
// newest: a user has a handful.
const maxSets = 64

// implicitSets follows which identities are registered together, as the P-Associated-URI of one 200
// after the other tells.
type implicitSets struct {
	next   int
	n      int                     // in use of latest
	latest [maxSets]*fact.Exchange // one of each private identity and address-of-record
}

// until takes in what was told up to a frame. Frames must not go back from call to call.
func (s *implicitSets) until(c *finding.Case, frame uint32) {
	for ; s.next < len(c.Exchanges) && c.Exchanges[s.next].FirstFrame() < frame; s.next++ {
		x := c.Exchanges[s.next]
		if x.Register == nil || x.Register.ThirdParty || len(x.Register.Answer.Associated) == 0 {
			continue
		}
		if success(x).First().Frame > frame {
			return // answered later
		}
		i := slices.IndexFunc(s.latest[:s.n], func(o *fact.Exchange) bool { return o.Register.IMPI == x.Register.IMPI && o.To.Key == x.To.Key })
		switch {
		case i >= 0:
			copy(s.latest[i:s.n], s.latest[i+1:s.n])
			s.latest[s.n-1] = x
		case s.n < maxSets:
			s.latest[s.n] = x
			s.n++
		}
	}
}

// within reports whether a document lists all identities that are registered with any of the user's.
func (s *implicitSets) within(d *fact.Document) bool {
	for _, o := range s.latest[:s.n] {
		for i := range o.Register.Answer.Associated {
			if !registers(d, o.Register.Answer.Associated[i].Key) {
				return false
			}
		}
	}
	return true
}

// of gives the identities that are registered with one of a user's identities: what every private
// identity that registers it agrees on, since each may have other company. x is the newest REGISTER that
// told, nil if none did.
func (s *implicitSets) of(aor string) (x *fact.Exchange, set []fact.URI) {
	for _, o := range s.latest[:s.n] {
		now := o.Register.Answer.Associated
		switch {
		case !hasKey(now, aor):
			continue
		case x == nil:
			set = now
		default:
			set = slices.DeleteFunc(slices.Clone(set), func(u fact.URI) bool { return !hasKey(now, u.Key) })
		}
		x = o
	}
	return x, set
}

// registeredTogether reports whether a REGISTER of one of two identities registers both.
func registeredTogether(c *finding.Case, a, b string) bool {
	if a == b {
		return true
	}
	for _, r := range c.Rounds() {
		to, set := r.To.Key, r.Register.Answer.Associated
		if (to == a || hasKey(set, a)) && (to == b || hasKey(set, b)) {
			return true
		}
	}
	return false
}
