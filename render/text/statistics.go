package text

import (
	"io"
	"strconv"

	"imscope/correlate"
	"imscope/correlate/statistics"
	"imscope/correlate/story"
	"imscope/decode/problem"
	"imscope/render"
	"imscope/render/style"
)

// Limits of the tables of statistics unless everything is asked for.
const (
	maxGroupRows    = 12
	maxBucketRows   = 48
	maxResponseRows = 30
	maxCauseRows    = 15
)

// Statistics writes what was counted over all users, as tables.
func (r *Renderer) Statistics(w io.Writer, rep *correlate.Report, s *statistics.Statistics) error {
	p := newPage(w, r.opt.Style, r.opt.Columns())
	p.captures(rep.Captures, r.opt.All)
	p.counts(rep)
	p.leftOut(&rep.Stats)
	t := tables{page: p, all: r.opt.All, s: s}
	t.registrations()
	t.refreshes()
	t.deregistrations()
	t.holds()
	t.responses()
	t.findings()
	t.buckets()
	for i := range s.Groupings {
		t.grouping(&s.Groupings[i])
	}
	if s.Lost > 0 {
		p.gap()
		p.line(0, say(style.Warn, render.Count(s.Lost, "response or finding|responses and findings")+" beyond the limits"))
	}
	return p.flush()
}

// tables writes statistics.
type tables struct {
	page *page
	all  bool
	s    *statistics.Statistics
}

// write writes a table under its name, its first rows unless everything is asked for.
func (t *tables) write(name string, most int, tab *table) {
	if len(tab.rows) == 0 {
		return
	}
	left := 0
	if !t.all && len(tab.rows) > most {
		left = len(tab.rows) - most
		tab.rows = tab.rows[:most]
	}
	t.page.heading(0, name)
	t.page.table(2, tab)
	if left > 0 {
		t.page.line(2, say(style.Faint, "… "+render.Number(left)+" more (--all)"))
	}
}

// number writes a count, nothing for zero, which would only hide the others.
func number(n uint64) line { return looked(style.Plain, n) }

func looked(role style.Role, n uint64) line {
	if n == 0 {
		return line{say(style.Faint, "·")}
	}
	return line{say(role, render.Number(n))}
}

// share writes a success ratio in per cent.
func share(c *statistics.Counts, k statistics.Kind) line {
	v, ok := c.Success(k)
	if !ok {
		return line{say(style.Faint, "·")}
	}
	role := style.Good
	switch {
	case v < 0.9:
		role = style.Bad
	case v < 0.99:
		role = style.Warn
	}
	return line{say(role, strconv.FormatFloat(100*v, 'f', 1, 64)+" %")}
}

// quantile writes a quantile of a histogram.
func quantile(h *statistics.Histogram, q float64) line {
	if h.Count == 0 {
		return line{say(style.Faint, "·")}
	}
	return line{plain(render.Duration(h.Quantile(q)))}
}

func (t *tables) registrations() {
	tab := &table{columns: []column{{head: "registrations"}, {head: "tries", right: true}, {head: "succeeded", right: true}, {head: "ratio", right: true},
		{head: "refused", right: true}, {head: "no answer", right: true, spare: 3}, {head: "given up", right: true, spare: 4}, {head: "open", right: true, spare: 5},
		{head: "median", right: true}, {head: "95 %", right: true, spare: 1}, {head: "99 %", right: true, spare: 2}, {head: "longest", right: true}}}
	n := &t.s.Total
	for k := range statistics.Kinds {
		if n.Attempts(k) == 0 {
			continue
		}
		h := &n.Delay[k]
		tab.row(line{plain(k.String())}, number(n.Attempts(k)), number(n.Outcome(k, story.Succeeded)), share(&n.Counts, k),
			looked(style.Bad, n.Outcome(k, story.Rejected)), looked(style.Bad, n.Outcome(k, story.Unanswered)),
			looked(style.Bad, n.Outcome(k, story.Abandoned)), looked(style.Faint, n.Outcome(k, story.Open)),
			quantile(h, 0.5), quantile(h, 0.95), quantile(h, 0.99), quantile(h, 1))
	}
	t.write("Registrations", len(tab.rows), tab)
}

func (t *tables) refreshes() {
	n := &t.s.Total
	tab := &table{columns: []column{{head: "between"}, {head: "times", right: true}, {head: "shortest", right: true}, {head: "median", right: true},
		{head: "95 %", right: true, spare: 1}, {head: "longest", right: true}, {}}}
	row := func(name string, h *statistics.Histogram, beside line) {
		if h.Count > 0 {
			tab.row(line{plain(name)}, number(h.Count), quantile(h, 0), quantile(h, 0.5), quantile(h, 0.95), quantile(h, 1), beside)
		}
	}
	var late line
	if n.Late > 0 {
		late = line{say(style.Warn, render.Number(n.Late)+" too late")}
	}
	row("registration and its refresh", &n.Refreshed, late)
	row("end and next registration", &n.Away, nil)
	t.write("Gaps between registrations", len(tab.rows), tab)
}

func (t *tables) deregistrations() {
	tab := &table{columns: []column{{head: "by"}, {head: "cause", min: 20, wrap: true}, {head: "complete", right: true}, {head: "incomplete", right: true},
		{head: "refused", right: true, spare: 1}, {head: "no answer", right: true, spare: 2}, {head: "idle", right: true, spare: 3}}}
	for i := range t.s.Causes {
		c := &t.s.Causes[i]
		role := style.ByUser
		switch c.Initiator {
		case story.ByNetwork:
			role = style.ByNetwork
		case story.ByExpiry:
			role = style.ByExpiry
		case story.ByUnknown:
			role = style.Warn
		}
		n := func(role style.Role, outcome string) line {
			return looked(role, c.Deregistrations(c.Initiator, outcome))
		}
		tab.row(line{say(role, c.Initiator)}, line{plain(c.Cause)}, n(style.Plain, story.Complete), n(style.Warn, story.Incomplete),
			n(style.Bad, story.Rejected), n(style.Bad, story.Unanswered), n(style.Faint, statistics.Idle))
	}
	t.write("De-registrations", maxCauseRows, tab)
}

