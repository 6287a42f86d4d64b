package fact

import (
	"bytes"
	"strconv"
	"strings"

	"imscope/correlate/identity"
	"imscope/decode/reginfo"
	"imscope/decode/sip"
)

// base reads what an exchange is: of a request all that it says, of a response what it repeats of the request.
func (e *Reader) base(d *Draft, m *sip.Message) {
	e.x = Exchange{Method: d.Method, CSeq: e.cseq}
	x := &e.x
	if m.IsRequest {
		x.Method = m.Method
		x.RequestURI = view(m.RequestURI.In(m.Raw))
	}
	if x.Method == sip.MethodOther {
		x.MethodName = view(e.method)
	}
	if na, ok := sip.ParseNameAddr(m.First(sip.HdrFrom)); ok {
		x.From = uri(na.URI, URI{})
		tag, _ := sip.Param(na.Params, "tag")
		x.FromTag = view(tag)
	}
	if na, ok := sip.ParseNameAddr(m.First(sip.HdrTo)); ok {
		x.To = uri(na.URI, x.From)
		if tag, ok := sip.Param(na.Params, "tag"); ok && m.IsRequest {
			x.ToTag = view(tag)
		}
	}
	x.CallID, x.Branch = view(m.First(sip.HdrCallID)), view(e.route.branch)
	switch x.Method {
	case sip.MethodRegister:
		e.registered(x, m)
		x.Register = &e.register
	case sip.MethodSubscribe:
		e.subscribed(m)
		x.Subscribe = &e.subscribe
	case sip.MethodNotify:
		e.notified(m)
		x.Notify = &e.notify
	}
	d.Traits |= x.traits()
	d.To, d.From, d.Dialog, d.IMPI = e.Public(x.To), e.Public(x.From), e.dialog(x.CallID), 0
	if m.IsRequest && d.Traits.Is(IsCall) && strings.HasSuffix(x.From.Key, "@anonymous.invalid") { // RFC 3323 4.1.1.3
		d.From = e.Public(asserted(m))
	}
	if x.Register != nil {
		d.IMPI = e.Private(x.Register.IMPI)
	}
	if x.Notify != nil {
		d.Problems = append(d.Problems, e.unread...)
	}
	if d.Traits.Is(HasDocument) {
		d.Problems = append(d.Problems, x.Notify.Document.Problems...)
		for i := range x.Notify.Document.Registrations {
			d.Names = append(d.Names, e.Public(x.Notify.Document.Registrations[i].AOR))
		}
	}
}

// registered reads a REGISTER.
func (d *reading) registered(x *Exchange, m *sip.Message) {
	r := &d.register
	*r = Register{Contacts: r.Contacts[:0], Expires: Absent}
	r.Answer.Expires, r.Answer.MinExpires, r.Answer.RetryAfter = Absent, Absent, Absent
	if !m.IsRequest {
		// Without the request: only a server registers others and has no user part itself.
		r.ThirdParty = x.From.Key != x.To.Key && x.From.Key != "" && !identity.HasUser(x.From.Key)
		return
	}
	r.Contacts, r.Star = contacts(r.Contacts, m)
	r.Expires = seconds(m, sip.HdrExpires)
	if v := m.First(sip.HdrAuthorization); v != nil {
		if a := &d.auth; a.Parse(v) {
			r.HasAuth = true
			r.IMPI = view(a.Username)
			r.Response = len(a.Response) > 0
			r.AUTS = len(a.AUTS) > 0
			r.Nonce = NonceSum(a.Nonce)
			r.Integrity = view(a.IntegrityProtected)
		}
	}
	r.Supported = joined(m, sip.HdrSupported)
	r.UserAgent = view(m.First(sip.HdrUserAgent))
	if v := m.First(sip.HdrPAccessNetworkInfo); v != nil {
		first, _, _ := bytes.Cut(v, []byte(","))
		r.Access = view(bytes.TrimSpace(first))
	}
	r.SecurityOld = m.First(sip.HdrSecurityVerify) != nil
	if offered(&d.security, m) {
		r.Security = &d.security
	}
	// The S-CSCF registers the user with an AS in its own name: From and Contact are its own, To is
	// the user, and there are no credentials (TS 24.229 5.4.1.7).
	if x.From.Key != x.To.Key && !r.HasAuth && !r.Star && len(r.Contacts) <= 1 {
		r.ThirdParty = len(r.Contacts) == 0 || identity.HostOf(r.Contacts[0].URI) == identity.HostOf(x.From.Key)
	}
}

