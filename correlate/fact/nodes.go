package fact

import (
	"encoding/binary"
	"hash/maphash"
	"net/netip"

	"imscope/correlate/internal/lookup"
)

// Nodes is the table of addresses with what they were seen doing. A node is a port of a host; most hosts have one.
type Nodes struct {
	seed      maphash.Seed
	ids       lookup.Table // of all, by host and port
	hosts     lookup.Table // of byHost, by address
	near      [256]near    // those asked for lately, by a hash of the address
	all       []node       // by NodeID
	byHost    []host
	free      []NodeID
	freeHosts []uint32
}

// node is a port with what it was seen doing.
type node struct {
	host  uint32 // index of byHost; 0 of a node that was given up
	port  uint16
	votes Votes
}

// host is an address with what all of its ports were seen doing.
type host struct {
	addr     netip.Addr
	votes    Votes
	forwards bool
	answers  bool
}

// near is an address with its node. A message comes on several links at a time, and CSCFs are at one end of each.
type near struct {
	addr netip.AddrPort
	id   NodeID
}

// maxNodes bounds the node table; later addresses are node 0, "unknown".
const maxNodes = 1 << 21

func newNodes() Nodes {
	return Nodes{seed: maphash.MakeSeed(), all: make([]node, 1), byHost: make([]host, 1)}
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
	id := n.find(a)
	if id != 0 {
		near.addr, near.id = a, id
	}
	return id
}

func (n *Nodes) find(a netip.AddrPort) NodeID {
	hash := n.hash(a)
	if id, ok := n.ids.Find(hash, func(id uint32) bool { return n.Addr(NodeID(id)) == a }); ok {
		return NodeID(id)
	}
	if !a.IsValid() || len(n.free) == 0 && len(n.all) >= maxNodes {
		return 0
	}
	id := take(&n.all, &n.free)
	n.all[id] = node{host: n.host(a.Addr()), port: a.Port()}
	n.ids.Put(hash, uint32(id))
	return id
}

// host returns the index of an address, made if need be.
func (n *Nodes) host(a netip.Addr) uint32 {
	hash := n.hash(netip.AddrPortFrom(a, 0))
	if h, ok := n.hosts.Find(hash, func(h uint32) bool { return n.byHost[h].addr == a }); ok {
		return h
	}
	h := take(&n.byHost, &n.freeHosts)
	n.byHost[h] = host{addr: a}
	n.hosts.Put(hash, h)
	return h
}

func (n *Nodes) hash(a netip.AddrPort) uint64 {
	ip := a.Addr().As16()
	var key [len(ip) + 2]byte
	binary.BigEndian.PutUint16(key[copy(key[:], ip[:]):], a.Port())
	return maphash.Bytes(n.seed, key[:])
}

// take gives the index of an element that is free, or of a new one.
func take[T any, I ~uint32](list *[]T, free *[]I) I {
	if n := len(*free); n > 0 {
		i := (*free)[n-1]
		*free = (*free)[:n-1]
		return i
	}
	var zero T
	*list = append(*list, zero)
	return I(len(*list) - 1)
}

// ephemeral is where the ports of clients begin (Linux; RFC 6335 6 has 49152): a client's next
// connection comes from the same node.
const ephemeral = 32768

// Free gives up the phones and strangers that no fact names any more; used is indexed by NodeID.
func (n *Nodes) Free(used []bool) {
	clear(n.near[:])
	alive := make([]bool, len(n.byHost))
	for id := 1; id < len(n.all); id++ {
		o := &n.all[id]
		if o.host == 0 {
			continue
		}
		if role := o.votes.winner(); id < len(used) && !used[id] && (role == RoleUnknown || role == RoleUE) {
			n.ids.Delete(n.hash(n.Addr(NodeID(id))), uint32(id))
			*o = node{}
			n.free = append(n.free, NodeID(id))
			continue
		}
		alive[o.host] = true
	}
	for h := 1; h < len(n.byHost); h++ {
		if o := &n.byHost[h]; !alive[h] && o.addr.IsValid() {
			n.hosts.Delete(n.hash(netip.AddrPortFrom(o.addr, 0)), uint32(h))
			*o = host{}
			n.freeHosts = append(n.freeHosts, uint32(h))
		}
	}
}

// Vote notes that a node behaved like a role.
func (n *Nodes) Vote(id NodeID, r Role) {
	if id == 0 {
		return
	}
	o := &n.all[id]
	o.votes[r]++
	n.byHost[o.host].votes[r]++
}

// Forward notes that a node sent on a REGISTER that another one had made: the capture shows its far
// side, so that a request which it does not send on is one that it dropped.
func (n *Nodes) Forward(id NodeID) {
	if id != 0 {
		n.byHost[n.all[id].host].forwards = true
	}
}

// Forwards reports whether a node, on any of its ports, was seen sending on a REGISTER.
func (n *Nodes) Forwards(id NodeID) bool {
	return id != 0 && int(id) < len(n.all) && n.byHost[n.all[id].host].forwards
}

// Answer notes that the capture shows Cx answers at a node: a transaction of its own without one was not answered.
func (n *Nodes) Answer(id NodeID) {
	if id != 0 {
		n.byHost[n.all[id].host].answers = true
	}
}

// Answers reports whether Cx answers were seen at a node, on any of its ports.
func (n *Nodes) Answers(id NodeID) bool {
	return id != 0 && int(id) < len(n.all) && n.byHost[n.all[id].host].answers
}

// Addr returns the address of a node.
func (n *Nodes) Addr(id NodeID) netip.AddrPort {
	o := &n.all[id]
	return netip.AddrPortFrom(n.byHost[o.host].addr, o.port)
}

// Len returns the number of nodes.
func (n *Nodes) Len() int { return len(n.all) - 1 }

// Role tells what a node is: by what its address and port did, else by what its address did (a UE
// and a TCP client use many ports; a lab runs all CSCFs on one address with a port each).
func (n *Nodes) Role(id NodeID) Role {
	if id == 0 || int(id) >= len(n.all) {
		return RoleUnknown
	}
	o := &n.all[id]
	if r := o.votes.winner(); r != RoleUnknown {
		return r
	}
	return n.byHost[o.host].votes.winner()
}

// Release gives up what only further addresses need. Roles and addresses stay.
func (n *Nodes) Release() { n.ids, n.hosts = lookup.Table{}, lookup.Table{} }

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
