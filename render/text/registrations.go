package text

import (
	"imscope/render"
	"imscope/render/style"
	"imscope/render/words"
)

// Limits of what is told of registrations unless everything is asked for.
const (
	maxRegistrations = 15
	maxNotes         = 20
)

// registrations writes how each try to register, refresh or de-register went, and below the table
// what is not as usual about it.
func (t *teller) registrations() {
	all := t.user.Registrations()
	if len(all) == 0 {
		return
	}
	tab := &table{columns: []column{
		{head: "time"}, {head: "frame", right: true}, {head: "from", min: 6, spare: 3}, {head: "what"}, {head: "answer", min: 12},
		{head: "rounds", right: true, spare: 5}, {head: "took", right: true}, {head: "slowest", spare: 4},
		{head: "asked → granted", right: true, spare: 2}, {head: "then", min: 16, wrap: true, spare: 1},
	}}
	p := t.page
	list := words.TellRegistrations(all, t.limit(len(all), maxRegistrations))
	var notes []words.Note
	for _, r := range list {
		took := ""
		if r.Status != 0 && r.Rounds[0].Exchange.Request.Seen() {
			took = render.Duration(r.Ended - r.Started)
		}
		var slowest line
		if d, ok := words.Slowest(r); ok {
			d.HSS = 0 // the notes tell
			slowest = sentence(words.Delay(d, t.nodes.Nodes))
		}
		tab.row(line{say(style.Faint, render.When(r.Started, t.day))}, line{frame(r.Rounds[0].Frame)}, line{say(style.Node, t.nodes.Name(r.Origin))},
			line{told(words.RegistrationKind(r))}, line{told(words.RegistrationOutcome(r))}, line{plain(render.Number(len(r.Rounds)))},
			line{plain(took)}, slowest, line{plain(words.Interval(r))}, line{told(words.Next(r, t.day))})
		notes = append(notes, words.Notes(r, t.nodes.Nodes, t.all)...)
	}
	p.heading(0, "Registrations")
	p.table(2, tab)
	if n := len(all) - len(list); n > 0 {
		p.line(2, say(style.Faint, "… "+render.Number(n)+" more (--all)"))
	}
	t.notes(notes)
}

// notes writes what is not as usual, a line for each.
func (t *teller) notes(notes []words.Note) {
	p := t.page
	width := 0
	for _, n := range notes {
		width = max(width, len(words.Frame(n.Frame)))
	}
	for i, n := range notes {
		if i == maxNotes && !t.all {
			p.line(2, say(style.Faint, "… "+render.Number(len(notes)-i)+" more (--all)"))
			return
		}
		l := line{}.pad(width-len(words.Frame(n.Frame))).add(frame(n.Frame), plain("  "))
		if n.Round > 0 {
			l = l.add(say(style.Label, "round "+render.Number(n.Round)+"  "))
		}
		p.wrapped(2, 2+width+2, l.add(sentence(n.Words)...))
	}
}
