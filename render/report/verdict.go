package report

import (
	"strings"

	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/style"
	"imscope/render/words"
)

// Verdict is what a report says of a user first. Its texts are those of the wire, unescaped.
type Verdict struct {
	Deregistration *story.Deregistration // on this one
	Registration   *story.Registration   // without any: the last one, which failed
	Active         int                   // without both: the contacts that are bound in the end

	Started  int64        // ns; 0 where it is on no moment
	Brief    []words.Word // one piece or two
	Sentence string
}

// Verdicts gives those on a user's de-registrations, or the one on a user without any.
func (u *User) Verdicts() []Verdict {
	var out []Verdict
	for _, d := range u.Deregistrations {
		out = append(out, u.Verdict(d))
	}
	if len(out) > 0 {
		return out
	}
	list := u.Registrations()
	if n := len(list); n > 0 && list[n-1].Outcome != story.Succeeded {
		r := list[n-1]
		sentence := "The last REGISTER did not succeed."
		if r.Explanation != "" {
			sentence = stop("The last registration did not succeed: " + u.Nodes.In(r.Explanation))
		}
		return []Verdict{{Registration: r, Started: r.Started, Brief: []words.Word{words.RegistrationKind(r), words.RegistrationOutcome(r)}, Sentence: sentence}}
	}
	if n := words.Active(words.Contacts(u.Bindings)); n > 0 {
		return []Verdict{{Active: n, Brief: []words.Word{{Role: style.Good, Text: "registered"}},
			Sentence: "Registered with " + render.Count(n, "contact") + " when the capture ends; no de-registration in it."}}
	}
	return []Verdict{{Brief: []words.Word{{Role: style.Faint, Text: "nothing to tell"}},
		Sentence: "The capture shows neither a registration nor a de-registration of this user."}}
}

// Verdict gives the one on a de-registration of the user.
func (u *User) Verdict(d *story.Deregistration) Verdict {
	s := d.Verdict
	if s == "" {
		s = d.Cause
	}
	return Verdict{Deregistration: d, Started: d.Started, Brief: []words.Word{words.Initiator(d.Initiator), words.Outcome(d)}, Sentence: stop(u.Nodes.In(s))}
}

// stop ends a sentence.
func stop(s string) string {
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "…") {
		return s
	}
	return s + "."
}

// DeregistrationName is how a report calls the user's de-registration number i, counted from 0.
func (u *User) DeregistrationName(i int) string {
	if len(u.Deregistrations) == 1 {
		return "De-registration"
	}
	return "De-registration " + render.Number(i+1)
}
