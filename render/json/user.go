package json

import (
	"imscope/correlate/finding"
	"imscope/correlate/story"
)

// user writes a user with the braces.
func (e *encoder) user(u *story.User) {
	e.string(`{"id":`, u.ID)
	e.strings(`,"public_identities":`, u.PublicIdentities)
	e.strings(`,"private_identities":`, u.PrivateIdentities)
	e.strings(`,"instances":`, u.Instances)
	e.strings(`,"user_agents":`, u.UserAgents)
	e.frame(`,"first_frame":`, u.FirstFrame)
	e.time(`,"first_time":`, u.FirstTime)
	e.time(`,"last_time":`, u.LastTime)
	e.int(`,"dropped_facts":`, int64(u.Truncated))
	list(e, `,"bindings":`, u.Bindings, (*encoder).binding)
	pointers(e, `,"subscriptions":`, u.Subscriptions, (*encoder).subscription)
	pointers(e, `,"deregistrations":`, u.Deregistrations, (*encoder).deregistration)
	list(e, `,"timeline":`, u.Timeline, (*encoder).event)
	if e.detail {
		pointers(e, `,"registrations":`, u.Registrations(), (*encoder).registration)
		e.raw(`,`)
		e.beliefs(u.Beliefs())
	}
	e.raw(`}`)
}

func (e *encoder) binding(b *story.Binding) {
	state, ended := "terminated", b.Ended
	if b.Active {
		state, ended = "active", 0
	}
	e.string(`"aor":`, b.AOR)
	e.string(`,"contact":`, b.Contact)
	e.text(`,"instance":`, b.Instance)
	e.string(`,"state":`, state)
	e.text(`,"event":`, b.Event)
	e.time(`,"registered":`, b.Registered)
	e.time(`,"refreshed":`, b.Refreshed)
	e.time(`,"expires":`, b.Expires)
	e.time(`,"ended":`, ended)
	e.initiator(`,"ended_by":`, b.EndedBy)
}

func (e *encoder) subscription(s *story.Subscription) {
	e.string(`"watcher":`, string(s.Watcher))
	e.text(`,"watcher_uri":`, s.WatcherURI)
	e.text(`,"watcher_node":`, s.WatcherNode)
	e.text(`,"watcher_contact":`, s.Contact)
	e.text(`,"resource":`, s.Resource)
	e.string(`,"call_id":`, s.CallID)
	e.text(`,"state":`, s.State)
	e.text(`,"reason":`, s.Reason)
	e.time(`,"started":`, s.Started)
	e.time(`,"expires":`, s.Expires)
	e.time(`,"ended":`, s.Ended)
	e.bool(`,"mid_dialog":`, s.MidDialog)
	e.frame(`,"first_frame":`, s.FirstFrame)
	e.int(`,"notifications":`, int64(s.Notifications))
	pointers(e, `,"documents":`, s.Documents, (*encoder).document)
}

func (e *encoder) document(d *story.Document) {
	e.frame(`"frame":`, d.Frame)
	e.time(`,"time":`, d.Time)
	e.number(`,"version":`, d.Version)
	e.number(`,"version_before":`, d.Before)
	e.string(`,"state":`, d.State.String())
	e.text(`,"subscription_state":`, d.SubscriptionState)
	e.status(`,"answer":`, d.Answer)
	e.bool(`,"first":`, d.First)
	e.bool(`,"gap":`, d.Gap)
	e.bool(`,"duplicate":`, d.Duplicate)
	e.bool(`,"stale":`, d.Stale)
	list(e, `,"changes":`, d.Changes, (*encoder).change)
	list(e, `,"unmentioned":`, d.Unmentioned, (*encoder).change)
	list(e, `,"identities":`, d.Identities, (*encoder).identity)
	e.strings(`,"problems":`, d.Problems)
}

func (e *encoder) change(c *story.Change) {
	e.string(`"aor":`, c.AOR)
	e.text(`,"contact_id":`, c.ContactID)
	e.text(`,"contact":`, c.Contact)
	e.string(`,"kind":`, c.Kind)
	e.text(`,"from":`, c.From)
	e.text(`,"to":`, c.To)
	e.text(`,"event":`, c.Event)
	e.number(`,"expires":`, c.Expires)
	e.number(`,"retry_after":`, c.Retry)
	e.text(`,"note":`, c.Note)
}

