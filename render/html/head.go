package html

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"imscope/correlate/finding"
	"imscope/decode/problem"
	"imscope/render"
	"imscope/render/report"
	"imscope/render/words"
)

// head is the data of the first part.
type head struct {
	Title, Sub string
	Policy     string
	Style      template.HTML
	Made       report.Made
	Jump       []link
	Leads      []lead
	MoreLeads  string
	Tiles      []tile
	Captures   []captureRow
	More       string // captures that are not in the table
	Counts     string
	Rules      []ruleRow // errors and warnings
	Minor      []ruleRow // infos
	MinorNote  string
	Users      *userTable // nil for one user
	UsersNote  string
	SearchNote string // what is searched of whom
}

type link struct{ Name, Link string }

type tile struct {
	Number string
	Words  []word
}

type captureRow struct {
	Name, Format, Packets, First, Last, Span string
	Warnings                                 []string
}

type ruleRow struct {
	Severity                          word
	Times, Users, Title, Rule, Clause string
	Actor                             string
}

// head makes the first part.
func (p *page) head(several bool) *head {
	s, f := sheet(), script()
	h := &head{Title: p.title(), Policy: policy(s, f), Style: element("style", s), Made: p.made}
	h.Captures, h.Sub = p.captures()
	h.More = p.moreCaptures()
	p.counts(h)
	p.leads(h, several)
	for _, c := range words.ByRule(p.plan.Findings) {
		row := ruleRow{Severity: words.Severity(c.First.Severity), Times: render.Number(c.N), Users: render.Number(c.Users),
			Title: cut(c.First.Title), Rule: cut(c.First.Rule), Clause: cut(c.First.Clause), Actor: cut(string(c.First.Actor))}
		if c.First.Severity > problem.Info {
			h.Rules = append(h.Rules, row)
		} else {
			h.Minor = append(h.Minor, row)
		}
	}
	h.MinorNote = count(len(h.Minor), "rule") + " of severity info"
	if several {
		h.Users = &userTable{Caption: "Users told in detail below, the most interesting first"}
		for i, u := range p.plan.Detailed {
			r := p.row(new(report.RowOf(u.User, u.Findings)))
			r.Link = "#" + anchor(i)
			h.Users.Rows = append(h.Users.Rows, r)
		}
		h.UsersNote = count(len(p.plan.Detailed), "user") + " of " + render.Number(p.plan.Len()) + " in detail"
		if len(p.plan.Rows) > 0 {
			h.UsersNote += ", the others as one row each"
			h.SearchNote = "finds identities; of users in detail also contacts, devices and findings"
		}
		h.UsersNote += "."
	} else if len(p.plan.Detailed) == 1 {
		h.Jump = append(h.Jump, link{"The user", "#" + anchor(0)})
		u := p.plan.Detailed[0]
		if list, _ := failures(u); len(list) > 0 {
			h.Jump = append(h.Jump, link{"Failed registration", "#" + anchor(0) + "-r" + strconv.Itoa(len(list))})
		}
		list, _ := u.Verdicts(maxLeads)
		for _, i := range numbers(list) {
			h.Jump = append(h.Jump, link{u.DeregistrationName(i), "#" + anchor(0) + "-d" + strconv.Itoa(i+1)})
		}
	}
	return h
}

// numbers gives those of the de-registrations that verdicts are on, in order of time.
func numbers(list []report.Verdict) []int {
	var out []int
	for _, v := range list {
		if v.Deregistration != nil {
			out = append(out, v.Number)
		}
	}
	slices.Sort(out)
	return out
}

func anchor(i int) string { return "u" + strconv.Itoa(i+1) }

// title is what the page is called.
func (p *page) title() string {
	if p.opt.Title != "" {
		return cut(p.opt.Title)
	}
	return p.plan.Title(cut)
}

