package text

import (
	"slices"

	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/style"
	"imscope/render/words"
)

// maxTimeline is how many lines the timeline has unless everything is asked for; half of them are its
// beginning, half its end.
const maxTimeline = 40

// timeline writes what happened in order. The steps of a de-registration, told above, are one line.
func (t *teller) timeline() {
	events := t.user.Timeline
	if len(events) == 0 {
		return
	}
	told := map[uint32]*story.Deregistration{}
	for i, d := range t.user.Deregistrations {
		if !t.telling.Tells(i) {
			continue
		}
		for j := range d.Steps {
			told[d.Steps[j].Frame] = d
		}
	}
	delete(told, 0)
	var steps []step
	mentioned := map[*story.Deregistration]bool{}
	for _, e := range words.Fold(events) {
		d := told[e.Frame]
		if d == nil {
			steps = append(steps, t.nodes.step(e, t.clock(e.Time), e.Time))
			continue
		}
		if mentioned[d] {
			continue
		}
		mentioned[d] = true
		name := t.deregName(d)
		steps = append(steps, step{
			when: line{t.clock(d.Steps[0].Time)}, frame: line{frame(d.Steps[0].Frame)},
			what: line{say(style.Heading, name), plain(" "), initiator(d.Initiator), plain(", "), outcome(d),
				say(style.Faint, ", "+render.Count(len(d.Steps), "message")+" above")},
		})
	}
	p := t.page
	p.heading(0, "Timeline")
	if n := len(steps); n > maxTimeline && !t.all {
		half := maxTimeline / 2
		left := step{what: line{say(style.Faint, "… "+render.Number(n-2*half)+" more (--all)")}}
		steps = slices.Concat(steps[:half], []step{left}, steps[n-half:])
	}
	p.steps(2, steps)
}

// clock words a time of day to the millisecond, with the date if it is another day.
func (t *teller) clock(ns int64) span {
	if ns == 0 {
		return plain("")
	}
	s := render.When(ns, t.day)
	return say(style.Faint, s+render.UTC(ns).Format(".000"))
}