func (e *encoder) identity(s *story.IdentityState) {
	e.string(`"aor":`, s.AOR)
	e.text(`,"state":`, s.State)
	e.text(`,"before":`, s.Before)
}

func (e *encoder) deregistration(d *story.Deregistration) {
	e.string(`"initiator":`, d.Initiator)
	e.string(`,"outcome":`, d.Outcome)
	e.text(`,"scope":`, d.Scope)
	e.frame(`,"trigger_frame":`, d.TriggerFrame)
	e.time(`,"started":`, d.Started)
	e.time(`,"ended":`, d.Ended)
	if d.Started == 0 || d.Ended == 0 {
		e.null(`,"duration_ms":`)
	} else {
		e.millis(`,"duration_ms":`, d.Ended-d.Started)
	}
	e.frames(`,"frames":`, d.Frames)
	e.strings(`,"contacts":`, d.Contacts)
	list(e, `,"identities":`, d.Identities, (*encoder).identity)
	e.string(`,"cause":`, d.Cause)
	e.text(`,"verdict":`, d.Verdict)
	e.text(`,"missing":`, d.Missing)
	e.bool(`,"idle":`, d.Idle)
	list(e, `,"evidence":`, d.Evidence, (*encoder).evidence)
	list(e, `,"told":`, d.Told, (*encoder).told)
	e.raw(`,"documents":[`)
	for _, r := range d.Documents {
		if r.Document != nil {
			e.documentRef(r)
			e.raw(`,`)
		}
	}
	e.end(']')
}

func (e *encoder) evidence(v *story.Evidence) {
	e.frame(`"frame":`, v.Frame)
	e.string(`,"what":`, v.What)
}

func (e *encoder) told(t *story.Told) {
	e.string(`"watcher":`, string(t.Watcher))
	e.text(`,"watcher_uri":`, t.URI)
	e.text(`,"watcher_node":`, t.Node)
	e.text(`,"call_id":`, t.CallID)
	e.frame(`,"frame":`, t.Frame)
	e.status(`,"answer":`, t.Answer)
	if t.Resource != "" {
		e.string(`,"resource":`, t.Resource)
	}
	if len(t.LeftOut) > 0 {
		e.strings(`,"left_out":`, t.LeftOut)
	}
}

// documentRef writes a pointer at a document with the braces.
func (e *encoder) documentRef(r story.DocumentRef) {
	e.frame(`{"frame":`, r.Document.Frame)
	if r.Subscription != nil {
		e.text(`,"call_id":`, r.Subscription.CallID)
	} else {
		e.null(`,"call_id":`)
	}
	e.raw(`}`)
}

func (e *encoder) event(v *story.Event) {
	e.time(`"time":`, v.Time)
	e.frame(`,"frame":`, v.Frame)
	e.frames(`,"frames":`, v.Frames)
	e.text(`,"from":`, v.From)
	e.text(`,"to":`, v.To)
	e.string(`,"kind":`, string(v.Kind))
	e.string(`,"summary":`, v.Summary)
	e.text(`,"method":`, v.Method)
	e.status(`,"status":`, v.Status)
	e.int(`,"retransmissions":`, int64(v.Repeats))
	list(e, `,"hops":`, v.Hops, (*encoder).hop)
}

func (e *encoder) hop(h *story.Hop) {
	e.frame(`"frame":`, h.Frame)
	e.time(`,"time":`, h.Time)
	e.text(`,"from":`, h.From)
	e.text(`,"to":`, h.To)
	// What is rare is there only where it is so: hops are most of a report.
	if h.Repeat {
		e.raw(`,"retransmission":true`)
	}
	if h.Copy {
		e.raw(`,"copy":true`)
	}
	if h.Path != "" {
		e.string(`,"path":`, h.Path)
	}
}

func (e *encoder) finding(f *finding.Finding) {
	e.string(`"rule":`, f.Rule)
	e.string(`,"severity":`, f.Severity.String())
	e.text(`,"user":`, f.User)
	e.string(`,"title":`, f.Title)
	e.text(`,"detail":`, f.Detail)
	e.text(`,"clause":`, f.Clause)
	e.frames(`,"frames":`, f.Frames)
	e.text(`,"actor":`, string(f.Actor))
	e.text(`,"doubt":`, f.Doubt)
}
