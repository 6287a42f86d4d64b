package text

import (
	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/style"
	"imscope/render/words"
)

// Limits of what is told of subscriptions unless everything is asked for.
const (
	maxSubscriptions = 12
	maxDocuments     = 8 // of one subscription
)

// subscriptions writes who watches the registration and what each document told them, apart from
// what a de-registration has told already.
func (t *teller) subscriptions() {
	subs := t.user.Subscriptions
	if len(subs) == 0 {
		return
	}
	p := t.page
	p.heading(0, "Subscriptions to reg")
	same := map[string]string{}
	shown := t.limit(len(subs), maxSubscriptions)
	for i, s := range subs[:shown] {
		if i > 0 {
			p.gap()
		}
		t.subscription(s, same)
	}
	if n := len(subs) - shown; n > 0 {
		p.line(2, say(style.Faint, "… "+render.Number(n)+" more (--all)"))
	}
}

func (t *teller) subscription(s *story.Subscription, same map[string]string) {
	p := t.page
	name := t.nodes.Of(s)
	l := line{say(style.Node, name)}
	if s.WatcherURI != "" && s.WatcherURI != name {
		l = l.add(say(style.Faint, " "+s.WatcherURI))
	}
	l = l.add(plain("  "), state(s.State))
	if s.Reason != "" {
		l = l.add(say(style.Faint, " ("+s.Reason+")"))
	}
	l = l.add(plain("  "), frame(s.FirstFrame), plain(" "))
	if s.MidDialog {
		l = l.add(say(style.Faint, "began before the capture"))
	} else {
		l = l.add(say(style.Faint, "from "+render.When(s.Started, t.day)))
	}
	switch {
	case s.Ended != 0:
		l = l.add(say(style.Faint, " to "+render.When(s.Ended, t.day)))
	case s.Expires != 0:
		l = l.add(say(style.Faint, ", runs out "+render.When(s.Expires, t.day)))
	}
	switch {
	case s.Unread > 0:
		l = l.add(plain("  "), say(style.Warn, render.Count(s.Unread, "document")+" not readable"))
	case len(s.Documents) == 0:
		l = l.add(plain("  "), say(style.Faint, "no document"))
	}
	p.wrapped(2, 6, l)

	skipped := 0
	for i, d := range s.Documents {
		// The first one and the latest are what matters.
		if !t.all && len(s.Documents) > maxDocuments && i > 0 && i <= len(s.Documents)-maxDocuments {
			skipped++
			continue
		}
		if skipped > 0 {
			p.line(4, say(style.Faint, "… "+render.Count(skipped, "document")+" (--all)"))
			skipped = 0
		}
		t.document(s, d, same)
	}
}

// document writes one document of a subscription, or where it is told already.
func (t *teller) document(s *story.Subscription, d *story.Document, same map[string]string) {
	p := t.page
	head := docTitle(d).add(plain("  "), frame(d.Frame), plain("  "), say(style.Faint, render.When(d.Time, t.day)), plain("  "), status(d.Answer)).add(docFlags(d)...)
	if where := t.shown[d]; where != "" {
		p.wrapped(4, 6, head.add(plain("  "), say(style.Faint, "see "+where)))
		return
	}
	sig := words.Signature(d)
	if as := same[sig]; as != "" {
		p.wrapped(4, 6, head.add(plain("  "), say(style.Faint, "says the same as "+as)))
		return
	}
	same[sig] = words.Version(d.Version) + " to " + t.nodes.Of(s) + " " + frame(d.Frame).text
	if d.First {
		head = head.add(plain("  "), say(style.Faint, "first document"))
	}
	p.wrapped(4, 6, head)
	p.damage(6, d)
	if d.Duplicate || d.Stale {
		return
	}
	p.diff(6, d, t.all, !t.all)
}
