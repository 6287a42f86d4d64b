package html

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/report"
	"imscope/render/style"
	"imscope/render/svg"
	"imscope/render/words"
)

type deregView struct {
	ID, Name, When, Verdict string
	Chips                   []word
	Facts                   []factRow
	Told, NotTold           []toldView
	Evidence                []evidenceView
	MoreEvidence            string
	Ladder                  []template.HTML
	LadderNote              string
	Linked                  bool   // arrows lead to messages
	Full                    string // why there is no drawing
	Findings                []findingView
	Docs                    []docView
	Filter                  string
}

type toldView struct {
	Name, URI string
	LeftOut   string // identities of which it was not told
	Frame     frameRef
	Answer    []word
}

type evidenceView struct {
	Frame frameRef
	What  string
}

// dereg makes the view of a de-registration.
func (v *userView) dereg(i int, d *story.Deregistration) deregView {
	verdict := v.user.Verdict(i)
	out := deregView{ID: v.ID + "-d" + strconv.Itoa(i+1), Name: v.user.DeregistrationName(i), Chips: cutAll(verdict.Brief), When: clock(d.Started, v.page.day),
		Verdict: cut(verdict.Sentence), Findings: v.beside[i]}
	add := func(label string, w []word) {
		if len(w) > 0 {
			out.Facts = append(out.Facts, factRow{label, w})
		}
	}
	add(noun(len(d.Contacts), "contact", "contacts"), list(style.Plain, d.Contacts))
	if d.Cause != "" && !strings.Contains(d.Verdict, d.Cause) {
		add("cause", plain(v.nodes.In(d.Cause)))
	}
	if d.Missing != "" {
		add("missing", say(style.Warn, v.nodes.In(d.Missing)))
	}
	var active, gone []string
	for _, s := range d.Identities {
		switch {
		case s.State == "active":
			active = append(active, s.AOR)
		case s.Before == "active":
			gone = append(gone, s.AOR)
		}
	}
	add("no longer", list(style.Removed, gone))
	add("still reachable", list(style.Good, active))
	if d.Successful() && len(active) == 0 && len(d.Identities) > 0 {
		add("still reachable", say(style.Removed, "nothing: no identity of this user is registered any more"))
	}
	for _, w := range d.Told {
		name := v.nodes.Told(&w)
		t := toldView{Name: cut(name)}
		if w.Frame != 0 {
			t.Frame, t.Answer = v.frame(w.Frame), []word{words.Status(w.Answer)}
			if len(w.LeftOut) > 0 {
				t.LeftOut = cut(strings.Join(w.LeftOut, ", "))
			}
			out.Told = append(out.Told, t)
			continue
		}
		if w.URI != name {
			t.URI = cut(w.URI)
		}
		out.NotTold = append(out.NotTold, t)
	}
	for j, e := range d.Evidence {
		if j == maxEvidence {
			out.MoreEvidence = "… " + render.Number(len(d.Evidence)-j) + " more"
			break
		}
		out.Evidence = append(out.Evidence, evidenceView{v.frame(e.Frame), cut(v.nodes.In(e.What))})
	}
	if len(d.Steps) > 0 {
		l := v.ladder(cut(v.user.ID)+": "+strings.ToLower(out.Name), d.Steps, d.Started)
		if out.Ladder = v.page.drawn(l.Parts(ladderPart)); out.Ladder == nil {
			out.Full = full
		}
		out.LadderNote = "The flow, frame by frame. Cx is dashed; answers have open arrowheads; times since the beginning."
		out.Linked = v.linked(d.Steps)
	}
	out.Docs = v.told(d)
	out.Filter = filter(slices.Concat(d.Frames, frames(d.Steps)))
	return out
}

// linked reports whether any message of the steps is on the page.
func (v *userView) linked(steps []story.Event) bool {
	return slices.ContainsFunc(steps, func(e story.Event) bool {
		return slices.ContainsFunc(e.Hops, func(h story.Hop) bool { return v.anchor[keyOf(&e, &h)] != "" })
	})
}

