package fact

import (
	"bytes"
	"hash/maphash"
	"strings"

	"imscope/correlate/identity"
	"imscope/decode"
	"imscope/decode/diameter"
	"imscope/decode/network"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
	"imscope/decode/sip"
)

// Limits of one message: far above what an IMS sends, low enough to keep hostile input cheap.
const (
	maxContacts   = 64
	maxIdentities = 256
	maxHops       = 64
	maxResponses  = 16
	maxProblems   = 16
)

// Extractor turns borrowed records into owned facts.
type Extractor struct {
	Nodes Nodes
	// KeepCopies takes a transmission that was captured twice for two.
	KeepCopies bool
	// Forgetful says that facts are given up while others stay.
	Forgetful bool

	slab  []Hop // what is left of the last allocation of hops
	room  roomy
	text  []byte // scratch of own
	in    interner
	paths paths
	seed  maphash.Seed
	doc   reginfo.Document
	cx    diameter.Cx
}

// NewExtractor returns an Extractor with empty tables.
func NewExtractor() *Extractor {
	return &Extractor{Nodes: newNodes(), in: newInterner(), paths: newPaths(), seed: maphash.MakeSeed()}
}

// Path names an encapsulation.
func (e *Extractor) Path(id uint32) string { return e.paths.names[id] }

// hop makes the hop of a record.
func (e *Extractor) hop(rec *decode.Record, r Route) Hop {
	h := Hop{Time: rec.Time, Frame: rec.Frame, Branch: r.Top, Vias: r.Vias,
		Src: e.Nodes.ID(rec.Src), Dst: e.Nodes.ID(rec.Dst), Path: e.paths.id(rec.Path)}
	if rec.Proto == network.UDP {
		h.Pieces = uint8(min(len(rec.Frames), 255))
	}
	return h
}

// Novelty tells what a transmission is to the message it belongs to.
type Novelty uint8

const (
	// NewHop is the message on a link where it was not seen before.
	NewHop Novelty = iota
	// Retransmission is the message on the same link again, sent once more (RFC 3261 17.2.3: the same
	// top branch).
	Retransmission
	// Copy is one transmission captured twice: by two mirror ports, on a bridge and its member, or by
	// the capture agents at both of its ends.
	Copy
)

// copyWindow tells a copy from a retransmission. Timer E starts at T1, 500 ms (RFC 3261 17.1.2.2);
// copies differ by what a mirror port or two agents' clocks do.
const copyWindow = 250 * int64(1e6)

// add appends a hop to a message and tells what it is.
func (e *Extractor) add(m *Message, h Hop) Novelty {
	n := NewHop
	for i := range m.Hops {
		o := &m.Hops[i]
		if o.Src != h.Src || o.Dst != h.Dst || o.Branch != h.Branch || o.Copy {
			continue
		}
		n = Retransmission
		if d := h.Time - o.Time; d < copyWindow && d > -copyWindow && !e.KeepCopies {
			n = Copy
			break
		}
	}
	h.Repeat, h.Copy = n == Retransmission, n == Copy
	switch {
	case m.Hops == nil:
		m.Hops = append(e.hops(), h)
	case len(m.Hops) < maxHops:
		if len(m.Hops) == cap(m.Hops) {
			e.room.short++
		}
		m.Hops = append(m.Hops, h)
	}
	return n
}

const (
	// maxUsualHops is the length of the way from a phone to the registrar and back, where the capture shows
	// all of it.
	maxUsualHops = 3
	// slabHops is how many hops are allocated at a time.
	slabHops = 1024 * maxUsualHops
)

// roomy learns how many hops of a message a capture shows: it may have been made on one link or on all.
type roomy struct{ hops, given, short int }

// usual gives the room for the next message: more than before if every fourth message wanted more.
func (r *roomy) usual() int {
	if r.hops == 0 {
		r.hops = 1
	}
	if r.given++; r.given == slabHops/maxUsualHops {
		if r.short > r.given/4 && r.hops < maxUsualHops {
			r.hops++
		}
		r.given, r.short = 0, 0
	}
	return r.hops
}

// hops gives an empty slice with room for the usual way, cut from a slab: one allocation for a
// thousand messages. Where facts are forgotten one by one, a slab would outlive most of them. Room for two
// hops instead of three, where two are captured, is 230 bytes a user (2026-11-22).
func (e *Extractor) hops() []Hop {
	n := e.room.usual()
	if e.Forgetful {
		return make([]Hop, 0, n)
	}
	if len(e.slab) < n {
		e.slab = make([]Hop, slabHops)
	}
	s := e.slab[0:0:n]
	e.slab = e.slab[n:]
	return s
}