func (t *tables) holds() {
	tab := &table{columns: []column{{head: "node"}, {head: "what"}, {head: "times", right: true}, {head: "median", right: true}, {head: "95 %", right: true},
		{head: "99 %", right: true}, {head: "longest", right: true}}}
	what := map[string]string{story.StepForward: "sends a REGISTER on", story.StepAnswer: "answers a REGISTER", story.StepReturn: "sends the answer on"}
	for i := range t.s.Holds {
		h := &t.s.Holds[i]
		name := what[h.Step]
		if name == "" {
			name = "answers with " + h.Step
		}
		tab.row(line{say(style.Node, h.Node)}, line{plain(name)}, number(h.Time.Count), quantile(&h.Time, 0.5), quantile(&h.Time, 0.95),
			quantile(&h.Time, 0.99), quantile(&h.Time, 1))
	}
	t.write("Where the time goes (CSCFs without their waiting for the HSS)", len(tab.rows), tab)
}

func (t *tables) responses() {
	tab := &table{columns: []column{{head: "to"}, {head: "code", right: true}, {head: "hop"}, {head: "messages", right: true}, {head: "retransmissions", right: true}}}
	for i := range t.s.Responses {
		r := &t.s.Responses[i]
		role := style.Good
		switch {
		case r.Status == 401 || r.Status == 407:
			role = style.Plain
		case r.Status >= 300:
			role = style.Bad
		}
		tab.row(line{plain(r.Method)}, line{say(role, strconv.Itoa(r.Status))}, line{say(style.Node, r.From+" → "+r.To)}, number(r.Messages), looked(style.Warn, r.Retransmissions))
	}
	t.write("Responses by hop", maxResponseRows, tab)
}

func (t *tables) findings() {
	tab := &table{columns: []column{{head: "severity"}, {head: "times", right: true}, {head: "users", right: true}, {head: "rule", min: 24}, {head: "what", min: 30, spare: 1}}}
	for i := range t.s.Findings {
		f := &t.s.Findings[i]
		tab.row(line{severity(problem.Severity(f.Severity))}, number(f.Count), number(f.Users), line{plain(f.Rule)}, line{plain(f.Title)})
	}
	t.write("Findings", maxRules, tab)
}

// counted is the columns that groups and time buckets have in common.
func counted(first column) []column {
	return []column{first, {head: "initial", right: true}, {head: "ratio", right: true}, {head: "median", right: true}, {head: "95 %", right: true, spare: 3},
		{head: "refresh", right: true, spare: 2}, {head: "ratio", right: true, spare: 2}, {head: "ended by user", right: true}, {head: "by network", right: true}, {head: "by expiry", right: true},
		{head: "errors", right: true, spare: 4}, {head: "warnings", right: true, spare: 5}}
}

func counters(first line, n *statistics.Counters) []line {
	h := &n.Delay[statistics.Initial]
	return []line{first, number(n.Attempts(statistics.Initial)), share(&n.Counts, statistics.Initial), quantile(h, 0.5), quantile(h, 0.95),
		number(n.Attempts(statistics.Refresh)), share(&n.Counts, statistics.Refresh),
		looked(style.ByUser, n.Deregistered(story.ByUser)), looked(style.ByNetwork, n.Deregistered(story.ByNetwork)), looked(style.ByExpiry, n.Deregistered(story.ByExpiry)),
		looked(style.Bad, n.Findings(int(problem.Error))), looked(style.Warn, n.Findings(int(problem.Warning)))}
}

func (t *tables) buckets() {
	if t.s.Bucket == 0 || len(t.s.Buckets) < 2 {
		return
	}
	day := t.s.First
	tab := &table{columns: counted(column{head: "from"})}
	for i := range t.s.Buckets {
		b := &t.s.Buckets[i]
		tab.row(counters(line{say(style.Faint, render.When(b.Start, day))}, &b.Counters)...)
	}
	name := "By time, " + render.Duration(t.s.Bucket) + " a row"
	if t.s.Widened {
		name += " (what was asked for would have been too many rows)"
	}
	t.write(name, maxBucketRows, tab)
}

// headings name the groupings.
var headings = map[statistics.Dimension]string{
	statistics.ByAccess: "By access network", statistics.ByAgent: "By User-Agent", statistics.ByPCSCF: "By P-CSCF", statistics.ByVisited: "By visited network",
}

func (t *tables) grouping(g *statistics.Grouping) {
	if len(g.Groups) == 1 && g.Groups[0].Name == statistics.Unknown {
		return // nobody says
	}
	tab := &table{columns: counted(column{min: 16})}
	tab.columns = tab.columns[:len(tab.columns)-2] // findings are about users, not about networks
	for i := range g.Groups {
		n := &g.Groups[i]
		role := style.Plain
		if n.Name == statistics.Unknown || n.Name == statistics.Rest {
			role = style.Faint
		}
		cells := counters(line{say(role, n.Name)}, &n.Counters)
		tab.row(cells[:len(tab.columns)]...)
	}
	t.write(headings[g.By], maxGroupRows, tab)
}
