package story

import (
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/identity"
)

// subscription is a dialog of the reg package with what its watcher knows.
type subscription struct {
	pub      *Subscription
	source   fact.NodeID
	regs     []*watched // in order of arrival
	keys     []string   // identity keys of regs
	index    index[string]
	resource string // pub.Resource in the form that compares; see watches
	version  int64
	gapFrom  int64 // the version before a gap
	gapAt    int64 // when it was seen; 0 if there was none
	seen     bool  // a document was taken
	whole    bool  // a full one was
	last     *fact.Document
	ended    bool
}

// watched is one address-of-record as a watcher knows it.
type watched struct {
	aor      fact.URI
	active   bool
	init     bool   // nothing was ever bound, RFC 3680 3.2
	before   string // state before the document that is being merged
	listed   bool   // by that document
	contacts []watchedContact
	room     []watchedContact // for contacts after the next document
}

// word spells the state.
func (w *watched) word() string {
	if w.init {
		return "init"
	}
	return stateWord(w.active)
}

type watchedContact struct {
	id, uri, key, instance string
	active                 bool
	event                  string
	q                      int16 // in thousandths; fact.Absent
}

// watched gives an address-of-record as the watcher knows it, nil if it does not.
func (s *subscription) watched(aor string) *watched {
	if i := s.index.find(s.keys, aor); i >= 0 {
		return s.regs[i]
	}
	return nil
}

// dialogKey names a subscription: its Call-ID and its watcher's tag.
type dialogKey struct{ callID, tag string }

// dialog finds or starts the subscription of a SUBSCRIBE or NOTIFY. A watcher is told from the
// notifier by its tag: From of the SUBSCRIBE, To of the NOTIFY (RFC 6665 4.4.1).
func (t *Teller) dialog(x *fact.Exchange, watcher fact.URI, tag, contact string) *subscription {
	key := dialogKey{x.CallID, tag}
	if i := t.dialogIndex.find(t.dialogs, key); i >= 0 {
		return t.subs[i]
	}
	res := x.To
	if x.Notify != nil {
		res = x.From
	}
	s := t.room.subs.One()
	s.version, s.pub = fact.Absent, t.made.subscriptions.One()
	*s.pub = Subscription{
		WatcherURI: watcher.Raw, Resource: res.Raw, CallID: x.CallID, Contact: contact, State: "pending",
		Started: x.FirstTime(), FirstFrame: x.FirstFrame(),
	}
	t.dialogs, t.subs = append(t.dialogs, key), append(t.subs, s)
	return s
}

// subscribeRequest sees a SUBSCRIBE for the first time.
func (t *Teller) subscribeRequest(x *fact.Exchange) {
	s := t.dialog(x, x.From, x.FromTag, x.Subscribe.Contact)
	s.pub.Exchanges = t.made.exchanges.Add(s.pub.Exchanges, x)
	if s.source == 0 {
		s.source = x.Request.First().Src
		s.pub.Watcher = t.watcher(x.From, x.Subscribe.PAI, s.source, true)
		s.pub.WatcherNode = t.nodeOf(s)
		s.pub.MidDialog = x.ToTag != ""
	}
	if x.Subscribe.Contact != "" {
		s.pub.Contact = x.Subscribe.Contact
	}
}

// subscribeAnswer sees the final response to a SUBSCRIBE.
func (t *Teller) subscribeAnswer(x *fact.Exchange, answer *fact.Message) {
	if !x.Request.Seen() {
		return
	}
	s := t.dialog(x, x.From, x.FromTag, x.Subscribe.Contact)
	now := answer.First().Time
	switch {
	case answer.Status >= 300:
		if x.ToTag == "" && !s.seen && answer.Status != 401 && answer.Status != 407 {
			s.pub.State, s.pub.Reason, s.pub.Ended, s.ended = "rejected", t.number(int64(answer.Status)), now, true
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
func (t *Teller) watcher(from, pai fact.URI, node fact.NodeID, source bool) Watcher {
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

// nodeOf names a watcher's node. That of a phone is where it wants to be told if the capture shows a proxy before it.
func (t *Teller) nodeOf(s *subscription) string {
	if s.pub.Watcher == WatcherUE && t.label.proxies(s.source) {
		if name := t.label.phone(s.pub.Contact); name != "" {
			return name
		}
		return t.byGRUU(s.pub.Contact)
	}
	return t.label.of(s.source)
}

// byGRUU names the phone that a public GRUU is of, by the instance in it (RFC 5627 5.4); "" if it is not known.
func (t *Teller) byGRUU(contact string) string {
	_, instance, ok := strings.Cut(contact, ";gr=")
	if !ok {
		return ""
	}
	instance, _, _ = strings.Cut(instance, ";")
	for _, b := range t.bindings {
		if strings.EqualFold(b.instance, instance) {
			if name := t.label.phone(b.key); name != "" {
				return name
			}
		}
	}
	return ""
}

// inPath reports whether a URI's host is one that the user's REGISTERs name in Path.
func (t *Teller) inPath(key string) bool {
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
