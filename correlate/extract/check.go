package extract

import "imscope/decode"

// Check looks whether what was collected can be read alone.
type Check struct {
	c     *Collector
	left  map[uint64]int
	Other int      // messages that are not selected and came along
	Names []string // what the first of them are
}

// maxNames is how many messages of others a Check names.
const maxNames = 5

// NewCheck begins a check of the packets found so far.
func (c *Collector) NewCheck() *Check {
	k := &Check{c: c, left: make(map[uint64]int, len(c.sums))}
	for s, m := range c.sums {
		k.left[s] = m.count
	}
	return k
}

// Record takes the next message that decoding these packets gives.
func (k *Check) Record(rec *decode.Record) {
	if !k.c.sel.Wants(rec) {
		k.Other++
		if len(k.Names) < maxNames {
			k.Names = append(k.Names, Name(rec))
		}
		return
	}
	if s := k.c.sum(rec); k.left[s] > 1 {
		k.left[s]--
	} else {
		delete(k.left, s)
	}
}

// Missing counts the messages that were not found.
func (k *Check) Missing() int {
	n := 0
	for _, count := range k.left {
		n += count
	}
	return n
}

// Widen takes the connections on which messages are missing as a whole, all shared ones with everything, and reports
// whether that changes anything. If it does, the Collector wants Segment and Finish once more.
func (k *Check) Widen(everything bool) bool {
	changed := false
	whole := func(conn *connection) {
		if conn != nil && conn.wanted > 0 && conn.other > 0 && !conn.whole {
			conn.whole, changed = true, true
		}
	}
	for s := range k.left {
		m := k.c.sums[s]
		whole(k.c.conns[pairOf(m.src, m.dst)])
	}
	if everything {
		for _, conn := range k.c.conns {
			whole(conn)
		}
	}
	return changed
}
