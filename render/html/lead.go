package html

import (
	"strconv"
	"strings"

	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/report"
	"imscope/render/style"
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
	for j, d := range u.Deregistrations {
		if j >= maxDeregs {
			break
		}
		out = append(out, lead{Class: leadClass(d), Chips: chips(d), When: clock(d.Started, p.day), Verdict: sentence(u.Nodes.In(d.Verdict), d),
			Link: "#" + anchor(i) + "-d" + strconv.Itoa(j+1)})
	}
	if len(out) > 0 {
		return out
	}
	list := u.Registrations()
	if n := len(list); n > 0 && list[n-1].Outcome != story.Succeeded {
		r := list[n-1]
		text := "The last REGISTER did not succeed."
		if r.Explanation != "" {
			text = "The last registration did not succeed: " + u.Nodes.In(r.Explanation) + "."
		}
		return []lead{{Class: "failed", Chips: []word{words.RegistrationKind(r), words.RegistrationOutcome(r)}, When: clock(r.Started, p.day), Verdict: cut(text), Link: "#" + anchor(i)}}
	}
	bound := words.Contacts(u.Bindings)
	if n := words.Active(bound); n > 0 {
		return []lead{{Class: "user", Chips: []word{{Role: style.Good, Text: "registered"}}, Link: "#" + anchor(i),
			Verdict: "Registered with " + count(n, "contact") + " when the capture ends; no de-registration in it."}}
	}
	return []lead{{Chips: []word{{Role: style.Faint, Text: "nothing to tell"}}, Link: "#" + anchor(i),
		Verdict: "The capture shows neither a registration nor a de-registration of this user."}}
}

// sentence ends a verdict.
func sentence(s string, d *story.Deregistration) string {
	if s == "" {
		s = d.Cause
	}
	s = cut(s)
	if s != "" && !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "…") {
		s += "."
	}
	return s
}

func leadClass(d *story.Deregistration) string {
	switch {
	case !d.Successful():
		return "failed"
	case d.Initiator == story.ByNetwork:
		return "network"
	case d.Initiator == story.ByExpiry:
		return "expiry"
	}
	return "user"
}

func chips(d *story.Deregistration) []word {
	l := []word{words.Initiator(d.Initiator), words.Outcome(d)}
	return cutAll(l)
}

func deregName(u *story.User, i int) string {
	if len(u.Deregistrations) == 1 {
		return "De-registration"
	}
	return "De-registration " + render.Number(i+1)
}
