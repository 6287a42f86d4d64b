package story

import (
	"slices"

	"imscope/correlate/fact"
)

// labels names nodes as a reader would: by role, with the address where the user's story holds more
// than one node of that role, by address alone where the role is unknown.
type labels struct {
	ctx   *Context
	nodes []labelled // few: a linear search beats a map
}

type labelled struct {
	id   fact.NodeID
	role fact.Role
	name string
}

func newLabels(in Input, ctx *Context) *labels {
	l := &labels{ctx: ctx, nodes: make([]labelled, 0, 8)}
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
		addr := ctx.Addr(n.id)
		switch {
		case n.role == fact.RoleUnknown:
			n.name = addr
		case slices.ContainsFunc(l.nodes, func(o labelled) bool { return o.role == n.role && ctx.Addr(o.id) != addr }):
			n.name = n.role.String() + " " + addr
		default:
			n.name = n.role.String()
		}
	}
	return l
}

// see enters the nodes of hops.
func (l *labels) see(hops []fact.Hop) {
	for i := range hops {
		l.enter(hops[i].Src)
		l.enter(hops[i].Dst)
	}
}

func (l *labels) enter(id fact.NodeID) {
	if id == 0 {
		return
	}
	for i := range l.nodes {
		if l.nodes[i].id == id {
			return
		}
	}
	if len(l.nodes) < maxLabels {
		l.nodes = append(l.nodes, labelled{id: id, role: l.ctx.Role(id)})
	}
}

// maxLabels bounds the nodes of one user; beyond it nodes are named by role or address alone. A phone
// has a handful of addresses in a week.
const maxLabels = 256

// of names a node.
func (l *labels) of(id fact.NodeID) string {
	for i := range l.nodes {
		if l.nodes[i].id == id && l.nodes[i].name != "" {
			return l.nodes[i].name
		}
	}
	if r := l.ctx.Role(id); r != fact.RoleUnknown {
		return r.String() + " " + l.ctx.Addr(id)
	}
	if a := l.ctx.Addr(id); a != "" {
		return a
	}
	return "?"
}
