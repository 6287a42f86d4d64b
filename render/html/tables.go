package html

import (
	"html/template"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/report"
	"imscope/render/style"
	"imscope/render/words"
)

type contactRow struct {
	Contact, Instance, Event, Since, Until string
	State                                  []word
	By, ByName                             string
	AORs                                   []string
}

type registrationRow struct {
	At, Contact, Rounds, Interval, Took string
	Frame                               frameRef
	Kind, Outcome, Slowest, Next        []word
	Notes                               []registrationNote
}

type registrationNote struct {
	Frame frameRef
	Words []word
}

// contacts makes the table of contacts.
func (v *userView) contacts() {
	all := words.Contacts(v.user.Bindings)
	list := words.TellContacts(all, maxContacts)
	if n := len(all) - len(list); n > 0 {
		v.MoreContacts = "… " + count(n, "more contact") + "."
	}
	for _, c := range list {
		r := contactRow{Contact: cut(c.Contact), Instance: cut(c.Instance), Event: cut(c.Event), Since: render.When(c.Registered, v.page.day),
			State: say(style.Good, "active"), Until: render.When(c.Expires, v.page.day)}
		if c.Registered == 0 {
			r.Since = "earlier"
		}
		if !c.Active {
			r.State, r.Until = say(style.Removed, "ended"), render.When(c.Ended, v.page.day)
			if j := slices.Index(v.user.Deregistrations, c.EndedBy); v.telling.Tells(j) {
				r.By, r.ByName = "#"+v.ID+"-d"+strconv.Itoa(j+1), "by "+strings.ToLower(v.user.DeregistrationName(j))
			}
		} else if c.Expires == 0 {
			r.Until = "unknown"
		}
		switch {
		case len(c.AORs) > 1 && len(c.AORs) == len(v.user.PublicIdentities):
			r.AORs = []string{"all " + render.Number(len(c.AORs))}
		default:
			for j, a := range c.AORs {
				if j == maxList {
					r.AORs = append(r.AORs, "… "+render.Number(len(c.AORs)-j)+" more")
					break
				}
				r.AORs = append(r.AORs, cut(a))
			}
		}
		v.Contacts = append(v.Contacts, r)
	}
}

// registrations makes the table of registrations: all, or the failed and the latest ones.
func (v *userView) registrations() {
	all := v.user.Registrations()
	list := words.TellRegistrations(all, maxRegistrations)
	if n := len(all) - len(list); n > 0 {
		v.MoreRegistrations = "… " + count(n, "more registration") + "."
	}
	for _, r := range list {
		row := registrationRow{At: clock(r.Started, v.page.day), Frame: v.frame(r.Rounds[0].Frame), Kind: []word{words.RegistrationKind(r)},
			Contact: cut(strings.Join(r.Contacts, ", ")), Rounds: render.Number(len(r.Rounds)), Outcome: cutAll([]word{words.RegistrationOutcome(r)}),
			Interval: words.Interval(r), Next: []word{words.Next(r, v.page.day)}}
		if r.Status != 0 {
			row.Took = render.Duration(r.Ended - r.Started)
		}
		if d, ok := words.Slowest(r); ok {
			row.Slowest = cutAll(words.Delay(d, v.nodes))
		}
		for _, n := range words.Notes(r, v.nodes, false) {
			row.Notes = append(row.Notes, registrationNote{v.frame(n.Frame), cutAll(n.Words)})
		}
		v.Registrations = append(v.Registrations, row)
	}
}

// failureView is a registration that did not succeed.
type failureView struct {
	ID, Name, When, Text string
	Chips                []word
	Ladder               []template.HTML
	Full                 string // why there is no drawing
	Filter               string
}

// failures makes the views of the latest registrations that did not succeed. Those that were to remove
// bindings are told as de-registrations.
func (v *userView) failures() {
	list, earlier := failures(v.user)
	if earlier > 0 {
		v.MoreFailures = "… " + count(earlier, "earlier registration") + " that did not succeed."
	}
	for i, r := range list {
		f := failureView{ID: v.ID + "-r" + strconv.Itoa(i+1), Name: "Registration that did not succeed", When: clock(r.Started, v.page.day),
			Chips: cutAll([]word{words.RegistrationKind(r), words.RegistrationOutcome(r)}), Filter: filter(r.Frames)}
		if r.Explanation != "" {
			f.Text = cut(upper(v.nodes.In(r.Explanation)) + ".")
		}
		frames := map[uint32]bool{}
		for _, n := range r.Frames {
			frames[n] = true
		}
		var steps []story.Event
		for j := range v.user.Timeline {
			if e := v.user.Timeline[j]; frames[e.Frame] {
				steps = append(steps, e)
			}
		}
		if len(steps) > 0 {
			l := v.ladder(cut(v.user.ID)+": registration at "+f.When, steps, r.Started)
			if f.Ladder = v.page.drawn(l.Parts(ladderPart)); f.Ladder == nil {
				f.Full = full
			}
		}
		v.Failures = append(v.Failures, f)
	}
}

// failures gives the latest registrations of a user that did not succeed, and counts those before them.
func failures(u *report.User) (list []*story.Registration, earlier int) {
	for _, r := range u.Registrations() {
		if r.Outcome != story.Succeeded && r.Kind != story.RegistrationRemoval && r.Kind != story.RegistrationUnknown {
			list = append(list, r)
		}
	}
	earlier = max(0, len(list)-maxFailures)
	return list[earlier:], earlier
}

// drawn makes drawings part of the page; nil where there is no room for them.
func (p *page) drawn(parts [][]byte) []template.HTML {
	size := 0
	for _, b := range parts {
		size += len(b)
	}
	if size > p.room {
		return nil
	}
	p.room -= size
	out := make([]template.HTML, len(parts))
	for i, b := range parts {
		out[i] = template.HTML(b) //nolint:gosec // package svg escapes
	}
	return out
}

// upper begins a sentence.
func upper(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || r == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