// asserted reads whose request it is, as the P-CSCF says or the phone proposes (RFC 3325 9).
func asserted(m *sip.Message) URI {
	for _, id := range [...]sip.HeaderID{sip.HdrPAssertedIdentity, sip.HdrPPreferredIdentity} {
		if na, _, ok := sip.NextNameAddr(m.First(id)); ok {
			if u := uri(na.URI, URI{}); u.Key != "" {
				return u
			}
		}
	}
	return URI{}
}

// subscribed reads a SUBSCRIBE.
func (d *reading) subscribed(m *sip.Message) {
	s := &d.subscribe
	*s = Subscribe{Expires: Absent, Granted: Absent, Routes: s.Routes[:0]}
	if !m.IsRequest {
		return
	}
	if ev, ok := sip.ParseEvent(m.First(sip.HdrEvent)); ok {
		s.Event = strings.ToLower(view(ev.Package))
	}
	s.Expires = seconds(m, sip.HdrExpires)
	if na, ok := sip.ParseNameAddr(m.First(sip.HdrContact)); ok {
		s.Contact = view(na.URI)
	}
	s.PAI = asserted(m)
	s.Agent = view(m.First(sip.HdrUserAgent))
	s.Routes = uriList(s.Routes, m, sip.HdrRoute)
}

// notified reads a NOTIFY.
func (d *reading) notified(m *sip.Message) {
	n := &d.notify
	*n, d.unread = Notify{Expires: Absent, RetryAfter: Absent}, d.unread[:0]
	if !m.IsRequest {
		return
	}
	if ev, ok := sip.ParseEvent(m.First(sip.HdrEvent)); ok {
		n.Event = strings.ToLower(view(ev.Package))
	}
	if v := m.First(sip.HdrSubscriptionState); v != nil {
		n.HasState = true
		s, _ := sip.ParseSubscriptionState(v)
		n.State = strings.ToLower(view(s.State))
		n.Reason = strings.ToLower(view(s.Reason))
		n.Expires, n.RetryAfter = s.Expires, s.RetryAfter
	}
	n.Agent = view(m.First(sip.HdrServer))
	if n.Agent == "" {
		n.Agent = view(m.First(sip.HdrUserAgent))
	}
	n.ICID = view(icid(m))
	if na, ok := sip.ParseNameAddr(m.First(sip.HdrContact)); ok {
		n.Contact = view(na.URI)
	}
	body := m.Part()
	n.HasBody = len(bytes.TrimSpace(body.Body)) > 0
	if n.HasBody && d.body(&body, 0) {
		n.Document = &d.document
	}
	n.Unread = n.Document == nil && len(d.unread) > 0
}

// contactOf takes over a contact element. Most contacts of a document, those before, have the same URI.
func contactOf(c *reginfo.Contact, before []Contact) Contact {
	k := Contact{ID: view(c.ID), Instance: view(c.Instance), State: c.State, Event: c.Event, Expires: c.Expires,
		Retry: c.RetryAfter, CallID: view(c.CallID), CSeq: c.CSeq, Q: thousandths(c.Q), RegID: regID(c), GRUU: len(c.PubGRUU) > 0}
	if n := len(before); n > 0 && string(c.URI) == before[n-1].URI {
		k.URI, k.Key = before[n-1].URI, before[n-1].Key
		return k
	}
	k.URI, k.Key = contact(c.URI)
	return k
}