// captures makes the table of what was read.
func (p *page) captures() ([]captureRow, string) {
	var out []captureRow
	var packets uint64
	for i := range p.plan.Captures {
		f := &p.plan.Captures[i]
		packets += f.Packets
		if i >= maxCaptures {
			continue
		}
		r := captureRow{Name: cut(words.CaptureName(f.Path)), Format: cut(f.Format), Packets: render.Number(f.Packets)}
		if f.Compression != "" {
			r.Format += ", " + cut(f.Compression)
		}
		if f.HasTime {
			r.First, r.Last, r.Span = render.Stamp(f.FirstTime), render.Stamp(f.LastTime), render.Duration(f.LastTime-f.FirstTime)
		}
		r.Warnings = words.CaptureWarnings(f, cut)
		out = append(out, r)
	}
	sub := count(len(p.plan.Captures), "capture") + ", " + render.Count(packets, "packet")
	if p.plan.Start != 0 {
		sub += ", " + render.Stamp(p.plan.Start) + " UTC, " + render.Duration(p.plan.End-p.plan.Start)
	}
	return out, sub + ", " + words.OfUsers(p.plan.Report)
}

// moreCaptures says how many captures a table has no room for.
func (p *page) moreCaptures() string {
	if n := len(p.plan.Captures) - maxCaptures; n > 0 {
		return "… " + count(n, "more file") + "."
	}
	return ""
}

// counts makes the tiles and the line below them.
func (p *page) counts(h *head) {
	s := &p.plan.Stats
	h.Tiles = []tile{{render.Number(s.Users), plain(noun(s.Users, "user in the capture", "users in the capture"))}}
	here, within := "", "" // what is of the report, and what of the capture, where they differ
	if n := p.plan.Len(); n != s.Users {
		h.Tiles = append(h.Tiles, tile{render.Number(n), plain("of them in this report")})
		here, within = " in this report", "In the capture: "
	}
	total, by := words.Ended(&s.Deregistrations)
	label := noun(total, "de-registration", "de-registrations") + here
	if len(by) > 0 {
		label += ": "
	}
	h.Tiles = append(h.Tiles, tile{render.Number(total), append(plain(label), by...)})
	var list []*finding.Finding
	for i := range p.plan.Findings {
		list = append(list, &p.plan.Findings[i])
	}
	label = noun(len(list), "finding", "findings") + here
	if len(list) > 0 {
		label += ": "
	}
	h.Tiles = append(h.Tiles, tile{render.Number(len(list)), append(plain(label), words.Findings(list)...)})

	sip := render.Count(s.SIPMessages, "SIP message")
	if s.Messages > 0 && s.Messages < s.SIPMessages {
		sip += " on all hops (" + render.Number(s.Messages) + " end to end)"
	}
	parts := []string{sip}
	for _, c := range []struct {
		n    uint64
		noun string
	}{{s.ReginfoDocuments, "reginfo document"}, {s.DiameterMessages, "Diameter message"}, {s.Retransmissions, "retransmission"},
		{s.Duplicates, "message captured twice|messages captured more than once"}} {
		if c.n > 0 {
			parts = append(parts, render.Count(c.n, c.noun))
		}
	}
	h.Counts = within + strings.Join(parts, ", ") + "."
}

func noun(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// leads makes the verdicts at the top. Of many users each kind of case is there once: six phones that were
// switched off say no more than one.
func (p *page) leads(h *head, several bool) {
	if !several {
		for i, u := range p.plan.Detailed {
			h.Leads, h.MoreLeads = p.userLeads(i, u)
		}
		return
	}
	each := len(p.plan.Detailed) > maxLeads
	kinds := map[string]bool{}
	for i, u := range p.plan.Detailed {
		kind := words.Kind(u.User, u.Findings)
		if each && kinds[kind] {
			continue
		}
		kinds[kind] = true
		if len(h.Leads) == maxLeads {
			continue
		}
		l := p.lead(i, u.Foremost(), told(u))
		l.User, l.Link = cut(u.ID), "#"+anchor(i)
		h.Leads = append(h.Leads, l)
	}
	if each {
		h.MoreLeads = words.Examples(len(h.Leads), len(kinds)) + "; " + count(p.plan.Len(), "user") + " below."
	}
}
