package correlate

import "imscope/correlate/fact"

// each goes through all facts that a Live keeps of a user.
func (m *more) each(exchange func(*fact.Exchange), cx func(*fact.Cx)) {
	for _, x := range m.in.Exchanges {
		exchange(x)
	}
	for _, x := range m.in.Strays {
		exchange(x)
	}
	for _, c := range m.in.Cx {
		cx(c)
	}
}

// each goes through all facts that a Live holds, users' and those that further hops may belong to. Many are both and
// are met twice.
func (l *Live) each(exchange func(*fact.Exchange), cx func(*fact.Cx)) {
	for _, u := range l.users.all {
		u.each(exchange, cx)
	}
	for o := range l.exchanges.all {
		exchange(o.x)
	}
	for o := range l.cx.all {
		cx(o.x)
	}
}

// messages goes through the messages of facts.
func (l *Live) messages(fn func(*fact.Message)) {
	l.each(func(x *fact.Exchange) {
		fn(&x.Request)
		for i := range x.Responses {
			fn(&x.Responses[i])
		}
	}, func(c *fact.Cx) {
		fn(&c.Request)
		fn(&c.Answer)
	})
}

// trim forgets the addresses and encapsulations that no fact names any more, where there are many.
func (l *Live) trim(many int) {
	paths, _ := l.facts.Paths()
	if l.facts.Nodes.Len() < many && paths < many {
		return
	}
	nodes, within := make([]bool, l.facts.Nodes.Len()+1), make([]bool, paths)
	l.messages(func(m *fact.Message) {
		for _, h := range m.Hops {
			nodes[h.Src], nodes[h.Dst], within[h.Path] = true, true, true
		}
	})
	l.facts.Nodes.Free(nodes)
	l.facts.FreePaths(within)
	clear(l.addrs)
}
