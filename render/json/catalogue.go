package json

import (
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

// AppendRules appends the catalogue of findings, and of problems of the wire where there are any, as an
// array with one entry a line.
func AppendRules(dst []byte, rules []*finding.Rule, codes []*problem.Code) []byte {
	e := &encoder{b: append(dst, '[')}
	entry := func(code string, s problem.Severity, title, clause, actor string) {
		e.line()
		e.string(`{"code":`, code)
		e.string(`,"severity":`, s.String())
		e.string(`,"title":`, title)
		e.text(`,"clause":`, clause)
		e.text(`,"actor":`, actor)
	}
	for _, r := range rules {
		entry(r.Code, r.Severity, r.Title, r.Clause, string(r.Actor))
		e.text(`,"seen":`, r.Seen)
		e.text(`,"means":`, r.Means)
		e.text(`,"next":`, r.Next)
		e.text(`,"example":`, r.Example)
		e.raw(`}`)
	}
	for _, c := range codes {
		entry(c.ID, c.Severity, c.Title, c.Clause, "")
		e.raw(`}`)
	}
	e.raw("\n]\n")
	return e.b
}
