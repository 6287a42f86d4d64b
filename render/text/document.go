package text

import (
	"strconv"
	"strings"
	"time"

	"imscope/correlate/story"
	"imscope/decode/reginfo"
	"imscope/render"
	"imscope/render/style"
)

// maxChanges is how many lines of a document's diff are shown unless everything is asked for.
const maxChanges = 40

// version spells the version of a reginfo document.
func version(v int64) string {
	if v < 0 {
		return "without version"
	}
	return "v" + strconv.FormatInt(v, 10)
}

// docTitle words what a document is: "v2 → v3 partial".
func docTitle(d *story.Document) line {
	var l line
	if d.Before >= 0 {
		l = append(l, say(style.Faint, version(d.Before)+" → "))
	}
	l = append(l, say(style.Heading, version(d.Version)))
	switch d.State {
	case reginfo.StateFull:
		l = append(l, plain(" full"))
	case reginfo.StatePartial:
		l = append(l, plain(" partial"))
	default:
		l = append(l, say(style.Warn, " neither full nor partial"))
	}
	return l
}

// docFlags words what is odd about a document.
func docFlags(d *story.Document) line {
	var l line
	flag := func(on bool, text string) {
		if on {
			l = append(l, plain("  "), say(style.Warn, text))
		}
	}
	flag(d.Gap, "version gap")
	flag(d.Stale, "older than the one before: not applied")
	flag(d.Duplicate, "same as the one before")
	for _, p := range d.Problems {
		flag(true, p)
	}
	return l
}

// watcherOf names the watcher of a subscription.
func watcherOf(s *story.Subscription) string {
	if s == nil {
		return "watcher"
	}
	return watcherName(s.Watcher, s.WatcherNode, s.WatcherURI)
}

// watcherName prefers the node, which tells two phones apart, then the role, then the address.
func watcherName(w story.Watcher, node, uri string) string {
	switch {
	case node != "" && node != "?":
		return node
	case w != story.WatcherUnknown && w.Label() != "watcher":
		return w.Label()
	case uri != "":
		return uri
	}
	return "unknown watcher"
}

// diffRow is one contact of a diff.
type diffRow struct {
	role         style.Role
	mark         string
	id, contact  string
	what, detail string
}

// diffGroup is a number of identities about which a document says the same.
type diffGroup struct {
	aors   []string
	before string
	state  string
	rows   []diffRow
}

func changeRow(c *story.Change, unmentioned bool) diffRow {
	r := diffRow{id: c.ContactID, contact: c.Contact, what: c.To}
	if r.contact == "" {
		r.contact = "(no contact listed)"
	}
	switch {
	case c.From != "" && c.To == "":
		r.what = c.From + " → gone"
	case c.From != "" && c.From != c.To:
		r.what = c.From + " → " + c.To
	}
	var details []string
	if c.Event != "" && c.Event != "unknown" {
		details = append(details, c.Event)
	}
	if c.Expires > 0 && c.To == "active" {
		details = append(details, "expires in "+seconds(c.Expires))
	}
	if c.Retry >= 0 {
		details = append(details, "retry after "+seconds(c.Retry))
	}
	if c.Note != "" {
		details = append(details, c.Note)
	}
	switch {
	case unmentioned:
		r.role, r.mark = style.Unchanged, "·"
		details = []string{"not mentioned"}
	case c.Kind == story.Removed, c.To == "terminated" && c.From != "terminated":
		r.role, r.mark = style.Removed, "−"
	case c.Kind == story.Added:
		r.role, r.mark = style.Added, "+"
	case c.Kind == story.Unchanged:
		r.role, r.mark = style.Unchanged, " "
	default:
		r.role, r.mark = style.Changed, "~"
	}
	r.detail = strings.Join(details, ", ")
	return r
}

// seconds words a number of seconds of the wire, however large.
func seconds(s int64) string {
	if s > int64(100*365*24*time.Hour/time.Second) {
		return render.Number(s) + " s"
	}
	return render.Duration(s * int64(time.Second))
}

