package svg

import (
	"cmp"
	"strconv"

	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/report"
	"imscope/render/words"
)

// gap lies between two drawings of one file.
const gap = 18.0

// LadderAlone draws the flows of a plan's most interesting user as one file: a ladder for each
// de-registration, of many for the most interesting ones, the whole flow where there is none. title is above it, "" for the verdicts.
func LadderAlone(p *report.Plan, title string) []byte {
	if len(p.Detailed) == 0 {
		return nothing(title)
	}
	u := p.Detailed[0]
	var drawings []*Ladder
	told := words.Tell(u.Deregistrations, u.Findings, maxAlone)
	for _, i := range told.InTime() {
		d := u.Deregistrations[i]
		if len(d.Steps) == 0 {
			continue
		}
		t := u.Nodes.In(cmp.Or(d.Verdict, d.Cause))
		if len(u.Deregistrations) > 1 {
			t = render.Number(i+1) + ". " + t
		}
		drawings = append(drawings, &Ladder{Title: t, Steps: d.Steps, Nodes: u.Nodes, Base: d.Started, Notes: noted(u)})
	}
	if len(drawings) == 0 {
		drawings = append(drawings, &Ladder{Title: u.ID, Steps: u.Timeline, Nodes: u.Nodes, Notes: noted(u)})
	}
	if title != "" {
		drawings[0].Title = title
	}
	if len(drawings) == 1 {
		return drawings[0].Alone()
	}
	return stack(u.ID, drawings)
}

// maxAlone bounds the ladders of one file.
const maxAlone = 20

// noted puts the findings beside their frames.
func noted(u *report.User) map[uint32][]Note {
	notes := map[uint32][]Note{}
	for _, f := range u.Findings {
		for _, frame := range f.Frames {
			notes[frame] = append(notes[frame], Note{Severity: f.Severity, Text: u.Nodes.In(f.Title)})
		}
	}
	return notes
}

// LanesAlone draws what each party believed of a plan's most interesting user as one file.
func LanesAlone(p *report.Plan, title string) []byte {
	if len(p.Detailed) == 0 {
		return nothing(title)
	}
	u := p.Detailed[0]
	b := u.Beliefs()
	l, ok := LanesOf(u.User, &b, u.Nodes, Links{})
	if !ok {
		return nothing(title)
	}
	if title != "" {
		l.Title = title
	}
	return l.Alone()
}

// nothing is the drawing where there is nothing to draw.
func nothing(title string) []byte {
	if title == "" {
		title = "Nothing to draw: the capture shows no such user."
	}
	l := &Ladder{Title: title, Nodes: words.NodesOf(&story.User{})}
	return l.Alone()
}

// stack puts ladders below each other in one file.
func stack(title string, drawings []*Ladder) []byte {
	c := &canvas{}
	width, y := 0.0, 0.0
	for _, l := range drawings {
		p := l.plan()
		b, h := p.body(p.rows, true, true)
		c.raw(`<g transform="translate(0 ` + strconv.FormatFloat(y, 'f', -1, 64) + `)">`)
		c.b = append(c.b, b...)
		c.close("g")
		width, y = max(width, p.width), y+h+gap
	}
	out := &canvas{}
	out.begin("lad", title, width, y, true)
	out.b = append(out.b, c.b...)
	out.close("svg")
	return append(out.b, '\n')
}
