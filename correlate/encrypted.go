package correlate

import (
	"net/netip"

	"imscope/correlate/fact"
	"imscope/decode"
)

// Sealed is one direction of a security association of which packets could not be read, with the security agreement
// that made it, if the capture shows the REGISTER (RFC 3329, TS 33.203 7).
type Sealed struct {
	SPI     uint32
	Dst     netip.Addr // where the packets go
	Packets uint64     // that stayed closed
	Opened  uint64     // that were read all the same
	Denied  uint64     // whose ICV is not what the keys in the capture make
	Keyed   bool       // the capture has the keys
	Frame   uint32     // the first that stayed closed

	User   string // whose REGISTER agreed on it; "" if the capture shows none
	Header string // Security-Client or Security-Server, the list that names the SPI
	Offers string // "ipsec-3gpp/hmac-sha-1-96/aes-cbc": what that list offers
	Agreed uint32 // frame of the REGISTER
}

// agreement is where an SPI was agreed on.
type agreement struct {
	user           int // index in the list of users
	header, offers string
	frame          uint32
}

// spi names a security association as a packet does.
type spi struct {
	dst netip.Addr
	spi uint32
}

// sealed tells which encrypted associations the decoder met, and whose they are.
func (e *Engine) sealed(st *decode.Stats, list []*user, name func(int) string) []Sealed {
	if st == nil || len(st.Encrypted) == 0 {
		return nil
	}
	wanted := map[uint32]bool{}
	for i := range st.Encrypted {
		wanted[st.Encrypted[i].SPI] = true
	}
	known := map[spi]agreement{}
	for i, u := range list {
		for _, x := range e.input(u, &fact.Room{}).Exchanges {
			if x.Register == nil || x.Register.Security == nil {
				continue
			}
			s := x.Register.Security
			for _, h := range x.Request.Hops {
				if h.Vias > 1 {
					continue // not between phone and P-CSCF
				}
				e.agreed(known, wanted, &s.Client, h.Src, agreement{i, "Security-Client", s.Client.Offers, h.Frame})
				e.agreed(known, wanted, &s.Server, h.Dst, agreement{i, "Security-Server", s.Server.Offers, h.Frame})
			}
		}
	}
	out := make([]Sealed, 0, len(st.Encrypted))
	for _, a := range st.Encrypted {
		s := Sealed{SPI: a.SPI, Dst: a.Dst.Unmap(), Packets: a.Sealed, Opened: a.Opened, Denied: a.Denied, Keyed: a.Keyed(), Frame: a.First.Frame}
		if k, ok := known[spi{s.Dst, s.SPI}]; ok {
			s.User, s.Header, s.Offers, s.Agreed = name(k.user), k.header, k.offers, k.frame
		}
		out = append(out, s)
	}
	return out
}

// agreed notes the SPIs of one list: those that its side of the link receives with. The newest agreement counts,
// whoever's it is: numbers are given again.
func (e *Engine) agreed(known map[spi]agreement, wanted map[uint32]bool, m *fact.Mechanisms, at fact.NodeID, a agreement) {
	for _, n := range [...]uint32{m.SPIC, m.SPIS} {
		if n == 0 || !wanted[n] || at == 0 {
			continue
		}
		k := spi{e.facts.Nodes.Addr(at).Addr().Unmap(), n}
		if a.frame >= known[k].frame {
			known[k] = a
		}
	}
}
