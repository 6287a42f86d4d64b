package finding

import (
	"imscope/correlate/fact"
	"imscope/correlate/identity"
)

// Device is what tells one device of a user from another: its instance (RFC 5626 4.1), else where it is and for which
// private identity it registers. It may be on other ports each time (TS 33.203 7.2).
type Device struct {
	Instance string // "" where nothing names it
	IMPI     string // "" where nothing names it
	Host     string // of its contact, in the form of identity.Host
}

// DeviceOf gives the device that a contact of a REGISTER belongs to.
func DeviceOf(r *fact.Register, k *fact.ContactValue) Device {
	return Device{k.Instance, r.IMPI, identity.HostOf(k.URI)}
}

// Is reports whether two are one device, as far as can be told.
func (d Device) Is(o Device) bool {
	if d.Instance != "" && o.Instance != "" {
		return d.Instance == o.Instance
	}
	return d.Host != "" && d.Host == o.Host && identity.SameIMPI(d.IMPI, o.IMPI)
}

// Device gives the device that a contact belonged to when it was bound before a frame; of one whose REGISTER is not in
// the capture it knows no more than the host. The contact is in the form of identity.Contact.
func (c *Case) Device(contact string, before uint32) Device {
	if x := c.Bound(contact, before); x != nil {
		for i := range x.Register.Contacts {
			if k := &x.Register.Contacts[i]; k.Key == contact {
				return DeviceOf(x.Register, k)
			}
		}
	}
	return Device{Host: identity.HostOf(contact)}
}