// Request adds a request's transmission to its exchange.
func (e *Extractor) Request(x *Exchange, rec *decode.Record, r Route) (hop Hop, n Novelty) {
	hop = e.hop(rec, r)
	n = e.add(&x.Request, hop)
	e.problems(x, rec)
	if n == NewHop {
		switch {
		case x.Register != nil:
			e.onTheWay(x, rec.SIP, r)
		case x.Subscribe != nil && x.Subscribe.ICID == "":
			x.Subscribe.ICID = icid(rec.SIP)
		}
	}
	return hop, n
}

// onTheWay takes what a P-CSCF adds to a REGISTER.
func (e *Extractor) onTheWay(x *Exchange, m *sip.Message, route Route) {
	r := x.Register
	if v := m.First(sip.HdrAuthorization); v != nil && (r.Integrity == "" || r.IntegrityAtSource || route.Vias <= 1) && bytes.Contains(v, []byte("integrity-protected")) {
		if a, ok := sip.ParseAuth(v); ok && len(a.IntegrityProtected) > 0 {
			r.Integrity = e.in.str(a.IntegrityProtected) // the P-CSCF's word counts, not the UE's before it
			r.IntegrityAtSource = r.IntegrityAtSource || route.Vias <= 1
		}
	}
	if len(r.Path) == 0 {
		r.Path = e.uriList(m, sip.HdrPath)
	}
	if r.Visited == "" {
		r.Visited = strings.Trim(e.in.str(m.First(sip.HdrPVisitedNetworkID)), `"`)
	}
}

func (e *Extractor) uriList(m *sip.Message, id sip.HeaderID) []string {
	var out []string
	for v := range m.All(id) {
		for {
			na, rest, ok := sip.NextNameAddr(v)
			if !ok || len(out) >= maxContacts {
				break
			}
			out = append(out, e.in.str(na.URI))
			v = rest
		}
	}
	return out
}

// problems keeps what was wrong with a message, once per code.
func (e *Extractor) problems(x *Exchange, rec *decode.Record) {
next:
	for _, p := range rec.SIP.Problems {
		if p.Code.Severity == problem.Info || len(x.Problems) >= maxProblems {
			continue
		}
		for _, have := range x.Problems {
			if have.Code == p.Code {
				continue next
			}
		}
		x.Problems = append(x.Problems, Problem{p.Code, rec.Frame})
	}
}

// Response adds a response's transmission; first says that this response was not seen before.
func (e *Extractor) Response(x *Exchange, rec *decode.Record, r Route) (hop Hop, n Novelty, first bool) {
	hop = e.hop(rec, r)
	m := rec.SIP
	e.problems(x, rec)
	for i := range x.Responses {
		if x.Responses[i].Status == m.Status {
			n = e.add(&x.Responses[i], hop)
			e.answered(x, m, r, false)
			return hop, n, false
		}
	}
	if len(x.Responses) < maxResponses {
		x.Responses = append(x.Responses, Message{Status: m.Status, Reason: e.in.str(m.Reason.In(m.Raw)), Hops: append(e.hops(), hop)})
		e.answered(x, m, r, true)
	}
	return hop, NewHop, true
}

// New makes the exchange of a message seen for the first time.
func (e *Extractor) New(m *sip.Message, r Route, method []byte) *Exchange {
	x := &Exchange{}
	x.CSeq, _, _ = sip.ParseCSeq(m.First(sip.HdrCSeq))
	x.Method = sip.ParseMethod(method)
	if m.IsRequest {
		x.Method = m.Method
		x.RequestURI = e.in.str(m.RequestURI.In(m.Raw))
	}
	if x.Method == sip.MethodOther {
		x.MethodName = e.in.str(method)
	}
	var fromTag, toTag []byte
	if na, ok := sip.ParseNameAddr(m.First(sip.HdrFrom)); ok {
		x.From = e.in.uri(na.URI)
		fromTag, _ = sip.Param(na.Params, "tag")
	}
	if na, ok := sip.ParseNameAddr(m.First(sip.HdrTo)); ok {
		x.To = e.in.uri(na.URI)
		if tag, ok := sip.Param(na.Params, "tag"); ok && m.IsRequest {
			toTag = tag
		}
	}
	e.own(x, m.First(sip.HdrCallID), r.branch, fromTag, toTag)
	switch x.Method {
	case sip.MethodRegister:
		x.Register = e.register(x, m)
	case sip.MethodSubscribe:
		x.Subscribe = e.subscribe(m)
	case sip.MethodNotify:
		x.Notify = e.notify(m)
		if !m.IsRequest {
			x.ToTag = "" // told by the response as well, but without the request there is no dialog to name
		}
	}
	return x
}

