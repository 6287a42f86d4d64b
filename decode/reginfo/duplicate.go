package reginfo

import (
	"bytes"
	"cmp"
	"slices"
)

// fewEnough is up to how many entries comparing all pairs is cheaper than sorting.
const fewEnough = 16

// duplicates reports what is there twice and should not: addresses-of-record, contact ids.
func (p *parser) duplicates() {
	d := p.d
	p.pairs(len(d.Registrations), func(i int) []byte { return d.Registrations[i].AOR }, func(i, j int) {
		p.report(ProbAORTwice, int(d.Registrations[j].Span.Off), int(d.Registrations[j].Span.End()))
	})
	shared := false
	p.pairs(len(d.contacts), func(i int) []byte { return d.contacts[i].ID }, func(i, j int) {
		s := d.contacts[j].Span
		switch {
		case d.contacts[i].owner == d.contacts[j].owner:
			p.report(ProbContactIDTwice, int(s.Off), int(s.End()))
		case !shared:
			shared = true
			p.report(ProbContactIDShared, int(s.Off), int(s.End()))
		}
	})
}

// pairs calls found for entries with equal, non-empty keys: for every entry but the first of its
// kind, together with the one before it.
func (p *parser) pairs(n int, key func(int) []byte, found func(i, j int)) {
	if n <= fewEnough {
		for j := 1; j < n; j++ {
			k := key(j)
			if len(k) == 0 {
				continue
			}
			for i := j - 1; i >= 0; i-- {
				if o := key(i); len(o) == len(k) && o[len(o)-1] == k[len(k)-1] && bytes.Equal(o, k) {
					found(i, j)
					break
				}
			}
		}
		return
	}
	order := p.d.order[:0]
	for i := range n {
		order = append(order, uint32(i))
	}
	p.d.order = order
	slices.SortFunc(order, func(a, b uint32) int {
		if c := bytes.Compare(key(int(a)), key(int(b))); c != 0 {
			return c
		}
		return cmp.Compare(a, b)
	})
	for x := 1; x < n; x++ {
		i, j := int(order[x-1]), int(order[x])
		if k := key(i); len(k) > 0 && bytes.Equal(k, key(j)) {
			found(i, j)
		}
	}
}
