package csv

import (
	"io"
	"math"
	"strconv"

	"imscope/correlate/statistics"
	"imscope/decode/problem"
)

// statisticsHead names the columns of Statistics.
var statisticsHead = []string{"section", "bucket", "by", "group", "metric", "value"}

// Statistics writes what was counted over all users, one number a row:
//
//	section  total, bucket, group, group in bucket, cause, node, response, finding
//	bucket   when the time bucket begins
//	by       what the groups are made by: access, agent, p-cscf, visited; initiator of a cause; role of a
//	         node; method of a response; severity of a finding
//	group    which one: "3GPP-E-UTRAN-FDD"; the cause; the step; "S-CSCF → P-CSCF"; the rule
//	metric   initial.attempts, initial.success_ratio, initial.delay_ms.p95, deregistrations.user.complete, ...
//	value    a number
//
// Zeros are left out of rows that count over groups and buckets.
func Statistics(w io.Writer, s *statistics.Statistics) error {
	t := statisticsTable{Writer: NewWriter(w)}
	t.Head(statisticsHead...)
	t.section = "total"
	t.metric("users", float64(s.Users))
	t.counters(&s.Total)
	t.section = "bucket"
	for i := range s.Buckets {
		t.bucket = s.Buckets[i].Start
		t.counters(&s.Buckets[i].Counters)
	}
	t.bucket = 0
	for i := range s.Groupings {
		g := &s.Groupings[i]
		t.by = string(g.By)
		for j := range g.Groups {
			n := &g.Groups[j]
			t.section, t.group, t.bucket = "group", n.Name, 0
			t.counters(&n.Counters)
			t.section = "group in bucket"
			for k := range n.Cells {
				t.bucket = n.Cells[k].Start
				t.counts(&n.Cells[k].Counts)
			}
		}
	}
	t.bucket = 0
	t.section = "cause"
	for i := range s.Causes {
		c := &s.Causes[i]
		t.by, t.group = c.Initiator, c.Cause
		for _, o := range statistics.DeregistrationOutcomes() {
			t.count(o, c.Deregistrations(c.Initiator, o))
		}
	}
	t.section = "node"
	for i := range s.Holds {
		h := &s.Holds[i]
		t.by, t.group = h.Node, h.Step
		t.histogram("ms", &h.Time)
	}
	t.section = "response"
	for i := range s.Responses {
		r := &s.Responses[i]
		t.by, t.group = r.Method, r.From+" → "+r.To
		code := strconv.Itoa(r.Status)
		t.count(code+".messages", r.Messages)
		t.count(code+".retransmissions", r.Retransmissions)
	}
	t.section = "finding"
	for i := range s.Findings {
		f := &s.Findings[i]
		t.by, t.group = problem.Severity(f.Severity).String(), f.Rule
		t.count("findings", f.Count)
		t.count("users", f.Users)
	}
	return t.Flush()
}

// statisticsTable writes rows that begin alike.
type statisticsTable struct {
	*Writer
	section   string
	bucket    int64
	by, group string
}

func (t *statisticsTable) metric(name string, value float64) {
	t.Text(t.section)
	if t.bucket == 0 {
		t.Empty()
	} else {
		t.Time(t.bucket)
	}
	t.text(t.by)
	t.text(t.group)
	t.Text(name)
	t.Float(math.Round(value*1e6) / 1e6)
	t.End()
}

func (t *statisticsTable) text(s string) {
	if s == "" {
		t.Empty()
	} else {
		t.Text(s)
	}
}

// count writes a number unless it is zero.
func (t *statisticsTable) count(name string, n uint64) {
	if n > 0 {
		t.metric(name, float64(n))
	}
}

func (t *statisticsTable) counts(n *statistics.Counts) {
	for k := range statistics.Kinds {
		if n.Attempts(k) == 0 {
			continue
		}
		t.count(k.String()+".attempts", n.Attempts(k))
		for _, o := range statistics.Outcomes() {
			t.count(k.String()+"."+o, n.Outcome(k, o))
		}
		if v, ok := n.Success(k); ok {
			t.metric(k.String()+".success_ratio", v)
		}
	}
	for _, by := range statistics.Initiators() {
		for _, o := range statistics.DeregistrationOutcomes() {
			t.count("deregistrations."+by+"."+o, n.Deregistrations(by, o))
		}
	}
	for v := problem.Info; v <= problem.Error; v++ {
		t.count("findings."+v.String(), n.Findings(int(v)))
	}
}

func (t *statisticsTable) counters(n *statistics.Counters) {
	t.counts(&n.Counts)
	for k := range statistics.Kinds {
		t.histogram(k.String()+".delay_ms", &n.Delay[k])
	}
	t.histogram("refresh_gap_ms", &n.Refreshed)
	t.count("refreshed_late", n.Late)
	t.histogram("away_ms", &n.Away)
}

func (t *statisticsTable) histogram(name string, h *statistics.Histogram) {
	if h.Count == 0 {
		return
	}
	t.count(name+".count", h.Count)
	t.metric(name+".min", float64(h.Min)/1e6)
	t.metric(name+".mean", float64(h.Mean())/1e6)
	for _, q := range statistics.Quantiles() {
		t.metric(name+"."+q.Name, float64(h.Quantile(q.Share))/1e6)
	}
	t.metric(name+".max", float64(h.Max)/1e6)
}