// own gives an exchange what names its dialog and transaction. These strings live and die with the exchange
// and repeat nowhere, so they are cut from one: an allocation instead of four (2026-11-22: 0.15 of 1.35 million
// for 20,000 users).
func (e *Extractor) own(x *Exchange, callID, branch, fromTag, toTag []byte) {
	e.text = append(append(append(append(e.text[:0], callID...), branch...), fromTag...), toTag...)
	s := string(e.text)
	cut := func(n int) (head string) {
		head, s = s[:n], s[n:]
		return head
	}
	x.CallID, x.Branch, x.FromTag, x.ToTag = cut(len(callID)), cut(len(branch)), cut(len(fromTag)), cut(len(toTag))
}

func (e *Extractor) register(x *Exchange, m *sip.Message) *Register {
	r := &Register{Expires: Absent}
	r.Answer.Expires, r.Answer.MinExpires, r.Answer.RetryAfter = Absent, Absent, Absent
	if !m.IsRequest {
		// Without the request: only a server registers others and has no user part itself.
		r.ThirdParty = x.From.Key != x.To.Key && x.From.Key != "" && !identity.HasUser(x.From.Key)
		return r
	}
	r.Contacts, r.Star = e.contacts(m)
	r.Expires = seconds(m, sip.HdrExpires)
	if v := m.First(sip.HdrAuthorization); v != nil {
		if a, ok := sip.ParseAuth(v); ok {
			r.HasAuth = true
			r.IMPI = e.in.str(a.Username)
			r.Response = len(a.Response) > 0
			r.AUTS = len(a.AUTS) > 0
			r.Nonce = NonceSum(a.Nonce)
			r.Integrity = e.in.str(a.IntegrityProtected)
		}
	}
	r.Supported = e.joined(m, sip.HdrSupported)
	r.UserAgent = e.in.str(m.First(sip.HdrUserAgent))
	if v := m.First(sip.HdrPAccessNetworkInfo); v != nil {
		first, _, _ := bytes.Cut(v, []byte(","))
		r.Access = e.in.str(bytes.TrimSpace(first))
	}
	r.SecurityOld = m.First(sip.HdrSecurityVerify) != nil
	r.Security = e.offered(m)
	// The S-CSCF registers the user with an AS in its own name: From and Contact are its own, To is
	// the user, and there are no credentials (TS 24.229 5.4.1.7).
	if x.From.Key != x.To.Key && !r.HasAuth && !r.Star && len(r.Contacts) <= 1 {
		r.ThirdParty = len(r.Contacts) == 0 || identity.HostOf(r.Contacts[0].URI) == identity.HostOf(x.From.Key)
	}
	return r
}

