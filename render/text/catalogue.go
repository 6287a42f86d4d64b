package text

import (
	"io"

	"imscope/correlate/finding"
	"imscope/decode/problem"
	"imscope/render"
	"imscope/render/style"
)

// Rules writes the catalogue of findings as a table.
func Rules(w io.Writer, opt render.Options, rules []*finding.Rule) error {
	p := newPage(w, opt.Style, opt.Columns())
	tab := &table{columns: []column{{head: "severity"}, {head: "code", min: 20}, {head: "acts", spare: 2}, {head: "clause", min: 16, spare: 1}, {head: "what is wrong", min: 24, wrap: true}}}
	for _, r := range rules {
		tab.row(line{severity(r.Severity)}, line{say(style.Heading, r.Code)}, line{plain(string(r.Actor))}, line{say(style.Faint, r.Clause)}, line{plain(r.Title)})
	}
	p.table(0, tab)
	return p.flush()
}

// Rule writes all that is known of one rule.
func Rule(w io.Writer, opt render.Options, r *finding.Rule) error {
	const labels = len("severity") + 2
	p := newPage(w, opt.Style, opt.Columns())
	p.wrapped(0, 2, line{say(style.Heading, r.Code), plain("  "), plain(r.Title)})
	p.labelled(2, labels, "severity", line{severity(r.Severity)})
	text := func(label, s string) {
		if s != "" {
			p.labelled(2, labels, label, line{plain(s)})
		}
	}
	text("clause", r.Clause)
	text("acts", string(r.Actor))
	text("seen", r.Seen)
	text("means", r.Means)
	text("next", r.Next)
	text("example", r.Example)
	return p.flush()
}

// Problems writes the catalogue of problems of the wire as a table.
func Problems(w io.Writer, opt render.Options, codes []*problem.Code) error {
	p := newPage(w, opt.Style, opt.Columns())
	tab := &table{columns: []column{{head: "severity"}, {head: "code", min: 20}, {head: "clause", min: 16, spare: 1}, {head: "what is wrong", min: 24, wrap: true}}}
	for _, c := range codes {
		tab.row(line{severity(c.Severity)}, line{say(style.Heading, c.ID)}, line{say(style.Faint, c.Clause)}, line{plain(c.Title)})
	}
	p.table(0, tab)
	return p.flush()
}
