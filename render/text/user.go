package text

import (
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/style"
	"imscope/render/words"
)

// teller tells one user.
type teller struct {
	page     *page
	all      bool
	user     *story.User
	findings []*finding.Finding
	nodes    *nodes
	day      int64                      // the day that need not be said
	telling  words.Telling              // the de-registrations that are told
	shown    map[*story.Document]string // documents told already, and where
}

// limit is n, or less unless everything is asked for.
func (t *teller) limit(n, most int) int {
	if t.all {
		return n
	}
	return min(n, most)
}

// tell writes everything about the user.
func (t *teller) tell() {
	t.shown = map[*story.Document]string{}
	t.nodes = nodesOf(t.user)
	t.head()
	t.bindings()
	list := t.user.Deregistrations
	t.telling = words.Tell(list, t.findings, t.limit(len(list), maxDeregs))
	for _, i := range t.telling.InTime() {
		t.deregistration(i, list[i])
	}
	if t.telling.Rest != "" {
		t.page.gap()
		t.page.line(0, say(style.Faint, "… "+t.telling.Rest+" (--all)"))
	}
	t.beliefs()
	if len(t.findings) > 0 {
		t.page.heading(0, "Findings")
		t.page.findings(2, t.findings, t.limit(len(t.findings), maxFindings))
	}
	t.registrations()
	t.subscriptions()
	t.timeline()
}

// Limits of what is told of one user unless everything is asked for.
const (
	maxDeregs   = 10
	maxFindings = 15
)

// head writes who the user is.
func (t *teller) head() {
	const labels = len("private") + 2
	p, u := t.page, t.user
	p.gap()
	id := line{say(style.Faint, "━━ "), say(style.Identity, u.ID), plain(" ")}.cut(p.width)
	for w := id.width(); w < p.width; w++ {
		id = append(id, say(style.Faint, "━"))
	}
	p.put(0, id)
	var also []string
	for _, s := range u.PublicIdentities {
		if s != u.ID {
			also = append(also, s)
		}
	}
	p.labelled(2, labels, "also", names(style.Plain, also, t.all))
	p.labelled(2, labels, "private", names(style.Plain, u.PrivateIdentities, t.all))
	devices := names(style.Plain, u.Instances, t.all)
	if agents := names(style.Faint, u.UserAgents, t.all); len(agents) > 0 {
		if len(devices) > 0 {
			devices = append(devices, plain("  "))
		}
		devices = append(devices, agents...)
	}
	p.labelled(2, labels, "device", devices)
	p.labelled(2, labels, "nodes", t.nodes.line())
	if u.Truncated > 0 {
		p.labelled(2, labels, "", line{say(style.Warn, render.Count(u.Truncated, "message")+" of this user went beyond the limits and were forgotten")})
	}
}

// deregNumber is the number of a de-registration, "" if there is none.
func (t *teller) deregNumber(d *story.Deregistration) string {
	for i, o := range t.user.Deregistrations {
		if o == d {
			return render.Number(i + 1)
		}
	}
	return ""
}

// deregName says where a de-registration is told.
func (t *teller) deregName(d *story.Deregistration) string {
	if n := t.deregNumber(d); n != "" && len(t.user.Deregistrations) > 1 {
		return "de-registration " + n
	}
	return "de-registration"
}
