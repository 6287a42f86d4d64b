package correlate

// index finds what a later hop, a retransmission or a response belongs to. An entry is dropped once
// nothing can come any more: after keep of capture time, or when the table is full.
type index[K comparable, V any] struct {
	m       map[K]V
	queue   []born[K] // in order of arrival
	head    int
	evicted uint64
	puts    uint64
}

type born[K comparable] struct {
	key  K
	time int64
}

const (
	// keep is twice Timer F of the slowest leg (128 s towards a UE, TS 24.229 7.7).
	keep = 256 * int64(1e9)
	// maxOpen bounds the transactions that are looked after at a time: five minutes at 10,000 a second.
	maxOpen = 3 << 20
)

func newIndex[K comparable, V any]() index[K, V] { return index[K, V]{m: map[K]V{}} }

func (x *index[K, V]) get(k K) (V, bool) {
	v, ok := x.m[k]
	return v, ok
}

func (x *index[K, V]) put(k K, v V, now int64) {
	x.m[k] = v
	x.puts++
	x.queue = append(x.queue, born[K]{k, now})
	for x.head < len(x.queue) && (now-x.queue[x.head].time > keep || len(x.m) > maxOpen) {
		if now-x.queue[x.head].time <= keep {
			x.evicted++
		}
		delete(x.m, x.queue[x.head].key)
		x.head++
	}
	if x.head > 4096 && x.head > len(x.queue)/2 {
		x.queue = append(x.queue[:0], x.queue[x.head:]...)
		x.head = 0
	}
}

// age numbers the entries as they come; oldest is that of the first one that is still there.
func (x *index[K, V]) age() uint64    { return x.puts }
func (x *index[K, V]) oldest() uint64 { return x.puts - uint64(len(x.queue)-x.head) + 1 }
