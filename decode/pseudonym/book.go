package pseudonym

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"slices"
)

// Options of a Book.
type Options struct {
	// HidePLMN replaces country and network code of an IMSI, of a cell and of host names too; they stay otherwise.
	HidePLMN bool
	// KeepHosts leaves host names as they are. Addresses are replaced all the same.
	KeepHosts bool
	// Map remembers what was replaced by what, for Entries.
	Map bool
}

// Book gives pseudonyms. All methods work in place and keep the length. A Book belongs to one goroutine.
type Book struct {
	opt     Options
	p       *permuter
	cache   map[string]string
	entries map[Entry]struct{}
	dropped uint64
	v, r    []uint16 // scratch
	key     []byte
}

// Entry is one replacement, for the map that the owner of the capture keeps.
type Entry struct {
	Kind      Kind   `json:"kind"`
	Original  string `json:"original"`
	Pseudonym string `json:"pseudonym"`
}

// Kind says what was replaced.
type Kind string

// Kinds of entries.
const (
	KindName     Kind = "name"
	KindNumber   Kind = "number"
	KindIMSI     Kind = "imsi"
	KindIMEI     Kind = "imei"
	KindUUID     Kind = "uuid"
	KindHost     Kind = "host"
	KindAddress  Kind = "address"
	KindHardware Kind = "mac"
	KindCell     Kind = "cell"
	KindIdentity Kind = "identity" // a whole one, made of the others

	kindSecret Kind = "secret" // never an entry
	kindBinary Kind = "binary"
	kindGroups Kind = "groups"
	kindNode   Kind = "node"
)

const (
	// maxCache is how many replacements are remembered to be faster: names, hosts and addresses of 200,000 users.
	maxCache = 1 << 20
	// maxEntries bounds the map for the owner; what is beyond is counted.
	maxEntries = 1 << 22
)

// New makes a Book with a key of any length. Who has the key has the names.
func New(key []byte, opt Options) *Book {
	m := hmac.New(sha256.New, []byte("imscope pseudonyms 1"))
	m.Write(key)
	return &Book{opt: opt, p: newPermuter(m.Sum(nil)), cache: map[string]string{}, entries: map[Entry]struct{}{}}
}

// Remembers reports whether what was replaced is remembered.
func (b *Book) Remembers() bool { return b.opt.Map }

// Note adds an entry to the map for the owner.
func (b *Book) Note(kind Kind, original, pseudonym string) {
	e := Entry{kind, original, pseudonym}
	if _, ok := b.entries[e]; ok || !b.opt.Map || original == pseudonym || original == "" {
		return
	}
	if len(b.entries) >= maxEntries {
		b.dropped++
		return
	}
	b.entries[e] = struct{}{}
}

// Entries lists what was replaced, except secrets, in a fixed order, and how many there was no room for.
func (b *Book) Entries() (list []Entry, dropped uint64) {
	list = make([]Entry, 0, len(b.entries))
	for e := range b.entries {
		list = append(list, e)
	}
	slices.SortFunc(list, func(x, y Entry) int {
		return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Original, y.Original), cmp.Compare(x.Pseudonym, y.Pseudonym))
	})
	return list, b.dropped
}

// cached replaces t by what make makes of it, or made of it before, and notes it.
func (b *Book) cached(kind Kind, t []byte, make func([]byte)) {
	if key, ok := b.look(kind, t); !ok {
		make(t)
		b.keep(key, t)
		b.Note(kind, key[len(kind)+1:], string(t))
	}
}

// look replaces t by its pseudonym, if that is known. Else it gives the key to keep it under.
func (b *Book) look(kind Kind, t []byte) (key string, ok bool) {
	b.key = append(append(append(b.key[:0], kind...), 0), t...)
	if s, ok := b.cache[string(b.key)]; ok {
		copy(t, s)
		return "", true
	}
	return string(b.key), false
}

func (b *Book) keep(key string, t []byte) {
	if len(b.cache) >= maxCache {
		clear(b.cache)
	}
	b.cache[key] = string(t)
}

// permute replaces v in place. The radices are in b.r.
func (b *Book) permute(tweak string) { b.p.permute(tweak, b.v, b.r) }

// begin empties the scratch vectors.
func (b *Book) begin() { b.v, b.r = b.v[:0], b.r[:0] }

// add appends a numeral.
func (b *Book) add(v, radix int) { b.v, b.r = append(b.v, uint16(v)), append(b.r, uint16(radix)) }
