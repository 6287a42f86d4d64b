package rules

import (
	"imscope/correlate/fact"
	"imscope/correlate/finding"
)

// grant is the time that a registrar gave to one contact.
type grant struct {
	round   *finding.Round
	contact fact.ContactValue // as the device sent it
	asked   int64             // seconds; fact.Absent if the device left it to the registrar
	seconds int64
	at      int64 // of the 2xx
	until   int64
}

// grants lists what the user's contacts were granted, in order.
func grants(c *finding.Case) []grant {
	rounds := c.Rounds()
	out := make([]grant, 0, len(rounds))
	for _, r := range rounds {
		if r.OK() {
			out = appendGrants(out, r)
		}
	}
	return out
}

// grantsOf lists what one REGISTER was granted; it has been accepted.
func grantsOf(r *finding.Round) []grant { return appendGrants(nil, r) }

func appendGrants(out []grant, r *finding.Round) []grant {
	for _, k := range r.Register.Contacts {
		asked := r.Register.EffectiveExpires(k)
		got, listed := r.Register.Granted(k)
		if asked == 0 || !listed && len(r.Register.Answer.Contacts) > 0 {
			continue
		}
		if got == fact.Absent {
			got = asked
		}
		if got > 0 && got <= maxGrant {
			out = append(out, grant{r, k, asked, got, r.Done(), r.Done() + got*finding.Second})
		}
	}
	return out
}

// maxGrant is the greatest number of seconds that RFC 3261 20.19 allows.
const maxGrant = 1<<32 - 1

// refreshDue is when a device must refresh: 600 s before the end, or at half of the time where that is
// 1200 s or less (TS 24.229 5.1.1.4.1).
func (g *grant) refreshDue() int64 {
	if g.seconds > 1200 {
		return g.until - 600*finding.Second
	}
	return g.at + g.seconds*finding.Second/2
}
