package network

import (
	"cmp"
	"net/netip"
	"slices"
)

// maxSPIs is how many security associations are remembered. A P-CSCF has four per phone; those that carry nothing for
// longest are forgotten first.
const maxSPIs = 1 << 16

// maxQuiet is how many are remembered while no packet in ESP came: most captures show agreements and none of their packets.
const maxQuiet = 1 << 12

// Security opens ESP packets of which it was told the keys, and those that are not encrypted but do not prove it: their
// checksum is missing, was left to a network card or changed by a NAT, or the capture cut them. It knows the form of the
// security associations of which other packets were proved, and counts what stays closed.
type Security struct {
	// IsSignalling reports whether b begins with a message.
	IsSignalling func(b []byte) bool
	// Evicted counts security associations forgotten because of the limit.
	Evicted uint64

	index map[spiKey]int32
	slots []SPI
	age   order
	met   bool // a packet in ESP came
}

type spiKey struct {
	dst netip.Addr
	spi uint32
}

// SPI is what is known of one direction of a security association.
type SPI struct {
	Dst    netip.Addr
	SPI    uint32
	Opened uint64 // packets opened, as far as they carry anything of interest
	Sealed uint64 // packets that stayed closed
	Denied uint64 // packets whose ICV is not what the keys that are known make
	First  Origin // of the first packet that stayed closed; valid iff Sealed is not 0

	keys  *Keys // nil if not known
	old   *Keys // those before: numbers are given again
	form  int   // valid iff known
	next  ipProtocol
	known bool
}

// NewSecurity returns a Security that knows nothing.
func NewSecurity(isSignalling func([]byte) bool) *Security {
	return &Security{IsSignalling: isSignalling, index: map[spiKey]int32{}, age: newOrder()}
}

// Learn takes note of a packet that was opened: one whose Form is not -1.
func (s *Security) Learn(p *Packet) {
	s.met = true
	a := s.get(spiKey{p.espDst, p.SPI})
	a.Opened++
	if int(p.Form) < len(espForms) {
		a.form, a.next, a.known = int(p.Form), ipProtocol(p.espNext), true
	}
}

// formKeyed is the Form of a packet that was opened with keys.
const formKeyed = len(espForms)

// Agree tells the keys of what goes to an address with an SPI from now on.
func (s *Security) Agree(dst netip.Addr, spi uint32, keys *Keys) {
	if a := s.get(spiKey{dst, spi}); a.keys == nil || a.keys.CK != keys.CK || a.keys.IK != keys.IK {
		a.keys, a.old = keys, a.keys
	}
}

// Open takes a packet of kind Sealed that was captured at o. If it can be opened, w walks on in it and it is for Learn.
// Otherwise it becomes undecodable.
func (s *Security) Open(w *Walker, p *Packet, o Origin) {
	s.met = true
	a := s.get(spiKey{p.espDst, p.SPI})
	if next, inner, ok := a.unlock(p); ok {
		w.unseal(p, formKeyed, next, inner)
		return
	}
	form, next, inner, ok := s.guess(a, p)
	if !ok {
		if a.Sealed == 0 {
			a.First = o
		}
		a.Sealed++
		p.fail(ReasonEncrypted, 0)
		return
	}
	w.unseal(p, form, next, inner)
}

// unlock opens a packet with the keys that are known.
func (a *SPI) unlock(p *Packet) (next ipProtocol, inner []byte, ok bool) {
	if a.keys == nil || p.Truncated {
		return 0, nil, false
	}
	next, inner, authentic, ok := a.keys.open(p, p.Payload)
	if !authentic && a.old != nil {
		next, inner, authentic, ok = a.old.open(p, p.Payload)
	}
	if !authentic && !a.keys.Others && !blank(p.Payload[max(len(p.Payload)-icvHMAC, 0):]) {
		a.Denied++
	}
	return next, inner, ok
}

