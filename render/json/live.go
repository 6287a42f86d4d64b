package json

import (
	"sync"

	"imscope/correlate"
	"imscope/decode/capture"
)

// AppendEmission appends the line of something that a live run tells. A de-registration or finding that was told
// before and has grown since has update set.
func AppendEmission(dst []byte, m correlate.Emission) []byte {
	id := ""
	if m.User != nil {
		id = m.User.ID
	}
	return appended(dst, func(e *encoder) {
		switch {
		case m.Event != nil:
			e.eventLine(id, m.Event)
		case m.Document != nil:
			e.documentLine(id, m.Subscription, m.Document)
		case m.Deregistration != nil:
			e.deregistrationLine(id, m.Deregistration, m.Update)
		case m.Finding != nil:
			e.findingLine(m.Finding, m.Update)
		}
	})
}

// AppendStats appends the last line: what was read and counted.
func AppendStats(dst []byte, version string, files []capture.FileInfo, s *correlate.Stats) []byte {
	return appended(dst, func(e *encoder) { e.statsLine(version, files, s) })
}

// idle are encoders between two lines; they have no buffer of their own.
var idle = sync.Pool{New: func() any { return new(encoder) }}

// appended gives dst with what write has appended to it.
func appended(dst []byte, write func(*encoder)) []byte {
	e := idle.Get().(*encoder)
	e.b = dst
	write(e)
	dst, e.b = e.b, nil
	idle.Put(e)
	return dst
}
