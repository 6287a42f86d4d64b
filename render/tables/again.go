package tables

import (
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/identity"
	"imscope/correlate/story"
)

// again is when one of the contacts, or a device that they were of, was registered next.
func again(d dereg) int64 {
	who := device{user: d.user}
	for _, c := range d.Contacts {
		who.contacts = append(who.contacts, identity.Contact(c))
	}
	for i := range d.user.Bindings {
		if b := &d.user.Bindings[i]; b.Instance != "" && slices.Contains(who.contacts, b.ContactKey) {
			who.instances = append(who.instances, b.Instance)
		}
	}
	events := d.user.Timeline
	after := 0
	for after < len(events) && events[after].Time <= d.Started {
		after++
	}
	for i := after - 1; i >= 0 && who.address == ""; i-- {
		if x := binding(&events[i]); x != nil && who.names(x.Register) {
			who.address = who.from(x)
		}
	}
	for i := after; i < len(events); i++ {
		e := &events[i]
		if x := binding(e); x != nil && e.Kind == story.KindRegistered && e.Status/100 == 2 && x.FirstTime() > d.Started && who.is(x) {
			return e.Time
		}
	}
	return 0
}

// binding gives the REGISTER of an event if it is a phone's to bind contacts, else nil.
func binding(e *story.Event) *fact.Exchange {
	if x := e.Exchange; x != nil && x.Register != nil && !x.Register.ThirdParty && x.Register.Binds() {
		return x
	}
	return nil
}

// device is what a phone is known by.
type device struct {
	user      *story.User
	contacts  []string // identity.Contact
	instances []string
	address   string // from which it registered the contacts last; "" if the capture does not show it
}

// is reports whether a REGISTER is the phone's.
func (v *device) is(x *fact.Exchange) bool {
	return v.names(x.Register) || v.address != "" && v.address == v.from(x)
}

// names reports whether a REGISTER names one of the contacts or the instance.
func (v *device) names(r *fact.Register) bool {
	return slices.ContainsFunc(r.Contacts, func(c fact.ContactValue) bool {
		return slices.Contains(v.contacts, c.Key) || c.Instance != "" && slices.Contains(v.instances, c.Instance)
	})
}

// from gives the address of the phone that sent a REGISTER, "" where the capture does not show it.
func (v *device) from(x *fact.Exchange) string {
	if v.user.Context == nil || !x.Request.Seen() {
		return ""
	}
	if src := x.Request.First().Src; v.user.Context.Role(src) == fact.RoleUE {
		return v.user.Context.Addr(src)
	}
	return ""
}
