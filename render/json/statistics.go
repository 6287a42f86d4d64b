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
	e := &encoder{b: make([]byte, 0, 4<<10)}
	e.string(`{"schema":`, StatisticsSchema)
	e.tool(`,"tool":`, opt.Version)
	e.line()
	e.captures(rep.Captures)
	e.line()
	e.raw(`"stats":{`)
	e.stats(&rep.Stats)
	e.raw(`}`)
	e.line()
	e.int(`"users":`, int64(s.Users))
	e.time(`,"first_time":`, s.First)
	e.time(`,"last_time":`, s.Last)
	e.line()
	e.raw(`"total":{`)
	e.counters(&s.Total)
	e.severities(`,"findings_by_severity":`, &s.Total.Counts)
	e.raw(`}`)
	e.line()
	list(e, `"causes":`, s.Causes, (*encoder).cause)
	e.line()
	list(e, `"nodes":`, s.Holds, (*encoder).hold)
	e.line()
	list(e, `"responses":`, s.Responses, (*encoder).response)
	e.line()
	list(e, `"findings":`, s.Findings, (*encoder).rule)
	e.line()
	e.span(`"bucket_ms":`, s.Bucket)
	e.bool(`,"bucket_widened":`, s.Widened)
	e.raw(`,"buckets":[`)
	for i := range s.Buckets {
		e.line()
		e.time(`{"start":`, s.Buckets[i].Start)
		e.raw(`,`)
		e.counters(&s.Buckets[i].Counters)
		e.severities(`,"findings_by_severity":`, &s.Buckets[i].Counts)
		e.raw(`}`)
	}
	e.raw(`]`)
	e.line()
	e.raw(`"by":{`)
	for i := range s.Groupings {
		e.grouping(&s.Groupings[i])
	}
	e.raw(`}`)
	e.line()
	e.uint(`"left_out":`, s.Lost)
	e.raw("\n}\n")
	_, err := w.Write(e.b)
	return err
}

// name writes a key that is not constant.
func (e *encoder) name(name string) {
	e.string("", name)
	e.raw(`:`)
}

// share writes a share, null where there is none.
func (e *encoder) share(key string, v float64, ok bool) {
	if !ok {
		e.null(key)
		return
	}
	e.raw(key)
	e.b = strconv.AppendFloat(e.b, math.Round(v*1e6)/1e6, 'f', -1, 64)
}

// tally writes the members of counts.
func (e *encoder) tally(n *statistics.Counts, delays *[statistics.Kinds]statistics.Histogram) {
	e.raw(`"registrations":{`)
	for k := range statistics.Kinds {
		e.name(k.String())
		e.uint(`{"attempts":`, n.Attempts(k))
		e.raw(`,`)
		for _, o := range statistics.Outcomes() {
			e.name(o)
			e.uint("", n.Outcome(k, o))
			e.raw(`,`)
		}
		ratio, ok := n.Success(k)
		e.share(`"success_ratio":`, ratio, ok)
		if delays != nil {
			e.histogram(`,"delay_ms":`, &delays[k])
		}
		e.raw(`},`)
	}
	e.end('}')
	e.raw(`,"deregistrations":{`)
	for _, by := range statistics.Initiators() {
		e.name(by)
		e.deregistrations("", n, by)
		e.raw(`,`)
	}
	e.end('}')
}

// severities writes how many findings there are. They are about users, not about their networks, so
// that groups have none.
func (e *encoder) severities(key string, n *statistics.Counts) {
	e.raw(key)
	e.raw(`{`)
	for v := problem.Info; v <= problem.Error; v++ {
		e.name(v.String())
		e.uint("", n.Findings(int(v)))
		e.raw(`,`)
	}
	e.end('}')
}

func (e *encoder) deregistrations(key string, n *statistics.Counts, by string) {
	e.raw(key)
	e.raw(`{`)
	for _, o := range statistics.DeregistrationOutcomes() {
		e.name(o)
		e.uint("", n.Deregistrations(by, o))
		e.raw(`,`)
	}
	e.end('}')
}

func (e *encoder) counters(n *statistics.Counters) {
	e.tally(&n.Counts, &n.Delay)
	e.histogram(`,"refresh_gap_ms":`, &n.Refreshed)
	e.uint(`,"refreshed_late":`, n.Late)
	e.histogram(`,"away_ms":`, &n.Away)
}

// histogram writes the usual quantiles, null for no values at all.
func (e *encoder) histogram(key string, h *statistics.Histogram) {
	if h.Count == 0 {
		e.null(key)
		return
	}
	e.raw(key)
	e.uint(`{"count":`, h.Count)
	e.millis(`,"min":`, h.Min)
	e.millis(`,"mean":`, h.Mean())
	e.raw(`,`)
	for _, q := range statistics.Quantiles() {
		e.name(q.Name)
		e.millis("", h.Quantile(q.Share))
		e.raw(`,`)
	}
	e.millis(`"max":`, h.Max)
	e.raw(`}`)
}

func (e *encoder) cause(c *statistics.CauseCount) {
	e.string(`"initiator":`, c.Initiator)
	e.string(`,"cause":`, c.Cause)
	e.deregistrations(`,"outcomes":`, &c.Counts, c.Initiator)
}

func (e *encoder) hold(h *statistics.HoldTime) {
	e.string(`"node":`, h.Node)
	e.string(`,"step":`, h.Step)
	e.histogram(`,"ms":`, &h.Time)
}

func (e *encoder) response(r *statistics.ResponseCount) {
	e.string(`"method":`, r.Method)
	e.int(`,"status":`, int64(r.Status))
	e.string(`,"from":`, r.From)
	e.string(`,"to":`, r.To)
	e.uint(`,"messages":`, r.Messages)
	e.uint(`,"retransmissions":`, r.Retransmissions)
}

func (e *encoder) rule(f *statistics.FindingCount) {
	e.string(`"rule":`, f.Rule)
	e.string(`,"severity":`, problem.Severity(f.Severity).String())
	e.string(`,"title":`, f.Title)
	e.uint(`,"count":`, f.Count)
	e.uint(`,"users":`, f.Users)
}

// grouping writes the member of one way to group, a line for each group.
func (e *encoder) grouping(g *statistics.Grouping) {
	e.line()
	e.name(string(g.By))
	e.raw(`[`)
	for i := range g.Groups {
		n := &g.Groups[i]
		e.line()
		e.string(`{"name":`, n.Name)
		e.raw(`,`)
		e.counters(&n.Counters)
		if n.Cells == nil {
			e.null(`,"buckets":`)
		} else {
			list(e, `,"buckets":`, n.Cells, (*encoder).cell)
		}
		e.raw(`}`)
	}
	e.raw(`]`)
}

func (e *encoder) cell(c *statistics.Cell) {
	e.time(`"start":`, c.Start)
	e.raw(`,`)
	e.tally(&c.Counts, nil)
}
