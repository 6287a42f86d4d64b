package redact

import (
	"bytes"
	"slices"
	"strings"

	"imscope/decode/sip"
)

// message redacts a SIP message whose Raw may be changed.
func (r *Redactor) message(m *sip.Message) {
	raw, body := m.Raw, m.Part()
	body.Type = bytes.Clone(body.Type) // its boundary is looked for as it was
	// What is in no span is scanned as well: lines that are no header fields, bytes behind the body.
	done := int(m.Body.Off)
	pos := 0
	if m.IsRequest {
		r.escaped(m.RequestURI.In(raw), header)
		pos = int(m.RequestURI.End())
	} else if m.Reason.Len > 0 {
		r.escaped(m.Reason.In(raw), prose)
		pos = int(m.Reason.End())
	}
	slices.SortFunc(r.headers(m), func(a, b sip.Header) int { return int(a.Name.Off) - int(b.Name.Off) })
	for _, h := range r.fields {
		if int(h.Name.Off) > pos {
			r.escaped(raw[pos:h.Name.Off], prose)
		}
		r.header(h.ID, h.Name.In(raw), h.Value.In(raw))
		pos = max(pos, int(h.Value.End()))
	}
	if m.Body.Len == 0 {
		r.escaped(raw[min(pos, len(raw)):], prose)
		return
	}
	if done > pos {
		r.escaped(raw[pos:done], prose)
	}
	r.part(body, 0)
	if end := int(m.Body.End()); end < len(raw) {
		r.unknownBody(raw[end:])
	}
}

// headers copies the list of header fields, which is the caller's.
func (r *Redactor) headers(m *sip.Message) []sip.Header {
	r.fields = append(r.fields[:0], m.Headers...)
	return r.fields
}

// header redacts the value of a header field.
func (r *Redactor) header(id sip.HeaderID, name, v []byte) {
	switch id {
	case sip.HdrCSeq, sip.HdrMaxForwards, sip.HdrExpires, sip.HdrMinExpires, sip.HdrContentLength, sip.HdrDate,
		sip.HdrTimestamp, sip.HdrRSeq, sip.HdrRAck, sip.HdrAllow, sip.HdrSupported, sip.HdrRequire, sip.HdrProxyRequire,
		sip.HdrUnsupported, sip.HdrAllowEvents, sip.HdrAccept, sip.HdrAcceptEncoding, sip.HdrAcceptLanguage,
		sip.HdrContentLanguage, sip.HdrContentEncoding, sip.HdrMIMEVersion, sip.HdrPriority, sip.HdrPrivacy,
		sip.HdrSecurityClient, sip.HdrSecurityServer, sip.HdrSecurityVerify, sip.HdrMinSE, sip.HdrSessionExpires,
		sip.HdrSIPETag, sip.HdrSIPIfMatch, sip.HdrFlowTimer, sip.HdrRequestDisposition:
	case sip.HdrEvent, sip.HdrSubscriptionState, sip.HdrUserAgent, sip.HdrServer:
		r.escaped(v, agent)
	case sip.HdrContentType, sip.HdrContentDisposition:
		if i := bytes.IndexByte(v, ';'); i >= 0 {
			r.escaped(v[i:], header)
		}
	case sip.HdrVia:
		r.via(v)
	case sip.HdrCallID:
		r.callID(v)
	case sip.HdrFrom, sip.HdrTo, sip.HdrContact, sip.HdrRoute, sip.HdrRecordRoute, sip.HdrPath, sip.HdrServiceRoute,
		sip.HdrPAssociatedURI, sip.HdrPAssertedIdentity, sip.HdrPPreferredIdentity, sip.HdrPCalledPartyID,
		sip.HdrReferTo, sip.HdrReferredBy, sip.HdrHistoryInfo, sip.HdrErrorInfo, sip.HdrIdentityInfo:
		r.nameAddrs(v, header)
	case sip.HdrAuthorization, sip.HdrProxyAuthorization, sip.HdrWWWAuthenticate, sip.HdrProxyAuthenticate, sip.HdrAuthenticationInfo:
		r.credentials(v)
	case sip.HdrPVisitedNetworkID:
		r.visited(v)
	case sip.HdrPAccessNetworkInfo, sip.HdrPChargingVector, sip.HdrPChargingFunctionAddresses, sip.HdrFeatureCaps,
		sip.HdrAcceptContact, sip.HdrRejectContact:
		r.escaped(v, header)
	case sip.HdrReplaces, sip.HdrJoin:
		id, rest, _ := bytes.Cut(v, []byte(";"))
		r.callID(bytes.TrimSpace(id))
		r.escaped(rest, header)
	case sip.HdrRetryAfter: // a number, then a comment
		r.escaped(bytes.TrimLeft(v, "0123456789"), prose)
	case sip.HdrReason:
		r.escaped(v, prose)
	case sip.HdrWarning:
		r.warning(v)
	case sip.HdrOrganization:
		r.called(v)
	case sip.HdrSubject:
		r.words(v)
	case sip.HdrIdentity:
		r.Book.SecretText(v)
	default:
		r.otherHeader(strings.ToLower(string(name)), v)
	}
}

