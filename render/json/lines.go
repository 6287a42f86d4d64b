package json

import (
	"cmp"
	"io"
	"slices"

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

// begin opens a line's object.
func begin(dst []byte, kind, user string) encoder {
	e := encoder{b: append(dst, `{"type":"`...)}
	e.b = append(append(e.b, kind...), '"')
	if user != "" {
		e.key("user")
		e.string(user)
	}
	return e
}

// end closes a line's object.
func (e *encoder) end() []byte { return append(e.b, '}', '\n') }

// AppendEvent appends the line of one event of a user's timeline.
func AppendEvent(dst []byte, user string, v *story.Event) []byte {
	e := begin(dst, "event", user)
	e.event(v)
	return e.end()
}

// AppendDocument appends the line of one reginfo document, with what tells its subscription.
func AppendDocument(dst []byte, user string, s *story.Subscription, d *story.Document) []byte {
	e := begin(dst, "document", user)
	e.key("watcher")
	e.string(string(s.Watcher))
	e.key("watcher_uri")
	e.text(s.WatcherURI)
	e.key("call_id")
	e.string(s.CallID)
	e.document(d)
	return e.end()
}

// AppendDeregistration appends the line of one de-registration.
func AppendDeregistration(dst []byte, user string, d *story.Deregistration) []byte {
	e := begin(dst, "deregistration", user)
	e.deregistration(d)
	return e.end()
}

// AppendFinding appends the line of one finding.
func AppendFinding(dst []byte, f *finding.Finding) []byte {
	e := begin(dst, "finding", "")
	e.finding(f)
	return e.end()
}

// AppendStats appends the last line: what was read and counted.
func AppendStats(dst []byte, version string, files []capture.FileInfo, s *correlate.Stats) []byte {
	e := begin(dst, "stats", "")
	e.key("schema")
	e.string(Schema)
	e.key("tool")
	e.tool(version)
	e.key("captures")
	e.open('[')
	for i := range files {
		e.capture(&files[i])
	}
	e.close(']')
	e.stats(s)
	return e.end()
}