// blank reports whether b is all zeros: of a packet that was redacted nothing else is left.
func blank(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// guess finds the inner packet of p without proof.
func (s *Security) guess(a *SPI, p *Packet) (form int, next ipProtocol, inner []byte, ok bool) {
	if p.Truncated {
		// The trailer is not there. What it said before will do.
		if !a.known {
			return s.guessCut(p)
		}
		start := espHeader + espForms[a.form].iv
		return a.form, a.next, p.Payload[min(start, len(p.Payload)):], true
	}
	if a.known {
		if next, inner, ok = espForms[a.form].open(p.Payload); ok && plausible(next, inner) {
			return a.form, next, inner, true
		}
	}
	for form = range espForms {
		if next, inner, ok = espForms[form].open(p.Payload); ok && s.convinces(next, inner) {
			return form, next, inner, true
		}
	}
	return 0, 0, nil, false
}

// guessCut is guess for the beginning of a packet: a message behind a header of UDP or TCP that stands where it must is
// what no encryption leaves. The length in the header of UDP tells what is around it.
func (s *Security) guessCut(p *Packet) (form int, next ipProtocol, inner []byte, ok bool) {
	if s.IsSignalling == nil {
		return 0, 0, nil, false
	}
	for form, f := range espForms {
		inner := p.Payload[min(espHeader+f.iv, len(p.Payload)):]
		rest := len(inner) + int(p.cut) - espTrailer - f.icv // inner packet and padding
		if plausible(ipUDP, inner) && s.IsSignalling(inner[udpHeader:]) {
			if pad := rest - int(be16(inner[4:])); pad >= 0 && pad < 4 {
				return form, ipUDP, inner, true
			}
		}
		if plausible(ipTCP, inner) && s.IsSignalling(inner[int(inner[12]>>4)*4:]) {
			return form, ipTCP, inner, true
		}
	}
	return 0, 0, nil, false
}

// convinces reports whether inner is a packet of protocol next beyond reasonable doubt: a length of UDP or IP that fits
// is one chance in 65,536 on top of a trailer that fits; of TCP only a message at its beginning will do.
func (s *Security) convinces(next ipProtocol, inner []byte) bool {
	if !plausible(next, inner) {
		return false
	}
	switch next {
	case ipUDP:
		return int(be16(inner[4:])) == len(inner)
	case ipIPv4:
		return int(be16(inner[2:])) == len(inner)
	case ipTCP:
		return s.IsSignalling != nil && s.IsSignalling(inner[int(inner[12]>>4)*4:])
	}
	return false
}

// plausible reports whether inner can be a packet of protocol next.
func plausible(next ipProtocol, inner []byte) bool {
	switch next {
	case ipUDP:
		return len(inner) >= udpHeader && be16(inner) != 0 && be16(inner[2:]) != 0
	case ipTCP:
		header := 0
		if len(inner) >= tcpHeader {
			header = int(inner[12]>>4) * 4
		}
		return header >= tcpHeader && header <= len(inner) && be16(inner) != 0 && be16(inner[2:]) != 0
	case ipIPv4, ipIPv6:
		return looksLikeIP(inner)
	case ipSCTP:
		return len(inner) >= sctpHeader
	case ipNoNextHeader, ipICMPv4, ipICMPv6, ipIPv6Fragment,
		ipIPv6Destination, ipIPv6HopByHop:
		return true
	}
	return false
}

// get returns what is known of a security association.
func (s *Security) get(key spiKey) *SPI {
	i, ok := s.index[key]
	if !ok {
		if len(s.slots) < maxQuiet || s.met && len(s.slots) < maxSPIs {
			i = int32(len(s.slots))
			s.slots = append(s.slots, SPI{})
		} else {
			i = s.age.first
			old := &s.slots[i]
			delete(s.index, spiKey{old.Dst, old.SPI})
			if old.Opened+old.Sealed > 0 {
				s.Evicted++
			}
		}
		s.slots[i] = SPI{Dst: key.dst, SPI: key.spi}
		s.index[key] = i
	}
	s.age.push(i)
	return &s.slots[i]
}

// Keyed reports whether the keys are known.
func (a *SPI) Keyed() bool { return a.keys != nil }

// Closed returns the security associations with packets that stayed closed, those with most first, at most n.
func (s *Security) Closed(n int) []SPI {
	var list []SPI
	for _, a := range s.slots {
		if a.Sealed > 0 {
			list = append(list, a)
		}
	}
	slices.SortFunc(list, func(a, b SPI) int {
		return cmp.Or(cmp.Compare(b.Sealed, a.Sealed), a.Dst.Compare(b.Dst), cmp.Compare(a.SPI, b.SPI))
	})
	return list[:min(n, len(list))]
}
