package pseudonym

import (
	"encoding/binary"
	"encoding/hex"
	"net/netip"
)

// Addr gives the pseudonym of an address: one of the same family, with as many digits in each part, so that every
// spelling of it keeps its length. Addresses that are nobody's (unspecified, loopback, multicast, broadcast) stay; a
// private, shared or link-local one stays one.
func (b *Book) Addr(a netip.Addr) netip.Addr {
	zone := a.Zone()
	a = a.WithZone("")
	switch {
	case !a.IsValid():
		return a
	case a.Is4(), a.Is4In6():
		raw := a.As4()
		b.IPv4(raw[:])
		if a.Is4() {
			return netip.AddrFrom4(raw)
		}
		return netip.AddrFrom16(netip.AddrFrom4(raw).As16())
	}
	raw := a.As16()
	b.IPv6(raw[:])
	return netip.AddrFrom16(raw).WithZone(zone)
}

// IPv4 replaces the four bytes of an address.
func (b *Book) IPv4(a []byte) { b.binary(a, b.ipv4) }

// IPv6 replaces the sixteen bytes of an address.
func (b *Book) IPv6(a []byte) { b.binary(a, b.ipv6) }

// binary replaces an address and notes it as text.
func (b *Book) binary(a []byte, make func([]byte)) {
	key, ok := b.look(kindBinary, a)
	if ok {
		return
	}
	before, _ := netip.AddrFromSlice(a)
	make(a)
	b.keep(key, a)
	after, _ := netip.AddrFromSlice(a)
	b.Note(KindAddress, before.String(), after.String())
}

// octets lists the ranges of values that are written with as many digits.
var octets = [...]struct{ low, high int }{{0, 9}, {10, 99}, {100, 255}}

func (b *Book) ipv4(a []byte) {
	class, fixed := classOf(a)
	if class == nobodys {
		return
	}
	for range maxWalk {
		b.begin()
		for i := fixed; i < len(a); i++ {
			lo, hi := b.octetRange(class, i, a[i])
			b.add(int(a[i])-lo, hi-lo+1)
		}
		b.permute("ipv4" + string(class))
		for i := fixed; i < len(a); i++ {
			lo, _ := b.octetRange(class, i, a[i])
			a[i] = byte(lo + int(b.v[i-fixed]))
		}
		// A permutation of a set, followed until it is back in a part of the set, is one of that part.
		if c, _ := classOf(a); c == class {
			return
		}
	}
}

// maxWalk bounds the search for a pseudonym of the same class. More than half of all addresses are public, and in the
// other classes every one fits.
const maxWalk = 1 << 10

// octetRange gives the values that octet i of an address of the class may have instead of v.
func (b *Book) octetRange(class class, i int, v byte) (lo, hi int) {
	for _, o := range octets {
		if int(v) >= o.low && int(v) <= o.high {
			lo, hi = o.low, o.high
		}
	}
	if i == 1 {
		switch class {
		case private172:
			lo, hi = max(lo, 16), min(hi, 31)
		case shared:
			lo, hi = max(lo, 64), min(hi, 127)
		}
	}
	return lo, hi
}

// class is a kind of IPv4 address that a pseudonym has as well.
type class string

const (
	nobodys    class = ""
	public     class = "public"
	private10  class = "10/8"
	private172 class = "172.16/12"
	private192 class = "192.168/16"
	shared     class = "100.64/10"
	linkLocal  class = "169.254/16"
)

// classOf gives the class of an address and how many of its octets belong to the class.
func classOf(a []byte) (c class, fixed int) {
	switch {
	case a[0] == 0, a[0] == 127, a[0] >= 224:
		return nobodys, 4
	case a[0] == 10:
		return private10, 1
	case a[0] == 172 && a[1]&0xf0 == 16:
		return private172, 1
	case a[0] == 192 && a[1] == 168:
		return private192, 2
	case a[0] == 100 && a[1]&0xc0 == 64:
		return shared, 1
	case a[0] == 169 && a[1] == 254:
		return linkLocal, 2
	}
	return public, 0
}

func (b *Book) ipv6(a []byte) {
	addr := netip.AddrFrom16([16]byte(a))
	switch {
	case addr.IsUnspecified(), addr.IsLoopback(), addr.IsMulticast():
		return
	case addr.Is4In6():
		b.IPv4(a[12:])
		return
	}
	var groups [8]uint16
	for i := range groups {
		groups[i] = binary.BigEndian.Uint16(a[2*i:])
	}
	b.Groups(groups[:])
	for i, g := range groups {
		binary.BigEndian.PutUint16(a[2*i:], g)
	}
}

// Groups replaces the 16-bit groups of an IPv6 address, or of what was meant to be one. Groups of zero stay, and
// with them every place where "::" may stand; the others keep their number of hexadecimal digits. So a spelling that
// lost its "::" gets the pseudonym of the address that it was.
func (b *Book) Groups(groups []uint16) {
	var room [16]byte
	raw := room[:0]
	for _, g := range groups {
		raw = binary.BigEndian.AppendUint16(raw, g)
	}
	key, ok := b.look(kindGroups, raw)
	if !ok {
		b.groups(groups)
		raw = raw[:0]
		for _, g := range groups {
			raw = binary.BigEndian.AppendUint16(raw, g)
		}
		b.keep(key, raw)
		return
	}
	for i := range groups {
		groups[i] = binary.BigEndian.Uint16(raw[2*i:])
	}
}

func (b *Book) groups(groups []uint16) {
	first := -1
	for i, g := range groups {
		if g != 0 {
			first = i
			break
		}
	}
	if first < 0 {
		return
	}
	fixed := first // link-local and multicast prefixes say so themselves
	if special(groups[first]) {
		fixed++
	}
	for range maxWalk {
		b.begin()
		for i, g := range groups {
			if lo, hi := groupRange(g); i >= fixed && g != 0 {
				b.add(int(g)-lo, hi-lo+1)
			}
		}
		if len(b.v) == 0 {
			return
		}
		b.permute("ipv6")
		k := 0
		for i, g := range groups {
			if lo, _ := groupRange(g); i >= fixed && g != 0 {
				groups[i] = uint16(lo) + b.v[k]
				k++
			}
		}
		if fixed > first || !special(groups[first]) {
			return
		}
	}
}

// special reports whether a first group says that an address is link-local, unique local or multicast (RFC 4291 2.4,
// RFC 4193 3.1).
func special(g uint16) bool { return g >= 0xfc00 }

// groupRange gives the values with as many hexadecimal digits as g, which is not 0.
func groupRange(g uint16) (lo, hi int) {
	switch {
	case g < 0x10:
		return 1, 0xf
	case g < 0x100:
		return 0x10, 0xff
	case g < 0x1000:
		return 0x100, 0xfff
	}
	return 0x1000, 0xffff
}

// MAC replaces the bytes of a hardware address. Group addresses and zeros stay; locally administered ones stay such.
func (b *Book) MAC(a []byte) {
	if len(a) < 6 || a[0]&1 != 0 || allZero(a) {
		return
	}
	key, ok := b.look(KindHardware, a)
	if ok {
		return
	}
	before := hex.EncodeToString(a)
	b.begin()
	b.add(int(a[0]>>2), 64)
	for _, c := range a[1:] {
		b.add(int(c), 256)
	}
	b.permute("mac")
	a[0] = byte(b.v[0])<<2 | a[0]&3
	for i := range a[1:] {
		a[1+i] = byte(b.v[1+i])
	}
	b.keep(key, a)
	b.Note(KindHardware, before, hex.EncodeToString(a))
}

func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
