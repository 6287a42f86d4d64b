package json

import (
	"imscope/correlate/fact"
	"imscope/correlate/story"
)

func (e *encoder) registration(r *story.Registration) {
	e.string(`"kind":`, string(r.Kind))
	e.string(`,"outcome":`, r.Outcome)
	e.status(`,"status":`, r.Status)
	e.text(`,"explanation":`, r.Explanation)
	e.text(`,"aor":`, r.AOR)
	e.strings(`,"contacts":`, r.Contacts)
	e.text(`,"private_identity":`, r.IMPI)
	e.text(`,"call_id":`, r.CallID)
	e.text(`,"from":`, r.Origin)
	e.bool(`,"by_proxy":`, r.ByProxy)
	e.text(`,"user_agent":`, r.Agent)
	e.text(`,"access":`, r.Access)
	e.text(`,"visited_network":`, r.Visited)
	e.text(`,"p_cscf":`, r.PCSCF)
	e.number(`,"requested":`, r.Requested)
	e.number(`,"granted":`, r.Granted)
	e.number(`,"min_expires":`, r.MinExpires)
	e.time(`,"started":`, r.Started)
	e.millis(`,"duration_ms":`, r.Ended-r.Started)
	e.time(`,"refresh_due":`, r.RefreshDue)
	e.time(`,"predicted_expiry":`, r.PredictedExpiry)
	e.time(`,"actual_expiry":`, r.ActualExpiry)
	e.initiator(`,"ended_by":`, r.EndedBy)
	e.span(`,"refreshed_after_ms":`, r.RefreshedAfter)
	e.int(`,"retransmissions":`, int64(r.Retransmissions))
	e.lastSeen(`,"last_seen":`, r.LastSeen)
	e.frames(`,"frames":`, r.Frames)
	list(e, `,"rounds":`, r.Rounds, (*encoder).round)
}

// lastSeen writes where a message was seen last, null if none was lost.
func (e *encoder) lastSeen(key string, l *story.LastSeen) {
	if l == nil {
		e.null(key)
		return
	}
	e.raw(key)
	e.string(`{"message":`, l.Message)
	e.text(`,"node":`, l.Node)
	e.frame(`,"frame":`, l.Frame)
	e.bool(`,"blind":`, l.Blind)
	e.raw(`}`)
}

// round writes a round; the frames of its messages' hops are in the timeline.
func (e *encoder) round(r *story.Round) {
	timerF := r.TimerF
	if r.Status != 0 {
		timerF = 0
	}
	e.uint(`"cseq":`, uint64(r.CSeq))
	e.frame(`,"frame":`, r.Frame)
	e.time(`,"time":`, r.Time)
	e.string(`,"credentials":`, r.Credentials)
	e.bool(`,"protected":`, r.Protected)
	e.status(`,"status":`, r.Status)
	e.text(`,"by":`, r.By)
	e.text(`,"challenge":`, r.Challenge)
	e.frame(`,"answer_frame":`, r.AnswerFrame)
	e.span(`,"duration_ms":`, r.Took)
	list(e, `,"delays":`, r.Delays, (*encoder).delay)
	list(e, `,"cx":`, r.Cx, (*encoder).cxStep)
	list(e, `,"retransmissions":`, r.Repeats, (*encoder).repeat)
	e.span(`,"t1_ms":`, r.T1)
	e.time(`,"timer_f":`, timerF)
	e.lastSeen(`,"last_seen":`, r.LastSeen)
}

func (e *encoder) delay(d *story.Delay) {
	e.text(`"node":`, d.Node)
	e.string(`,"step":`, d.Step)
	e.frame(`,"frame":`, d.Frame)
	e.millis(`,"ms":`, d.Took)
	e.span(`,"hss_ms":`, d.HSS)
}

func (e *encoder) cxStep(c *story.CxStep) {
	e.string(`"name":`, c.Name)
	e.text(`,"result":`, c.Result)
	e.bool(`,"ok":`, c.OK)
	e.firstFrame(`,"frame":`, &c.Cx.Request)
	e.firstFrame(`,"answer_frame":`, &c.Cx.Answer)
	e.span(`,"ms":`, c.Took)
}

// firstFrame writes the frame of a message's first hop, null if the message was not seen.
func (e *encoder) firstFrame(key string, m *fact.Message) {
	if !m.Seen() {
		e.null(key)
		return
	}
	e.frame(key, m.First().Frame)
}

func (e *encoder) repeat(p *story.Repeat) {
	of := "request"
	if p.Answer {
		of = "answer"
	}
	e.frame(`"frame":`, p.Frame)
	e.millis(`,"after_ms":`, p.After)
	e.string(`,"of":`, of)
}
