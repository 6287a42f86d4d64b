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
	buf := make([]byte, 0, flushAt+flushAt/4)
	var steps []step
	for u := range rep.Users() {
		steps = appendSteps(steps[:0], u)
		for _, s := range steps {
			switch {
			case s.event != nil:
				buf = AppendEvent(buf, u.ID, s.event)
			case s.doc != nil:
				buf = AppendDocument(buf, u.ID, s.sub, s.doc)
			default:
				buf = AppendDeregistration(buf, u.ID, s.dereg)
			}
			if len(buf) >= flushAt {
				if _, err := w.Write(buf); err != nil {
					return err
				}
				buf = buf[:0]
			}
		}
	}
	for i := range rep.Findings {
		buf = AppendFinding(buf, &rep.Findings[i])
	}
	buf = AppendStats(buf, l.opt.Version, rep.Captures, &rep.Stats)
	_, err := w.Write(buf)
	return err
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

// idle are encoders between two lines.
var idle = sync.Pool{New: func() any { return new(encoder) }}

// appendLine appends the object of one line, with the members that follow its type and user.
func appendLine(dst []byte, kind, user string, members func(*encoder)) []byte {
	e := idle.Get().(*encoder)
	e.b = dst
	e.string(`{"type":`, kind)
	if user != "" {
		e.string(`,"user":`, user)
	}
	e.raw(`,`)
	members(e)
	e.raw("}\n")
	dst, e.b = e.b, nil
	idle.Put(e)
	return dst
}

// AppendEvent appends the line of one event of a user's timeline.
func AppendEvent(dst []byte, user string, v *story.Event) []byte {
	return appendLine(dst, "event", user, func(e *encoder) { e.event(v) })
}

// AppendDocument appends the line of one reginfo document, with what tells its subscription.
func AppendDocument(dst []byte, user string, s *story.Subscription, d *story.Document) []byte {
	return appendLine(dst, "document", user, func(e *encoder) {
		e.string(`"watcher":`, string(s.Watcher))
		e.text(`,"watcher_uri":`, s.WatcherURI)
		e.string(`,"call_id":`, s.CallID)
		e.raw(`,`)
		e.document(d)
	})
}

// AppendDeregistration appends the line of one de-registration.
func AppendDeregistration(dst []byte, user string, d *story.Deregistration) []byte {
	return appendLine(dst, "deregistration", user, func(e *encoder) { e.deregistration(d) })
}

// AppendFinding appends the line of one finding.
func AppendFinding(dst []byte, f *finding.Finding) []byte {
	return appendLine(dst, "finding", "", func(e *encoder) { e.finding(f) })
}

// AppendStats appends the last line: what was read and counted.
func AppendStats(dst []byte, version string, files []capture.FileInfo, s *correlate.Stats) []byte {
	return appendLine(dst, "stats", "", func(e *encoder) {
		e.string(`"schema":`, Schema)
		e.tool(`,"tool":`, version)
		list(e, `,"captures":`, files, (*encoder).capture)
		e.raw(`,`)
		e.stats(s)
	})
}