// contacts appends the values of the Contact headers to a list.
func contacts(list []ContactValue, m *sip.Message) (out []ContactValue, star bool) {
	var c sip.Contact
	for v := range m.All(sip.HdrContact) {
		for len(list) < maxContacts {
			rest, ok := c.Next(v)
			if !ok {
				break
			}
			v = rest
			if c.Star {
				star = true
				continue
			}
			if len(c.URI) == 0 {
				continue
			}
			cv := ContactValue{Expires: c.Expires, Q: thousandths(c.Q), GRUU: len(c.PubGRUU) > 0, Instance: view(bytes.Trim(c.Instance, `"<> `)), RegID: view(c.RegID)}
			cv.URI, cv.Key = contact(c.URI)
			list = append(list, cv)
		}
	}
	return list, star
}

// uriList appends the URIs of a header that lists addresses.
func uriList(list []string, m *sip.Message, id sip.HeaderID) []string {
	from := len(list)
	for v := range m.All(id) {
		for {
			na, rest, ok := sip.NextNameAddr(v)
			if !ok || len(list)-from >= maxContacts {
				break
			}
			list = append(list, view(na.URI))
			v = rest
		}
	}
	return list
}

// joined gives all values of a list header as one list.
func joined(m *sip.Message, id sip.HeaderID) string {
	var list []byte
	for v := range m.All(id) {
		if list == nil {
			list = v
			continue
		}
		list = append(append(list[:len(list):len(list)], ", "...), v...)
	}
	return view(list)
}

// uri gives a public identity. Mostly it is spelled like another one of the message.
func uri(b []byte, like URI) URI {
	if len(b) == 0 {
		return URI{}
	}
	s := view(b)
	if s == like.Raw && strings.HasPrefix(s, like.Key) { // else the form is that of parameters too, which Raw lacks
		return like
	}
	return URI{Raw: identity.Display(s), Key: identity.Canonical(s)}
}

// contact gives a contact URI and its comparable form.
func contact(b []byte) (raw, key string) {
	if len(b) == 0 {
		return "", ""
	}
	s := view(b)
	return s, identity.Contact(s)
}

func seconds(m *sip.Message, id sip.HeaderID) int64 {
	if v := m.First(id); v != nil {
		if n, ok := sip.ParseDeltaSeconds(v); ok {
			return n
		}
	}
	return Absent
}

// retryAfter reads Retry-After, which may go on with a comment or parameters (RFC 3261 20.33).
func retryAfter(m *sip.Message) int64 {
	v := m.First(sip.HdrRetryAfter)
	n := 0
	for n < len(v) && v[n] >= '0' && v[n] <= '9' {
		n++
	}
	if s, ok := sip.ParseDeltaSeconds(v[:n]); ok && n > 0 {
		return s
	}
	return Absent
}

// thousandths gives a q value in thousandths (RFC 3261 25.1 allows three digits), Absent for none and
// for what is no q value.
func thousandths(q []byte) int16 {
	if len(q) == 0 {
		return Absent
	}
	f, err := strconv.ParseFloat(view(q), 64)
	if err != nil || !(f >= 0 && f <= 1) {
		return Absent
	}
	return int16(f*1000 + 0.5)
}

// regID gives the reg-id of a contact element.
func regID(c *reginfo.Contact) int32 {
	for _, p := range c.Params {
		if strings.EqualFold(view(p.Name), "reg-id") {
			n, _ := strconv.ParseInt(strings.Trim(view(p.Value), `" `), 10, 32)
			return int32(n)
		}
	}
	return 0
}

// icid gives the charging identifier of a message, nil without one.
func icid(m *sip.Message) []byte {
	cv, _ := sip.ParseChargingVector(m.First(sip.HdrPChargingVector))
	return cv.ICID
}
