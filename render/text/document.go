package text

import (
	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/style"
	"imscope/render/words"
)

// maxChanges is how many lines of a document's diff are shown unless everything is asked for.
const maxChanges = 40

// docTitle words what a document is: "v2 → v3 partial".
func docTitle(d *story.Document) line { return sentence(words.Title(d)) }

// docFlags words what is odd about a document as a whole.
func docFlags(d *story.Document) line {
	var l line
	for _, f := range words.Flags(d) {
		l = append(l, plain("  "), say(style.Warn, f))
	}
	return l
}

// damage writes what was wrong with a document's text, each kind once.
func (p *page) damage(indent int, d *story.Document) {
	var l line
	for _, k := range words.Damage(d) {
		if len(l) > 0 {
			l = append(l, say(style.Faint, "; "))
		}
		l = append(l, say(style.Warn, k))
	}
	if len(l) > 0 {
		p.wrapped(indent, indent+2, l)
	}
}

// diff writes what a document says, identity by identity. In brief it leaves out what the document does
// not mention and only counts it.
func (p *page) diff(indent int, d *story.Document, all, brief bool) {
	groups := words.Groups(d)
	if brief {
		groups = words.Changed(groups)
	}
	if len(groups) == 0 && len(d.Unmentioned) == 0 {
		p.line(indent, say(style.Faint, "no registration in it"))
	}
	var aor, id, contact, what, total int
	for _, g := range groups {
		for _, a := range g.AORs {
			aor = max(aor, line{plain(a)}.width())
		}
		for _, r := range g.Rows {
			total++
			id = max(id, line{plain(r.ID)}.width())
			contact = max(contact, line{plain(r.Contact)}.width())
			what = max(what, line{plain(r.What)}.width())
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
		for i, a := range g.AORs {
			l := line{plain(a)}
			if i == 0 {
				if l.width() > states {
					l = l.add(plain("  "))
				} else {
					l = l.pad(states + 2)
				}
				l = l.add(sentence(g.Verdict())...)
			}
			p.line(indent, l...)
		}
		for _, r := range g.Rows {
			if shown == maxChanges && !all {
				continue
			}
			shown++
			l := line{say(r.Role, r.Mark), plain(" ")}
			if id > 0 {
				l = l.add(line{say(r.Role, r.ID)}.cut(id).pad(id)...).add(plain("  "))
			}
			l = l.add(line{say(r.Role, r.Contact)}.cut(contact)...).pad(states - inner + 2).
				add(say(r.Role, r.What))
			detail := line{say(style.Faint, r.Detail)}
			switch at := max(l.width(), states-inner+2+what) + 2; {
			case r.Detail == "":
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
