package fact

import "imscope/correlate/internal/slab"

// Room is where exchanges are unpacked to. Everything in it is given up at once, by Reset or with the Room.
type Room struct {
	exchanges     slab.Slab[Exchange]
	pointers      slab.Slab[*Exchange]
	registers     slab.Slab[Register]
	subscribes    slab.Slab[Subscribe]
	notifies      slab.Slab[Notify]
	documents     slab.Slab[Document]
	registrations slab.Slab[Registration]
	listed        slab.Slab[Contact]
	contacts      slab.Slab[ContactValue]
	uris          slab.Slab[URI]
	strings       slab.Slab[string]
	messages      slab.Slab[Message]
	hops          slab.Slab[Hop]
	cx            slab.Slab[Cx]
	transactions  slab.Slab[*Cx]

	// Scratch of Exchanges.
	heads [1]Ref
	next  []Ref
	seen  byte // kept so that it is looked at
}

// leave leaves what was unpacked to whom it was given.
func (r *Room) leave() { *r = Room{} }

// Reset gives up what was unpacked. The Room stays as large as it was, within bounds.
func (r *Room) Reset() {
	r.exchanges.Again()
	r.pointers.Again()
	r.registers.Again()
	r.subscribes.Again()
	r.notifies.Again()
	r.documents.Again()
	r.registrations.Again()
	r.listed.Again()
	r.contacts.Again()
	r.uris.Again()
	r.strings.Again()
	r.messages.Again()
	r.hops.Again()
	r.cx.Again()
	r.transactions.Again()
}
