package text

import (
	"slices"
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
	if d.Before >= 0 && d.Before != d.Version {
		l = append(l, say(style.Faint, version(d.Before)+" → "))
	}
	l = append(l, say(style.Heading, version(d.Version)))
	switch d.State {
	case reginfo.StateFull:
		l = append(l, plain(" full"))
	case reginfo.StatePartial:
		l = append(l, plain(" partial"))
	default:
		l = append(l, say(style.Warn, " full or partial unknown"))
	}
	return l
}

// docFlags words what is odd about a document as a whole.
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
	flag(len(d.Problems) > 0, "damaged")
	return l
}

// damage writes what was wrong with a document's text, each kind once.
func (p *page) damage(indent int, d *story.Document) {
	var kinds []string
	times := map[string]int{}
	for _, s := range d.Problems {
		if times[s]++; times[s] == 1 {
			kinds = append(kinds, s)
		}
	}
	var l line
	for _, k := range kinds {
		if len(l) > 0 {
			l = append(l, say(style.Faint, "; "))
		}
		if times[k] > 1 {
			k += " " + render.Number(times[k]) + "×"
		}
		l = append(l, say(style.Warn, k))
	}
	if len(l) > 0 {
		p.wrapped(indent, indent+2, l)
	}
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

// noContact stands where a registration changed without a contact being listed.
const noContact = "(no contact listed)"

func changeRow(c *story.Change, unmentioned bool) diffRow {
	r := diffRow{id: c.ContactID, contact: c.Contact, what: c.To}
	if r.contact == "" {
		r.contact = noContact
	}
	switch {
	case c.From != "" && c.To == "":
		r.what = c.From + " → gone"
	case c.From != "" && c.From != c.To:
		r.what = c.From + " → " + c.To
	}
	var details []string
	// A note that the event changed says it already.
	if c.Event != "" && c.Event != "unknown" && !strings.HasSuffix(c.Note, " → "+c.Event) {
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
		r.role, r.mark = style.Unchanged, unmentionedMark
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
	if s < 60 {
		return render.Number(s) + " s"
	}
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
		g.rows = withoutEcho(g.rows, g.state)
		if n := len(out); n > 0 && g.same(out[n-1]) {
			out[n-1].aors = append(out[n-1].aors, g.aors...)
			continue
		}
		out = append(out, g)
	}
	return out
}

// withoutEcho drops the line that says of the registration itself what its contacts and its state say.
func withoutEcho(rows []diffRow, state string) []diffRow {
	if len(rows) < 2 || state == "" {
		return rows
	}
	return slices.DeleteFunc(rows, func(r diffRow) bool { return r.contact == noContact })
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

// diff writes what a document says, identity by identity. In brief it leaves out what the document does
// not mention and only counts it.
func (p *page) diff(indent int, d *story.Document, all, brief bool) {
	groups := groups(d)
	if brief {
		groups = changed(groups)
	}
	if len(groups) == 0 && len(d.Unmentioned) == 0 {
		p.line(indent, say(style.Faint, "no registration in it"))
	}
	var aor, id, contact, what, total int
	for _, g := range groups {
		for _, a := range g.aors {
			aor = max(aor, line{plain(a)}.width())
		}
		for _, r := range g.rows {
			total++
			id = max(id, line{plain(r.id)}.width())
			contact = max(contact, line{plain(r.contact)}.width())
			what = max(what, line{plain(r.what)}.width())
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
			l := line{say(r.role, r.mark), plain(" ")}
			if id > 0 {
				l = l.add(line{say(r.role, r.id)}.cut(id).pad(id)...).add(plain("  "))
			}
			l = l.add(line{say(r.role, r.contact)}.cut(contact)...).pad(states - inner + 2).
				add(say(r.role, r.what))
			detail := line{say(style.Faint, r.detail)}
			switch at := max(l.width(), states-inner+2+what) + 2; {
			case r.detail == "":
				p.line(indent+inner, l...)
			case indent+inner+at+detail.width() <= p.width:
				p.line(indent+inner, l.pad(at).add(detail...)...)
			default:
				p.line(indent+inner, l...)
				p.wrapped(indent+inner+4, indent+inner+4, detail)
			}
		}
	}
	if total > shown {
		p.line(indent, say(style.Faint, "… "+render.Number(total-shown)+" more (--all)"))
	}
	if brief && len(d.Unmentioned) > 0 {
		p.line(indent, say(style.Faint, "not mentioned: "+render.Count(len(d.Unmentioned), "active contact")))
	}
}

// changed leaves out what was not mentioned, and identities of which nothing else is left to say.
func changed(groups []*diffGroup) []*diffGroup {
	var out []*diffGroup
	for _, g := range groups {
		g.rows = slices.DeleteFunc(g.rows, func(r diffRow) bool { return r.mark == unmentionedMark })
		if len(g.rows) > 0 || g.before != g.state {
			out = append(out, g)
		}
	}
	return out
}

// unmentionedMark is the mark of a contact that a partial document does not speak of.
const unmentionedMark = "·"

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
