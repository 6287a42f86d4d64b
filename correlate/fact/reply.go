package fact

import (
	"bytes"

	"imscope/decode/sip"
)

// Reply is what a response says.
type Reply struct {
	Status int
	Reason string
	kind   replyKind
	// Answer is of a 2xx, a challenge or a refusal of a REGISTER; which of its members count depends on which it is.
	Answer RegisterAnswer
	told   bool // the challenge could be read
	onGm   challenge

	subscribed subscribed
}

// replyKind tells what of a reply counts.
type replyKind uint8

const (
	replyPlain      replyKind = iota
	replyRegistered           // 2xx to a REGISTER
	replyChallenge            // 401 or 407 to a REGISTER
	replyTooBrief             // 423 to a REGISTER
	replyRefused              // another final response to a REGISTER
	replySubscribed           // 2xx to a SUBSCRIBE
)

// subscribed is what a 2xx to a SUBSCRIBE says. The last hop's word counts.
type subscribed struct {
	granted            int64
	notifier, tag      string
	hasNotifier, hasTo bool
}

// challenge is what a 401 or 407 says of the phone's own link: the P-CSCF replaces the keys by its side of the
// security agreement.
type challenge struct {
	offer  bool // Security-Server is there
	server Mechanisms
	keys   bool // ck or ik reached the phone
}

// reply reads what a response says.
func (e *Reader) reply(d *Draft, m *sip.Message) {
	r := &e.said
	c, a, s := r.Answer.Contacts[:0], r.Answer.Associated[:0], r.Answer.ServiceRoutes[:0]
	*r = Reply{Status: m.Status, Reason: view(m.Reason.In(m.Raw)), Answer: RegisterAnswer{Contacts: c, Associated: a, ServiceRoutes: s,
		Expires: Absent, MinExpires: Absent, RetryAfter: Absent}}
	switch {
	case d.Method == sip.MethodRegister:
		e.registerReply(r, m, d.Vias)
		if r.Answer.Path || r.Answer.ServiceRoute {
			d.Traits = FromProxy
		}
		for _, u := range r.Answer.Associated {
			d.Names = append(d.Names, e.Public(u))
		}
	case d.Method == sip.MethodSubscribe && m.Status >= 200 && m.Status < 300:
		r.kind, r.subscribed = replySubscribed, subscribedBy(m)
	}
}

func (e *Reader) registerReply(r *Reply, m *sip.Message, vias uint8) {
	a := &r.Answer
	switch {
	case m.Status >= 200 && m.Status < 300:
		r.kind = replyRegistered
		a.Contacts, _ = contacts(a.Contacts, m)
		a.Expires = seconds(m, sip.HdrExpires)
		for v := range m.All(sip.HdrPAssociatedURI) {
			for len(a.Associated) < maxIdentities {
				na, rest, ok := sip.NextNameAddr(v)
				if !ok {
					break
				}
				v = rest
				if u := uri(na.URI, URI{}); u.Key != "" {
					a.Associated = append(a.Associated, u)
				}
			}
		}
		a.Path = m.First(sip.HdrPath) != nil
		a.ServiceRoute = m.First(sip.HdrServiceRoute) != nil
		a.ServiceRoutes = uriList(a.ServiceRoutes, m, sip.HdrServiceRoute)
	case m.Status == 401 || m.Status == 407:
		r.kind = replyChallenge
		id := sip.HdrWWWAuthenticate
		if m.Status == 407 {
			id = sip.HdrProxyAuthenticate
		}
		if c := &e.auth; c.Parse(m.First(id)) {
			r.told = true
			a.Nonce = view(c.Nonce)
			a.AKA = len(c.Algorithm) >= 3 && bytes.EqualFold(c.Algorithm[:3], []byte("AKA"))
			a.Stale = bytes.EqualFold(c.Stale, []byte("true"))
		}
		r.onGm = challenged(m, vias)
	case m.Status == 423:
		r.kind = replyTooBrief
		a.MinExpires = seconds(m, sip.HdrMinExpires)
	case m.Status >= 400:
		r.kind = replyRefused
		a.RetryAfter = retryAfter(m)
	}
}

// challenged reads what a 401 or 407 says on each of its hops.
func challenged(m *sip.Message, vias uint8) (c challenge) {
	if m.First(sip.HdrSecurityServer) != nil {
		c.offer, c.server = true, mechanisms(m, sip.HdrSecurityServer)
	}
	if v := m.First(sip.HdrWWWAuthenticate); v != nil && vias <= 1 && bytes.Contains(v, []byte("k=")) {
		a, _ := sip.ParseAuth(v)
		c.keys = len(a.CK) > 0 || len(a.IK) > 0
	}
	return c
}

// subscribedBy reads what a 2xx to a SUBSCRIBE says.
func subscribedBy(m *sip.Message) (s subscribed) {
	s.granted = seconds(m, sip.HdrExpires)
	if na, ok := sip.ParseNameAddr(m.First(sip.HdrContact)); ok {
		s.notifier, s.hasNotifier = view(na.URI), true
	}
	if na, ok := sip.ParseNameAddr(m.First(sip.HdrTo)); ok {
		tag, _ := sip.Param(na.Params, "tag")
		s.tag, s.hasTo = view(tag), true
	}
	return s
}

