package text

import (
	"imscope/correlate/finding"
	"imscope/render"
	"imscope/render/style"
	"imscope/render/words"
)

// users writes the table of users.
func (p *page) users(head string, list []words.Ranked, findings map[string][]*finding.Finding, day int64) {
	tab := &table{columns: []column{
		{head: "user", min: 30}, {head: "contacts", spare: 2}, {head: "de-registrations", min: 16}, {head: "findings", spare: 1},
		{head: "first", right: true, spare: 3}, {head: "last seen", spare: 4},
	}}
	for _, r := range list {
		u := r.User
		bound := words.Contacts(u.Bindings)
		active := words.Active(bound)
		l := line{plain(render.Number(active) + " active")}
		if n := len(bound) - active; n > 0 {
			l = l.add(say(style.Faint, ", "+render.Number(n)+" ended"))
		}
		tab.row(line{say(style.Identity, u.ID)}, l, sentence(words.Deregistrations(u)), sentence(words.Findings(findings[u.ID])), line{frame(u.FirstFrame)},
			line{say(style.Faint, render.When(u.LastTime, day))})
	}
	p.heading(0, head)
	p.table(2, tab)
}
