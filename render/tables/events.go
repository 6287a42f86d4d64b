package tables

import (
	"strings"

	"imscope/correlate/finding"
	"imscope/correlate/story"
)

// event is a row of events.
type event struct {
	*story.Event
	user  string
	dereg int // number of the de-registration that it is a step of, 0 for none
}

var events = define("events", "a message end to end, all hops in one row, or what a clock did",
	func(u *story.User, _ []*finding.Finding) []event {
		steps := map[uint32]int{}
		for i, d := range u.Deregistrations {
			for j := range d.Steps {
				steps[d.Steps[j].Frame] = i + 1
			}
		}
		delete(steps, 0)
		rows := make([]event, 0, len(u.Timeline))
		for i := range u.Timeline {
			e := &u.Timeline[i]
			rows = append(rows, event{e, u.ID, steps[e.Frame]})
		}
		return rows
	},
	column[event]{"user", Text, "default public identity of the user, else the best name there is", func(e event) Value { return text(e.user) }},
	column[event]{"time", Time, "of the first hop", func(e event) Value { return moment(e.Time) }},
	column[event]{"frame", Int, "of the first hop, as Wireshark counts", func(e event) Value { return some(e.Frame) }},
	column[event]{"frames", Ints, "of all hops, retransmissions included", func(e event) Value { return ints(e.Frames) }},
	column[event]{"kind", Text, "register, registered, deregister, challenge, response, failure, subscribe, notify, third-party-register, cx, expiry, publish", func(e event) Value { return text(string(e.Kind)) }},
	column[event]{"method", Text, "SIP method, of a response that of its request; Diameter message as UAR, UAA", func(e event) Value { return text(e.Method) }},
	column[event]{"status", Int, "of a SIP response", func(e event) Value { return some(e.Status) }},
	column[event]{"result", Int, "Result-Code or Experimental-Result-Code of a Cx answer", func(e event) Value { return result(e) }},
	column[event]{"from_node", Text, "who sent it first", func(e event) Value { return text(e.From) }},
	column[event]{"to_node", Text, "whom it reached in the end", func(e event) Value { return text(e.To) }},
	column[event]{"path", Texts, "the nodes on its way, in order", func(e event) Value { return texts(path(e.Hops)) }},
	column[event]{"hops", Int, "transmissions without retransmissions and second captures", func(e event) Value { return number(hops(e.Hops)) }},
	column[event]{"retransmissions", Int, "transmissions that repeat an earlier one", func(e event) Value { return number(e.Repeats) }},
	column[event]{"transit_ms", Millis, "from the first hop to the last one that is no retransmission", func(e event) Value { return transit(e.Hops) }},
	column[event]{"call_id", Text, "of a SIP message", func(e event) Value {
		if e.Exchange == nil {
			return text("")
		}
		return text(e.Exchange.CallID)
	}},
	column[event]{"cseq", Int, "of a SIP message", func(e event) Value {
		if e.Exchange == nil {
			return Value{Absent: true}
		}
		return number(e.Exchange.CSeq)
	}},
	column[event]{"encapsulation", Text, "what the message was carried in, if it was", func(e event) Value { return text(encapsulation(e.Hops)) }},
	column[event]{"deregistration", Int, "number of the de-registration of this user that it is a step of", func(e event) Value { return some(e.dereg) }},
	column[event]{"summary", Text, "what the message says, in words", func(e event) Value { return text(e.Summary) }},
)

// result is that of a Cx answer.
func result(e event) Value {
	if e.Cx == nil || !strings.HasSuffix(e.Method, "A") || !e.Cx.Answer.Seen() {
		return Value{Absent: true}
	}
	if e.Cx.Experimental >= 0 {
		return number(int64(e.Cx.Experimental))
	}
	return known(int64(e.Cx.Result))
}

// path lists the nodes that a message met, each transmission once.
func path(list []story.Hop) []string {
	var out []string
	for _, h := range list {
		if h.Repeat || h.Copy {
			continue
		}
		if len(out) == 0 || out[len(out)-1] != h.From {
			out = append(out, h.From)
		}
		out = append(out, h.To)
	}
	return out
}

func hops(list []story.Hop) int {
	n := 0
	for _, h := range list {
		if !h.Repeat && !h.Copy {
			n++
		}
	}
	return n
}

func transit(list []story.Hop) Value {
	if len(list) == 0 {
		return Value{Absent: true}
	}
	last := list[0].Time
	for _, h := range list {
		if !h.Repeat && !h.Copy {
			last = h.Time
		}
	}
	return span(last - list[0].Time)
}

// encapsulation is that of the first hop that has one.
func encapsulation(list []story.Hop) string {
	for _, h := range list {
		if h.Path != "" {
			return h.Path
		}
	}
	return ""
}
