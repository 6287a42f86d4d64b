package fact

import (
	"net/netip"

	"imscope/correlate/identity"
	"imscope/decode/network"
)

// maxInterned bounds each table of the interner. Beyond it strings are copied instead of shared: more
// memory for a hostile capture, the same result.
const maxInterned = 1 << 20

// interner shares the strings that signalling repeats all the time.
type interner struct {
	strings map[string]string
	uris    map[string]URI
	keys    map[string]string // contact URI → identity.Contact
}

func newInterner() interner {
	return interner{map[string]string{}, map[string]URI{}, map[string]string{}}
}

func (in *interner) str(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if s, ok := in.strings[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(in.strings) < maxInterned {
		in.strings[s] = s
	}
	return s
}

// uri gives a public identity. Most of a capture names the same ones again and again.
func (in *interner) uri(b []byte) URI {
	if len(b) == 0 {
		return URI{}
	}
	if u, ok := in.uris[string(b)]; ok {
		return u
	}
	s := in.str(b)
	u := URI{Raw: identity.Display(s), Key: identity.Canonical(s)}
	if u.Key == u.Raw {
		u.Key = u.Raw // share the bytes
	}
	if len(in.uris) < maxInterned {
		in.uris[s] = u
	}
	return u
}

// contact gives a contact URI and its comparable form.
func (in *interner) contact(b []byte) (raw, key string) {
	if len(b) == 0 {
		return "", ""
	}
	raw = in.str(b)
	if k, ok := in.keys[raw]; ok {
		return raw, k
	}
	key = identity.Contact(raw)
	if len(in.keys) < maxInterned {
		in.keys[raw] = key
	}
	return raw, key
}

// Nodes is the table of addresses with what they were seen doing.
type Nodes struct {
	ids  map[netip.AddrPort]NodeID
	near [256]near // those asked for lately, by a hash of the address
	all  []Node    // by NodeID
	free []NodeID
	byIP map[netip.Addr]*Votes

	forwarders map[netip.Addr]struct{} // see Forward
}

// near is an address with its node. A message comes on several links at a time, and CSCFs are at one end of each.
type near struct {
	addr netip.AddrPort
	id   NodeID
}

// maxNodes bounds the node table; later addresses are node 0, "unknown".
const maxNodes = 1 << 21

func newNodes() Nodes {
	return Nodes{ids: map[netip.AddrPort]NodeID{}, all: make([]Node, 1), byIP: map[netip.Addr]*Votes{}, forwarders: map[netip.Addr]struct{}{}}
}

// ID returns the node of an address, made if need be.
func (n *Nodes) ID(a netip.AddrPort) NodeID {
	if a.Port() >= ephemeral {
		a = netip.AddrPortFrom(a.Addr(), 0)
	}
	ip := a.Addr().As16()
	near := &n.near[(ip[15]^ip[14]*31^byte(a.Port()))&0xff]
	if near.addr == a && near.id != 0 {
		return near.id
	}
	if id, ok := n.ids[a]; ok {
		near.addr, near.id = a, id
		return id
	}
	if !a.IsValid() {
		return 0
	}
	var id NodeID
	switch {
	case len(n.free) > 0:
		id = n.free[len(n.free)-1]
		n.free = n.free[:len(n.free)-1]
		n.all[id] = Node{Addr: a}
	case len(n.all) >= maxNodes:
		return 0
	default:
		id = NodeID(len(n.all))
		n.all = append(n.all, Node{Addr: a})
	}
	n.ids[a] = id
	return id
}

// ephemeral is where the ports of clients begin (Linux; RFC 6335 6 has 49152): a client's next
// connection comes from the same node.
const ephemeral = 32768

// Free gives up the phones and strangers that no fact names any more; used is indexed by NodeID.
func (n *Nodes) Free(used []bool) {
	clear(n.near[:])
	alive := make(map[netip.Addr]bool, len(n.byIP))
	for id := 1; id < len(n.all); id++ {
		node := &n.all[id]
		if !node.Addr.IsValid() {
			continue
		}
		if role := node.Votes.winner(); id < len(used) && !used[id] && (role == RoleUnknown || role == RoleUE) {
			delete(n.ids, node.Addr)
			*node = Node{}
			n.free = append(n.free, NodeID(id))
			continue
		}
		alive[node.Addr.Addr()] = true
	}
	for ip := range n.byIP {
		if !alive[ip] {
			delete(n.byIP, ip)
		}
	}
}

// Vote notes that a node behaved like a role.
func (n *Nodes) Vote(id NodeID, r Role) {
	if id == 0 {
		return
	}
	node := &n.all[id]
	node.Votes[r]++
	if node.ip == nil {
		ip := node.Addr.Addr()
		if node.ip = n.byIP[ip]; node.ip == nil {
			node.ip = new(Votes)
			n.byIP[ip] = node.ip
		}
	}
	node.ip[r]++
}

// Forward notes that a node sent on a REGISTER that another one had made: the capture shows its far
// side, so that a request which it does not send on is one that it dropped.
func (n *Nodes) Forward(id NodeID) {
	if id != 0 && !n.all[id].forwards {
		n.all[id].forwards = true
		n.forwarders[n.all[id].Addr.Addr()] = struct{}{}
	}
}

// Forwards reports whether a node, on any of its ports, was seen sending on a REGISTER.
func (n *Nodes) Forwards(id NodeID) bool {
	if id == 0 || int(id) >= len(n.all) {
		return false
	}
	_, ok := n.forwarders[n.all[id].Addr.Addr()]
	return ok
}

// Addr returns the address of a node.
func (n *Nodes) Addr(id NodeID) netip.AddrPort { return n.all[id].Addr }

// Len returns the number of nodes.
func (n *Nodes) Len() int { return len(n.all) - 1 }

// Role tells what a node is: by what its address and port did, else by what its address did (a UE
// and a TCP client use many ports; a lab runs all CSCFs on one address with a port each).
func (n *Nodes) Role(id NodeID) Role {
	if id == 0 || int(id) >= len(n.all) {
		return RoleUnknown
	}
	if r := n.all[id].Votes.winner(); r != RoleUnknown {
		return r
	}
	if v := n.byIP[n.all[id].Addr.Addr()]; v != nil {
		return v.winner()
	}
	return RoleUnknown
}

// winner picks the role that the behaviour proves best: a proxy that makes requests of its own
// looks like a UE at times, a UE never forwards.
func (v *Votes) winner() Role {
	best := RoleUnknown
	for _, r := range []Role{RoleHSS, RolePCSCF, RoleSCSCF, RoleICSCF, RoleAS, RoleUE} {
		if v[r] == 0 {
			continue
		}
		if best == RoleUnknown || r != RoleUE && v[r] > v[best] {
			best = r
		}
	}
	return best
}

// Trim begins the shared tables anew where they hold more than limit strings. What facts refer to
// stays with them.
func (e *Extractor) Trim(limit int) {
	if len(e.in.strings) > limit {
		e.in = newInterner()
	}
}

// Release gives up the tables that only further records need. Roles, addresses and paths stay.
func (e *Extractor) Release() {
	e.in = interner{}
	e.Nodes.ids = nil
}

// paths interns the names of encapsulations.
type paths struct {
	ids   map[network.Path]uint32
	names []string
}

func newPaths() paths { return paths{map[network.Path]uint32{}, make([]string, 1)} }

func (p *paths) id(path network.Path) uint32 {
	if path == (network.Path{}) {
		return 0
	}
	if id, ok := p.ids[path]; ok {
		return id
	}
	if len(p.names) >= maxInterned {
		return 0
	}
	id := uint32(len(p.names))
	p.names = append(p.names, path.String())
	p.ids[path] = id
	return id
}
