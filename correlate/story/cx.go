package story

import (
	"strings"

	"imscope/correlate/fact"
	"imscope/decode/diameter"
)

// answerName turns UAR into UAA.
func answerName(request string) string {
	switch request {
	case "UAR":
		return "UAA"
	case "SAR":
		return "SAA"
	case "MAR":
		return "MAA"
	case "LIR":
		return "LIA"
	case "RTR":
		return "RTA"
	case "PPR":
		return "PPA"
	}
	return strings.TrimSuffix(request, "R") + "A"
}

func (t *Teller) cxRequestSummary(c *fact.Cx) string {
	what := ""
	switch c.Name {
	case "UAR":
		if c.AuthorizationType != fact.Absent {
			what = diameter.UserAuthorizationTypeName(c.AuthorizationType)
		}
	case "SAR":
		if c.AssignmentType != fact.Absent {
			what = diameter.ServerAssignmentTypeName(c.AssignmentType)
		}
	case "MAR":
		if c.Resync {
			what = "with AUTS"
		}
	case "RTR":
		switch {
		case c.ReasonCode == fact.Absent:
		case c.ReasonCode > diameter.ReasonRemoveSCSCF: // without a name
			what = t.words("reason ", t.number(int64(c.ReasonCode)))
		default:
			what = diameter.ReasonCodeName(c.ReasonCode)
		}
	}
	whom := ""
	switch n := len(c.Public); {
	case n == 1:
		whom = c.Public[0].Raw
	case n > 1 && c.Name == "RTR" && c.UserName != "" && len(t.private.list) > 1: // another one may have registered them as well
		whom = t.words("for ", t.number(int64(n)), " identities of ", c.UserName)
	case n > 1:
		whom = t.words("for ", t.number(int64(n)), " identities")
	case c.UserName != "":
		whom = c.UserName
	}
	b := append(t.text[:0], c.Name...)
	if what != "" {
		b = append(append(b, ' '), what...)
	}
	if whom != "" {
		b = append(append(b, ' '), whom...)
	}
	t.text = b
	return t.phrases.of(b)
}

func (t *Teller) cxAnswerSummary(c *fact.Cx) string {
	b := append(append(t.text[:0], answerName(c.Name)...), ' ')
	b = diameter.AppendResult(b, c.Result, c.Experimental)
	if c.ServerName != "" && (c.Name == "UAR" || c.Name == "LIR") {
		b = append(append(b, ", "...), c.ServerName...)
	}
	t.text = b
	return t.phrases.of(b)
}

// resultText spells the result of an answer.
func resultText(c *fact.Cx) string {
	return string(diameter.AppendResult(nil, c.Result, c.Experimental))
}

func (t *wording) result(c *fact.Cx) string {
	t.text = diameter.AppendResult(t.text[:0], c.Result, c.Experimental)
	return t.phrases.of(t.text)
}
