package rules

import (
	"slices"
	"strings"

	"imscope/correlate/finding"
	"imscope/correlate/story"
)

// endedAs is how a document reported the end of contacts that a de-registration removed.
type endedAs struct {
	event string
	ref   story.DocumentRef
}

// endings collects how watchers were told of a de-registration: each document with each event name
// that it gives to a contact which went from active to terminated. It appends to a list.
func endings(out []endedAs, d *story.Deregistration) []endedAs {
	for _, ref := range d.Documents {
		for _, ch := range ref.Document.Changes {
			e := endedAs{ch.Event, ref}
			if ch.Kind == story.Changed && ch.To == "terminated" && ch.Contact != "" && ch.Event != "" &&
				slices.Contains(d.Contacts, ch.Contact) && !slices.Contains(out, e) {
				out = append(out, e)
			}
		}
	}
	return out
}

// misnamed reports a de-registration of which documents speak with an event that wrong objects to; the
// objection becomes the detail.
func misnamed(d *story.Deregistration, wrong func(event string) string) (h finding.Hit, found bool) {
	var events, who []string
	why := ""
	var room [8]endedAs
	for _, e := range endings(room[:0], d) {
		if w := wrong(e.event); w != "" {
			why = w
			if !slices.Contains(h.Frames, e.ref.Document.Frame) {
				h.Frames = append(h.Frames, e.ref.Document.Frame)
			}
			if !slices.Contains(events, e.event) {
				events = append(events, e.event)
			}
			if n := watcherName(e.ref.Subscription); !slices.Contains(who, n) {
				who = append(who, n)
			}
		}
	}
	if len(h.Frames) == 0 {
		return h, false
	}
	h.Detail = "event=\"" + strings.Join(events, "\", \"") + "\" to " + strings.Join(who, ", ") + ": " + why
	return h, true
}