// groups puts the lines of a document under their identities; identities about which the same is
// said, as of an implicit registration set, share them.
func groups(d *story.Document) []*diffGroup {
	var all []*diffGroup
	byAOR := map[string]*diffGroup{}
	group := func(aor string) *diffGroup {
		g := byAOR[aor]
		if g == nil {
			g = &diffGroup{aors: []string{aor}}
			byAOR[aor] = g
			all = append(all, g)
		}
		return g
	}
	for _, s := range d.Identities {
		g := group(s.AOR)
		g.before, g.state = s.Before, s.State
	}
	for i := range d.Changes {
		g := group(d.Changes[i].AOR)
		g.rows = append(g.rows, changeRow(&d.Changes[i], false))
	}
	for i := range d.Unmentioned {
		g := group(d.Unmentioned[i].AOR)
		g.rows = append(g.rows, changeRow(&d.Unmentioned[i], true))
	}
	out := all[:0]
	for _, g := range all {
		if n := len(out); n > 0 && g.same(out[n-1]) {
			out[n-1].aors = append(out[n-1].aors, g.aors...)
			continue
		}
		out = append(out, g)
	}
	return out
}

func (g *diffGroup) same(o *diffGroup) bool {
	if g.before != o.before || g.state != o.state || len(g.rows) != len(o.rows) {
		return false
	}
	for i := range g.rows {
		if g.rows[i] != o.rows[i] {
			return false
		}
	}
	return true
}

// verdict words what a document makes of an identity.
func (g *diffGroup) verdict() line {
	switch {
	case g.state == "":
		return nil
	case g.before == "":
		return line{state(g.state)}
	case g.before == g.state:
		return line{say(style.Faint, "stays "), state(g.state)}
	}
	return line{state(g.before), plain(" → "), state(g.state)}
}

// diff writes what a document says, identity by identity.
func (p *page) diff(indent int, d *story.Document, all bool) {
	groups := groups(d)
	if len(groups) == 0 {
		p.line(indent, say(style.Faint, "no registration in it"))
		return
	}
	var aor, id, contact, what, total int
	for _, g := range groups {
		for _, a := range g.aors {
			aor = max(aor, columns(plain(a)))
		}
		for _, r := range g.rows {
			total++
			id = max(id, columns(plain(r.id)))
			contact = max(contact, columns(plain(r.contact)))
			what = max(what, columns(plain(r.what)))
		}
	}
	room := p.width - indent
	id = min(id, 16)
	contact = min(contact, max(room-4-id-4-what-16, 24))
	// Identities and contacts share their columns as far as they can, so that the states stand below
	// each other.
	const inner = 2 // of the contacts, against the identities
	states := max(aor, inner+2+id+2+contact)
	states = min(states, room-30)
	shown := 0
	for _, g := range groups {
		for i, a := range g.aors {
			l := line{plain(a)}
			if i == 0 {
				if l.width() > states {
					l = l.add(plain("  "))
				} else {
					l = l.pad(states + 2)
				}
				l = l.add(g.verdict()...)
			}
			p.line(indent, l...)
		}
		for _, r := range g.rows {
			if shown == maxChanges && !all {
				continue
			}
			shown++
			l := line{say(r.role, r.mark), plain(" ")}.add(line{say(r.role, r.id)}.cut(id).pad(id)...).
				add(plain("  ")).add(line{say(r.role, r.contact)}.cut(contact)...).pad(states - inner + 2).
				add(say(r.role, r.what)).pad(states - inner + 2 + what)
			if r.detail != "" {
				l = l.add(plain("  "), say(style.Faint, r.detail))
			}
			p.wrapped(indent+inner, min(indent+states+2+what+2, p.width-24), l)
		}
	}
	if total > shown {
		p.line(indent, say(style.Faint, "… "+render.Number(total-shown)+" more (--all)"))
	}
}

// signature tells two documents that say the same apart from all others.
func signature(d *story.Document) string {
	var b strings.Builder
	b.WriteByte(byte(d.State))
	for _, g := range groups(d) {
		for _, s := range g.aors {
			b.WriteString(s)
			b.WriteByte(0)
		}
		b.WriteString(g.before + "\x00" + g.state + "\x01")
		for _, r := range g.rows {
			b.WriteString(r.mark + "\x00" + r.id + "\x00" + r.contact + "\x00" + r.what + "\x00" + r.detail + "\x02")
		}
	}
	return b.String()
}
