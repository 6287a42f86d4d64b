package correlate

import (
	"net/netip"

	"imscope/correlate/fact"
	"imscope/correlate/identity"
)

// requestRoles learns from who sends which request to whom (TS 24.229 5.1 to 5.4). The number of Via
// values tells how far a request has come: one at its originator.
func (e *Engine) requestRoles(o *open, h fact.Hop) {
	n := &e.facts.Nodes
	switch {
	case o.traits.Is(fact.IsThirdParty):
		n.Vote(h.Src, fact.RoleSCSCF)
		n.Vote(h.Dst, fact.RoleAS)
	case o.traits.Is(fact.IsRegister):
		if h.Vias >= 2 {
			n.Forward(h.Src)
		}
		switch h.Vias {
		case 0, 1:
			n.Vote(h.Src, fact.RoleUE)
		case 2:
			n.Vote(h.Src, fact.RolePCSCF)
		default:
			n.Vote(h.Src, fact.RoleICSCF)
		}
	case o.traits.Is(fact.IsSelfWatch):
		// A phone watches its own registration, from the address that it wants to be told at.
		if h.Vias == 1 && identity.HostOf(e.exchange(o).Subscribe.Contact) == identity.Host(hostText(n.Addr(h.Src).Addr())) {
			n.Vote(h.Src, fact.RoleUE)
		}
	case o.traits.Is(fact.HasDocument):
		// Only the S-CSCF notifies about registrations in an IMS.
		if h.Vias == 1 && n.Role(h.Src) != fact.RolePCSCF {
			n.Vote(h.Src, fact.RoleSCSCF)
		}
		if h.Vias == 2 {
			n.Vote(h.Src, fact.RolePCSCF)
		}
	}
}

// responseRoles learns from who answers a REGISTER: the registrar is where the response begins.
func (e *Engine) responseRoles(o *open, status int, h fact.Hop, first bool) {
	if !o.traits.Is(fact.IsRegister) || !o.state.Asked() || !first || status != 401 && (status < 200 || status >= 300) {
		return
	}
	n := &e.facts.Nodes
	switch {
	case h.Vias >= 2:
		n.Vote(h.Src, fact.RoleSCSCF)
	case o.traits.Is(fact.FromProxy) || o.state.Offered():
		// Only the phone's own link is in the capture: its peer is a proxy.
		n.Vote(h.Src, fact.RolePCSCF)
	case status != 401 && o.state.Hops() == 1:
		n.Vote(h.Src, fact.RoleSCSCF)
	}
}

// hostText spells an address as the host of a SIP URI.
func hostText(a netip.Addr) string {
	if a = a.Unmap(); a.Is6() {
		return "[" + a.String() + "]"
	}
	return a.String()
}
