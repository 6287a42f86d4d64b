package redact

import (
	"net/netip"
	"strings"

	"imscope/decode/pseudonym"
)

// known is what was seen where names stand.
type known struct {
	words   map[string]struct{} // in lower case
	inner   inner               // words within others
	numbers map[string]form     // digits
	tails   map[string]string   // last digits of a number → the number
	hosts   map[string]struct{} // in lower case
	glued   inner               // hosts within other text
	nodes   map[string]struct{} // hardware addresses, digits in lower case
	addrs   map[netip.Addr]struct{}
	callIDs recent
	noted   recent // what has an entry in the map for the owner
}

// recent is a set that forgets what was added long ago.
type recent struct{ young, old map[string]struct{} }

func (s *recent) has(t []byte) bool {
	if _, ok := s.young[string(t)]; ok {
		return true
	}
	_, ok := s.old[string(t)]
	return ok
}

func (s *recent) add(t string) {
	if len(s.young) >= maxKnown/2 {
		s.old, s.young = s.young, nil
	}
	if s.young == nil {
		s.young = map[string]struct{}{}
	}
	s.young[t] = struct{}{}
}

// form says how a number is replaced.
type form uint8

const (
	phone form = iota
	imsi
	imei
)

const (
	// maxKnown bounds each table: the names of some 100,000 users. Names beyond are replaced where names stand, and
	// stay in free text. Of Call-IDs the latest are known.
	maxKnown = 1 << 20
	// minWord is the shortest name that is searched in text; shorter ones are too often something else.
	minWord = 3
	// minNumber is the shortest number that is searched in text: the longest extensions.
	minNumber = 7
	// maxNumber is the longest: an E.164 number has 15 digits, and prefixes to dial stand before it.
	maxNumber = 32
)

func newKnown() known {
	return known{words: map[string]struct{}{}, numbers: map[string]form{}, tails: map[string]string{},
		hosts: map[string]struct{}{}, nodes: map[string]struct{}{}, addrs: map[netip.Addr]struct{}{}}
}

func (k *known) word(w []byte) {
	if len(w) < minWord || len(k.words) >= maxKnown || k.isWord(w) {
		return
	}
	if s := string(lower(nil, w)); !common[s] {
		k.words[s] = struct{}{}
		k.inner.add(s)
	}
}

func (k *known) number(digits []byte, f form) {
	if len(digits) < minNumber || len(digits) > maxNumber || len(k.numbers) >= maxKnown {
		return
	}
	if old, ok := k.numbers[string(digits)]; ok && old == f {
		return
	}
	s := string(digits)
	k.numbers[s] = f
	if f != imei {
		k.tails[s[len(s)-minNumber:]] = s
	} else if len(s) > pseudonym.IMEIBody { // written without what follows its serial number, too
		k.numbers[s[:pseudonym.IMEIBody]] = f
	}
}

// form says how digits are replaced that are a known number.
func (k *known) form(digits []byte) (f form, ok bool) {
	if f, ok = k.numbers[string(digits)]; ok {
		return f, true
	}
	if n := len(digits); n > pseudonym.IMEIBody && n <= pseudonym.IMEIBody+2 {
		f, ok = k.numbers[string(digits[:pseudonym.IMEIBody])]
	}
	return imei, ok && f == imei
}

// node takes note of a hardware address of twelve digits.
func (k *known) node(digits []byte) {
	if !k.isNode(digits) && len(k.nodes) < maxKnown {
		k.nodes[string(lower(nil, digits))] = struct{}{}
	}
}

func (k *known) isNode(digits []byte) bool {
	var room [nodeLen]byte
	_, ok := k.nodes[string(lower(room[:0], digits))]
	return ok
}

func (k *known) host(h []byte) {
	if _, ok := k.hosts[string(h)]; ok || len(k.hosts) >= maxKnown {
		return
	}
	s := string(lower(nil, h))
	k.hosts[s] = struct{}{}
	if strings.IndexByte(s, '.') > 0 {
		k.glued.add(s)
	}
}

func (k *known) addr(a netip.Addr) {
	if len(k.addrs) < maxKnown {
		k.addrs[a.Unmap().WithZone("")] = struct{}{}
	}
}

func (k *known) callID(id []byte) {
	if !k.callIDs.has(id) {
		k.callIDs.add(string(id))
	}
}

// fresh reports whether t is replaced for the first time, and gives it as it is now.
func (r *Redactor) fresh(t []byte) (before string, ok bool) {
	if !r.Book.Remembers() || r.known.noted.has(t) {
		return "", false
	}
	before = string(t)
	r.known.noted.add(before)
	return before, true
}

// isHost reports whether a name is known or below a known one.
func (k *known) isHost(h []byte) bool {
	const longest = 255 // RFC 1035 2.3.4
	low := string(lower(nil, h[max(0, len(h)-longest):]))
	for strings.IndexByte(low, '.') > 0 {
		if _, ok := k.hosts[low]; ok {
			return true
		}
		_, low, _ = strings.Cut(low, ".")
	}
	return false
}

func (k *known) isWord(w []byte) bool {
	if len(w) < minWord {
		return false
	}
	_, ok := k.words[string(w)]
	if !ok && hasUpper(w) {
		var room [64]byte
		_, ok = k.words[string(lower(room[:0], w))]
	}
	return ok
}

func hasUpper(w []byte) bool {
	for _, c := range w {
		if c >= 'A' && c <= 'Z' {
			return true
		}
	}
	return false
}
