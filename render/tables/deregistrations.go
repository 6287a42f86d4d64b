package tables

import (
	"imscope/correlate/finding"
	"imscope/correlate/story"
)

// dereg is a row of deregistrations.
type dereg struct {
	*story.Deregistration
	user   *story.User
	number int
}

var deregistrations = define("deregistrations", "one cause that ended bindings, or tried to",
	func(u *story.User, _ []*finding.Finding) []dereg {
		rows := make([]dereg, 0, len(u.Deregistrations))
		for i, d := range u.Deregistrations {
			rows = append(rows, dereg{d, u, i + 1})
		}
		return rows
	},
	column[dereg]{"user", Text, "default public identity of the user, else the best name there is", func(d dereg) Value { return text(d.user.ID) }},
	column[dereg]{"number", Int, "among those of the user, from 1", func(d dereg) Value { return number(d.number) }},
	column[dereg]{"initiator", Text, "user, network, expiry, unknown", func(d dereg) Value { return text(d.Initiator) }},
	column[dereg]{"outcome", Text, "complete, incomplete, rejected, unanswered", func(d dereg) Value { return text(d.Outcome) }},
	column[dereg]{"scope", Text, "contact, identity, all", func(d dereg) Value { return text(d.Scope) }},
	column[dereg]{"idle", Bool, "it was accepted, but nothing was bound any more", func(d dereg) Value { return truth(d.Idle) }},
	column[dereg]{"trigger_frame", Int, "where it began", func(d dereg) Value { return some(d.TriggerFrame) }},
	column[dereg]{"trigger", Text, "message that asked for it: REGISTER, RTR, SAR", func(d dereg) Value { return text(trigger(d)) }},
	column[dereg]{"status", Int, "of the last answer to the REGISTER that asked for it", func(d dereg) Value { return some(status(d)) }},
	column[dereg]{"reason_code", Int, "of Deregistration-Reason in the RTR", func(d dereg) Value {
		if d.Trigger == nil {
			return Value{Absent: true}
		}
		return known(int64(d.Trigger.ReasonCode))
	}},
	column[dereg]{"started", Time, "when it began", func(d dereg) Value { return moment(d.Started) }},
	column[dereg]{"ended", Time, "when the last message of it arrived", func(d dereg) Value { return moment(d.Ended) }},
	column[dereg]{"duration_ms", Millis, "from started to ended", func(d dereg) Value { return between(d.Started, d.Ended) }},
	column[dereg]{"registered_again", Time, "when a contact of it, or its device, succeeded to register next", func(d dereg) Value { return moment(d.Again) }},
	column[dereg]{"contacts", Texts, "that it ended, or tried to", func(d dereg) Value { return texts(d.Contacts) }},
	column[dereg]{"identities_gone", Texts, "public identities that nothing is bound to any more", func(d dereg) Value { return texts(identities(d.Identities, true)) }},
	column[dereg]{"identities_left", Texts, "public identities that are still registered", func(d dereg) Value { return texts(identities(d.Identities, false)) }},
	column[dereg]{"told", Texts, "watchers that were told", func(d dereg) Value { return texts(told(d.Told, true)) }},
	column[dereg]{"not_told", Texts, "watchers that were not", func(d dereg) Value { return texts(told(d.Told, false)) }},
	column[dereg]{"unanswered", Int, "NOTIFYs about it without a 2xx", func(d dereg) Value { return number(unanswered(d.Told)) }},
	column[dereg]{"steps", Int, "messages end to end", func(d dereg) Value { return number(len(d.Steps)) }},
	column[dereg]{"retransmissions", Int, "of its messages", func(d dereg) Value { return number(repeats(d.Steps)) }},
	column[dereg]{"frames", Ints, "of all its messages", func(d dereg) Value { return ints(d.Frames) }},
	column[dereg]{"cause", Text, "why, in words", func(d dereg) Value { return text(d.Cause) }},
	column[dereg]{"missing", Text, "what it lacks to be complete", func(d dereg) Value { return text(d.Missing) }},
	column[dereg]{"verdict", Text, "who, why, who was told, what came of it, in a sentence", func(d dereg) Value { return text(d.Verdict) }},
)

// trigger names the message that asked for it.
func trigger(d dereg) string {
	switch {
	case d.Trigger != nil:
		return d.Trigger.Name
	case len(d.Requests) > 0:
		return d.Requests[0].Method.String()
	}
	return ""
}

// status is that of the last final response to its requests.
func status(d dereg) int {
	for i := len(d.Requests) - 1; i >= 0; i-- {
		if f := d.Requests[i].Final(); f != nil {
			return f.Status
		}
	}
	return 0
}

// identities lists those that were active before and are gone, or those that are active.
func identities(list []story.IdentityState, gone bool) []string {
	var out []string
	for _, s := range list {
		if gone && s.State != "active" && s.Before == "active" || !gone && s.State == "active" {
			out = append(out, s.AOR)
		}
	}
	return out
}

// told names the watchers that were told, or were not.
func told(list []story.Told, yes bool) []string {
	var out []string
	for _, w := range list {
		if (w.Frame != 0) != yes {
			continue
		}
		switch {
		case w.Node != "" && w.Node != "?":
			out = append(out, w.Node)
		case w.URI != "":
			out = append(out, w.URI)
		default:
			out = append(out, w.Watcher.Label())
		}
	}
	return out
}

func unanswered(list []story.Told) int {
	n := 0
	for _, w := range list {
		if w.Frame != 0 && (w.Answer < 200 || w.Answer > 299) {
			n++
		}
	}
	return n
}

func repeats(list []story.Event) int {
	n := 0
	for i := range list {
		n += list[i].Repeats
	}
	return n
}
