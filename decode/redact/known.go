package redact

import (
	"bytes"
	"net/netip"
	"strings"
)

// known is what was seen where names stand.
type known struct {
	words   map[string]struct{} // in lower case
	inner   inner
	numbers map[string]form     // digits
	tails   map[string]string   // last digits of a number → the number
	hosts   map[string]struct{} // in lower case
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
	minWord = 4
	// minNumber is the shortest number that is searched in text: the longest extensions.
	minNumber = 7
)

func newKnown() known {
	return known{words: map[string]struct{}{}, numbers: map[string]form{}, tails: map[string]string{},
		hosts: map[string]struct{}{}, addrs: map[netip.Addr]struct{}{}}
}

func (k *known) word(w []byte) {
	if len(w) < minWord || len(k.words) >= maxKnown {
		return
	}
	if _, ok := k.words[string(w)]; ok {
		return
	}
	s := strings.ToLower(string(w))
	if _, ok := k.words[s]; !ok && !common[s] {
		k.words[s] = struct{}{}
		k.inner.add(s)
	}
}

func (k *known) number(digits []byte, f form) {
	if len(digits) < minNumber || len(k.numbers) >= maxKnown {
		return
	}
	if old, ok := k.numbers[string(digits)]; ok && old == f {
		return
	}
	s := string(digits)
	k.numbers[s] = f
	k.tails[s[len(s)-minNumber:]] = s
}

func (k *known) host(h []byte) {
	if _, ok := k.hosts[string(h)]; !ok && len(k.hosts) < maxKnown {
		k.hosts[strings.ToLower(string(h))] = struct{}{}
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
	low := strings.ToLower(string(h))
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
		_, ok = k.words[string(bytes.ToLower(w))]
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

// common are words of protocols and of what servers write. A user may be called like one of them; in text such a word
// is left alone all the same, where names stand it is replaced.
var common = set(`
	ack bye cancel info invite message notify options prack publish refer register subscribe update
	accept accepted active add address agent aka akav1 akav2 alert algorithm alias allow anonymous application associated auth
	authenticate authentication authorization authorized barred bearer binding bindings body boundary branch busy call
	called capabilities capture cause cell challenge change changed channel charging charset client code comp complete
	confirmed connection contact contacts content core correlation cscf data date deactivated default deleted denied deregister
	deregistration description destination device diameter digest direct disconnect display document domain
	duration early encoding encrypted entity error event events expired expires explicit failed failure false fast feature
	forbidden forwards found framed from full function generated gone gruu handling header history home host
	identity implicit inactive incomplete index initial instance integrity interface internal interval invalid
	isfocus item join key label language last left length level line list local location long loop lost media member mime
	mobile mode moved name native network node none normal number offline online open operator orig original origin
	outbound parameter partial path pause peer pending permanent phone pidf ping plain policy port precondition
	presence priority privacy private probation procedure profile protected protocol proxy public push qop query
	reason reboot received recipient record refresh refresher reginfo registered registrar registration rejected
	release reliable remote removed request require required response result retry ring ringing role route roaming
	schema secure security server service session shortened signal sip sips state stale started status subject
	subscription supported system tags telephone temporarily temporary term terminated terminating test
	text timeout timer token total transaction transfer transport trying type unauthorized unavailable unknown unregister
	unregistered update urgent user username users valid value verify version video visited voice waiting warning watcher
	wildcard with without xmlns true null uac uas home administrative administrator admin
	noresource giveup timed requests handset asterisk kamailio opensips freeswitch
`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}
