package finding

import (
	"imscope/correlate/fact"
	"imscope/correlate/story"
	"imscope/decode/reginfo"
)

// Facets says, in one bit each, what there is in a case that not every case has. Most rules are about something that a
// healthy user does not have, and need not be asked then.
type Facets uint64

// What a case may have. A round is one of Rounds, a document one that a watcher was told.
const (
	HasCx         Facets = 1 << iota // a Cx transaction
	HasStray                         // one of Strays
	HasThirdParty                    // one of ThirdParty
	HasRepeat                        // a request that was sent again

	HasRefusal      // a round with an error response, mere challenges apart
	HasUnanswered   // a round without a final response, or answered 408
	HasRetryAfter   // a round whose answer says when to try again
	HasAgreement    // a round with a header of the security agreement
	HasTunnel       // a round that left its sender within an encapsulation, ESP maybe
	HasProtection   // such a round, or one with Security-Verify
	HasLeak         // a round with what has no place on Gm: keys in a challenge, integrity-protected that the sender wrote
	HasResync       // a round with auts
	HasStar         // a round with Contact: *
	HasManyIMPIs    // rounds with different private identities
	HasServiceRoute // a REGISTER whose answer has a Service-Route

	HasManyContacts // an answer to a REGISTER, or a registration of a document, with more than one contact

	HasSubscription      // a subscription
	HasManySubscriptions // more than one
	HasLapse             // one that ran out
	HasUnsuccessful      // a SUBSCRIBE or NOTIFY without a 2xx, or one of Strays

	HasEnd        // a de-registration, successful or not
	HasUserEnd    // one by the user
	HasNetworkEnd // one by the network, the clock or who knows whom
	HasRejection  // one that was refused
	HasTrigger    // one that a Cx transaction asked for

	HasDocument  // a NOTIFY with a document
	HasSuccessor // one that is not its watcher's first
	HasDisorder  // one behind a gap, with a lower version or with the version of the one before
	HasRemoval   // one that does not list what it had to
	HasPartial   // one that is partial
	HasManyAORs  // one with more than one registration
	HasMismatch  // one with a state, an event or an attribute that does not go with another
	HasCommand   // a contact in one with an event that a device acts upon: deactivated, probation, rejected, shortened
	HasGRUU      // a contact in one with pub-gruu
	HasQ         // a contact in one with q
	HasUnread    // a NOTIFY with a document that cannot be read
)

// Has reports whether there is all of this in a case.
func (c *Case) Has(f Facets) bool { return c.facets()&f == f }

func (c *Case) facets() Facets {
	m := c.memory()
	if !m.known.facets {
		m.known.facets = true
		f := when(len(c.Cx) > 0, HasCx) | when(len(c.Strays) > 0, HasStray|HasUnsuccessful)
		for _, x := range c.Exchanges {
			f |= exchangeFacets(x)
		}
		impi := ""
		for _, r := range c.Rounds() {
			f |= r.facets()
			if now := r.Register.IMPI; now != "" {
				f |= when(impi != "" && now != impi, HasManyIMPIs)
				impi = now
			}
		}
		for _, d := range c.User.Deregistrations {
			f |= endFacets(d)
		}
		f |= when(len(c.User.Subscriptions) > 1, HasManySubscriptions)
		for _, s := range c.User.Subscriptions {
			f |= HasSubscription | when(s.State == "terminated" && s.Reason == "ran out", HasLapse)
			f |= when(len(s.Documents) > 1, HasSuccessor)
			for _, d := range s.Documents {
				f |= documentFacets(d)
			}
		}
		m.facets = f
	}
	return m.facets
}

func when(has bool, f Facets) Facets {
	if has {
		return f
	}
	return 0
}

func exchangeFacets(x *fact.Exchange) Facets {
	f := Facets(0)
	for i := range x.Request.Hops {
		f |= when(x.Request.Hops[i].Repeat, HasRepeat)
	}
	if r := x.Register; r != nil {
		f |= when(r.ThirdParty && x.Request.Seen(), HasThirdParty) | when(len(r.Answer.ServiceRoutes) > 0, HasServiceRoute) |
			when(len(r.Answer.Contacts) > 1, HasManyContacts)
	}
	f |= when(x.Notify != nil && x.Notify.Document != nil, HasDocument) | when(x.Notify != nil && x.Notify.Unread, HasUnread)
	if x.Subscribe != nil || x.Notify != nil {
		final := x.Final()
		f |= when(final == nil || final.Status >= 300, HasUnsuccessful)
	}
	return f
}

func (r *Round) facets() Facets {
	g := r.Register
	f := when(r.Final == nil || r.Final.Status == 408, HasUnanswered) | when(g.Answer.RetryAfter > 0, HasRetryAfter) |
		when(g.Security != nil, HasAgreement) | when(r.Request.Hops[0].Path != 0, HasTunnel|HasProtection) |
		when(g.SecurityOld, HasProtection) | when(g.IntegrityAtSource || g.Answer.KeysOnGm, HasLeak) |
		when(g.AUTS, HasResync) | when(g.Star, HasStar)
	for i := range r.Responses {
		s := r.Responses[i].Status
		f |= when(s >= 300 && (r.OK() || s != 401 && s != 407), HasRefusal)
	}
	return f
}

func endFacets(d *story.Deregistration) Facets {
	f := HasEnd | when(d.Outcome == story.Rejected, HasRejection) | when(d.Trigger != nil, HasTrigger)
	if d.Initiator == story.ByUser {
		return f | HasUserEnd
	}
	return f | HasNetworkEnd
}

func documentFacets(d *story.Document) Facets {
	f := when(d.Gap || d.Stale || d.Version == d.Before, HasDisorder)
	for i := range d.Changes {
		f |= when(d.Changes[i].Kind == story.Removed, HasRemoval)
	}
	said := d.Exchange.Notify.Document
	f |= when(said.State == reginfo.StatePartial, HasPartial) | when(len(said.Registrations) > 1, HasManyAORs)
	for i := range said.Registrations {
		r := &said.Registrations[i]
		ended := 0
		for j := range r.Contacts {
			k := &r.Contacts[j]
			f |= contactFacets(k) | when(k.State == reginfo.ContactActive && r.State == reginfo.RegTerminated, HasMismatch)
			if k.State == reginfo.ContactTerminated {
				ended++
			}
		}
		f |= when(len(r.Contacts) > 1, HasManyContacts) | when(r.State == reginfo.RegActive && ended == len(r.Contacts), HasMismatch) |
			when(r.State == reginfo.RegInit && len(r.Contacts) > 0, HasMismatch)
	}
	return f
}

func contactFacets(k *fact.Contact) Facets {
	f := when(k.GRUU, HasGRUU) | when(k.Q != fact.Absent, HasQ)
	switch k.Event {
	case reginfo.EventShortened, reginfo.EventDeactivated, reginfo.EventProbation, reginfo.EventRejected:
		f |= HasCommand
	}
	ended := k.State == reginfo.ContactTerminated
	return f | when(ended != k.Event.Terminal(), HasMismatch) | when(ended && k.Expires != fact.Absent || k.Retry != fact.Absent, HasMismatch)
}