// apply gives an exchange what a reply says. first says that no response of this status was there before.
func (r *Reply) apply(x *Exchange, first bool) {
	switch {
	case x.Register != nil:
		a, from := &x.Register.Answer, &r.Answer
		if r.kind == replyChallenge {
			r.onGm.apply(x.Register)
		}
		if !first {
			return
		}
		switch r.kind {
		case replyRegistered:
			a.Contacts, a.Expires, a.Path, a.ServiceRoute, a.ServiceRoutes = from.Contacts, from.Expires, from.Path, from.ServiceRoute, from.ServiceRoutes
			if n := min(len(from.Associated), maxIdentities-len(a.Associated)); a.Associated == nil {
				a.Associated = from.Associated
			} else if n > 0 {
				a.Associated = append(a.Associated, from.Associated[:n]...)
			}
		case replyChallenge:
			if r.told {
				a.Nonce, a.AKA, a.Stale = from.Nonce, from.AKA, from.Stale
			}
		case replyTooBrief:
			a.MinExpires = from.MinExpires
		case replyRefused:
			a.RetryAfter = from.RetryAfter
		}
	case x.Subscribe != nil && r.kind == replySubscribed:
		r.subscribed.apply(x.Subscribe)
	}
}

// had says what there is.
func (c *challenge) had() (h had) {
	if c.offer {
		h |= hadOffer
	}
	if c.keys {
		h |= hadKeys
	}
	return h
}

func (c *challenge) apply(r *Register) {
	if c.offer && !r.Answer.SecurityOffer {
		r.Answer.SecurityOffer = true
		if r.Security == nil {
			r.Security = new(Security)
		}
		r.Security.Server = c.server
	}
	r.Answer.KeysOnGm = r.Answer.KeysOnGm || c.keys
}

func (s *subscribed) apply(x *Subscribe) {
	x.Granted = s.granted
	if s.hasNotifier {
		x.Notifier = s.notifier
	}
	if s.hasTo {
		x.DialogTag = s.tag
	}
}

// reply packs what a response says for the first time.
func (p *packer) reply(r *Reply) {
	p.word(r.Reason)
	p.byte(byte(r.kind))
	a := &r.Answer
	switch r.kind {
	case replyRegistered:
		p.int(a.Expires)
		p.section(ofAnswer, func() {
			p.contacts(a.Contacts)
			p.uris(a.Associated)
			p.byte(byte(flags(a.Path, a.ServiceRoute)))
			p.wordList(a.ServiceRoutes)
		})
		p.terms(a.Contacts)
	case replyChallenge:
		p.byte(byte(flags(r.told, a.AKA, a.Stale)))
		p.str(a.Nonce)
		p.challenge(&r.onGm)
	case replyTooBrief:
		p.int(a.MinExpires)
	case replyRefused:
		p.int(a.RetryAfter)
	case replySubscribed:
		p.subscribed(&r.subscribed)
	}
}

func (p *packer) challenge(c *challenge) {
	p.byte(byte(flags(c.offer, c.keys)))
	if c.offer {
		p.mechanisms(&c.server)
	}
}

func (p *packer) subscribed(s *subscribed) {
	p.byte(byte(flags(s.hasNotifier, s.hasTo)))
	p.int(s.granted)
	p.word(s.notifier)
	p.str(s.tag)
}

func (u *unpacker) reply(r *Reply) {
	*r = Reply{Reason: u.word(), kind: replyKind(u.byte())}
	a := &r.Answer
	a.Expires, a.MinExpires, a.RetryAfter = Absent, Absent, Absent
	switch r.kind {
	case replyRegistered:
		a.Expires = u.int()
		s := u.section()
		a.Contacts, a.Associated = s.contacts(), s.uris()
		f := s.byte()
		a.Path, a.ServiceRoute = f&1 != 0, f&2 != 0
		a.ServiceRoutes = s.wordList()
		u.terms(a.Contacts)
	case replyChallenge:
		f := u.byte()
		r.told, a.AKA, a.Stale = f&1 != 0, f&2 != 0, f&4 != 0
		a.Nonce = u.str()
		r.onGm = u.challenge()
	case replyTooBrief:
		a.MinExpires = u.int()
	case replyRefused:
		a.RetryAfter = u.int()
	case replySubscribed:
		r.subscribed = u.subscribed()
	}
}

func (u *unpacker) challenge() (c challenge) {
	f := u.byte()
	c.offer, c.keys = f&1 != 0, f&2 != 0
	if c.offer {
		c.server = u.mechanisms()
	}
	return c
}

func (u *unpacker) subscribed() (s subscribed) {
	f := u.byte()
	s.hasNotifier, s.hasTo = f&1 != 0, f&2 != 0
	s.granted, s.notifier, s.tag = u.int(), u.word(), u.str()
	return s
}
