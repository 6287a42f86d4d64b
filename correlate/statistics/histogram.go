package statistics

import (
	"math"
	"math/bits"
)

const (
	// subBuckets is how many buckets each power of two is cut into: a quantile is off by 1.6 % at most.
	subBuckets = 32
	subBits    = 5
	// maxExponent bounds the values, in microseconds: 2^47 µs are four years.
	maxExponent = 47
	// unit is the resolution below 32 µs.
	unit = int64(1000)
)

// Histogram counts durations in buckets whose width grows with the value. It takes at most 6 KiB,
// however many values it holds. The zero value is empty.
type Histogram struct {
	Count    uint64
	Min, Max int64 // ns; exact
	sum      float64
	buckets  []uint32
}

// Add counts a duration in nanoseconds; a negative one counts as 0.
func (h *Histogram) Add(ns int64) {
	ns = max(ns, 0)
	if h.Count == 0 || ns < h.Min {
		h.Min = ns
	}
	h.Max = max(h.Max, ns)
	h.Count++
	h.sum += float64(ns)
	i := bucketOf(ns)
	for len(h.buckets) <= i {
		h.buckets = append(h.buckets, 0)
	}
	h.buckets[i]++
}

// bucketOf gives the bucket of a value.
func bucketOf(ns int64) int {
	v := uint64(ns / unit)
	e := bits.Len64(v) - subBits - 1
	if e < 0 {
		return int(v) // exact below 2*subBuckets
	}
	if e >= maxExponent-subBits {
		e = maxExponent - subBits - 1
		v = min(v, 2*subBuckets<<e-1)
	}
	return (e+1)*subBuckets + int(v>>e) - subBuckets
}

// valueOf gives the middle of a bucket.
func valueOf(i int) int64 {
	if i < 2*subBuckets {
		return int64(i) * unit
	}
	e := i/subBuckets - 1
	low := int64(i%subBuckets+subBuckets) << e
	return (low + int64(1)<<e/2) * unit
}

// Quantile gives the duration that a share q of the values does not exceed; 0 where there are none.
func (h *Histogram) Quantile(q float64) int64 {
	if h.Count == 0 {
		return 0
	}
	if q >= 1 {
		return h.Max
	}
	rank := max(uint64(math.Ceil(q*float64(h.Count))), 1) // from 1
	seen := uint64(0)
	for i, n := range h.buckets {
		if seen += uint64(n); seen >= rank {
			return min(max(valueOf(i), h.Min), h.Max)
		}
	}
	return h.Max
}

// Mean gives the average in nanoseconds; 0 where there are no values.
func (h *Histogram) Mean() int64 {
	if h.Count == 0 {
		return 0
	}
	return int64(h.sum / float64(h.Count))
}

// merge adds another histogram.
func (h *Histogram) merge(o *Histogram) {
	if o.Count == 0 {
		return
	}
	if h.Count == 0 || o.Min < h.Min {
		h.Min = o.Min
	}
	h.Max = max(h.Max, o.Max)
	h.Count += o.Count
	h.sum += o.sum
	for len(h.buckets) < len(o.buckets) {
		h.buckets = append(h.buckets, 0)
	}
	for i, n := range o.buckets {
		h.buckets[i] += n
	}
}

// Quantile is a quantile that reports show.
type Quantile struct {
	Name  string
	Share float64
}

// Quantiles lists the quantiles that machine-readable reports show.
func Quantiles() []Quantile {
	return []Quantile{{"p50", 0.5}, {"p90", 0.9}, {"p95", 0.95}, {"p99", 0.99}}
}
