package correlate

import (
	"testing"

	"imscope/correlate/fact"
)

// Users who turn out to be one have as many facts as one user may have, and what is cut off is counted.
func TestMergedUsersAreBounded(t *testing.T) {
	for _, live := range []bool{false, true} {
		table := newUsers()
		table.live = live
		const each = maxFacts/2 + 100
		var all *user
		for i := range 3 {
			u := table.named(fact.Name(i + 1))
			for range each {
				o, c := &open{}, &openCx{}
				if live {
					o.x, c.x = &fact.Exchange{}, &fact.Cx{}
				} else {
					o.chain.Head, c.chain.Head = 1, 1
				}
				table.exchange(u, o, 1)
				table.transaction(u, c, 1)
			}
			all = table.name(all, fact.Name(i+1), true)
		}
		if n, c := all.exchanges(), all.transactions(); n != maxFacts || c != maxFacts {
			t.Errorf("live %v: %d exchanges and %d transactions, want %d of each", live, n, c, maxFacts)
		}
		const cut = 2 * (3*each - maxFacts)
		if all.in.Truncated != cut || table.dropped != cut {
			t.Errorf("live %v: %d are cut off, %d counted, want %d", live, all.in.Truncated, table.dropped, cut)
		}
	}
}
