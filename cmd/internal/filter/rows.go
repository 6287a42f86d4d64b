package filter

import (
	"slices"
	"time"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/story"
)

// names collects what a user is called.
func names(u *story.User) Users {
	return slices.Concat(u.PublicIdentities, u.PrivateIdentities, u.Instances)
}

// add adds names, each once.
func (n *Names) add(names ...string) {
	for _, name := range names {
		if name != "" && !slices.Contains(*n, name) {
			*n = append(*n, name)
		}
	}
}

// nodes lists what the nodes on the way of a message are called: as the story does, by role, by address, by both.
func nodes(u *story.User, e *story.Event) Names {
	var n Names
	for _, h := range e.Hops {
		n.add(h.From, h.To)
	}
	m := message(e)
	if m == nil || u.Context == nil {
		return n
	}
	for _, h := range m.Hops {
		for _, id := range [...]fact.NodeID{h.Src, h.Dst} {
			n.Add(u.Context.Role(id), u.Context.Addr(id))
		}
	}
	return n
}

// Add adds what a node is called.
func (n *Names) Add(role fact.Role, addr string) {
	if role != fact.RoleUnknown {
		n.add(role.String(), role.String()+" "+addr)
	}
	n.add(addr)
}

// message finds the message of an event; nil where none carried it.
func message(e *story.Event) *fact.Message {
	is := func(m *fact.Message) bool { return m.Seen() && m.First().Frame == e.Frame && m.Status == e.Status }
	switch {
	case e.Exchange != nil:
		if is(&e.Exchange.Request) {
			return &e.Exchange.Request
		}
		for i := range e.Exchange.Responses {
			if m := &e.Exchange.Responses[i]; is(m) {
				return m
			}
		}
	case e.Cx != nil:
		for _, m := range []*fact.Message{&e.Cx.Request, &e.Cx.Answer} {
			if is(m) {
				return m
			}
		}
	}
	return nil
}

// Event makes the row of a message.
func (f *Filter) Event(u *story.User, e *story.Event) Row {
	r := Row{Kind: "message", User: names(u), Method: e.Method, Status: e.Status, Frame: int(e.Frame),
		Time: time.Unix(0, e.Time).UTC(), Summary: e.Summary}
	if f.Uses("node") {
		r.Node = nodes(u, e)
	}
	if e.Exchange != nil {
		r.CallID = e.Exchange.CallID
		for _, p := range e.Exchange.Problems {
			r.Problem = append(r.Problem, p.Code.ID)
		}
	}
	return r
}

// Deregistration makes the row of a de-registration.
func (f *Filter) Deregistration(u *story.User, d *story.Deregistration) Row {
	return Row{Kind: "deregistration", User: names(u), Frame: int(d.TriggerFrame), Time: time.Unix(0, d.Started).UTC(),
		Initiator: d.Initiator, Outcome: d.Outcome, Scope: d.Scope, Cause: d.Cause, Summary: d.Verdict}
}

// Finding makes the row of a finding.
func (f *Filter) Finding(u *story.User, x *finding.Finding) Row {
	r := Row{Kind: "finding", User: names(u), Finding: x.Rule, Severity: x.Severity.String(), Summary: x.Detail}
	if len(x.Frames) > 0 {
		r.Frame = int(x.Frames[0])
		if f.Uses("time") {
			r.Time = at(u, x.Frames[0])
		}
	}
	return r
}

// at gives the time of one of the user's frames; the zero time where it is not known any more.
func at(u *story.User, frame uint32) time.Time {
	for i := range u.Timeline {
		for _, h := range u.Timeline[i].Hops {
			if h.Frame == frame {
				return time.Unix(0, h.Time).UTC()
			}
		}
	}
	return time.Time{}
}

// MatchUser reports whether one of the user's rows passes.
func (f *Filter) MatchUser(u *story.User, findings []finding.Finding) bool {
	for _, d := range u.Deregistrations {
		if r := f.Deregistration(u, d); f.Match(&r) {
			return true
		}
	}
	for i := range findings {
		if r := f.Finding(u, &findings[i]); f.Match(&r) {
			return true
		}
	}
	for i := range u.Timeline {
		if r := f.Event(u, &u.Timeline[i]); f.Match(&r) {
			return true
		}
	}
	return false
}
