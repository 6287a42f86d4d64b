package json

import (
	"io"
	"sync"

	"imscope/correlate"
	"imscope/correlate/story"
	"imscope/decode/capture"
	"imscope/render"
)

// flushAt is how much output is gathered before it is written: a few users at a time.
const flushAt = 64 << 10

// maxDetailed is up to how many users a report has the registrations and beliefs of each. Beyond it
// they are twice what all the rest is, and there with --all.
const maxDetailed = 1000

// userBytes is what a user with one registration takes.
const userBytes = 8 << 10

// Renderer writes a report as one object: a line for each capture, user and finding, so that reports
// compare line by line.
type Renderer struct{ opt render.Options }

// New makes a Renderer.
func New(opt render.Options) *Renderer { return &Renderer{opt: opt} }

// Render writes the report.
func (r *Renderer) Render(w io.Writer, rep *correlate.Report) error {
	e := &encoder{b: make([]byte, 0, flushAt+flushAt/4)}
	e.open('{')
	e.key("schema")
	e.string(Schema)
	e.key("tool")
	e.tool(r.opt.Version)
	e.line()
	e.captures(rep.Captures)
	e.line()
	e.key("users")
	e.open('[')
	detail := r.opt.All || rep.Len() <= maxDetailed
	// Users are told and encoded on all cores, and written in order. Their encoders are used again: new
	// ones for 20,000 users are 170 MB of short-lived buffers (2026-11-22).
	free := sync.Pool{New: func() any { return &encoder{b: make([]byte, 0, userBytes), detail: detail} }}
	for _, one := range correlate.Map(rep, func(_ int, u *story.User) *encoder {
		one := free.Get().(*encoder)
		one.user(u)
		return one
	}) {
		e.line()
		e.b = append(e.b, one.b...)
		one.b = one.b[:0]
		free.Put(one)
		if len(e.b) < flushAt {
			continue
		}
		// The last byte stays: the next value's comma depends on it.
		last := len(e.b) - 1
		if _, err := w.Write(e.b[:last]); err != nil {
			return err
		}
		e.b = append(e.b[:0], e.b[last])
	}
	e.b = append(e.b, '\n')
	e.close(']')
	// Behind the users: only now is everybody judged.
	e.line()
	e.key("stats")
	e.open('{')
	e.stats(&rep.Stats)
	e.close('}')
	e.line()
	e.key("findings")
	e.open('[')
	for i := range rep.Findings {
		e.line()
		e.open('{')
		e.finding(&rep.Findings[i])
		e.close('}')
	}
	e.b = append(e.b, "\n]}\n"...)
	_, err := w.Write(e.b)
	return err
}

func (e *encoder) tool(version string) {
	e.open('{')
	e.key("name")
	e.string("imscope")
	e.key("version")
	e.text(version)
	e.close('}')
}

// captures writes the member that lists the inputs.
func (e *encoder) captures(list []capture.FileInfo) {
	e.key("captures")
	e.open('[')
	for i := range list {
		e.line()
		e.capture(&list[i])
	}
	e.b = append(e.b, '\n')
	e.close(']')
}

func (e *encoder) capture(f *capture.FileInfo) {
	e.open('{')
	e.key("path")
	e.string(f.Path)
	e.key("format")
	e.text(f.Format)
	e.key("compression")
	e.text(f.Compression)
	e.key("packets")
	e.uint(f.Packets)
	e.key("bytes")
	e.uint(f.Bytes)
	e.key("first_time")
	e.time(f.FirstTime)
	e.key("last_time")
	e.time(f.LastTime)
	e.key("truncated")
	e.bool(f.Truncated)
	e.key("error")
	if f.Err != nil {
		e.string(f.Err.Error())
	} else {
		e.null()
	}
	e.key("warnings")
	e.open('[')
	for _, w := range f.Warnings {
		e.open('{')
		e.key("code")
		e.string(w.Code.ID)
		e.key("frame")
		e.frame(w.Frame)
		e.key("offset")
		e.int(w.Offset)
		e.key("text")
		e.string(w.Text)
		e.close('}')
	}
	e.close(']')
	e.key("skipped")
	e.open('{')
	e.key("packets")
	e.uint(f.Skipped.Packets)
	e.key("bytes")
	e.uint(f.Skipped.Bytes)
	e.key("blocks")
	e.uint(f.Skipped.Blocks)
	e.close('}')
	e.close('}')
}

// stats writes the members of the statistics, without the braces.
func (e *encoder) stats(s *correlate.Stats) {
	e.key("packets")
	e.uint(s.Packets)
	e.key("signalling_packets")
	e.uint(s.Signalling)
	e.key("other_packets")
	e.counts(s.Other)
	e.key("undecodable_packets")
	e.counts(s.Undecodable)
	e.key("damage")
	e.counts(s.Damage)
	e.key("encrypted")
	e.sealed(s.Sealed)
	e.key("tls_connections")
	e.counts(s.TLS)
	e.key("sip_messages")
	e.uint(s.SIPMessages)
	e.key("unique_messages")
	e.uint(s.UniqueMessages)
	e.key("end_to_end_messages")
	e.uint(s.Messages)
	e.key("captured_twice")
	e.uint(s.Duplicates)
	e.key("sip_requests")
	e.counts(s.SIPRequests)
	e.key("sip_responses")
	e.statuses(s.SIPResponses)
	e.key("reginfo_documents")
	e.uint(s.ReginfoDocuments)
	e.key("diameter_messages")
	e.uint(s.DiameterMessages)
	e.key("retransmissions")
	e.uint(s.Retransmissions)
	e.key("problems")
	e.counts(s.Problems)
	e.key("users")
	e.int(int64(s.Users))
	e.key("deregistrations")
	e.open('{')
	e.key("user")
	e.int(int64(s.Deregistrations.User))
	e.key("network")
	e.int(int64(s.Deregistrations.Network))
	e.key("expiry")
	e.int(int64(s.Deregistrations.Expiry))
	e.key("unknown")
	e.int(int64(s.Deregistrations.Unknown))
	e.close('}')
	e.key("dropped")
	e.counts(s.Dropped)
}
