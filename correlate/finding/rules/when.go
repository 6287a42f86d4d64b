package rules

import (
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/identity"
	"imscope/correlate/story"
)

// before returns the rounds that began before a frame.
func before(list []*finding.Round, frame uint32) []*finding.Round {
	i, _ := slices.BinarySearchFunc(list, frame, func(r *finding.Round, f uint32) int { return int(int64(r.Frame()) - int64(f)) })
	return list[:i]
}

// roundOf returns the round of a REGISTER that the capture shows, nil if it is none of a device.
func roundOf(c *finding.Case, x *fact.Exchange) *finding.Round {
	list := before(c.Rounds(), x.FirstFrame()+1)
	if n := len(list); n > 0 && list[n-1].Exchange == x {
		return list[n-1]
	}
	return nil
}

// accepted returns the last round of a device before one that was accepted, nil if none of the last few was.
func accepted(r *finding.Round) *finding.Round {
	p := r.Prev
	for i := 0; p != nil && i <= 8; i++ {
		if p.OK() {
			return p
		}
		p = p.Prev
	}
	return nil
}

// within reports whether a moment lies in the time that ends with another.
func within(at, end, span int64) bool { return at <= end && end-at <= span }

// endedBetween reports whether any of the user's bindings ended in this time.
func endedBetween(c *finding.Case, from, to int64) bool {
	for _, d := range c.User.Deregistrations {
		if d.Successful() && d.Started <= to && d.Ended >= from {
			return true
		}
	}
	return false
}

// contactBound reports whether a contact was bound at a moment. It is in the form of identity.Contact.
func contactBound(u *story.User, key string, at int64) bool {
	return slices.ContainsFunc(u.Bindings, func(b story.Binding) bool {
		return b.ContactKey == key && b.Registered < at && (b.Active || b.Ended > at)
	})
}

// ended reports whether a de-registration had begun a moment before, so that associations may be gone.
func ended(c *finding.Case, at int64) bool {
	for _, d := range c.User.Deregistrations {
		if d.Started <= at && at-d.Started < timerFGm {
			return true
		}
	}
	return false
}

// gone lists the identities that have ended with a de-registration, in the form that compares.
func gone(d *story.Deregistration) []string {
	var out []string
	for _, i := range d.Identities {
		if i.State == "terminated" && i.Before == "active" {
			out = append(out, identity.Canonical(i.AOR))
		}
	}
	return out
}
