package text

import (
	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/style"
	"imscope/render/words"
)

// maxDisagreements is how many disagreements are told unless everything is asked for.
const maxDisagreements = 8

// beliefs writes where the parties disagreed about what is registered, or that they did not.
func (t *teller) beliefs() {
	b := t.user.Beliefs()
	p := t.page
	if len(b.Disagreements) == 0 {
		if who := words.Agreement(&b, t.nodes.Nodes); len(who) > 0 {
			p.gap()
			p.wrapped(0, 2, line{say(style.Heading, "All parties agree"), plain("  "), say(style.Faint, "on what is registered at every moment, apart from the time that messages take: ")}.add(list(style.Faint, who)...))
		}
		return
	}
	p.heading(0, "Disagreements about what is registered")
	shown := t.limit(len(b.Disagreements), maxDisagreements)
	for i := range b.Disagreements[:shown] {
		if i > 0 {
			p.gap()
		}
		t.disagreement(&b.Disagreements[i])
	}
	if n := len(b.Disagreements) - shown; n > 0 {
		p.line(2, say(style.Faint, "… "+render.Number(n)+" more (--all)"))
	}
	if b.Untold > 0 || b.Dropped > 0 {
		p.line(2, say(style.Warn, "beyond the limits: "+render.Count(b.Untold, "disagreement")+", "+render.Count(b.Dropped, "earlier contact")))
	}
}

func (t *teller) disagreement(d *story.Disagreement) {
	const labels = len(story.BeliefNot) + 2
	p := t.page
	l := line{say(style.Warn, words.Span(d, t.day))}
	if d.Frame != 0 {
		l = l.add(say(style.Faint, ", from "), frame(d.Frame), say(style.Faint, " on"))
	}
	l = l.add(plain("  "))
	if d.Contact != "" {
		l = l.add(plain(d.Contact), plain("  "))
	}
	if len(d.AORs) > 1 && len(d.AORs) == len(t.user.PublicIdentities) {
		l = l.add(say(style.Faint, "all "+render.Number(len(d.AORs))+" identities"))
	} else {
		l = l.add(names(style.Faint, d.AORs, t.all)...)
	}
	p.wrapped(2, 6, l)
	for _, c := range words.Camps(d) {
		label := told(words.Belief(c.State))
		for _, v := range c.Views {
			l := line{label}.pad(labels).add(say(style.Node, t.nodes.Name(v.Party)), say(style.Faint, " since "+render.When(v.Since, t.day)))
			if v.Frame != 0 {
				l = l.add(plain(" "), frame(v.Frame))
			}
			p.wrapped(4, 4+labels+2, l.add(plain(": "+t.nodes.In(v.Why))))
			label = plain("")
		}
	}
}
