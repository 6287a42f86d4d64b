package cli

import (
	"imscope/cmd/internal/filter"
	"imscope/cmd/internal/who"
	"imscope/correlate"
	"imscope/render"
	"imscope/render/formats"
	"imscope/render/json"
	"imscope/render/line"
)

// lines are what is printed of a run that tells things as they become known.
type lines struct {
	queries []who.Query
	search  *search
	only    *filter.Filter
	format  string // text and ndjson print lines, others none
	printer *line.Printer
	count   uint64
}

// begin says what text is to look like: whole lines for who can scroll sideways, and by user if grouped.
func (l *lines) begin(look render.Options, whole, grouped bool) {
	if whole {
		look.Width = 0
	}
	l.search = newSearch(l.queries)
	l.printer = line.New(look, grouped)
}

// append adds the lines of an emission, if it was asked for.
func (l *lines) append(dst []byte, m *correlate.Emission) []byte {
	if !l.wanted(m) {
		return dst
	}
	l.count++
	switch l.format {
	case formats.Text:
		return l.printer.Append(dst, *m)
	case formats.NDJSON:
		return json.AppendEmission(dst, *m)
	}
	return dst
}

// wanted reports whether an emission passes --user and --filter.
func (l *lines) wanted(m *correlate.Emission) bool {
	if len(l.queries) > 0 && !l.search.see(names(m.User)) {
		return false
	}
	if l.only == nil {
		return true
	}
	var row filter.Row
	switch {
	case m.Event != nil:
		row = l.only.Event(m.User, m.Event)
	case m.Deregistration != nil:
		row = l.only.Deregistration(m.User, m.Deregistration)
	case m.Finding != nil:
		row = l.only.Finding(m.User, m.Finding)
	case m.Document != nil: // goes with its NOTIFY
		for i := range m.User.Timeline {
			if e := &m.User.Timeline[i]; e.Exchange == m.Document.Exchange && e.Status == 0 {
				row = l.only.Event(m.User, e)
				break
			}
		}
	}
	return l.only.Match(&row)
}
