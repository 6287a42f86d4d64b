package story

import (
	"fmt"
	"strings"

	"imscope/correlate/fact"
	"imscope/decode/diameter"
)

// answerName turns UAR into UAA.
func answerName(request string) string { return strings.TrimSuffix(request, "R") + "A" }

func cxRequestSummary(c *fact.Cx) string {
	var b strings.Builder
	b.WriteString(c.Name)
	switch c.Name {
	case "UAR":
		if c.AuthorizationType != fact.Absent {
			b.WriteString(" " + diameter.UserAuthorizationTypeName(c.AuthorizationType))
		}
	case "SAR":
		if c.AssignmentType != fact.Absent {
			b.WriteString(" " + diameter.ServerAssignmentTypeName(c.AssignmentType))
		}
	case "MAR":
		if c.Resync {
			b.WriteString(" with AUTS")
		}
	case "RTR":
		if n, ok := reasonNames[c.ReasonCode]; ok {
			b.WriteString(" " + n)
		} else if c.ReasonCode != fact.Absent {
			fmt.Fprintf(&b, " reason %d", c.ReasonCode)
		}
	}
	switch n := len(c.Public); {
	case n == 1:
		b.WriteString(" " + c.Public[0].Raw)
	case n > 1:
		fmt.Fprintf(&b, " for %d identities", n)
	case c.UserName != "":
		b.WriteString(" " + c.UserName)
	}
	return b.String()
}

func cxAnswerSummary(c *fact.Cx) string {
	s := answerName(c.Name) + " " + resultText(c)
	if c.ServerName != "" && (c.Name == "UAR" || c.Name == "LIR") {
		s += ", " + c.ServerName
	}
	return s
}

// resultText spells the result of an answer.
func resultText(c *fact.Cx) string {
	switch {
	case c.Experimental != fact.Absent:
		return fmt.Sprintf("%d %s", c.Experimental, diameter.ExperimentalResultName(c.Experimental))
	case c.Result != fact.Absent:
		return fmt.Sprintf("%d %s", c.Result, diameter.ResultCodeName(c.Result))
	}
	return "without a result"
}
