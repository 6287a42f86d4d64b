package story

import (
	"strconv"
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/identity"
)

// subscription is a dialog of the reg package with what its watcher knows.
type subscription struct {
	pub     *Subscription
	tag     string // watcher's tag
	source  fact.NodeID
	regs    map[string]*watched // by identity key
	keys    []string            // of regs, in order of arrival
	version int64
	seen    bool // a document was taken
	last    *fact.Document
	ended   bool
}

// watched is one address-of-record as a watcher knows it.
type watched struct {
	aor      fact.URI
	id       string
	active   bool
	before   string // state before the document that is being merged
	listed   bool   // by that document
	contacts []watchedContact
}

type watchedContact struct {
	id, uri, key, instance string
	active                 bool
	event                  string
}

// dialogKey names a subscription: its Call-ID and its watcher's tag.
type dialogKey struct{ callID, tag string }

// dialog finds or starts the subscription of a SUBSCRIBE or NOTIFY. A watcher is told from the
// notifier by its tag: From of the SUBSCRIBE, To of the NOTIFY (RFC 6665 4.4.1).
func (t *teller) dialog(x *fact.Exchange, watcher fact.URI, tag, contact string) *subscription {
	key := dialogKey{x.CallID, tag}
	if s := t.dialogs[key]; s != nil {
		return s
	}
	res := x.To
	if x.Notify != nil {
		res = x.From
	}
	s := &subscription{tag: tag, regs: map[string]*watched{}, version: fact.Absent}
	s.pub = &Subscription{
		WatcherURI: watcher.Raw, Resource: res.Raw, CallID: x.CallID, Contact: contact, State: "pending",
		Started: x.FirstTime(), FirstFrame: x.FirstFrame(),
	}
	t.dialogs[key] = s
	t.subs = append(t.subs, s)
	return s
}

// subscribeRequest sees a SUBSCRIBE for the first time.
func (t *teller) subscribeRequest(x *fact.Exchange) {
	s := t.dialog(x, x.From, x.FromTag, x.Subscribe.Contact)
	s.pub.Exchanges = append(s.pub.Exchanges, x)
	if s.source == 0 {
		s.source = x.Request.First().Src
		s.pub.WatcherNode = t.label.of(s.source)
		s.pub.Watcher = t.watcher(x.From, x.Subscribe.PAI, s.source, true)
		s.pub.MidDialog = x.ToTag != ""
	}
	if x.Subscribe.Contact != "" {
		s.pub.Contact = x.Subscribe.Contact
	}
}

// subscribeAnswer sees the final response to a SUBSCRIBE.
func (t *teller) subscribeAnswer(x *fact.Exchange, answer *fact.Message) {
	if !x.Request.Seen() {
		return
	}
	s := t.dialog(x, x.From, x.FromTag, x.Subscribe.Contact)
	now := answer.First().Time
	switch {
	case answer.Status >= 300:
		if x.ToTag == "" && !s.seen && answer.Status != 401 && answer.Status != 407 {
			s.pub.State, s.pub.Reason, s.pub.Ended, s.ended = "rejected", strconv.Itoa(answer.Status), now, true
		}
	default:
		granted := x.Subscribe.Granted
		if granted == fact.Absent {
			granted = x.Subscribe.Expires
		}
		if granted == 0 {
			// Over with the NOTIFY that should follow; some notifiers never send it.
			s.pub.State, s.pub.Reason, s.pub.Ended, s.ended = "terminated", "unsubscribed", now, true
			return
		}
		if !s.ended {
			s.pub.State = "active"
		}
		if granted > 0 {
			s.pub.Expires = now + granted*second
		}
	}
}

// watcher tells whose subscription it is. A UE subscribes in its own name; a P-CSCF and an AS in
// theirs (TS 24.229 5.1.1.3, 5.2.3, 5.7.1.1).
func (t *teller) watcher(from, pai fact.URI, node fact.NodeID, source bool) Watcher {
	if t.isMine(from.Key) && (pai.Key == "" || t.isMine(pai.Key)) {
		return WatcherUE
	}
	role := t.ctx.Role(node)
	switch {
	case role == fact.RoleAS:
		return WatcherAS
	case role == fact.RolePCSCF && (source || !identity.HasUser(from.Key)):
		return WatcherPCSCF
	case t.inPath(from.Key):
		return WatcherPCSCF
	case role == fact.RoleUE || t.isMine(from.Key):
		return WatcherUE
	}
	return WatcherUnknown
}

// isMine reports whether a key is one of the user's identities.
func (t *teller) isMine(key string) bool {
	_, ok := t.known[key]
	return ok
}

// inPath reports whether a URI's host is one that the user's REGISTERs name in Path.
func (t *teller) inPath(key string) bool {
	host := identity.HostOf(key)
	if host == "" || identity.HasUser(key) {
		return false
	}
	for _, x := range t.in.Exchanges {
		if x.Register == nil {
			continue
		}
		for _, p := range x.Register.Path {
			if strings.EqualFold(identity.HostOf(p), host) {
				return true
			}
		}
	}
	return false
}
