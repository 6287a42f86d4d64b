package correlate

import "imscope/correlate/fact"

// What the facts of a user take, in bytes: structures with the strings that they have for themselves, roughly.
const (
	usual        = 256 // what a message adds until the user is weighed
	weighUser    = 512
	weighName    = 128 // with its place in the table
	weighFact    = 640
	weighHop     = 48
	weighContact = 160
	weighURI     = 64
)

// weigh estimates what is held of a user, in bytes.
func weigh(u *user) int {
	n := weighUser + len(u.names)*weighName
	u.each(func(x *fact.Exchange) { n += weighExchange(x) }, func(c *fact.Cx) {
		n += weighFact + weighMessage(&c.Request) + weighMessage(&c.Answer)
		n += (len(c.Public) + len(c.Profile) + len(c.Barred) + len(c.Associated)) * weighURI
	})
	return n
}

func weighExchange(x *fact.Exchange) int {
	n := weighFact + weighMessage(&x.Request)
	for i := range x.Responses {
		n += weighMessage(&x.Responses[i])
	}
	if r := x.Register; r != nil {
		n += (len(r.Contacts) + len(r.Answer.Contacts)) * weighContact
		n += (len(r.Path) + len(r.Answer.Associated) + len(r.Answer.ServiceRoutes)) * weighURI
	}
	if x.Notify != nil && x.Notify.Document != nil {
		for i := range x.Notify.Document.Registrations {
			n += weighContact + len(x.Notify.Document.Registrations[i].Contacts)*weighContact
		}
	}
	return n
}

func weighMessage(m *fact.Message) int { return cap(m.Hops) * weighHop }
