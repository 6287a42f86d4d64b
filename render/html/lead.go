package html

import (
	"strconv"

	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/report"
	"imscope/render/words"
)

type lead struct {
	User, Class, When, Verdict, Link string
	Chips                            []word
}

// short sums the user up beside the name.
func (v *userView) short() []word {
	l := cutAll(words.Deregistrations(v.user.User))
	if f := words.Findings(v.user.Findings); len(f) > 0 {
		if len(l) > 0 {
			l = append(l, word{Text: " · "})
		}
		l = append(l, f...)
	}
	return l
}

// userLeads gives the verdicts on a user.
func (p *page) userLeads(i int, u *report.User) []lead {
	var out []lead
	for j, v := range u.Verdicts() {
		l := lead{Class: leadClass(v), Chips: cutAll(v.Brief), When: clock(v.Started, p.day), Verdict: cut(v.Sentence), Link: "#" + anchor(i)}
		if v.Deregistration != nil && j < maxDeregs {
			l.Link += "-d" + strconv.Itoa(j+1)
		}
		out = append(out, l)
	}
	return out
}

// shorten leaves as many verdicts as are read, and says how many more there are.
func shorten(list []lead) (shown []lead, more string) {
	if n := len(list) - maxLeads; n > 0 {
		return list[:maxLeads], "… and " + render.Number(n) + " more below."
	}
	return list, ""
}

func leadClass(v report.Verdict) string {
	d := v.Deregistration
	switch {
	case v.Registration != nil, d != nil && !d.Successful():
		return "failed"
	case d == nil && v.Active == 0:
		return ""
	case d != nil && d.Initiator == story.ByNetwork:
		return "network"
	case d != nil && d.Initiator == story.ByExpiry:
		return "expiry"
	}
	return "user"
}
