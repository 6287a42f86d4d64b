package html

import (
	"strings"

	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/words"
)

type docView struct {
	Title         []word
	To, When, See string
	Frame         frameRef
	State, Answer word
	Flags, Damage []string
	Groups        []groupView
	Empty, More   string
	Also          []alsoView
}

type groupView struct {
	AORs    []string
	Verdict []word
	Rows    []rowView
}

type rowView struct {
	Class, Mark, Word, Contact, ID, What, Detail string
}

type alsoView struct {
	Name, Version string
	Frame         frameRef
}

type subView struct {
	Watcher, URI, When string
	State              []word
	Frame              frameRef
	Open               bool
	Docs               []docView
	More               string
}

// marks words the signs of a diff for those who do not see them.
var marks = map[string]string{"+": "added", "−": "removed", "~": "changed", " ": "unchanged", words.UnmentionedMark: "not mentioned"}

// doc makes the view of a document. In brief it leaves out what a partial document does not mention.
func (v *userView) doc(s *story.Subscription, d *story.Document, when string, brief bool) docView {
	out := docView{Title: words.Title(d), When: when, Frame: v.frame(d.Frame), Flags: words.Flags(d)}
	if s != nil {
		out.To = cut(v.nodes.Of(s))
	}
	if d.SubscriptionState != "" {
		st := words.State(d.SubscriptionState)
		out.State = word{Role: st.Role, Text: cut(st.Text)}
	}
	for _, k := range words.Damage(d) {
		out.Damage = append(out.Damage, cut(k))
	}
	if d.Duplicate || d.Stale {
		return out
	}
	groups := words.Groups(d)
	if brief {
		groups = words.Changed(groups)
		if n := len(d.Unmentioned); n > 0 {
			out.More = "Not mentioned: " + count(n, "active contact") + "."
		}
	}
	shown, total := 0, 0
	for _, g := range groups {
		gv := groupView{Verdict: g.Verdict()}
		for i, a := range g.AORs {
			if i == maxList {
				gv.AORs = append(gv.AORs, "… "+render.Number(len(g.AORs)-i)+" more")
				break
			}
			gv.AORs = append(gv.AORs, cut(a))
		}
		total += len(g.Rows)
		for _, r := range g.Rows {
			if shown == maxChanges {
				break
			}
			shown++
			gv.Rows = append(gv.Rows, rowView{Class: r.Role.Class(), Mark: r.Mark, Word: marks[r.Mark], Contact: cut(r.Contact), ID: cut(r.ID), What: cut(r.What), Detail: cut(r.Detail)})
		}
		if len(out.Groups) < maxChanges {
			out.Groups = append(out.Groups, gv)
		}
	}
	if total > shown {
		out.More = strings.TrimSpace(out.More + " … " + render.Number(total-shown) + " more lines.")
	}
	if len(out.Groups) == 0 && len(d.Unmentioned) == 0 {
		out.Empty = "no registration in it"
	}
	return out
}

// told makes the views of the documents of a de-registration; watchers that were told the same share one.
func (v *userView) told(d *story.Deregistration) []docView {
	var out []docView
	bySignature := map[string]int{}
	for _, r := range d.Documents {
		if r.Document == nil {
			continue
		}
		sig := words.Signature(r.Document)
		if i, ok := bySignature[sig]; ok {
			out[i].Also = append(out[i].Also, alsoView{cut(v.nodes.Of(r.Subscription)), words.Version(r.Document.Version), v.frame(r.Document.Frame)})
			continue
		}
		bySignature[sig] = len(out)
		out = append(out, v.doc(r.Subscription, r.Document, offset(r.Document.Time, d.Started), false))
	}
	return out
}

// subscriptions makes the views of who watches the registration and what each was told.
func (v *userView) subscriptions() {
	inDereg := map[*story.Document]string{}
	for i, d := range v.user.Deregistrations {
		for _, r := range d.Documents {
			if r.Document != nil && v.telling.Tells(i) && inDereg[r.Document] == "" {
				inDereg[r.Document] = "see " + strings.ToLower(v.user.DeregistrationName(i))
			}
		}
	}
	same := map[string]string{}
	subs := v.user.Subscriptions
	for i, s := range subs {
		if i == maxSubs {
			v.MoreSubs = "… " + count(len(subs)-i, "more subscription") + "."
			break
		}
		name := v.nodes.Of(s)
		sv := subView{Watcher: cut(name), State: cutAll([]word{words.State(s.State)}), Frame: v.frame(s.FirstFrame)}
		if s.WatcherURI != name {
			sv.URI = cut(s.WatcherURI)
		}
		if s.Reason != "" {
			sv.State = append(sv.State, word{Text: " (" + cut(s.Reason) + ")"})
		}
		sv.When = "from " + render.When(s.Started, v.page.day)
		if s.MidDialog {
			sv.When = "began before the capture"
		}
		switch {
		case s.Ended != 0:
			sv.When += " to " + render.When(s.Ended, v.page.day)
		case s.Expires != 0:
			sv.When += ", runs out " + render.When(s.Expires, v.page.day)
		}
		sv.When += ", " + count(len(s.Documents), "document")
		for j, d := range s.Documents {
			// The first one and the latest are what matters.
			if len(s.Documents) > maxDocuments && j > 0 && j <= len(s.Documents)-maxDocuments {
				sv.More = "… " + count(len(s.Documents)-maxDocuments, "document") + " left out in the middle."
				continue
			}
			when := render.When(d.Time, v.page.day)
			sig := words.Signature(d)
			see := inDereg[d]
			if see == "" && same[sig] != "" {
				see = "says the same as " + same[sig]
			}
			if see == "" {
				same[sig] = words.Version(d.Version) + " to " + cut(name) + " " + words.Frame(d.Frame)
				dv := v.doc(nil, d, when, true)
				dv.Answer = words.Status(d.Answer)
				if d.First {
					dv.See = "first document"
				}
				sv.Docs = append(sv.Docs, dv)
				continue
			}
			sv.Docs = append(sv.Docs, docView{Title: words.Title(d), When: when, Frame: v.frame(d.Frame), Flags: words.Flags(d), Answer: words.Status(d.Answer), See: see})
		}
		v.Subs = append(v.Subs, sv)
	}
}
