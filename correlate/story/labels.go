package story

import "imscope/correlate/fact"

// labels names nodes as a reader would: by role, with the address where the user's story holds more
// than one node of that role, by address alone where the role is unknown.
type labels struct {
	ctx   *Context
	nodes []labelled
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
	l.ctx, l.nodes, l.near = ctx, l.first[:0], [len(l.near)]nodePlace{}
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
	for i := range l.nodes {
		n := &l.nodes[i]
		switch {
		case n.role == fact.RoleUnknown:
			n.name = n.addr
		case l.twice(n):
			var room [64]byte
			n.name = p.of(append(append(append(room[:0], n.role.String()...), ' '), n.addr...))
		default:
			n.name = n.role.String()
		}
	}
}

// twice reports whether another address has the same role.
func (l *labels) twice(n *labelled) bool {
	for i := range l.nodes {
		if o := &l.nodes[i]; o.role == n.role && o.addr != n.addr {
			return true
		}
	}
	return false
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
