package json

import (
	"imscope/correlate/finding"
	"imscope/decode/problem"
)

// AppendRules appends the catalogue of findings, and of problems of the wire where there are any, as an
// array with one entry a line.
func AppendRules(dst []byte, rules []*finding.Rule, codes []*problem.Code) []byte {
	e := &encoder{b: dst}
	e.open('[')
	entry := func(code string, s problem.Severity, title, clause, actor string) {
		e.line()
		e.open('{')
		e.key("code")
		e.string(code)
		e.key("severity")
		e.string(s.String())
		e.key("title")
		e.string(title)
		e.key("clause")
		e.text(clause)
		e.key("actor")
		e.text(actor)
	}
	for _, r := range rules {
		entry(r.Code, r.Severity, r.Title, r.Clause, string(r.Actor))
		e.key("seen")
		e.text(r.Seen)
		e.key("means")
		e.text(r.Means)
		e.key("next")
		e.text(r.Next)
		e.key("example")
		e.text(r.Example)
		e.close('}')
	}
	for _, c := range codes {
		entry(c.ID, c.Severity, c.Title, c.Clause, "")
		e.close('}')
	}
	return append(e.b, "\n]\n"...)
}
