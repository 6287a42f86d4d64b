package json

import (
	"io"
	"math"
	"strconv"

	"imscope/correlate"
	"imscope/correlate/statistics"
	"imscope/decode/problem"
	"imscope/render"
)

// StatisticsSchema names the contract of Statistics.
const StatisticsSchema = "imscope-statistics/1"

// Statistics writes what was counted over all users as one object: durations in milliseconds, quantiles
// within 1.6 %, shares from 0 to 1 or null where there is nothing to divide by.
func Statistics(w io.Writer, rep *correlate.Report, s *statistics.Statistics, opt render.Options) error {
	e := &encoder{b: make([]byte, 0, flushAt)}
	e.open('{')
	e.key("schema")
	e.string(StatisticsSchema)
	e.key("tool")
	e.tool(opt.Version)
	e.line()
	e.captures(rep.Captures)
	e.line()
	e.key("stats")
	e.open('{')
	e.stats(&rep.Stats)
	e.close('}')
	e.line()
	e.key("users")
	e.int(int64(s.Users))
	e.key("first_time")
	e.time(s.First)
	e.key("last_time")
	e.time(s.Last)
	e.line()
	e.key("total")
	e.open('{')
	e.counters(&s.Total)
	e.severities(&s.Total.Counts)
	e.close('}')
	e.line()
	e.causes(s.Causes)
	e.line()
	e.holds(s.Holds)
	e.line()
	e.responses(s.Responses)
	e.line()
	e.rules(s.Findings)
	e.line()
	e.key("bucket_ms")
	e.span(s.Bucket)
	e.key("bucket_widened")
	e.bool(s.Widened)
	e.key("buckets")
	e.open('[')
	for i := range s.Buckets {
		e.line()
		e.open('{')
		e.key("start")
		e.time(s.Buckets[i].Start)
		e.counters(&s.Buckets[i].Counters)
		e.severities(&s.Buckets[i].Counts)
		e.close('}')
	}
	e.close(']')
	e.line()
	e.key("by")
	e.open('{')
	for i := range s.Groupings {
		e.grouping(&s.Groupings[i])
	}
	e.close('}')
	e.line()
	e.key("left_out")
	e.uint(s.Lost)
	e.b = append(e.b, "\n}\n"...)
	_, err := w.Write(e.b)
	return err
}

// share writes a share, null where there is none.
func (e *encoder) share(v float64, ok bool) {
	if !ok {
		e.null()
		return
	}
	e.comma()
	e.b = strconv.AppendFloat(e.b, math.Round(v*1e6)/1e6, 'f', -1, 64)
}

// tally writes the members of counts, without the braces.
func (e *encoder) tally(n *statistics.Counts, delays *[statistics.Kinds]statistics.Histogram) {
	e.key("registrations")
	e.open('{')
	for k := range statistics.Kinds {
		e.key(k.String())
		e.open('{')
		e.key("attempts")
		e.uint(n.Attempts(k))
		for _, o := range statistics.Outcomes() {
			e.key(o)
			e.uint(n.Outcome(k, o))
		}
		e.key("success_ratio")
		e.share(n.Success(k))
		if delays != nil {
			e.key("delay_ms")
			e.histogram(&delays[k])
		}
		e.close('}')
	}
	e.close('}')
	e.key("deregistrations")
	e.open('{')
	for _, by := range statistics.Initiators() {
		e.key(by)
		e.deregistrations(n, by)
	}
	e.close('}')
}

// severities writes how many findings there are. They are about users, not about their networks, so
// that groups have none.
func (e *encoder) severities(n *statistics.Counts) {
	e.key("findings_by_severity")
	e.open('{')
	for v := problem.Info; v <= problem.Error; v++ {
		e.key(v.String())
		e.uint(n.Findings(int(v)))
	}
	e.close('}')
}

func (e *encoder) deregistrations(n *statistics.Counts, by string) {
	e.open('{')
	for _, o := range statistics.DeregistrationOutcomes() {
		e.key(o)
		e.uint(n.Deregistrations(by, o))
	}
	e.close('}')
}

// counters writes the members of counters, without the braces.
func (e *encoder) counters(n *statistics.Counters) {
	e.tally(&n.Counts, &n.Delay)
	e.key("refresh_gap_ms")
	e.histogram(&n.Refreshed)
	e.key("refreshed_late")
	e.uint(n.Late)
	e.key("away_ms")
	e.histogram(&n.Away)
}

// histogram writes the usual quantiles, null for no values at all.
func (e *encoder) histogram(h *statistics.Histogram) {
	if h.Count == 0 {
		e.null()
		return
	}
	e.open('{')
	e.key("count")
	e.uint(h.Count)
	e.key("min")
	e.millis(h.Min)
	e.key("mean")
	e.millis(h.Mean())
	for _, q := range statistics.Quantiles() {
		e.key(q.Name)
		e.millis(h.Quantile(q.Share))
	}
	e.key("max")
	e.millis(h.Max)
	e.close('}')
}

func (e *encoder) causes(list []statistics.CauseCount) {
	e.key("causes")
	e.open('[')
	for i := range list {
		c := &list[i]
		e.open('{')
		e.key("initiator")
		e.string(c.Initiator)
		e.key("cause")
		e.string(c.Cause)
		e.key("outcomes")
		e.deregistrations(&c.Counts, c.Initiator)
		e.close('}')
	}
	e.close(']')
}

func (e *encoder) holds(list []statistics.HoldTime) {
	e.key("nodes")
	e.open('[')
	for i := range list {
		h := &list[i]
		e.open('{')
		e.key("node")
		e.string(h.Node)
		e.key("step")
		e.string(h.Step)
		e.key("ms")
		e.histogram(&h.Time)
		e.close('}')
	}
	e.close(']')
}

func (e *encoder) responses(list []statistics.ResponseCount) {
	e.key("responses")
	e.open('[')
	for i := range list {
		r := &list[i]
		e.open('{')
		e.key("method")
		e.string(r.Method)
		e.key("status")
		e.int(int64(r.Status))
		e.key("from")
		e.string(r.From)
		e.key("to")
		e.string(r.To)
		e.key("messages")
		e.uint(r.Messages)
		e.key("retransmissions")
		e.uint(r.Retransmissions)
		e.close('}')
	}
	e.close(']')
}

func (e *encoder) rules(list []statistics.FindingCount) {
	e.key("findings")
	e.open('[')
	for i := range list {
		f := &list[i]
		e.open('{')
		e.key("rule")
		e.string(f.Rule)
		e.key("severity")
		e.string(problem.Severity(f.Severity).String())
		e.key("title")
		e.string(f.Title)
		e.key("count")
		e.uint(f.Count)
		e.key("users")
		e.uint(f.Users)
		e.close('}')
	}
	e.close(']')
}

func (e *encoder) grouping(g *statistics.Grouping) {
	e.line()
	e.key(string(g.By))
	e.open('[')
	for i := range g.Groups {
		n := &g.Groups[i]
		e.line()
		e.open('{')
		e.key("name")
		e.string(n.Name)
		e.counters(&n.Counters)
		e.key("buckets")
		if n.Cells == nil {
			e.null()
		} else {
			e.open('[')
			for j := range n.Cells {
				e.open('{')
				e.key("start")
				e.time(n.Cells[j].Start)
				e.tally(&n.Cells[j].Counts, nil)
				e.close('}')
			}
			e.close(']')
		}
		e.close('}')
	}
	e.close(']')
}
