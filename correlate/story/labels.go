package story

import (
	"net/netip"
	"slices"
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/identity"
)

// labels names nodes as a reader would: by role, with the address where the user's story holds more
// than one node of that role, by address alone where the role is unknown.
type labels struct {
	ctx   *Context
	nodes []labelled
	hosts []labelled    // phones that the capture shows behind a proxy only
	first [8]labelled   // room for the nodes of most users
	near  [16]nodePlace // by the last bits of their ids: nearly every look-up ends here
}

type labelled struct {
	id   fact.NodeID
	role fact.Role
	addr string
	name string
}

// nodePlace is the index of a node plus one, 0 for none.
type nodePlace uint16

// learn takes the nodes of a user.
func (l *labels) learn(in *Input, ctx *Context, p *phrases) {
	l.ctx, l.nodes, l.hosts, l.near = ctx, l.first[:0], l.hosts[:0], [len(l.near)]nodePlace{}
	for _, x := range in.Exchanges {
		l.see(x.Request.Hops)
		for i := range x.Responses {
			l.see(x.Responses[i].Hops)
		}
	}
	for _, c := range in.Cx {
		l.see(c.Request.Hops)
		l.see(c.Answer.Hops)
	}
	for _, x := range in.Exchanges {
		l.behind(x)
	}
	for i := range l.nodes {
		switch n := &l.nodes[i]; {
		case n.role == fact.RoleUnknown:
			n.name = n.addr
		default:
			n.call(l.twice(n), p)
		}
	}
	for i := range l.hosts {
		n := &l.hosts[i]
		n.call(l.twice(n), p)
	}
}

// behind takes note of the phones of a request that the capture shows behind a proxy only: where they want to be reached
// tells them apart, if that is an address.
func (l *labels) behind(x *fact.Exchange) {
	if !x.Request.Seen() {
		return
	}
	switch first := x.Request.First(); {
	case x.Register != nil && !x.Register.ThirdParty && first.Vias > 1:
		for i := range x.Register.Contacts {
			l.host(x.Register.Contacts[i].Key)
		}
	case x.Subscribe != nil && first.Vias > 1:
		l.host(x.Subscribe.Contact)
	case x.Notify != nil && l.ctx.Role(x.Request.Last().Dst) == fact.RolePCSCF:
		l.host(x.RequestURI)
	}
}

// proxies reports whether a node stands before phones.
func (l *labels) proxies(id fact.NodeID) bool {
	role := l.ctx.Role(id)
	return role != fact.RoleUE && role != fact.RoleUnknown
}

// host enters the phone of a contact, unless it is one of the nodes.
func (l *labels) host(contact string) {
	if addr := address(contact); addr != "" && len(l.hosts) < maxLabels && l.at(addr) == nil {
		l.hosts = append(l.hosts, labelled{role: fact.RoleUE, addr: addr})
	}
}

// at finds who is known to have an address.
func (l *labels) at(addr string) *labelled {
	for i := range l.nodes {
		if n := &l.nodes[i]; n.addr == addr && n.role != fact.RoleUnknown {
			return n
		}
	}
	for i := range l.hosts {
		if l.hosts[i].addr == addr {
			return &l.hosts[i]
		}
	}
	return nil
}

// phone names the phone of a contact, "" where its host is a name, or a proxy's address.
func (l *labels) phone(contact string) string {
	addr := address(contact)
	if addr == "" {
		return ""
	}
	if n := l.at(addr); n != nil && n.role == fact.RoleUE {
		return n.name
	}
	return ""
}

// address gives the host of a contact if it is an IP address.
func address(contact string) string {
	host := strings.Trim(identity.HostOf(contact), "[]")
	if _, err := netip.ParseAddr(host); err != nil {
		return ""
	}
	return host
}

// call names a node by its role, and by its address too where it is not the only one.
func (n *labelled) call(crowd bool, p *phrases) {
	if n.name = n.role.String(); crowd {
		var room [64]byte
		n.name = p.of(append(append(append(room[:0], n.name...), ' '), n.addr...))
	}
}

// twice reports whether another address has the same role.
func (l *labels) twice(n *labelled) bool {
	other := func(o labelled) bool { return o.role == n.role && o.addr != n.addr }
	return slices.ContainsFunc(l.nodes, other) || slices.ContainsFunc(l.hosts, other)
}

// see enters the nodes of hops. A hop mostly begins where the one before ended.
func (l *labels) see(hops []fact.Hop) {
	for i := range hops {
		if i == 0 || hops[i].Src != hops[i-1].Dst {
			l.enter(hops[i].Src)
		}
		l.enter(hops[i].Dst)
	}
}

func (l *labels) enter(id fact.NodeID) {
	if id == 0 || l.find(id) != nil || len(l.nodes) == maxLabels {
		return
	}
	l.nodes = append(l.nodes, labelled{id: id, role: l.ctx.Role(id), addr: l.ctx.Addr(id)})
	if near := &l.near[id%fact.NodeID(len(l.near))]; *near == 0 {
		*near = nodePlace(len(l.nodes))
	}
}

// find looks a node up.
func (l *labels) find(id fact.NodeID) *labelled {
	if near := l.near[id%fact.NodeID(len(l.near))]; near == 0 {
		return nil
	} else if n := &l.nodes[near-1]; n.id == id {
		return n
	}
	for i := range l.nodes {
		if n := &l.nodes[i]; n.id == id {
			return n
		}
	}
	return nil
}

// maxLabels bounds the nodes of one user; beyond it nodes are named by role or address alone. A phone
// has a handful of addresses in a week.
const maxLabels = 256

// of names a node.
func (l *labels) of(id fact.NodeID) string {
	if n := l.find(id); n != nil && n.name != "" {
		return n.name
	}
	if r := l.ctx.Role(id); r != fact.RoleUnknown {
		return r.String() + " " + l.ctx.Addr(id)
	}
	if a := l.ctx.Addr(id); a != "" {
		return a
	}
	return "?"
}
