package report

import (
	"cmp"
	"slices"
	"strings"

	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/style"
	"imscope/render/words"
)

// Verdict is what a report says of a user first. Its texts are those of the wire, unescaped.
type Verdict struct {
	Deregistration *story.Deregistration // on this one
	Number         int                   // of it among the user's, from 0
	Registration   *story.Registration   // else on the last registration, which did not succeed
	Active         int                   // without both: the contacts that are bound in the end

	Started  int64        // ns; 0 where it is on no moment
	Brief    []words.Word // one piece or two
	Sentence string
}

// Verdicts gives at most so many on a user, and words what is left of the de-registrations. There is always one on how it
// ended: the last de-registration, the last registration if it failed. Where all fit they are in order of time, else the
// most interesting ones stand first. Of a user without either there is the one on what is registered.
func (u *User) Verdicts(most int) (list []Verdict, rest string) {
	failed := u.failure()
	if failed != nil {
		most--
	}
	told := words.TellBriefly(u.Deregistrations, u.Findings, most)
	for _, i := range told.Order {
		list = append(list, u.Verdict(i))
	}
	switch {
	case failed != nil:
		at := 0
		for told.Rest == "" && at < len(list) && list[at].Started <= failed.Started {
			at++
		}
		list = slices.Insert(list, at, u.failed(failed))
	case len(list) == 0:
		list = append(list, u.registered())
	}
	return list, told.Rest
}

// Foremost gives the verdict that stands for the user among others.
func (u *User) Foremost() Verdict {
	if r := u.failure(); r != nil && (r.Outcome != story.Open || len(u.Deregistrations) == 0) {
		return u.failed(r)
	}
	if len(u.Deregistrations) > 0 {
		return u.Verdict(words.Weightiest(u.Deregistrations))
	}
	return u.registered()
}

// Verdict gives the one on the user's de-registration number i, counted from 0.
func (u *User) Verdict(i int) Verdict {
	d := u.Deregistrations[i]
	return Verdict{Deregistration: d, Number: i, Started: d.Started, Brief: []words.Word{words.Initiator(d.Initiator), words.Outcome(d)},
		Sentence: stop(u.Nodes.In(cmp.Or(d.Verdict, d.Cause)))}
}

// failure gives the last registration if it did not succeed and no de-registration tells of it; nil if there is none.
func (u *User) failure() *story.Registration {
	list := u.Registrations()
	if len(list) == 0 {
		return nil
	}
	r := list[len(list)-1]
	if r.Outcome == story.Succeeded || len(u.Deregistrations) > 0 && r.Kind == story.RegistrationRemoval {
		return nil
	}
	return r
}

// failed gives the verdict on a last registration that did not succeed.
func (u *User) failed(r *story.Registration) Verdict {
	sentence := "The last registration did not succeed"
	if r.Outcome == story.Open {
		sentence = "The last registration is still open"
	}
	if r.Explanation != "" {
		sentence += ": " + u.Nodes.In(r.Explanation)
	}
	if n := u.active(); n > 0 {
		sentence += "; " + render.Count(n, "contact is|contacts are") + " still bound from before"
	}
	kind := words.RegistrationKind(r)
	if r.Kind == story.RegistrationInitial {
		kind.Text = strings.Replace(kind.Text, "initial", "initial registration", 1)
	}
	return Verdict{Registration: r, Started: r.Started, Brief: []words.Word{kind, words.RegistrationOutcome(r)}, Sentence: stop(sentence)}
}

// registered gives the verdict on a user to whom nothing happened.
func (u *User) registered() Verdict {
	if n := u.active(); n > 0 {
		return Verdict{Active: n, Brief: []words.Word{{Role: style.Good, Text: "registered"}},
			Sentence: "Registered with " + render.Count(n, "contact") + " when the capture ends; no de-registration in it."}
	}
	return Verdict{Brief: []words.Word{{Role: style.Faint, Text: "nothing to tell"}},
		Sentence: "The capture shows neither a registration nor a de-registration of this user."}
}

// active counts the contacts that are bound in the end.
func (u *User) active() int { return words.Active(words.Contacts(u.Bindings)) }

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
