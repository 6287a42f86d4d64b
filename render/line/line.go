package line

import (
	"strings"

	"github.com/clipperhouse/displaywidth"

	"imscope/correlate"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
	"imscope/render"
	"imscope/render/style"
	"imscope/render/words"
)

// Printer makes lines. Columns only grow, since nobody knows what comes.
type Printer struct {
	opt   render.Options
	group bool

	buf  []byte
	used int    // columns of the current line
	full bool   // the current line is cut
	user int    // width of the column of users so far
	day  int64  // of the line before, in days since the epoch
	last string // user of the line before
}

// widestUser bounds the column of users: longer ones push their line to the right.
const widestUser = 36

// New makes a Printer. A width of 0 in opt gives whole lines. With group each user has a line of its own, and what
// happened to the user stands below it.
func New(opt render.Options, group bool) *Printer {
	return &Printer{opt: opt, group: group}
}

// Append appends the lines of an emission: one, with others before it where the day or the user changes.
// A NOTIFY's line is that of its document, which comes behind it.
func (p *Printer) Append(dst []byte, m correlate.Emission) []byte {
	if m.Event != nil && documented(m.User, m.Event) {
		return dst
	}
	p.buf = dst
	at, id := moment(m), ""
	if m.User != nil {
		id = m.User.ID
	}
	p.date(at)
	if p.group && id != p.last {
		p.put(style.Identity, id)
		p.end()
	}
	p.last = id
	if p.group {
		p.put(style.Plain, "  ")
	}
	when := ""
	if at != 0 {
		when = render.UTC(at).Format("15:04:05.000")
	}
	p.put(style.Faint, when)
	p.put(style.Plain, "  ")
	if !p.group {
		p.put(style.Identity, id)
		w := displaywidth.String(render.Escape(id))
		p.user = max(p.user, min(w, widestUser))
		p.put(style.Plain, strings.Repeat(" ", max(p.user-w, 0)+2))
	}
	switch {
	case m.Event != nil:
		p.event(m.Event)
	case m.Document != nil:
		p.document(m.User, m.Subscription, m.Document)
	case m.Deregistration != nil:
		p.deregistration(m.Deregistration, m.Update)
	case m.Finding != nil:
		p.finding(m.Finding, m.Update)
	}
	p.end()
	return p.buf
}

// moment is when an emission happened.
func moment(m correlate.Emission) int64 {
	switch {
	case m.Event != nil:
		return m.Event.Time
	case m.Document != nil:
		return m.Document.Time
	case m.Deregistration != nil:
		return m.Deregistration.Started
	case m.User != nil:
		return m.User.LastTime
	}
	return 0
}

// date writes a line where another day begins.
func (p *Printer) date(at int64) {
	const day = 24 * 60 * 60 * 1e9
	if at == 0 || at/day == p.day {
		return
	}
	p.day = at / day
	p.put(style.Heading, render.UTC(at).Format("2006-01-02"))
	p.put(style.Faint, " UTC")
	p.end()
}

// put writes text, as far as the line has room.
func (p *Printer) put(role style.Role, s string) {
	s = render.Escape(s)
	w := displaywidth.String(s)
	if p.full || p.opt.Width > 0 && p.used >= p.opt.Width {
		return
	}
	if p.opt.Width > 0 && p.used+w > p.opt.Width {
		p.full = true
		s = displaywidth.TruncateString(s, max(p.opt.Width-p.used, 0), "…")
		w = displaywidth.String(s)
	}
	p.buf = p.opt.Style.Append(p.buf, role, s)
	p.used += w
}

func (p *Printer) end() {
	n := len(p.buf)
	for n > 0 && p.buf[n-1] == ' ' {
		n--
	}
	p.buf = append(p.buf[:n], '\n')
	p.used, p.full = 0, false
}

func (p *Printer) words(list ...words.Word) {
	for _, w := range list {
		p.put(w.Role, w.Text)
	}
}

func (p *Printer) event(e *story.Event) {
	role := words.Look(e)
	p.put(role, words.Brief(e.Summary))
	p.ways(e)
	if e.Repeats > 0 {
		p.put(style.Warn, "  repeated "+render.Count(e.Repeats, "time"))
	}
	p.frame(e.Frame)
}

