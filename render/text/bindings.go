package text

import (
	"imscope/render"
	"imscope/render/style"
	"imscope/render/words"
)

// maxBindings is how many contacts the table of bindings shows unless everything is asked for.
const maxBindings = 25

// bindings writes which contact is bound to which identities until when.
func (t *teller) bindings() {
	list := words.Contacts(t.user.Bindings)
	if len(list) == 0 {
		return
	}
	tab := &table{columns: []column{
		{head: "contact", min: 30}, {head: "state", min: 6}, {head: "last event", min: 8, spare: 3}, {head: "registered", spare: 2},
		{head: "until", min: 8},
	}}
	several := len(t.user.Deregistrations) > 1
	if several {
		tab.columns = append(tab.columns, column{head: "dereg.", right: true, spare: 4})
	}
	tab.columns = append(tab.columns, column{head: "identities", min: 19, spare: 1})
	shown := words.TellContacts(list, t.limit(len(list), maxBindings))
	for _, c := range shown {
		role := style.Plain
		word, until := say(style.Good, "active"), say(style.Plain, render.When(c.Expires, t.day))
		if !c.Active {
			role = style.Faint
			word, until = say(style.Removed, "ended"), say(style.Plain, render.When(c.Ended, t.day))
		} else if c.Expires == 0 {
			until = say(style.Faint, "unknown")
		}
		since := plain(render.When(c.Registered, t.day))
		if c.Registered == 0 {
			since = say(style.Faint, "earlier")
		}
		var aors []line
		if len(c.AORs) > 1 && len(c.AORs) == len(t.user.PublicIdentities) {
			aors = []line{{say(role, "all "+render.Number(len(c.AORs)))}}
		} else {
			for i, a := range c.AORs {
				if i == maxList && !t.all {
					aors = append(aors, line{say(style.Faint, "… "+render.Number(len(c.AORs)-i)+" more")})
					break
				}
				aors = append(aors, line{say(role, a)})
			}
		}
		cells := []line{{say(role, c.Contact)}, {word}, {say(role, c.Event)}, {since}, {until}}
		if several {
			cells = append(cells, line{say(role, t.deregNumber(c.EndedBy))})
		}
		tab.row(append(cells, aors[0])...)
		for _, a := range aors[1:] {
			tab.row(append(make([]line, len(cells)), a)...)
		}
	}
	t.page.heading(0, "Bindings")
	t.page.table(2, tab)
	if n := len(list) - len(shown); n > 0 {
		t.page.line(2, say(style.Faint, "… "+render.Number(n)+" more (--all)"))
	}
}
