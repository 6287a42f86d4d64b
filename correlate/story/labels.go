package story

import (
	"imscope/correlate/fact"
)

// labels names nodes as a reader would: by role, with the address where the user's story holds more
// than one node of that role, by address alone where the role is unknown.
type labels struct {
	ctx   *Context
	names map[fact.NodeID]string
}

func newLabels(in Input, ctx *Context) *labels {
	l := &labels{ctx: ctx, names: map[fact.NodeID]string{}}
	addrs := map[fact.Role]map[string]bool{}
	var nodes []fact.NodeID
	see := func(id fact.NodeID) {
		if _, ok := l.names[id]; ok || id == 0 {
			return
		}
		l.names[id] = ""
		nodes = append(nodes, id)
		r := ctx.Role(id)
		if addrs[r] == nil {
			addrs[r] = map[string]bool{}
		}
		addrs[r][ctx.Addr(id)] = true
	}
	hops := func(m *fact.Message) {
		for _, h := range m.Hops {
			see(h.Src)
			see(h.Dst)
		}
	}
	for _, x := range in.Exchanges {
		hops(&x.Request)
		for i := range x.Responses {
			hops(&x.Responses[i])
		}
	}
	for _, c := range in.Cx {
		hops(&c.Request)
		hops(&c.Answer)
	}
	for _, id := range nodes {
		role, addr := ctx.Role(id), ctx.Addr(id)
		switch {
		case role == fact.RoleUnknown:
			l.names[id] = addr
		case len(addrs[role]) > 1:
			l.names[id] = role.String() + " " + addr
		default:
			l.names[id] = role.String()
		}
	}
	return l
}

func (l *labels) of(id fact.NodeID) string {
	if s := l.names[id]; s != "" {
		return s
	}
	return "?"
}
