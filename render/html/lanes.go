package html

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"imscope/correlate/story"
	"imscope/render/svg"
	"imscope/render/words"
)

type legendRow struct {
	Swatch template.HTML
	Text   string
}

type disagreementView struct {
	Class, Text, Detail string
	Frames              frameList
}

// lanes draws what each party believed.
func (v *userView) lanes() {
	b := v.user.Beliefs()
	l, ok := svg.LanesOf(v.user.User, &b, v.nodes, svg.Links{
		Frame: func(f uint32) string { return v.first[f] },
		Deregistration: func(i int) string {
			if !v.telling.Tells(i) {
				return ""
			}
			return "#" + v.ID + "-d" + strconv.Itoa(i+1)
		},
	})
	if !ok {
		return
	}
	drawing := v.page.drawn([][]byte{l.Append(nil)})
	if drawing == nil {
		v.Full = "What each party believed. " + full
		return
	}
	v.Lanes = drawing[0]
	rows := 0
	for _, g := range l.Groups {
		rows += len(g.Lanes) + 1
	}
	v.LanesTall = rows > 24
	for _, s := range []struct {
		belief svg.Belief
		text   string
	}{{svg.Bound, "registered"}, {svg.Unbound, "not registered"}, {svg.Unknown, "does not know any more"}} {
		v.Legend = append(v.Legend, legendRow{template.HTML(svg.Swatch(s.belief)), s.text}) //nolint:gosec // our own
	}
	if len(b.Disagreements) > 0 {
		v.Legend = append(v.Legend, legendRow{template.HTML(svg.Swatch("wrong")), "parties disagree"}) //nolint:gosec // our own
	}
	if who := words.Agreement(&b, v.nodes); len(b.Disagreements) == 0 && len(who) > 0 {
		v.Agreement = cut(words.Agreed + strings.Join(who, ", ") + ".")
	}
	for i := range b.Disagreements {
		if i == maxDisagreements {
			v.MoreDisagreements = "… " + count(len(b.Disagreements)-i, "more disagreement") + "."
			break
		}
		v.Disagreements = append(v.Disagreements, v.disagreement(&b.Disagreements[i]))
	}
}

// disagreement words a time in which parties believed different things.
func (v *userView) disagreement(d *story.Disagreement) disagreementView {
	var yes, no, why []string
	var shown []uint32
	if d.Frame != 0 {
		shown = append(shown, d.Frame)
	}
	for _, c := range words.Camps(d) {
		for _, w := range c.Views {
			name := v.nodes.Name(w.Party)
			if c.State == story.BeliefRegistered {
				yes = append(yes, name)
			} else {
				no = append(no, name)
			}
			why = append(why, strings.TrimSpace(name+": "+w.State+" since "+clock(w.Since, v.page.day)+", "+v.nodes.In(w.Why)+" "+words.Frame(w.Frame)))
			if w.Frame != 0 && !slices.Contains(shown, w.Frame) {
				shown = append(shown, w.Frame)
			}
		}
	}
	what := "the user"
	if d.Contact != "" {
		what = d.Contact
	}
	return disagreementView{Class: "warning", Frames: v.frames(shown), Detail: cut(strings.Join(why, "; ")),
		Text: cut(words.Span(d, v.page.day) + ": " + strings.Join(yes, ", ") + " " + noun(len(yes), "takes ", "take ") + what + " for registered, " +
			strings.Join(no, ", ") + " " + noun(len(no), "does", "do") + " not.")}
}
