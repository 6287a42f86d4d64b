package json

import (
	"cmp"
	"io"
	"slices"
	"sync"

	"imscope/correlate"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/capture"
	"imscope/render"
)

// Lines writes a report as objects, one a line: user by user what happened in order of frames, then
// the findings, last the statistics.
type Lines struct{ opt render.Options }

// NewLines makes a Lines renderer.
func NewLines(opt render.Options) *Lines { return &Lines{opt: opt} }

// Render writes the report.
func (l *Lines) Render(w io.Writer, rep *correlate.Report) error {
	// As with Renderer, users are told and encoded on all cores, by encoders that are used again.
	free := sync.Pool{New: func() any { return &encoder{b: make([]byte, 0, blockBytes)} }}
	for some := range correlate.Gather(rep, func() *encoder { return free.Get().(*encoder) }, func(e *encoder, _ int, u *story.User) { e.lines(u) }) {
		if _, err := w.Write(some.b); err != nil {
			return err
		}
		some.b = some.b[:0]
		free.Put(some)
	}
	e := &encoder{}
	for i := range rep.Findings {
		e.findingLine(&rep.Findings[i], false)
	}
	e.statsLine(l.opt.Version, rep.Captures, &rep.Stats)
	_, err := w.Write(e.b)
	return err
}

// lines writes all lines of a user.
func (e *encoder) lines(u *story.User) {
	e.steps = appendSteps(e.steps[:0], u)
	for _, s := range e.steps {
		switch {
		case s.event != nil:
			e.eventLine(u.ID, s.event)
		case s.doc != nil:
			e.documentLine(u.ID, s.sub, s.doc)
		default:
			e.deregistrationLine(u.ID, s.dereg, false)
		}
	}
	clear(e.steps) // the story need not stay
}

// step is one line of a user; exactly one of event, doc and dereg is set.
type step struct {
	frame uint32 // at which it is complete
	event *story.Event
	sub   *story.Subscription
	doc   *story.Document
	dereg *story.Deregistration
}

// appendSteps puts all that happened to a user into one order: by the frame that completes it, an
// event before the document it carried before the de-registration that the document completed.
func appendSteps(steps []step, u *story.User) []step {
	for i := range u.Timeline {
		e := &u.Timeline[i]
		steps = append(steps, step{frame: e.Frame, event: e})
	}
	for _, s := range u.Subscriptions {
		for _, d := range s.Documents {
			steps = append(steps, step{frame: d.Frame, sub: s, doc: d})
		}
	}
	for _, d := range u.Deregistrations {
		last := d.TriggerFrame
		for _, f := range d.Frames {
			last = max(last, f)
		}
		steps = append(steps, step{frame: last, dereg: d})
	}
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(a.frame, b.frame) })
	return steps
}

// begin opens a line's object, up to the comma before the members of what it tells.
func (e *encoder) begin(kind, user string) {
	e.string(`{"type":`, kind)
	if user != "" {
		e.string(`,"user":`, user)
	}
	e.raw(`,`)
}

// finish ends a line.
func (e *encoder) finish() { e.raw("}\n") }

func (e *encoder) eventLine(user string, v *story.Event) {
	e.begin("event", user)
	e.event(v)
	e.finish()
}

func (e *encoder) documentLine(user string, s *story.Subscription, d *story.Document) {
	e.begin("document", user)
	e.string(`"watcher":`, string(s.Watcher))
	e.text(`,"watcher_uri":`, s.WatcherURI)
	e.string(`,"call_id":`, s.CallID)
	e.raw(`,`)
	e.document(d)
	e.finish()
}

// deregistrationLine writes the line of a de-registration; update says that there was one before.
func (e *encoder) deregistrationLine(user string, d *story.Deregistration, update bool) {
	e.begin("deregistration", user)
	e.update(update)
	e.deregistration(d)
	e.finish()
}

// findingLine writes the line of a finding; update says that there was one before.
func (e *encoder) findingLine(f *finding.Finding, update bool) {
	e.begin("finding", "")
	e.update(update)
	e.finding(f)
	e.finish()
}

func (e *encoder) update(yes bool) {
	if yes {
		e.raw(`"update":true,`)
	}
}

func (e *encoder) statsLine(version string, files []capture.FileInfo, s *correlate.Stats) {
	e.begin("stats", "")
	e.string(`"schema":`, Schema)
	e.tool(`,"tool":`, version)
	list(e, `,"captures":`, files, (*encoder).capture)
	e.raw(`,`)
	e.stats(s)
	e.finish()
}