// ladder makes a ladder of steps with links to messages and findings beside their frames.
func (v *userView) ladder(title string, steps []story.Event, base int64) *svg.Ladder {
	l := &svg.Ladder{Title: title, Steps: steps, Nodes: v.nodes, Base: base, Notes: map[uint32][]svg.Note{}}
	l.Link = func(e *story.Event, h *story.Hop) string {
		if id := v.anchor[keyOf(e, h)]; id != "" {
			return "#" + id
		}
		return ""
	}
	for frame, list := range v.notes {
		for _, n := range list {
			l.Notes[frame] = append(l.Notes[frame], svg.Note{Severity: n.f.Severity, Text: v.nodes.In(n.f.Title), Link: n.link})
		}
	}
	return l
}

// flow draws everything that the capture shows of the user.
func (v *userView) flow() {
	events := v.user.Timeline
	hops := 0
	for i := range events {
		hops += max(len(events[i].Hops), 1)
	}
	if hops == 0 || len(v.user.Deregistrations) == 1 && len(v.user.Deregistrations[0].Steps) == len(events) {
		return
	}
	l := v.ladder(cut(v.user.ID)+": the whole flow", events, 0)
	l.MaxHops = maxFlow
	if v.Ladder = v.page.drawn(l.Parts(ladderPart)); v.Ladder == nil {
		v.Full = "The whole flow. " + full
	}
	v.LadderNote = count(len(events), "message") + " on " + count(hops, "hop")
	v.LadderOpen = len(v.user.Deregistrations) == 0 && len(v.Failures) == 0 && hops <= maxShortFlow
}

type msgView struct {
	ID       string
	Frame    uint32
	When     string
	From, To string
	What     []word
	Link     string // transport and addresses
	Notes    []word
	Lines    []lineView
}

type lineView struct {
	Indent, Name, Value string
	Mark, Remark        bool
}

// messages lists the messages of the user, hop by hop, in the order of frames.
func (v *userView) messages() {
	type hop struct {
		e *story.Event
		h *story.Hop
	}
	var all []hop
	for i := range v.user.Timeline {
		e := &v.user.Timeline[i]
		for j := range e.Hops {
			if h := &e.Hops[j]; h.Frame != 0 && !h.Repeat && !h.Copy {
				all = append(all, hop{e, h})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b hop) int { return int(int64(a.h.Frame) - int64(b.h.Frame)) })
	seen := map[string]bool{}
	texts := 0
	left := 0
	for _, m := range all {
		id := v.anchor[keyOf(m.e, m.h)]
		if id == "" {
			left++
			continue
		}
		if seen[id] {
			continue
		}
		seen[id] = true
		msg := msgView{ID: id, Frame: m.h.Frame, When: clock(m.h.Time, v.page.day), From: cut(v.nodes.Name(m.h.From)), To: cut(v.nodes.Name(m.h.To)),
			What: []word{{Role: words.Look(m.e), Text: cut(words.Brief(m.e.Summary))}}}
		for _, n := range v.notes[m.h.Frame] {
			s := words.Severity(n.f.Severity)
			msg.Notes = append(msg.Notes, word{Role: s.Role, Text: s.Text + ": " + cut(v.nodes.In(n.f.Title))})
		}
		if t := v.page.msgs.Find(m.e, m.h); t != nil {
			msg.Link = t.Src.String() + " → " + t.Dst.String() + ", " + t.Transport
			if n := len(t.Raw) * 3 / 2; n <= v.page.room { // markup included
				v.page.room -= n
				texts++
				msg.Lines = lines(t)
			}
		} else if m.h.Path != "" {
			msg.Link = "in " + cut(m.h.Path)
		}
		v.Messages = append(v.Messages, msg)
	}
	v.MessagesNote = count(len(v.Messages), "message hop")
	if texts < len(v.Messages) {
		v.MessagesNote += ", " + render.Number(texts) + " with text"
	}
	if left > 0 {
		v.MoreMessages = "… " + count(left, "more message hop") + "."
	}
}

// lines makes the view of a message's text.
func lines(m *report.Message) []lineView {
	list := m.Lines()
	out := make([]lineView, 0, len(list))
	for _, l := range list {
		// A message is wrapped by the page and not cut by it: it was cut when it was kept.
		out = append(out, lineView{Indent: strings.Repeat("  ", l.Depth), Name: l.Name, Value: l.Value, Mark: l.Important, Remark: l.Kind == report.Remark})
	}
	return out
}
