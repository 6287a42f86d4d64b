package cli

import (
	"context"
	"slices"
	"strings"

	"imscope/cmd/internal/filter"
	"imscope/correlate"
	"imscope/correlate/fact"
	"imscope/correlate/identity"
	"imscope/correlate/story"
	"imscope/decode"
)

// directory is what the captures as a whole know of the users and nodes of a message that the message itself does not say.
type directory struct {
	count  int                  // of all users
	users  []filter.Users       // what each goes by
	asked  []bool               // for by --user
	ofCall map[string][]int     // users by the Call-IDs of what belongs to them
	ofCx   map[uint32][]int     // by the frames of Cx messages
	ofName map[string][]int     // by canonical identity
	nodes  map[string]fact.Role // by address
}

// directory reads the captures once for it: for all users, or for those that are searched for. Names are those that users
// really have, also with --redact.
func (in *input) directory(ctx context.Context, s *Streams, paths []string, search *search, all bool) (*directory, error) {
	defer pace(s)()
	engine := correlate.NewEngine(correlate.Options{KeepDuplicates: in.copies})
	r, err := in.pass(ctx, s, paths, decode.Options{Digest: engine.Digester}, func(rec *decode.Record) error {
		engine.Observe(rec)
		return nil
	})
	if err != nil {
		return nil, err
	}
	d := &directory{ofCall: map[string][]int{}, ofCx: map[uint32][]int{}, ofName: map[string][]int{}, nodes: map[string]fact.Role{}}
	for u := range engine.CloseUnjudged(r.files, r.stats).Users() {
		d.count++
		if asked := search.see(names(u)); asked || all {
			d.enter(u)
			d.asked = append(d.asked, asked)
		}
	}
	return d, nil
}

// enter takes down a user.
func (d *directory) enter(u *story.User) {
	i := len(d.users)
	list := names(u)
	for k := range list {
		list[k] = strings.Clone(list[k]) // and not the story that it is a part of
	}
	d.users = append(d.users, list)
	for _, n := range list {
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
			if _, known := d.ofCall[x.CallID]; !known {
				d.ofCall[strings.Clone(x.CallID)] = nil
			}
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

// of gives the users of a message, some more than once.
func (d *directory) of(m *message) []int {
	users := d.ofCx[m.rec.Frame]
	if m.rec.SIP != nil {
		users = d.ofCall[m.callID]
	}
	users = users[:len(users):len(users)] // what is added is the message's own
	for _, name := range m.about {
		users = append(users, d.ofName[identity.Canonical(name)]...)
	}
	return users
}

// complete adds to a row what the message itself does not say.
func (d *directory) complete(m *message, users []int, r *filter.Row) {
	r.User = slices.Clone(r.User)
	for i, u := range users {
		if !slices.Contains(users[:i], u) {
			r.User = append(r.User, d.users[u]...)
		}
	}
	for _, end := range [...]string{m.rec.Src.Addr().String(), m.rec.Dst.Addr().String()} {
		r.Node.Add(d.nodes[end], end)
	}
}
