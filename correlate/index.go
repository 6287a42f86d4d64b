package correlate

import (
	"imscope/correlate/fact"
	"imscope/correlate/internal/lookup"
)

// index finds what a later hop, a retransmission or a response belongs to. An entry is dropped once
// nothing can come any more: after keep of capture time, or when the index is full.
//
// Entries lie in pages in the order in which they came, so that one stays where it is until it is dropped, or until tidy
// moves it. Their numbers go on from page to page, and from the highest to 0.
type index[K comparable, V any] struct {
	numbers lookup.Table
	hash    func(K) uint64
	pages   []*[pageEntries]entry[K, V]
	first   uint32 // number of the first entry of the first page
	oldest  uint32 // of the oldest entry
	next    uint32 // of the next one
	evicted uint64
	puts    uint64

	// passing has the facts of entries that are nobody's, for as long as the entries are there. It is nil where there
	// are none.
	passing *fact.Log
}

type entry[K comparable, V any] struct {
	key   K
	time  int64 // ns since the Unix epoch
	value V
}

const (
	// keep is twice Timer F of the slowest leg (128 s towards a UE, TS 24.229 7.7).
	keep = 256 * int64(1e9)
	// maxOpen bounds the transactions that are looked after at a time: five minutes at 10,000 a second.
	maxOpen = 3 << 20
	// pageEntries must be a power of two.
	pageEntries = 256
)

// newIndex returns an index whose keys have hashes that nobody can foresee.
func newIndex[K comparable, V any](hash func(K) uint64) index[K, V] { return index[K, V]{hash: hash} }

// forgetEvery is after how many entries passing is looked through for what has lost its entry.
const forgetEvery = 1 << 12

// at gives the entry of a number.
func (x *index[K, V]) at(n uint32) *entry[K, V] {
	n -= x.first
	return &x.pages[n/pageEntries][n%pageEntries]
}

// get gives the value of a key, nil if it has none. It is good until the next put.
func (x *index[K, V]) get(k K) *V {
	n, ok := x.numbers.Find(x.hash(k), func(n uint32) bool { return x.at(n).key == k })
	if !ok {
		return nil
	}
	return &x.at(n).value
}

// put gives a key that has no value one, and returns where it is.
func (x *index[K, V]) put(k K, v V, now int64) *V {
	if x.next-x.first == uint32(len(x.pages)*pageEntries) {
		x.pages = append(x.pages, new([pageEntries]entry[K, V]))
	}
	e := x.at(x.next)
	*e = entry[K, V]{k, now, v}
	x.numbers.Put(x.hash(k), x.next)
	x.next++
	x.puts++
	for x.len() > 0 && (now-x.at(x.oldest).time > keep || x.len() > maxOpen) {
		if now-x.at(x.oldest).time <= keep {
			x.evicted++
		}
		x.dropOldest()
	}
	if x.passing != nil && x.puts%forgetEvery == 0 {
		x.passing.Forget(x.puts - uint64(x.len()) + 1)
	}
	return &e.value
}

// len is how many entries there are.
func (x *index[K, V]) len() int { return x.numbers.Len() }

// dropOldest takes the oldest entry out.
func (x *index[K, V]) dropOldest() {
	e := x.at(x.oldest)
	x.numbers.Delete(x.hash(e.key), x.oldest)
	*e = entry[K, V]{}
	x.oldest++
	if x.oldest-x.first == pageEntries {
		x.pages[0] = nil
		x.pages = x.pages[1:]
		x.first = x.oldest
	}
}

// drop takes out the entries of which over says that they are. Others move up.
func (x *index[K, V]) drop(over func(*entry[K, V]) bool) {
	to := x.oldest
	for n := x.oldest; n != x.next; n++ {
		e := x.at(n)
		hash := x.hash(e.key)
		if over(e) {
			x.numbers.Delete(hash, n)
			continue
		}
		if to != n {
			*x.at(to) = *e
			x.numbers.Change(hash, n, to)
		}
		to++
	}
	for n := to; n != x.next; n++ {
		*x.at(n) = entry[K, V]{}
	}
	x.next = to
	used := int(to-x.first+pageEntries-1) / pageEntries
	clear(x.pages[used:])
	x.pages = x.pages[:used]
}

// all yields the values.
func (x *index[K, V]) all(yield func(*V) bool) {
	for n := x.oldest; n != x.next; n++ {
		if !yield(&x.at(n).value) {
			return
		}
	}
}

// release gives up all entries.
func (x *index[K, V]) release() {
	if x.passing != nil {
		x.passing.Release()
	}
	*x = index[K, V]{hash: x.hash, passing: x.passing, evicted: x.evicted, puts: x.puts}
}
