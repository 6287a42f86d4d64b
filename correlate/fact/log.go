package fact

import "encoding/binary"

// Log keeps what transmissions say, packed: a few dozen bytes for each instead of the kilobyte of an Exchange,
// without a pointer for the garbage collector to follow. What was added to one exchange is a chain. An Exchange
// is made of its chain when it is needed, and again when it is needed again. With 20,000 users of 14.5 messages the
// facts take 1.5 KB a user instead of 7 (2026-11-29).
type Log struct {
	// Epoch is the moment, in ns since the Unix epoch, from which the log counts: one of the capture, so that numbers
	// are small. It must not change once there are entries.
	Epoch int64

	pages []page
	cur   int   // the page that is being filled; valid iff there are pages
	free  []int // pages that were given up
	full  uint64

	body  []byte // scratch of AddShared
	fresh []Section
}

// Ref is a place in a Log, in units of refUnit bytes; 0 is none.
type Ref uint32

// Chain is what was added to one exchange, in order.
type Chain struct{ Head, tail Ref }

type page struct {
	b    []byte
	used int
	last uint64 // the age of the newest entry, see Add
}

const (
	refUnit  = 4
	pageBits = 16 // of a Ref, for the place within the page
	pageSize = refUnit << pageBits
	// maxPages is what Ref can name: 16 GiB. Beyond it nothing is kept any more.
	maxPages = 1 << (32 - pageBits)
	// What stands before an entry: the Ref of the next one of its chain, and its length as a varint.
	linkSize  = 4
	maxPrefix = linkSize + binary.MaxVarintLen32
)

// Add appends an entry, which is given in two parts, to a chain. Ages ascend from call to call; see Forget. What finds
// no room is counted and left out, and the result is false.
func (l *Log) Add(c *Chain, head, body []byte, age uint64) bool {
	at, p, ok := l.room(maxPrefix + len(head) + len(body))
	if !ok {
		l.full++
		return false
	}
	b := binary.LittleEndian.AppendUint32(p.b[:p.used], 0)
	b = binary.AppendUvarint(b, uint64(len(head)+len(body)))
	b = append(append(b, head...), body...)
	p.used = min((len(b)+refUnit-1)/refUnit*refUnit, len(p.b))
	p.last = age
	if c.Head == 0 {
		c.Head = at
	} else {
		binary.LittleEndian.PutUint32(l.at(c.tail), uint32(at))
	}
	c.tail = at
	return true
}

// room finds the page for n bytes, and the place of its first free byte.
func (l *Log) room(n int) (Ref, *page, bool) {
	if len(l.pages) == 0 || len(l.pages[l.cur].b)-l.pages[l.cur].used < n {
		next := len(l.pages)
		switch {
		case len(l.free) > 0:
			next = l.free[len(l.free)-1]
			l.free = l.free[:len(l.free)-1]
		case next == maxPages:
			return 0, nil, false
		default:
			l.pages = append(l.pages, page{})
		}
		// An entry larger than a page is alone in one of its own. The first unit of the first page stays
		// unused, so that no entry is at 0.
		l.pages[next] = page{b: make([]byte, max(pageSize, n+refUnit)), used: refUnit}
		l.cur = next
	}
	p := &l.pages[l.cur]
	return Ref(l.cur)<<pageBits | Ref(p.used/refUnit), p, true
}

func (l *Log) at(r Ref) []byte { return l.pages[r>>pageBits].b[(r&(1<<pageBits-1))*refUnit:] }

// entry gives the entry at a place, and the place of the next one in the chain.
func (l *Log) entry(r Ref) (b []byte, next Ref) {
	b = l.at(r)
	next, b = Ref(binary.LittleEndian.Uint32(b)), b[linkSize:]
	n, k := binary.Uvarint(b)
	return b[k : uint64(k)+n], next
}

// Move adds the entries of a chain to another log, as a chain there.
func (l *Log) Move(c Chain, to *Log, age uint64) (moved Chain) {
	for at := c.Head; at != 0; {
		var b []byte
		b, at = l.entry(at)
		to.Add(&moved, b, nil, age)
	}
	return moved
}

// Forget gives up the pages to which nothing of this age or above was added. Chains that reach there must be gone.
func (l *Log) Forget(age uint64) {
	for i := range l.pages {
		if p := &l.pages[i]; p.b != nil && i != l.cur && p.last < age {
			*p = page{}
			l.free = append(l.free, i)
		}
	}
}

// Release gives up all that is kept.
func (l *Log) Release() { l.pages, l.free = nil, nil }

// Full returns how many entries found no room.
func (l *Log) Full() uint64 { return l.full }
