package json

import "imscope/correlate"

// AppendEmission appends the line of something that a live run tells. A de-registration that was told before and has
// grown since has update set.
func AppendEmission(dst []byte, m correlate.Emission) []byte {
	id := ""
	if m.User != nil {
		id = m.User.ID
	}
	switch {
	case m.Event != nil:
		return AppendEvent(dst, id, m.Event)
	case m.Document != nil:
		return AppendDocument(dst, id, m.Subscription, m.Document)
	case m.Deregistration != nil:
		return appendLine(dst, "deregistration", id, func(e *encoder) {
			if m.Update {
				e.raw(`"update":true,`)
			}
			e.deregistration(m.Deregistration)
		})
	case m.Finding != nil:
		return AppendFinding(dst, m.Finding)
	}
	return dst
}
