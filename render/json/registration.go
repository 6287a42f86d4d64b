package json

import (
	"imscope/correlate/fact"
	"imscope/correlate/story"
)

func (e *encoder) registrations(list []*story.Registration) {
	e.key("registrations")
	e.open('[')
	for _, r := range list {
		e.open('{')
		e.registration(r)
		e.close('}')
	}
	e.close(']')
}

// registration writes the members of a registration, without the braces.
func (e *encoder) registration(r *story.Registration) {
	e.key("kind")
	e.string(string(r.Kind))
	e.key("outcome")
	e.string(r.Outcome)
	e.key("status")
	e.status(r.Status)
	e.key("explanation")
	e.text(r.Explanation)
	e.key("aor")
	e.text(r.AOR)
	e.key("contacts")
	e.strings(r.Contacts)
	e.key("private_identity")
	e.text(r.IMPI)
	e.key("call_id")
	e.text(r.CallID)
	e.key("from")
	e.text(r.Origin)
	e.key("by_proxy")
	e.bool(r.ByProxy)
	e.key("user_agent")
	e.text(r.Agent)
	e.key("access")
	e.text(r.Access)
	e.key("visited_network")
	e.text(r.Visited)
	e.key("p_cscf")
	e.text(r.PCSCF)
	e.key("requested")
	e.number(r.Requested)
	e.key("granted")
	e.number(r.Granted)
	e.key("min_expires")
	e.number(r.MinExpires)
	e.key("started")
	e.time(r.Started)
	e.key("duration_ms")
	e.millis(r.Ended - r.Started)
	e.key("refresh_due")
	e.time(r.RefreshDue)
	e.key("predicted_expiry")
	e.time(r.PredictedExpiry)
	e.key("actual_expiry")
	e.time(r.ActualExpiry)
	e.key("ended_by")
	if r.EndedBy != nil {
		e.text(r.EndedBy.Initiator)
	} else {
		e.null()
	}
	e.key("refreshed_after_ms")
	e.span(r.RefreshedAfter)
	e.key("retransmissions")
	e.int(int64(r.Retransmissions))
	e.key("last_seen")
	e.lastSeen(r.LastSeen)
	e.key("frames")
	e.frames(r.Frames)
	e.key("rounds")
	e.open('[')
	for i := range r.Rounds {
		e.round(&r.Rounds[i])
	}
	e.close(']')
}

// span writes a duration in milliseconds, null for none.
func (e *encoder) span(ns int64) {
	if ns == 0 {
		e.null()
		return
	}
	e.millis(ns)
}

func (e *encoder) lastSeen(l *story.LastSeen) {
	if l == nil {
		e.null()
		return
	}
	e.open('{')
	e.key("message")
	e.string(l.Message)
	e.key("node")
	e.text(l.Node)
	e.key("frame")
	e.frame(l.Frame)
	e.key("blind")
	e.bool(l.Blind)
	e.close('}')
}

// round writes a round; the frames of its messages' hops are in the timeline.
func (e *encoder) round(r *story.Round) {
	e.open('{')
	e.key("cseq")
	e.uint(uint64(r.CSeq))
	e.key("frame")
	e.frame(r.Frame)
	e.key("time")
	e.time(r.Time)
	e.key("credentials")
	e.string(r.Credentials)
	e.key("protected")
	e.bool(r.Protected)
	e.key("status")
	e.status(r.Status)
	e.key("by")
	e.text(r.By)
	e.key("challenge")
	e.text(r.Challenge)
	e.key("answer_frame")
	e.frame(r.AnswerFrame)
	e.key("duration_ms")
	e.span(r.Took)
	e.key("delays")
	e.open('[')
	for i := range r.Delays {
		d := &r.Delays[i]
		e.open('{')
		e.key("node")
		e.text(d.Node)
		e.key("step")
		e.string(d.Step)
		e.key("frame")
		e.frame(d.Frame)
		e.key("ms")
		e.millis(d.Took)
		e.key("hss_ms")
		e.span(d.HSS)
		e.close('}')
	}
	e.close(']')
	e.key("cx")
	e.open('[')
	for i := range r.Cx {
		e.cxStep(&r.Cx[i])
	}
	e.close(']')
	e.key("retransmissions")
	e.open('[')
	for _, p := range r.Repeats {
		e.open('{')
		e.key("frame")
		e.frame(p.Frame)
		e.key("after_ms")
		e.millis(p.After)
		e.key("of")
		if p.Answer {
			e.string("answer")
		} else {
			e.string("request")
		}
		e.close('}')
	}
	e.close(']')
	e.key("t1_ms")
	e.span(r.T1)
	e.key("timer_f")
	if r.Status == 0 {
		e.time(r.TimerF)
	} else {
		e.null()
	}
	e.key("last_seen")
	e.lastSeen(r.LastSeen)
	e.close('}')
}

func (e *encoder) cxStep(c *story.CxStep) {
	frame := func(m *fact.Message) {
		if m.Seen() {
			e.frame(m.First().Frame)
		} else {
			e.null()
		}
	}
	e.open('{')
	e.key("name")
	e.string(c.Name)
	e.key("result")
	e.text(c.Result)
	e.key("ok")
	e.bool(c.OK)
	e.key("frame")
	frame(&c.Cx.Request)
	e.key("answer_frame")
	frame(&c.Cx.Answer)
	e.key("ms")
	e.span(c.Took)
	e.close('}')
}
