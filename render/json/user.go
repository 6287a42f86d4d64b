package json

import (
	"imscope/correlate/finding"
	"imscope/correlate/story"
)

func (e *encoder) user(u *story.User) {
	e.open('{')
	e.key("id")
	e.string(u.ID)
	e.key("public_identities")
	e.strings(u.PublicIdentities)
	e.key("private_identities")
	e.strings(u.PrivateIdentities)
	e.key("instances")
	e.strings(u.Instances)
	e.key("user_agents")
	e.strings(u.UserAgents)
	e.key("first_frame")
	e.frame(u.FirstFrame)
	e.key("first_time")
	e.time(u.FirstTime)
	e.key("last_time")
	e.time(u.LastTime)
	e.key("dropped_facts")
	e.int(int64(u.Truncated))
	e.key("bindings")
	e.open('[')
	for i := range u.Bindings {
		e.binding(&u.Bindings[i])
	}
	e.close(']')
	e.key("subscriptions")
	e.open('[')
	for _, s := range u.Subscriptions {
		e.subscription(s)
	}
	e.close(']')
	e.key("deregistrations")
	e.open('[')
	for _, d := range u.Deregistrations {
		e.open('{')
		e.deregistration(d)
		e.close('}')
	}
	e.close(']')
	e.key("timeline")
	e.open('[')
	for i := range u.Timeline {
		e.open('{')
		e.event(&u.Timeline[i])
		e.close('}')
	}
	e.close(']')
	if e.detail {
		e.registrations(u.Registrations())
		e.beliefs(u.Beliefs())
	}
	e.close('}')
}

func (e *encoder) binding(b *story.Binding) {
	e.open('{')
	e.key("aor")
	e.string(b.AOR)
	e.key("contact")
	e.string(b.Contact)
	e.key("instance")
	e.text(b.Instance)
	e.key("state")
	if b.Active {
		e.string("active")
	} else {
		e.string("terminated")
	}
	e.key("event")
	e.text(b.Event)
	e.key("registered")
	e.time(b.Registered)
	e.key("refreshed")
	e.time(b.Refreshed)
	e.key("expires")
	e.time(b.Expires)
	e.key("ended")
	if b.Active {
		e.null()
	} else {
		e.time(b.Ended)
	}
	e.key("ended_by")
	if b.EndedBy != nil {
		e.text(b.EndedBy.Initiator)
	} else {
		e.null()
	}
	e.close('}')
}

func (e *encoder) subscription(s *story.Subscription) {
	e.open('{')
	e.key("watcher")
	e.string(string(s.Watcher))
	e.key("watcher_uri")
	e.text(s.WatcherURI)
	e.key("watcher_node")
	e.text(s.WatcherNode)
	e.key("watcher_contact")
	e.text(s.Contact)
	e.key("resource")
	e.text(s.Resource)
	e.key("call_id")
	e.string(s.CallID)
	e.key("state")
	e.text(s.State)
	e.key("reason")
	e.text(s.Reason)
	e.key("started")
	e.time(s.Started)
	e.key("expires")
	e.time(s.Expires)
	e.key("ended")
	e.time(s.Ended)
	e.key("mid_dialog")
	e.bool(s.MidDialog)
	e.key("first_frame")
	e.frame(s.FirstFrame)
	e.key("notifications")
	e.int(int64(s.Notifications))
	e.key("documents")
	e.open('[')
	for _, d := range s.Documents {
		e.open('{')
		e.document(d)
		e.close('}')
	}
	e.close(']')
	e.close('}')
}

// document writes the members of a document, without the braces.
func (e *encoder) document(d *story.Document) {
	e.key("frame")
	e.frame(d.Frame)
	e.key("time")
	e.time(d.Time)
	e.key("version")
	e.number(d.Version)
	e.key("version_before")
	e.number(d.Before)
	e.key("state")
	e.string(d.State.String())
	e.key("subscription_state")
	e.text(d.SubscriptionState)
	e.key("answer")
	e.status(d.Answer)
	e.key("first")
	e.bool(d.First)
	e.key("gap")
	e.bool(d.Gap)
	e.key("duplicate")
	e.bool(d.Duplicate)
	e.key("stale")
	e.bool(d.Stale)
	e.key("changes")
	e.changes(d.Changes)
	e.key("unmentioned")
	e.changes(d.Unmentioned)
	e.key("identities")
	e.identities(d.Identities)
	e.key("problems")
	e.strings(d.Problems)
}

func (e *encoder) changes(list []story.Change) {
	e.open('[')
	for i := range list {
		c := &list[i]
		e.open('{')
		e.key("aor")
		e.string(c.AOR)
		e.key("contact_id")
		e.text(c.ContactID)
		e.key("contact")
		e.text(c.Contact)
		e.key("kind")
		e.string(c.Kind)
		e.key("from")
		e.text(c.From)
		e.key("to")
		e.text(c.To)
		e.key("event")
		e.text(c.Event)
		e.key("expires")
		e.number(c.Expires)
		e.key("retry_after")
		e.number(c.Retry)
		e.key("note")
		e.text(c.Note)
		e.close('}')
	}
	e.close(']')
}