// contacts reads the Contact headers.
func (e *Extractor) contacts(m *sip.Message) (list []ContactValue, star bool) {
	for v := range m.All(sip.HdrContact) {
		for len(list) < maxContacts {
			c, rest, ok := sip.NextContact(v)
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
			cv := ContactValue{Expires: c.Expires, Q: thousandths(c.Q), GRUU: len(c.PubGRUU) > 0, Instance: e.in.str(bytes.Trim(c.Instance, `"<> `)), RegID: e.in.str(c.RegID)}
			cv.URI, cv.Key = e.in.contact(c.URI)
			list = append(list, cv)
		}
	}
	return list, star
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

func (e *Extractor) subscribe(m *sip.Message) *Subscribe {
	s := &Subscribe{Expires: Absent, Granted: Absent}
	if !m.IsRequest {
		return s
	}
	if ev, ok := sip.ParseEvent(m.First(sip.HdrEvent)); ok {
		s.Event = strings.ToLower(e.in.str(ev.Package))
	}
	s.Expires = seconds(m, sip.HdrExpires)
	if na, ok := sip.ParseNameAddr(m.First(sip.HdrContact)); ok {
		s.Contact = e.in.str(na.URI)
	}
	for _, id := range [...]sip.HeaderID{sip.HdrPAssertedIdentity, sip.HdrPPreferredIdentity} {
		if na, _, ok := sip.NextNameAddr(m.First(id)); ok && s.PAI.Key == "" {
			s.PAI = e.in.uri(na.URI)
		}
	}
	s.Agent = e.in.str(m.First(sip.HdrUserAgent))
	s.Routes = e.uriList(m, sip.HdrRoute)
	return s
}

func (e *Extractor) notify(m *sip.Message) *Notify {
	n := &Notify{Expires: Absent, RetryAfter: Absent}
	if !m.IsRequest {
		return n
	}
	if ev, ok := sip.ParseEvent(m.First(sip.HdrEvent)); ok {
		n.Event = strings.ToLower(e.in.str(ev.Package))
	}
	if v := m.First(sip.HdrSubscriptionState); v != nil {
		n.HasState = true
		s, _ := sip.ParseSubscriptionState(v)
		n.State = strings.ToLower(e.in.str(s.State))
		n.Reason = strings.ToLower(e.in.str(s.Reason))
		n.Expires, n.RetryAfter = s.Expires, s.RetryAfter
	}
	n.Agent = e.in.str(m.First(sip.HdrServer))
	if n.Agent == "" {
		n.Agent = e.in.str(m.First(sip.HdrUserAgent))
	}
	n.ICID = icid(m)
	if na, ok := sip.ParseNameAddr(m.First(sip.HdrContact)); ok {
		n.Contact = e.in.str(na.URI)
	}
	body := m.Body.In(m.Raw)
	n.HasBody = len(bytes.TrimSpace(body)) > 0
	if n.HasBody && isReginfo(m, body) {
		n.Document = e.document(body)
	}
	return n
}

var reginfoType = []byte("application/reginfo+xml")

// isReginfo reports whether a body is a reginfo document, by its type or, where that is missing, by
// its looks.
func isReginfo(m *sip.Message, body []byte) bool {
	ct := m.First(sip.HdrContentType)
	if len(ct) >= len(reginfoType) && bytes.EqualFold(ct[:len(reginfoType)], reginfoType) {
		return true
	}
	return len(ct) == 0 && (bytes.Contains(body, []byte("<reginfo")) || bytes.Contains(body, []byte("<registration ")))
}

// document copies a reginfo document; nil if nothing of it is usable.
func (e *Extractor) document(body []byte) *Document {
	d := &e.doc
	if err := d.Parse(body); err != nil {
		return nil
	}
	out := &Document{Version: d.Version, State: d.State, Registrations: make([]Registration, 0, len(d.Registrations))}
	for i := range d.Registrations {
		r := &d.Registrations[i]
		reg := Registration{AOR: e.in.uri(r.AOR), ID: e.in.str(r.ID), State: r.State, Contacts: make([]Contact, 0, len(r.Contacts))}
		for j := range r.Contacts {
			c := &r.Contacts[j]
			k := Contact{ID: e.in.str(c.ID), Instance: e.in.str(c.Instance), State: c.State, Event: c.Event, Expires: c.Expires,
				Retry: c.RetryAfter, CallID: e.in.str(c.CallID), CSeq: c.CSeq, Q: thousandths(c.Q), RegID: regID(c), GRUU: len(c.PubGRUU) > 0}
			k.URI, k.Key = e.in.contact(c.URI)
			reg.Contacts = append(reg.Contacts, k)
		}
		out.Registrations = append(out.Registrations, reg)
	}
	for _, p := range d.Problems {
		if p.Code.Severity != problem.Info && len(out.Problems) < maxProblems {
			out.Problems = append(out.Problems, p.Code)
		}
	}
	return out
}

// answered takes what a response says. A later hop may still add what an earlier one did not have.
func (e *Extractor) answered(x *Exchange, m *sip.Message, r Route, first bool) {
	if x.Register != nil && (m.Status == 401 || m.Status == 407) {
		e.challenged(x, m, r)
	}
	switch {
	case x.Register != nil && first:
		a := &x.Register.Answer
		switch {
		case m.Status >= 200 && m.Status < 300:
			a.Contacts, _ = e.contacts(m)
			a.Expires = seconds(m, sip.HdrExpires)
			for v := range m.All(sip.HdrPAssociatedURI) {
				for len(a.Associated) < maxIdentities {
					na, rest, ok := sip.NextNameAddr(v)
					if !ok {
						break
					}
					v = rest
					if u := e.in.uri(na.URI); u.Key != "" {
						a.Associated = append(a.Associated, u)
					}
				}
			}
			a.Path = m.First(sip.HdrPath) != nil
			a.ServiceRoute = m.First(sip.HdrServiceRoute) != nil
			a.ServiceRoutes = e.uriList(m, sip.HdrServiceRoute)
		case m.Status == 401 || m.Status == 407:
			id := sip.HdrWWWAuthenticate
			if m.Status == 407 {
				id = sip.HdrProxyAuthenticate
			}
			if c, ok := sip.ParseAuth(m.First(id)); ok {
				a.Nonce = string(c.Nonce)
				a.AKA = len(c.Algorithm) >= 3 && bytes.EqualFold(c.Algorithm[:3], []byte("AKA"))
				a.Stale = bytes.EqualFold(c.Stale, []byte("true"))
			}
		case m.Status == 423:
			a.MinExpires = seconds(m, sip.HdrMinExpires)
		case m.Status >= 400:
			a.RetryAfter = retryAfter(m)
		}
	case x.Subscribe != nil && m.Status >= 200 && m.Status < 300:
		x.Subscribe.Granted = seconds(m, sip.HdrExpires)
		if na, ok := sip.ParseNameAddr(m.First(sip.HdrContact)); ok {
			x.Subscribe.Notifier = e.in.str(na.URI)
		}
		if na, ok := sip.ParseNameAddr(m.First(sip.HdrTo)); ok {
			tag, _ := sip.Param(na.Params, "tag")
			x.Subscribe.DialogTag = string(tag)
		}
	}
}
