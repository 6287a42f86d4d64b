package sip

import (
	"unicode/utf8"

	"imscope/decode/problem"
)

// Check reads every header field that has a grammar here and appends what is wrong to m.Problems: what
// a message of this kind must have and does not, values that do not follow their grammar, header
// fields that contradict each other. It allocates only when it finds something, and does nothing the
// second time. It costs several times as much as Parse.
func (m *Message) Check() {
	if m.checked || m.Raw == nil {
		return
	}
	m.checked = true
	if !m.headCut {
		m.checkPresence()
	}
	if m.IsRequest {
		m.checkRequestURI()
	}
	for i := range m.Headers {
		h := &m.Headers[i]
		m.checkBytes(h.Value)
		if onlyOnce(h.ID) && int(m.first[h.ID]) != i+1 {
			m.report(ProbRepeatedHeader, h.Value)
		}
		m.checkValue(h)
	}
	m.checkTags()
	m.checkStar()
	m.checkRoute()
}

// onlyOnce reports whether a second header field of this kind leaves the meaning open. Content-Length
// is not among them: Parse looks after it.
func onlyOnce(id HeaderID) bool {
	switch id {
	case HdrFrom, HdrTo, HdrCallID, HdrCSeq, HdrMaxForwards, HdrExpires, HdrEvent, HdrSubscriptionState, HdrContentType:
		return true
	}
	return false
}

// checkPresence looks for what RFC 3261 8.1.1 and 8.2.6.2 and RFC 6665 make mandatory.
func (m *Message) checkPresence() {
	need := func(id HeaderID, code *problem.Code) {
		if m.first[id] == 0 {
			m.report(code, m.start)
		}
	}
	need(HdrVia, ProbMissingVia)
	need(HdrFrom, ProbMissingFrom)
	need(HdrTo, ProbMissingTo)
	need(HdrCallID, ProbMissingCallID)
	need(HdrCSeq, ProbMissingCSeq)
	if m.Body.Len > 0 {
		need(HdrContentType, ProbMissingContentType)
	}
	if !m.IsRequest {
		return
	}
	need(HdrMaxForwards, ProbMissingMaxForwards)
	switch m.Method {
	case MethodInvite, MethodUpdate, MethodRefer:
		need(HdrContact, ProbMissingContact)
	case MethodSubscribe:
		need(HdrContact, ProbMissingContact)
		need(HdrEvent, ProbMissingEvent)
	case MethodNotify:
		need(HdrContact, ProbMissingContact)
		need(HdrEvent, ProbMissingEvent)
		need(HdrSubscriptionState, ProbMissingSubscriptionState)
	}
}

// checkBytes looks at the bytes of a value: its encoding, and controls that are neither line folds
// nor escaped inside a quoted string.
func (m *Message) checkBytes(s problem.Span) {
	v := s.In(m.Raw)
	if !utf8.Valid(v) {
		m.report(ProbNotUTF8, s)
	}
	for i, c := range v {
		if c >= ' ' && c != 0x7f || c == '\t' || c == '\n' || i > 0 && v[i-1] == '\\' {
			continue
		}
		code := ProbControlCharacter
		if c == '\r' {
			if m.cr || i+1 < len(v) && v[i+1] == '\n' {
				continue
			}
			code = ProbBareCR
		}
		m.report(code, problem.Span{Off: s.Off + uint32(i), Len: 1})
		return
	}
}

// within returns the span of sub, a slice of the value v of h. It relies on Span.In giving slices
// that end at their capacity, so that the distance of the ends is the offset.
func (h *Header) within(v, sub []byte) problem.Span {
	if sub == nil || cap(sub) > cap(v) {
		return h.Value
	}
	return problem.Span{Off: h.Value.Off + uint32(cap(v)-cap(sub)), Len: uint32(len(sub))}
}

// checkValue sends a header to the check of its grammar.
func (m *Message) checkValue(h *Header) {
	v := h.Value.In(m.Raw)
	switch h.ID {
	case HdrVia:
		m.checkVia(h, v)
	case HdrFrom, HdrTo:
		m.checkNameAddr(h, v, v, false)
	case HdrContact:
		m.checkContacts(h, v)
	case HdrRoute, HdrRecordRoute, HdrPath, HdrServiceRoute:
		m.checkNameAddrs(h, v, true)
	case HdrPAssociatedURI, HdrPAssertedIdentity, HdrPPreferredIdentity, HdrPCalledPartyID, HdrReferTo, HdrReferredBy:
		m.checkNameAddrs(h, v, false)
	case HdrCSeq:
		m.checkCSeq(h, v)
	case HdrCallID:
		if len(v) == 0 || hasLWS(v) {
			m.report(ProbBadCallID, h.Value)
		}
	case HdrMaxForwards:
		if n, _, ok := parseUint(v); !ok || n > 255 {
			m.report(ProbBadMaxForwards, h.Value)
		}
	case HdrExpires, HdrMinExpires, HdrRetryAfter:
		m.checkSeconds(h.Value, v)
	case HdrDate:
		if _, ok := ParseDate(v); !ok {
			m.report(ProbBadDate, h.Value)
		}
	case HdrWarning:
		if len(v) < 4 || !isDigit(v[0]) || !isDigit(v[1]) || !isDigit(v[2]) || !isLWS(v[3]) {
			m.report(ProbBadWarning, h.Value)
		}
	case HdrEvent:
		m.checkEvent(h, v)
	case HdrSubscriptionState:
		m.checkSubscriptionState(h, v)
	case HdrAuthorization, HdrWWWAuthenticate, HdrProxyAuthorization, HdrProxyAuthenticate:
		m.checkAuth(h, v)
	case HdrSecurityClient, HdrSecurityServer, HdrSecurityVerify:
		m.checkSecurity(h, v)
	case HdrPChargingVector:
		if _, ok := ParseChargingVector(v); !ok {
			m.report(ProbBadChargingVector, h.Value)
		}
	}
}

// checkSeconds looks at a number of seconds.
func (m *Message) checkSeconds(s problem.Span, v []byte) {
	_, over, ok := parseSeconds(v)
	switch {
	case !ok:
		m.report(ProbBadSeconds, s)
	case over:
		m.report(ProbSecondsOverflow, s)
	}
}

func (m *Message) checkCSeq(h *Header, v []byte) {
	n, digits, method, ok := parseCSeq(v)
	switch {
	case !ok:
		m.report(ProbBadCSeq, h.Value)
		return
	case n >= 1<<31:
		m.report(ProbCSeqOverflow, h.within(v, digits))
	}
	if m.IsRequest && (ParseMethod(method) != m.Method || m.Method == MethodOther && string(method) != string(m.MethodSpan.In(m.Raw))) {
		m.report(ProbCSeqMismatch, h.within(v, method))
	}
}

func (m *Message) checkEvent(h *Header, v []byte) {
	e, ok := ParseEvent(v)
	if !ok {
		m.report(ProbBadEvent, h.Value)
	}
	m.checkParams(h, v, e.Params)
}

func (m *Message) checkSubscriptionState(h *Header, v []byte) {
	s, ok := ParseSubscriptionState(v)
	if !ok {
		m.report(ProbBadSubscriptionState, h.Value)
	}
	if s.IsTerminated() && s.Reason == nil {
		m.report(ProbNoTerminationReason, h.Value)
	}
	m.checkParams(h, v, s.Params)
	if x, ok := Param(s.Params, "expires"); ok && !s.IsTerminated() {
		m.checkSeconds(h.within(v, x), x)
	}
}