func (e *encoder) identities(list []story.IdentityState) {
	e.open('[')
	for _, s := range list {
		e.open('{')
		e.key("aor")
		e.string(s.AOR)
		e.key("state")
		e.text(s.State)
		e.key("before")
		e.text(s.Before)
		e.close('}')
	}
	e.close(']')
}

// status writes a SIP status code, null if there is none.
func (e *encoder) status(code int) {
	if code == 0 {
		e.null()
		return
	}
	e.int(int64(code))
}

// deregistration writes the members of a de-registration, without the braces.
func (e *encoder) deregistration(d *story.Deregistration) {
	e.key("initiator")
	e.string(d.Initiator)
	e.key("outcome")
	e.string(d.Outcome)
	e.key("scope")
	e.text(d.Scope)
	e.key("trigger_frame")
	e.frame(d.TriggerFrame)
	e.key("started")
	e.time(d.Started)
	e.key("ended")
	e.time(d.Ended)
	e.key("duration_ms")
	if d.Started == 0 || d.Ended == 0 {
		e.null()
	} else {
		e.millis(d.Ended - d.Started)
	}
	e.key("frames")
	e.frames(d.Frames)
	e.key("contacts")
	e.strings(d.Contacts)
	e.key("identities")
	e.identities(d.Identities)
	e.key("cause")
	e.string(d.Cause)
	e.key("verdict")
	e.text(d.Verdict)
	e.key("missing")
	e.text(d.Missing)
	e.key("idle")
	e.bool(d.Idle)
	e.key("evidence")
	e.open('[')
	for _, v := range d.Evidence {
		e.open('{')
		e.key("frame")
		e.frame(v.Frame)
		e.key("what")
		e.string(v.What)
		e.close('}')
	}
	e.close(']')
	e.key("told")
	e.open('[')
	for i := range d.Told {
		e.told(&d.Told[i])
	}
	e.close(']')
	e.key("documents")
	e.open('[')
	for _, r := range d.Documents {
		if r.Document == nil {
			continue
		}
		e.open('{')
		e.key("frame")
		e.frame(r.Document.Frame)
		e.key("call_id")
		if r.Subscription != nil {
			e.text(r.Subscription.CallID)
		} else {
			e.null()
		}
		e.close('}')
	}
	e.close(']')
}

func (e *encoder) told(t *story.Told) {
	e.open('{')
	e.key("watcher")
	e.string(string(t.Watcher))
	e.key("watcher_uri")
	e.text(t.URI)
	e.key("watcher_node")
	e.text(t.Node)
	e.key("call_id")
	e.text(t.CallID)
	e.key("frame")
	e.frame(t.Frame)
	e.key("answer")
	e.status(t.Answer)
	e.close('}')
}

// event writes the members of an event, without the braces.
func (e *encoder) event(v *story.Event) {
	e.key("time")
	e.time(v.Time)
	e.key("frame")
	e.frame(v.Frame)
	e.key("frames")
	e.frames(v.Frames)
	e.key("from")
	e.text(v.From)
	e.key("to")
	e.text(v.To)
	e.key("kind")
	e.string(string(v.Kind))
	e.key("summary")
	e.string(v.Summary)
	e.key("method")
	e.text(v.Method)
	e.key("status")
	e.status(v.Status)
	e.key("retransmissions")
	e.int(int64(v.Repeats))
	e.key("hops")
	e.open('[')
	for i := range v.Hops {
		h := &v.Hops[i]
		e.open('{')
		e.key("frame")
		e.frame(h.Frame)
		e.key("time")
		e.time(h.Time)
		e.key("from")
		e.text(h.From)
		e.key("to")
		e.text(h.To)
		// What is rare is there only where it is so: hops are most of a report.
		if h.Repeat {
			e.key("retransmission")
			e.bool(true)
		}
		if h.Copy {
			e.key("copy")
			e.bool(true)
		}
		if h.Path != "" {
			e.key("path")
			e.string(h.Path)
		}
		e.close('}')
	}
	e.close(']')
}

// finding writes the members of a finding, without the braces.
func (e *encoder) finding(f *finding.Finding) {
	e.key("rule")
	e.string(f.Rule)
	e.key("severity")
	e.string(f.Severity.String())
	e.key("user")
	e.text(f.User)
	e.key("title")
	e.string(f.Title)
	e.key("detail")
	e.text(f.Detail)
	e.key("clause")
	e.text(f.Clause)
	e.key("frames")
	e.frames(f.Frames)
	e.key("actor")
	e.text(string(f.Actor))
	e.key("doubt")
	e.text(f.Doubt)
}