// otherHeader redacts a header field that the parser has no name for.
func (r *Redactor) otherHeader(name string, v []byte) {
	switch name {
	case "p-served-user", "remote-party-id", "diversion", "p-user-database", "p-profile-key", "p-refused-uri-list",
		"reply-to", "call-info", "alert-info", "p-asserted-service", "p-preferred-service", "target-dialog", "geolocation":
		r.nameAddrs(v, header)
	case "cellular-network-info", "p-charging-info", "session-id":
		r.escaped(v, header)
	case "in-reply-to":
		for id := range bytes.SplitSeq(v, []byte(",")) {
			r.callID(bytes.TrimSpace(id))
		}
	case "proxy-authentication-info":
		r.credentials(v)
	case "geolocation-routing", "geolocation-error", "p-early-media", "x-real-ip", "x-forwarded-for":
		r.escaped(v, prose)
	default:
		r.nameAddrs(v, prose)
	}
}

// via redacts a list of Via values: whatever follows the transport is a host (RFC 3261 20.42).
func (r *Redactor) via(v []byte) {
	for i := 0; i < len(v); {
		end := bytes.IndexByte(v[i:], ',')
		if end < 0 {
			end = len(v) - i
		}
		part := v[i : i+end]
		i += end + 1
		slash := bytes.LastIndexByte(part, '/')
		if slash < 0 {
			r.escaped(part, header)
			continue
		}
		rest := part[slash+1:]
		j := 0
		for j < len(rest) && (isAlnum(rest[j]) || rest[j] == '-') { // the transport
			j++
		}
		for j < len(rest) && (rest[j] == ' ' || rest[j] == '\t' || rest[j] == '\r' || rest[j] == '\n') {
			j++
		}
		n := bytes.IndexAny(rest[j:], "; \t\r\n")
		if n < 0 {
			n = len(rest) - j
		}
		r.host(rest[j : j+n])
		r.escaped(rest[j+n:], header)
	}
}

// nameAddrs redacts a list of addresses with display names (RFC 3261 20.10), or other text.
func (r *Redactor) nameAddrs(v []byte, c context) {
	start := 0
	for start < len(v) {
		open, end := element(v[start:])
		part := v[start : start+end]
		switch addr, _, _ := bytes.Cut(part, []byte(";")); {
		case open >= 0:
			r.called(part[:open])
			part = part[open:]
		case c == header && !bytes.ContainsAny(addr, ":@%"): // no URI
			if bytes.IndexByte(addr, '.') > 0 {
				r.host(bytes.TrimSpace(addr))
			} else {
				r.called(addr)
			}
			part = part[len(addr):]
		}
		r.escaped(part, c)
		start += end + 1
	}
}

// element finds the first element of a list: where its "<" is, -1 without one, and where it ends.
func element(v []byte) (open, end int) {
	open = -1
	quoted, inside := false, false
	for i, c := range v {
		switch {
		case quoted:
			if c == '"' && v[i-1] != '\\' {
				quoted = false
			}
		case c == '"' && bytes.IndexByte(v[i+1:], '"') >= 0: // else it is a quotation mark that lost its other half
			quoted = true
		case c == '<':
			inside = true
			if open < 0 {
				open = i
			}
		case c == '>':
			inside = false
		case c == ',' && !inside:
			return open, i
		}
	}
	return open, len(v)
}

// credentials redacts a challenge or its answer. The values of Basic and Bearer have no names.
func (r *Redactor) credentials(v []byte) {
	scheme, rest, ok := bytes.Cut(v, []byte(" "))
	if ok && bytes.IndexByte(rest, '"') < 0 && bytes.IndexByte(bytes.TrimRight(rest, "="), '=') < 0 && bytes.IndexByte(scheme, '=') < 0 {
		r.Book.SecretText(bytes.TrimSpace(rest))
		return
	}
	r.escaped(v, header)
}

// visited redacts P-Visited-Network-ID: names of networks, in quotes if they are no tokens.
func (r *Redactor) visited(v []byte) {
	for part := range bytes.SplitSeq(v, []byte(",")) {
		id, params, _ := bytes.Cut(part, []byte(";"))
		if id = bytes.Trim(id, " \t\r\n\""); bytes.ContainsAny(id, " \t") {
			r.words(id)
		} else {
			r.host(id)
		}
		r.escaped(params, header)
	}
}

// warning redacts a list of a code, the host that warns, and text in quotes (RFC 3261 20.43).
func (r *Redactor) warning(v []byte) {
	rest := bytes.TrimLeft(v, " \t0123456789")
	n := bytes.IndexAny(rest, " \t\"")
	if n < 0 {
		n = len(rest)
	}
	r.host(rest[:n])
	r.escaped(rest[n:], prose)
}

// http redacts the head of a request to upgrade a connection, or of its answer.
func (r *Redactor) http(b []byte) {
	first := true
	for line := range bytes.SplitSeq(b, []byte("\n")) {
		name, value, ok := bytes.Cut(line, []byte(":"))
		value = bytes.TrimSpace(value)
		switch low := strings.ToLower(string(name)); {
		case first:
			path, query, _ := bytes.Cut(line, []byte("?"))
			r.escaped(path, prose)
			query, _, _ = bytes.Cut(query, []byte(" "))
			r.Book.SecretText(query)
		case !ok:
			r.escaped(line, prose)
		case low == "host":
			r.host(value)
		case low == "cookie" || low == "set-cookie" || low == "authorization":
			r.Book.SecretText(value)
		case strings.HasPrefix(low, "sec-websocket"), low == "upgrade", low == "connection", low == "content-length":
		case low == "user-agent" || low == "server":
			r.escaped(value, agent)
		default:
			r.escaped(value, prose)
		}
		first = false
	}
}
