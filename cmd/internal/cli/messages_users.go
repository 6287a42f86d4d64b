package cli

import (
	"context"
	"slices"

	"imscope/cmd/internal/filter"
	"imscope/correlate"
	"imscope/correlate/fact"
	"imscope/correlate/identity"
	"imscope/correlate/story"
	"imscope/decode"
)

// directory is what the captures as a whole know of the users and nodes of a message that the message itself does not say.
type directory struct {
	users  []filter.Users       // what each goes by
	ofCall map[string][]int     // users by the Call-IDs and Cx frames of what belongs to them
	ofCx   map[uint32][]int     // by frame
	ofName map[string][]int     // by canonical identity
	nodes  map[string]fact.Role // by address
}

// directory reads the captures once for it. Names are those that users really have, also with --redact.
func (in *input) directory(ctx context.Context, s *Streams, paths []string) (*directory, error) {
	engine := correlate.NewEngine(correlate.Options{KeepDuplicates: in.copies})
	r, err := in.pass(ctx, s, paths, decode.Options{Digest: engine.Digester}, func(rec *decode.Record) error {
		engine.Observe(rec)
		return nil
	})
	if err != nil {
		return nil, err
	}
	d := &directory{ofCall: map[string][]int{}, ofCx: map[uint32][]int{}, ofName: map[string][]int{}, nodes: map[string]fact.Role{}}
	i := 0
	for u := range engine.Close(r.files, r.stats).Users() {
		d.enter(i, u)
		i++
	}
	return d, nil
}

// enter takes down a user.
func (d *directory) enter(i int, u *story.User) {
	d.users = append(d.users, names(u))
	for _, n := range d.users[i] {
		add(d.ofName, identity.Canonical(n), i)
	}
	see := func(m *fact.Message) {
		for _, h := range m.Hops {
			for _, id := range [...]fact.NodeID{h.Src, h.Dst} {
				if role := u.Context.Role(id); role != fact.RoleUnknown {
					d.nodes[u.Context.Addr(id)] = role
				}
			}
		}
	}
	for k := range u.Timeline {
		e := &u.Timeline[k]
		if x := e.Exchange; x != nil {
			add(d.ofCall, x.CallID, i)
			see(&x.Request)
		}
		if e.Cx != nil {
			for _, h := range e.Hops {
				add(d.ofCx, h.Frame, i)
			}
			see(&e.Cx.Request)
		}
	}
}

// add adds a user once.
func add[K comparable](m map[K][]int, key K, user int) {
	if list := m[key]; len(list) == 0 || list[len(list)-1] != user {
		m[key] = append(list, user)
	}
}

// complete adds to a row what the message itself does not say.
func (d *directory) complete(m *message, r *filter.Row) {
	var users []int
	if m.rec.SIP != nil {
		users = d.ofCall[m.callID]
	} else {
		users = d.ofCx[m.rec.Frame]
	}
	for _, name := range m.about {
		users = append(users[:len(users):len(users)], d.ofName[identity.Canonical(name)]...)
	}
	slices.Sort(users)
	r.User = slices.Clone(r.User)
	for _, i := range slices.Compact(users) {
		r.User = append(r.User, d.users[i]...)
	}
	for _, end := range [...]string{m.rec.Src.Addr().String(), m.rec.Dst.Addr().String()} {
		r.Node.Add(d.nodes[end], end)
	}
}
