package statistics

import (
	"time"

	"imscope/correlate/fact"
)

const (
	// maxGroups bounds the groups of one dimension: the access types, networks and P-CSCFs of a country
	// are fewer, User-Agents may be anything. Later ones are counted together.
	maxGroups = 256
	// maxBuckets bounds the time buckets; where there would be more they become twice as wide.
	maxBuckets = 1000
	// maxCauses bounds the causes of de-registrations that are told apart.
	maxCauses = 64
	// maxHops bounds the kinds of responses by hop, above what eight roles and the codes of SIP make.
	maxHops = 4096
	// maxRules bounds the rules of findings by severity; the catalogue has fewer.
	maxRules = 1024
)

// Rest is the group of all that came when there were too many.
const Rest = "other"

// Options say what is counted apart.
type Options struct {
	Bucket time.Duration // width of the time buckets, in steps of the Unix epoch; 0 for none
	By     []Dimension   // nil for all; of a single one the buckets are counted as well
}

// Collector adds observations up. It belongs to one goroutine.
type Collector struct {
	by     []int // indices of the dimensions
	width  int64
	wanted int64
	users  int
	first  int64
	last   int64

	total   Counters
	buckets map[int64]*Counters // by start
	groups  [dimensions]map[string]*group
	full    [dimensions]bool
	causes  map[causeKey]*Counts
	hops    map[hop]traffic
	holds   map[holdKey]*Histogram
	rules   map[ruleKey]*FindingCount
	lost    uint64
}

type group struct {
	Counters
	cells map[int64]*Counts // by start; nil unless one dimension was asked for
}

type causeKey struct {
	initiator uint8
	cause     string
}

type holdKey struct{ node, step string }

// New returns an empty Collector.
func New(opt Options) *Collector {
	c := &Collector{width: int64(opt.Bucket), wanted: int64(opt.Bucket), buckets: map[int64]*Counters{}, causes: map[causeKey]*Counts{},
		hops: map[hop]traffic{}, holds: map[holdKey]*Histogram{}, rules: map[ruleKey]*FindingCount{}}
	for i, d := range Dimensions() {
		wanted := opt.By == nil
		for _, b := range opt.By {
			wanted = wanted || b == d
		}
		if wanted {
			c.by = append(c.by, i)
			c.groups[i] = map[string]*group{}
		}
	}
	return c
}

// bucket gives the start of the bucket of a moment. It makes room first if need be.
func (c *Collector) bucket(at int64) int64 {
	start := floor(at, c.width)
	for len(c.buckets) >= maxBuckets && c.buckets[start] == nil {
		c.widen()
		start = floor(at, c.width)
	}
	return start
}

func floor(at, width int64) int64 {
	n := at / width
	if at%width < 0 {
		n--
	}
	return n * width
}

// widen makes buckets twice as wide.
func (c *Collector) widen() {
	c.width *= 2
	wide := make(map[int64]*Counters, len(c.buckets)/2+1)
	for start, b := range c.buckets {
		s := floor(start, c.width)
		if wide[s] == nil {
			wide[s] = &Counters{}
		}
		wide[s].merge(b)
	}
	c.buckets = wide
	for _, i := range c.by {
		for _, g := range c.groups[i] {
			cells := make(map[int64]*Counts, len(g.cells)/2+1)
			for start, b := range g.cells {
				s := floor(start, c.width)
				if cells[s] == nil {
					cells[s] = &Counts{}
				}
				cells[s].merge(b)
			}
			if g.cells != nil {
				g.cells = cells
			}
		}
	}
}

// each calls fn for all counters that something belongs to, and cell for those of a group's bucket.
func (c *Collector) each(at int64, k *keys, fn func(*Counters), cell func(*Counts)) {
	c.seen(at)
	fn(&c.total)
	start := int64(0)
	if c.width > 0 {
		start = c.bucket(at)
		if c.buckets[start] == nil {
			c.buckets[start] = &Counters{}
		}
		fn(c.buckets[start])
	}
	if k == nil {
		return
	}
	for _, i := range c.by {
		g := c.group(i, k[i])
		fn(&g.Counters)
		if g.cells != nil {
			if g.cells[start] == nil {
				g.cells[start] = &Counts{}
			}
			cell(g.cells[start])
		}
	}
}

// seen stretches the span of time that the statistics are about.
func (c *Collector) seen(at int64) {
	if c.first == 0 || at < c.first {
		c.first = at
	}
	c.last = max(c.last, at)
}

func (c *Collector) group(dimension int, name string) *group {
	m := c.groups[dimension]
	g := m[name]
	if g == nil && len(m) >= maxGroups {
		c.full[dimension] = true
		name = Rest
		g = m[name]
	}
	if g == nil {
		g = &group{}
		if c.width > 0 && len(c.by) == 1 {
			g.cells = map[int64]*Counts{}
		}
		m[name] = g
	}
	return g
}

// Add counts one user.
func (c *Collector) Add(o *Observation) {
	c.users++
	for i := range o.registrations {
		r := &o.registrations[i]
		count := func(n *Counts) { n.registrations[r.kind][r.outcome]++ }
		c.each(r.at, &r.keys, func(n *Counters) {
			count(&n.Counts)
			if r.delay >= 0 {
				n.Delay[r.kind].Add(r.delay)
			}
			if r.next > 0 {
				n.Refreshed.Add(r.next)
			}
			if r.late {
				n.Late++
			}
			if r.away >= 0 {
				n.Away.Add(r.away)
			}
		}, count)
	}
	for i := range o.removals {
		r := &o.removals[i]
		count := func(n *Counts) { n.deregistrations[r.initiator][r.outcome]++ }
		c.each(r.at, &r.keys, func(n *Counters) { count(&n.Counts) }, count)
		k := causeKey{r.initiator, r.cause}
		if c.causes[k] == nil && len(c.causes) >= maxCauses {
			k.cause = Rest
		}
		if c.causes[k] == nil {
			c.causes[k] = &Counts{}
		}
		count(c.causes[k])
	}
	for k, t := range o.responses {
		have, ok := c.hops[k]
		if !ok && len(c.hops) >= maxHops {
			c.lost += t.messages
			continue
		}
		c.hops[k] = traffic{have.messages + t.messages, have.repeats + t.repeats}
	}
	for _, h := range o.holds {
		k := holdKey{h.node, h.step}
		if c.holds[k] == nil {
			c.holds[k] = &Histogram{}
		}
		c.holds[k].Add(h.ns)
	}
	c.found(o.findings)
}

// found counts findings.
func (c *Collector) found(list []found) {
	for i := range list {
		f := &list[i]
		c.each(f.at, nil, func(n *Counters) { n.findings[f.severity]++ }, nil)
		k := ruleKey{f.rule, f.severity}
		r := c.rules[k]
		if r == nil {
			if len(c.rules) >= maxRules {
				c.lost++
				continue
			}
			r = &FindingCount{Rule: f.rule, Title: f.title, Severity: f.severity}
			c.rules[k] = r
		}
		r.Count++
		first := true
		for j := range list[:i] {
			first = first && (list[j].rule != f.rule || list[j].severity != f.severity)
		}
		if first {
			r.Users++
		}
	}
}

// roleName spells a role, "unknown" where the capture does not tell.
func roleName(r fact.Role) string {
	if s := r.String(); s != "" {
		return s
	}
	return Unknown
}
