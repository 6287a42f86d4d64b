package statistics

import (
	"cmp"
	"slices"
)

// Statistics is what a Collector has counted.
type Statistics struct {
	Users       int
	First, Last int64 // ns: the times of the first and of the last thing that was counted; 0 for none
	Total       Counters

	Bucket  int64    // ns: width of the time buckets; 0 for none
	Widened bool     // Bucket is wider than what was asked for, which would have made too many
	Buckets []Bucket // in order of time, those in which something happened

	Groupings []Grouping // one for each dimension that was asked for
	Causes    []CauseCount
	Responses []ResponseCount
	Holds     []HoldTime
	Findings  []FindingCount
	Lost      uint64 // responses and findings beyond a cap
}

// Bucket is a span of time.
type Bucket struct {
	Start int64
	Counters
}

// Grouping is one way to group users, the largest groups first, Unknown and Rest last.
type Grouping struct {
	By     Dimension
	Groups []Group
	Full   bool // there were more groups than are told apart: see Rest
}

// Group is what has one value of a dimension.
type Group struct {
	Name string
	Counters
	Cells []Cell // over time; nil unless this is the only grouping and there are buckets
}

// Cell is a group in a span of time.
type Cell struct {
	Start int64
	Counts
}

// CauseCount counts the de-registrations of one cause.
type CauseCount struct {
	Initiator string
	Cause     string
	Counts
}

// All counts the de-registrations of the cause, whatever came of them.
func (c *CauseCount) All() (n uint64) {
	for _, o := range deregistration {
		n += c.Deregistrations(c.Initiator, o)
	}
	return n
}

// ResponseCount counts the responses of one code on one hop.
type ResponseCount struct {
	From, To        string // roles
	Method          string // "REGISTER to AS" for third-party ones
	Status          int
	Messages        uint64 // retransmissions apart
	Retransmissions uint64
}

// HoldTime is how long nodes of a role took for a step: story.StepForward, StepAnswer or StepReturn, less
// the time that they waited for the HSS; of the HSS a Cx answer.
type HoldTime struct {
	Node, Step string
	Time       Histogram
}

// ruleKey names what is counted as one kind of finding: a rule may find what is worse here and better there.
type ruleKey struct {
	rule     string
	severity int
}

// FindingCount counts the findings of one rule that are as severe.
type FindingCount struct {
	Rule     string
	Title    string
	Severity int // 0 info, 1 warning, 2 error
	Count    uint64
	Users    uint64
}

// Result gives what was counted so far, in a fixed order.
func (c *Collector) Result() *Statistics {
	s := &Statistics{Users: c.users, First: c.first, Last: c.last, Total: c.total, Bucket: c.width, Widened: c.width != c.wanted, Lost: c.lost}
	for start, b := range c.buckets {
		s.Buckets = append(s.Buckets, Bucket{start, *b})
	}
	slices.SortFunc(s.Buckets, func(a, b Bucket) int { return cmp.Compare(a.Start, b.Start) })
	all := Dimensions()
	for _, i := range c.by {
		g := Grouping{By: all[i], Full: c.full[i]}
		for name, n := range c.groups[i] {
			g.Groups = append(g.Groups, n.result(name))
		}
		slices.SortFunc(g.Groups, byWeight)
		s.Groupings = append(s.Groupings, g)
	}
	for k, n := range c.causes {
		s.Causes = append(s.Causes, CauseCount{initiators[k.initiator], k.cause, *n})
	}
	slices.SortFunc(s.Causes, func(a, b CauseCount) int {
		return cmp.Or(cmp.Compare(index(initiators[:], a.Initiator), index(initiators[:], b.Initiator)), cmp.Compare(b.All(), a.All()), cmp.Compare(a.Cause, b.Cause))
	})
	for k, t := range c.hops {
		s.Responses = append(s.Responses, ResponseCount{roleName(k.from), roleName(k.to), k.method, k.status, t.messages, t.repeats})
	}
	slices.SortFunc(s.Responses, func(a, b ResponseCount) int {
		return cmp.Or(cmp.Compare(a.Method, b.Method), cmp.Compare(a.Status, b.Status), cmp.Compare(rank(a.From), rank(b.From)),
			cmp.Compare(rank(a.To), rank(b.To)))
	})
	for k, h := range c.holds {
		s.Holds = append(s.Holds, HoldTime{k.node, k.step, *h})
	}
	slices.SortFunc(s.Holds, func(a, b HoldTime) int {
		return cmp.Or(cmp.Compare(rank(a.Node), rank(b.Node)), cmp.Compare(a.Step, b.Step))
	})
	for _, f := range c.rules {
		s.Findings = append(s.Findings, *f)
	}
	slices.SortFunc(s.Findings, func(a, b FindingCount) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(b.Count, a.Count), cmp.Compare(a.Rule, b.Rule))
	})
	return s
}

// rank puts roles into the order in which a request from a phone meets them.
func rank(role string) int {
	order := []string{"UE", "P-CSCF", "I-CSCF", "S-CSCF", "HSS", "AS"}
	if i := slices.Index(order, role); i >= 0 {
		return i
	}
	return len(order)
}

func (g *group) result(name string) Group {
	out := Group{Name: name, Counters: g.Counters}
	for start, n := range g.cells {
		out.Cells = append(out.Cells, Cell{start, *n})
	}
	slices.SortFunc(out.Cells, func(a, b Cell) int { return cmp.Compare(a.Start, b.Start) })
	return out
}

// byWeight puts the larger group first.
func byWeight(a, b Group) int {
	last := func(g *Group) int {
		switch g.Name {
		case Rest:
			return 2
		case Unknown:
			return 1
		}
		return 0
	}
	weight := func(g *Group) (n uint64) {
		for k := range Kinds {
			n += g.Attempts(k)
		}
		for _, i := range initiators {
			n += g.Deregistered(i)
		}
		return n
	}
	return cmp.Or(cmp.Compare(last(&a), last(&b)), cmp.Compare(weight(&b), weight(&a)), cmp.Compare(a.Name, b.Name))
}
