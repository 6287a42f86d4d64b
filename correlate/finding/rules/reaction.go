package rules

import (
	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/identity"
	"imscope/correlate/story"
	"imscope/decode/reginfo"
)

// An order is what a document told the phone that its contact belongs to: the end of its registration,
// with an event that says what to do next.
type order struct {
	told
	contact *fact.Contact
}

// maxOrders bounds the orders that are followed up for one user.
const maxOrders = 100

// orders collects what phones were told of the end of their own contacts with one of the events, and
// acknowledged; one for each contact.
func orders(c *finding.Case, event reginfo.Event) []order {
	var out []order
	for t := range documents(c) {
		if len(out) >= maxOrders {
			break
		}
		if t.sub.Watcher != story.WatcherUE || success(t.doc.Exchange) == nil || t.doubt() != "" {
			continue
		}
		for _, k := range t.contacts() {
			if k.State != reginfo.ContactTerminated || k.Event != event || !identity.SamePlace(k.Key, identity.Contact(t.sub.Contact)) || len(out) > 0 && out[len(out)-1].doc == t.doc {
				continue
			}
			out = append(out, order{t, k})
		}
	}
	return out
}

// comesBack gives the phone's first REGISTER after an order that binds a contact, nil if there is none.
func (o order) comesBack(c *finding.Case) *fact.Exchange {
	instance := o.contact.Instance
	if instance == "" {
		instance = c.Device(o.contact.Key, o.frame()).Instance
	}
	for _, x := range c.Exchanges {
		if x.Register == nil || x.Register.ThirdParty || !x.Request.Seen() || !x.Register.Binds() || x.FirstTime() <= o.doc.Time {
			continue
		}
		for _, k := range x.Register.Contacts {
			if identity.SamePlace(k.Key, o.contact.Key) || k.Instance != "" && k.Instance == instance {
				return x
			}
		}
	}
	return nil
}

// after gives the time from the order to a request.
func (o order) after(x *fact.Exchange) int64 { return x.FirstTime() - o.doc.Time }
