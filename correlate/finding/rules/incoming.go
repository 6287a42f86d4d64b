package rules

import (
	"cmp"
	"slices"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/story"
)

// incoming gives a user's exchanges and, in their places, the calls and messages that failed to reach an identity
// that was bound then.
func incoming(c *finding.Case) []*fact.Exchange {
	var failed []*fact.Exchange
	for _, x := range c.Strays {
		if x.Request.Seen() && aorBound(c.User, x.To.Key, x.FirstTime()) {
			failed = append(failed, x)
		}
	}
	if failed == nil {
		return c.Exchanges
	}
	all := slices.Concat(c.Exchanges, failed)
	slices.SortStableFunc(all, func(a, b *fact.Exchange) int { return cmp.Compare(a.FirstFrame(), b.FirstFrame()) })
	return all
}

// incomes reports whether a request went to the user, or to who watches them.
func incomes(x *fact.Exchange) bool {
	return x.Register == nil && x.Subscribe == nil && x.Request.Seen()
}

// aorBound reports whether anything was bound to an address-of-record at a moment. It is in the form of
// identity.Canonical.
func aorBound(u *story.User, key string, at int64) bool {
	return slices.ContainsFunc(u.Bindings, func(b story.Binding) bool {
		return b.AORKey == key && b.Registered <= at && (b.Active || b.Ended > at)
	})
}

// responds reports whether a host answered a request at all.
func responds(c *finding.Case, x *fact.Exchange, host string) bool {
	for i := range x.Responses {
		for _, h := range x.Responses[i].Hops {
			if c.Addr(h.Src) == host {
				return true
			}
		}
	}
	return false
}