// ways writes the ways that a message took.
func (p *Printer) ways(e *story.Event) {
	for i, w := range words.Ways(words.Exchange{Event: e}) {
		if i > 0 {
			p.put(style.Faint, ",")
		}
		p.put(style.Faint, "  "+strings.Join(w.Nodes, w.Arrow()))
	}
}

func (p *Printer) frame(f uint32) {
	if f != 0 {
		p.put(style.Frame, "  "+words.Frame(f))
	}
}

// documented reports whether an event is a NOTIFY whose document is told as well.
func documented(u *story.User, e *story.Event) bool {
	if e.Kind != story.KindNotify || u == nil {
		return false
	}
	for _, s := range u.Subscriptions {
		for _, d := range s.Documents {
			if d.Exchange == e.Exchange {
				return true
			}
		}
	}
	return false
}

// maxChanges is how many changes of a document a line names.
const maxChanges = 3

func (p *Printer) document(u *story.User, s *story.Subscription, d *story.Document) {
	p.put(style.Plain, "NOTIFY reginfo ")
	if d.Before >= 0 && !d.First {
		p.put(style.Plain, words.Version(d.Before)+" → ")
	}
	p.put(style.Plain, words.Version(d.Version)+" "+d.State.String())
	if d.First {
		p.put(style.Faint, ", first")
	}
	if d.SubscriptionState != "" {
		p.put(style.Plain, ", "+d.SubscriptionState)
	}
	n := 0
	for _, g := range words.Changed(words.Groups(d)) {
		for _, row := range g.Rows {
			if row.Mark == words.UnmentionedMark || row.Mark == " " {
				continue
			}
			if n++; n > maxChanges {
				continue
			}
			p.put(style.Faint, separator(n))
			p.put(row.Role, row.Mark+" "+row.Contact)
			if len(g.AORs) == 1 {
				p.put(style.Faint, " of "+g.AORs[0])
			} else {
				p.put(style.Faint, " of "+render.Count(len(g.AORs), "identity|identities"))
			}
			p.put(row.Role, " "+row.What)
			if row.Detail != "" {
				p.put(style.Faint, " ("+row.Detail+")")
			}
		}
	}
	switch {
	case n > maxChanges:
		p.put(style.Faint, " and "+render.Count(n-maxChanges, "more change"))
	case n == 0:
		p.put(style.Faint, ": nothing changed")
	}
	for _, f := range words.Flags(d) {
		p.put(style.Warn, "  "+f)
	}
	p.way(u, s, d)
	p.frame(d.Frame)
}

// way writes the way of the NOTIFY that brought a document.
func (p *Printer) way(u *story.User, s *story.Subscription, d *story.Document) {
	for i := range u.Timeline {
		if e := &u.Timeline[i]; e.Exchange == d.Exchange && e.Status == 0 {
			p.ways(e)
			return
		}
	}
	watcher := s.WatcherNode
	if watcher == "" {
		watcher = s.Watcher.Label()
	}
	p.put(style.Faint, "  to "+watcher)
}

func separator(n int) string {
	if n == 1 {
		return ": "
	}
	return ", "
}

func (p *Printer) deregistration(d *story.Deregistration, update bool) {
	p.put(style.Heading, "DE-REGISTRATION ")
	p.words(words.Initiator(d.Initiator))
	p.put(style.Plain, ", ")
	p.words(words.Outcome(d))
	p.update(update)
	p.put(style.Plain, ": "+d.Verdict)
	p.frame(d.TriggerFrame)
}

// update marks what was told before.
func (p *Printer) update(yes bool) {
	if yes {
		p.put(style.Faint, " (told before, more is known)")
	}
}

func (p *Printer) finding(f *finding.Finding, update bool) {
	p.words(words.Severity(f.Severity))
	role := style.Plain
	if f.Severity == problem.Error {
		role = style.Bad
	}
	p.put(role, " "+f.Title)
	p.update(update)
	if f.Detail != "" {
		p.put(style.Plain, ": "+f.Detail)
	}
	if len(f.Frames) > 0 {
		p.put(style.Frame, "  "+words.Frames(f.Frames, 4))
	}
	p.put(style.Faint, "  ["+f.Rule+"]")
}
