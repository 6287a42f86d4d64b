package html

import (
	"strconv"

	"imscope/correlate/story"
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

// userLeads gives the verdicts on the i-th user told in detail, as many as are read, and says what more there is.
func (p *page) userLeads(i int, u *report.User) (out []lead, more string) {
	list, rest := u.Verdicts(maxLeads)
	told := told(u)
	for _, v := range list {
		out = append(out, p.lead(i, v, told))
	}
	if rest != "" {
		more = "… " + rest + "."
	}
	return out, more
}

// lead shows a verdict on the i-th user told in detail.
func (p *page) lead(i int, v report.Verdict, told words.Telling) lead {
	l := lead{Class: leadClass(v), Chips: cutAll(v.Brief), When: clock(v.Started, p.day), Verdict: cut(v.Sentence), Link: "#" + anchor(i)}
	switch list, _ := failures(p.plan.Detailed[i]); {
	case v.Deregistration != nil && told.Tells(v.Number):
		l.Link += "-d" + strconv.Itoa(v.Number+1)
	case len(list) > 0 && list[len(list)-1] == v.Registration:
		l.Link += "-r" + strconv.Itoa(len(list))
	}
	return l
}

// told picks the de-registrations of a user that are told in detail.
func told(u *report.User) words.Telling {
	return words.Tell(u.Deregistrations, u.Findings, maxDeregs)
}

func leadClass(v report.Verdict) string {
	d := v.Deregistration
	switch {
	case v.Registration != nil && v.Registration.Outcome == story.Open:
		return "expiry"
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
