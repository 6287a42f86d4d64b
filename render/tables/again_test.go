package tables

import (
	"testing"

	"imscope/correlate/fact"
	"imscope/correlate/identity"
	"imscope/correlate/story"
)

const (
	phone  fact.NodeID = iota + 1 // 10.0.0.1
	moved                         // 10.0.0.1, another port
	second                        // 10.0.0.2
	proxy
)

// registered is an answer at a second to a REGISTER of the second before.
func registered(at int64, src fact.NodeID, status int, contact, instance string, expires int64) story.Event {
	x := &fact.Exchange{Request: fact.Message{Hops: []fact.Hop{{Frame: uint32(at), Time: (at - 1) * 1e9, Src: src, Dst: proxy}}},
		Register: &fact.Register{Expires: fact.Absent, Contacts: []fact.ContactValue{{URI: contact, Key: identity.Contact(contact), Instance: instance, Expires: expires}}}}
	kind := story.KindRegistered
	if status >= 300 {
		kind = story.KindFailure
	}
	return story.Event{Time: at * 1e9, Kind: kind, Status: status, Exchange: x}
}

// TestAgain: a phone is registered again once it is itself, not when another phone of the user is.
func TestAgain(t *testing.T) {
	const contact, other, device = "sip:a@10.0.0.1:5060", "sip:a@10.0.0.2:5060", "urn:gsma:imei:1"
	for _, c := range []struct {
		name string
		then story.Event
		want int64
	}{
		{"the same contact", registered(20, phone, 200, contact, "", 3600), 20},
		{"the same device at another contact", registered(20, second, 200, "sip:a@10.9.9.9:5060", device, 3600), 20},
		{"the same address, another port", registered(20, moved, 200, "sip:a@10.0.0.1:5062", "", 3600), 20},
		{"another phone", registered(20, second, 200, other, "urn:gsma:imei:2", 3600), 0},
		{"another phone behind the same proxy", registered(20, proxy, 200, other, "", 3600), 0},
		{"refused", registered(20, phone, 403, contact, "", 3600), 0},
		{"it only removes", registered(20, phone, 200, contact, "", 0), 0},
		{"asked before it ended", registered(11, phone, 200, contact, "", 3600), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			addresses := map[fact.NodeID]string{phone: "10.0.0.1", moved: "10.0.0.1", second: "10.0.0.2", proxy: "10.0.0.9"}
			u := &story.User{Timeline: []story.Event{registered(2, phone, 200, contact, device, 3600), registered(3, second, 200, other, "", 3600), c.then},
				Bindings: []story.Binding{{Contact: contact, ContactKey: identity.Contact(contact), Instance: device}, {Contact: other, ContactKey: identity.Contact(other)}},
				Context: &story.Context{Addr: func(n fact.NodeID) string { return addresses[n] }, Role: func(n fact.NodeID) fact.Role {
					if n == proxy {
						return fact.RolePCSCF
					}
					return fact.RoleUE
				}}}
			d := dereg{&story.Deregistration{Started: 10e9, Ended: 10e9, Contacts: []string{contact}}, u, 1}
			if got := again(d); got != c.want*1e9 {
				t.Errorf("at %d s, want %d", got/1e9, c.want)
			}
		})
	}
}
