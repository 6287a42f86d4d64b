package fact

import (
	"bytes"

	"imscope/decode/sip"
)

// added is what a request gets on its way: a P-CSCF's word on a REGISTER, the charging identifier.
type added struct {
	integrity string   // integrity-protected
	path      []string // URIs of Path
	visited   string   // P-Visited-Network-ID
	route     string   // the first URI of Route that is Doubled
	icid      string   // icid-value of P-Charging-Vector, of a SUBSCRIBE
}

// onTheWay reads what one hop of a request adds. integrity says that its word on that may count; path is an empty list.
func onTheWay(path []string, method sip.Method, m *sip.Message, integrity bool) (a added) {
	a.path = path
	switch method {
	case sip.MethodRegister:
		if integrity {
			v, _ := sip.AuthParam(m.First(sip.HdrAuthorization), "integrity-protected")
			a.integrity = view(v)
		}
		a.path = uriList(path, m, sip.HdrPath)
		a.visited = view(bytes.Trim(m.First(sip.HdrPVisitedNetworkID), `"`))
		a.route = doubledRoute(m)
	case sip.MethodSubscribe:
		a.icid = view(icid(m))
	}
	return a
}

// had says what there is.
func (a *added) had(vias uint8) (h had) {
	if len(a.path) > 0 {
		h |= hadPath
	}
	if a.visited != "" {
		h |= hadVisited
	}
	if a.route != "" {
		h |= hadRoute
	}
	if a.icid != "" {
		h |= hadICID
	}
	if a.integrity != "" {
		h |= hadIntegrity
		if vias <= 1 {
			h |= hadAtSource
		}
	}
	return h
}

// apply gives an exchange what one hop of its request added.
func (a *added) apply(x *Exchange, vias uint8) {
	switch {
	case x.Register != nil:
		r := x.Register
		if a.integrity != "" && (r.Integrity == "" || r.IntegrityAtSource || vias <= 1) {
			r.Integrity = a.integrity // the P-CSCF's word counts, not the UE's before it
			r.IntegrityAtSource = r.IntegrityAtSource || vias <= 1
		}
		if len(r.Path) == 0 {
			r.Path = a.path
		}
		if r.Visited == "" {
			r.Visited = a.visited
		}
		if r.DoubledRoute == "" {
			r.DoubledRoute = a.route
		}
	case x.Subscribe != nil && x.Subscribe.ICID == "":
		x.Subscribe.ICID = a.icid
	}
}

func (p *packer) onTheWay(a added) {
	p.byte(byte(flags(a.integrity != "", len(a.path) > 0, a.visited != "", a.icid != "", a.route != "")))
	if a.integrity != "" {
		p.word(a.integrity)
	}
	if len(a.path) > 0 {
		p.wordList(a.path)
	}
	if a.visited != "" {
		p.word(a.visited)
	}
	if a.icid != "" {
		p.str(a.icid)
	}
	if a.route != "" {
		p.word(a.route)
	}
}

func (u *unpacker) onTheWay() (a added) {
	f := u.byte()
	if f&1 != 0 {
		a.integrity = u.word()
	}
	if f&2 != 0 {
		a.path = u.wordList()
	}
	if f&4 != 0 {
		a.visited = u.word()
	}
	if f&8 != 0 {
		a.icid = u.str()
	}
	if f&16 != 0 {
		a.route = u.word()
	}
	return a
}
