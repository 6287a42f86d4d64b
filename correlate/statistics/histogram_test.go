package statistics

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestQuantiles(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, scale := range []float64{1e4, 1e7, 1e10, 1e15} {
		var h Histogram
		values := make([]int64, 20000)
		for i := range values {
			values[i] = int64(r.ExpFloat64() * scale)
			h.Add(values[i])
		}
		slices.Sort(values)
		for _, q := range []float64{0, 0.5, 0.9, 0.95, 0.99, 0.999} {
			want, got := values[max(int(math.Ceil(q*float64(len(values)))), 1)-1], h.Quantile(q)
			if d := float64(got-want) / float64(max(want, unit)); d > 0.017 && got-want > unit || d < -0.017 && want-got > unit {
				t.Errorf("scale %g: quantile %g is %d, want %d", scale, q, got, want)
			}
		}
		if h.Quantile(1) != values[len(values)-1] || h.Max != values[len(values)-1] || h.Min != values[0] || h.Count != 20000 {
			t.Errorf("scale %g: min %d, max %d of %d", scale, h.Min, h.Max, h.Count)
		}
		if len(h.buckets) > 1400 {
			t.Errorf("%d buckets", len(h.buckets))
		}
	}
}

func TestHistogramEdges(t *testing.T) {
	var h Histogram
	if h.Quantile(0.5) != 0 || h.Mean() != 0 {
		t.Error("an empty one has values")
	}
	for _, v := range []int64{-5, 0, 1<<63 - 1, 1 << 62} {
		h.Add(v)
	}
	if h.Min != 0 || h.Max != 1<<63-1 || h.Count != 4 || h.Quantile(0.9) <= 0 || h.Quantile(0.1) != 0 {
		t.Errorf("min %d, max %d, 90 %%: %d, 10 %%: %d", h.Min, h.Max, h.Quantile(0.9), h.Quantile(0.1))
	}
	if n := len(h.buckets); n > (maxExponent-subBits+1)*subBuckets {
		t.Errorf("%d buckets", n)
	}
}

// TestBuckets: buckets follow each other without a gap, and each value lies in the middle of its own.
func TestBuckets(t *testing.T) {
	last := 0
	for us := int64(0); us < 1<<20; us++ {
		i := bucketOf(us * unit)
		if i != last && i != last+1 {
			t.Fatalf("bucket %d behind %d", i, last)
		}
		last = i
		if bucketOf(valueOf(i)) != i {
			t.Fatalf("the middle of %d lies in %d", i, bucketOf(valueOf(i)))
		}
	}
}

func TestMerge(t *testing.T) {
	var a, b, all Histogram
	for i := int64(1); i < 5000; i++ {
		v := i * i * 1000
		all.Add(v)
		if i%3 == 0 {
			a.Add(v)
		} else {
			b.Add(v)
		}
	}
	a.merge(&b)
	if a.Count != all.Count || a.Min != all.Min || a.Max != all.Max || a.Mean() != all.Mean() || !slices.Equal(a.buckets, all.buckets) {
		t.Error("two halves are not the whole")
	}
	var empty Histogram
	empty.merge(&all)
	all.merge(&Histogram{})
	if empty.Min != 1000 || all.Min != 1000 {
		t.Errorf("min %d, %d", empty.Min, all.Min)
	}
}

func BenchmarkAdd(b *testing.B) {
	var h Histogram
	b.ReportAllocs()
	v := int64(1)
	for b.Loop() {
		h.Add(v)
		v = v*7%10_000_000_019 + 1
	}
}
