package json

import (
	"io"
	"sync"

	"imscope/correlate"
	"imscope/correlate/story"
	"imscope/decode/capture"
	"imscope/render"
)

// maxDetailed is up to how many users a report has the registrations and beliefs of each. Beyond it
// they are twice what all the rest is, and there with --all.
const maxDetailed = 1000

// blockBytes is what some users in a row take, with one registration each.
const blockBytes = 128 << 10

// Renderer writes a report as one object: a line for each capture, user and finding, so that reports
// compare line by line.
type Renderer struct{ opt render.Options }

// New makes a Renderer.
func New(opt render.Options) *Renderer { return &Renderer{opt: opt} }

// Render writes the report.
func (r *Renderer) Render(w io.Writer, rep *correlate.Report) error {
	e := &encoder{}
	e.string(`{"schema":`, Schema)
	e.tool(`,"tool":`, r.opt.Version)
	e.line()
	e.captures(rep.Captures)
	e.line()
	rep.Judge() // the statistics say what became of the users
	e.raw(`"stats":{`)
	e.stats(&rep.Stats)
	e.raw(`}`)
	e.line()
	e.raw(`"users":[`)
	if _, err := w.Write(e.b); err != nil {
		return err
	}
	// Users are told and encoded on all cores, some in a row, and written in order. Their encoders are used
	// again: new ones for 20,000 users are 170 MB of short-lived buffers (2026-11-22).
	detail := r.opt.All || rep.Len() <= maxDetailed
	free := sync.Pool{New: func() any { return &encoder{b: make([]byte, 0, blockBytes), detail: detail} }}
	first := true
	for some := range correlate.Gather(rep, func() *encoder { return free.Get().(*encoder) }, func(e *encoder, _ int, u *story.User) {
		e.line()
		e.user(u)
	}) {
		if !first {
			if _, err := io.WriteString(w, ","); err != nil {
				return err
			}
		}
		first = false
		if _, err := w.Write(some.b); err != nil {
			return err
		}
		some.b = some.b[:0]
		free.Put(some)
	}
	e.b = e.b[:0]
	e.raw("\n]")
	e.line()
	e.raw(`"findings":[`)
	for i := range rep.Findings {
		e.line()
		e.raw(`{`)
		e.finding(&rep.Findings[i])
		e.raw(`}`)
	}
	e.raw("\n]}\n")
	_, err := w.Write(e.b)
	return err
}

// tool writes what has made the output.
func (e *encoder) tool(key, version string) {
	e.raw(key)
	e.string(`{"name":`, "imscope")
	e.text(`,"version":`, version)
	e.raw(`}`)
}

// captures writes the member that lists the inputs, one a line.
func (e *encoder) captures(list []capture.FileInfo) {
	e.raw(`"captures":[`)
	for i := range list {
		e.line()
		e.raw(`{`)
		e.capture(&list[i])
		e.raw(`}`)
	}
	e.raw("\n]")
}

func (e *encoder) capture(f *capture.FileInfo) {
	e.string(`"path":`, f.Path)
	e.text(`,"format":`, f.Format)
	e.text(`,"compression":`, f.Compression)
	e.uint(`,"packets":`, f.Packets)
	e.uint(`,"bytes":`, f.Bytes)
	e.time(`,"first_time":`, f.FirstTime)
	e.time(`,"last_time":`, f.LastTime)
	e.bool(`,"truncated":`, f.Truncated)
	if f.Err != nil {
		e.string(`,"error":`, f.Err.Error())
	} else {
		e.null(`,"error":`)
	}
	list(e, `,"warnings":`, f.Warnings, (*encoder).warning)
	e.uint(`,"skipped":{"packets":`, f.Skipped.Packets)
	e.uint(`,"bytes":`, f.Skipped.Bytes)
	e.uint(`,"blocks":`, f.Skipped.Blocks)
	e.raw(`}`)
}

func (e *encoder) warning(w *capture.Warning) {
	e.string(`"code":`, w.Code.ID)
	e.frame(`,"frame":`, w.Frame)
	e.int(`,"offset":`, w.Offset)
	e.string(`,"text":`, w.Text)
}

func (e *encoder) stats(s *correlate.Stats) {
	e.uint(`"packets":`, s.Packets)
	e.uint(`,"signalling_packets":`, s.Signalling)
	e.counts(`,"other_packets":`, s.Other)
	e.counts(`,"undecodable_packets":`, s.Undecodable)
	e.counts(`,"damage":`, s.Damage)
	list(e, `,"encrypted":`, s.Sealed, (*encoder).sealed)
	e.counts(`,"tls_connections":`, s.TLS)
	e.uint(`,"sip_messages":`, s.SIPMessages)
	e.uint(`,"unique_messages":`, s.UniqueMessages)
	e.uint(`,"end_to_end_messages":`, s.Messages)
	e.uint(`,"captured_twice":`, s.Duplicates)
	e.counts(`,"sip_requests":`, s.SIPRequests)
	e.statuses(`,"sip_responses":`, s.SIPResponses)
	e.uint(`,"reginfo_documents":`, s.ReginfoDocuments)
	e.uint(`,"diameter_messages":`, s.DiameterMessages)
	e.uint(`,"retransmissions":`, s.Retransmissions)
	e.counts(`,"problems":`, s.Problems)
	e.int(`,"users":`, int64(s.Users))
	e.int(`,"deregistrations":{"user":`, int64(s.Deregistrations.User))
	e.int(`,"network":`, int64(s.Deregistrations.Network))
	e.int(`,"expiry":`, int64(s.Deregistrations.Expiry))
	e.int(`,"unknown":`, int64(s.Deregistrations.Unknown))
	e.raw(`}`)
	e.counts(`,"dropped":`, s.Dropped)
}
