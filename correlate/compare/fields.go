package compare

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"

	"imscope/decode/sip"
)

// Field is a header field, or an AVP, with what of its values compares.
type Field struct {
	Name   string
	Values []Value
	set    bool // the order of the values means nothing
}

// Value is one value of a field: what stands in front, and parameters.
type Value struct {
	Main   string
	Params []Param
}

// Param is a parameter. Of one whose value means nothing only the presence counts.
type Param struct{ Name, Value string }

// left is what a header field is compared by.
type treatment uint8

const (
	whole    treatment = iota // its text
	ignored                   // not at all
	presence                  // whether it is there
	tokens                    // a set of words
	address                   // URIs with parameters
	params                    // a word with parameters
	security                  // a set of mechanisms
	auth                      // a scheme with parameters
	hops                      // Via: how many, and the first one
	count                     // how many values
)

// treatments of the header fields that are not compared by their text.
var treatments = map[sip.HeaderID]treatment{
	sip.HdrCSeq: ignored, sip.HdrCallID: ignored, sip.HdrContentLength: ignored, sip.HdrMaxForwards: ignored,
	sip.HdrDate: ignored, sip.HdrTimestamp: ignored, sip.HdrRSeq: ignored, sip.HdrRAck: ignored, sip.HdrSIPETag: presence,
	sip.HdrSIPIfMatch: presence, sip.HdrReplaces: presence, sip.HdrJoin: presence, sip.HdrIdentity: presence,
	sip.HdrSupported: tokens, sip.HdrRequire: tokens, sip.HdrProxyRequire: tokens, sip.HdrUnsupported: tokens,
	sip.HdrAllow: tokens, sip.HdrAllowEvents: tokens, sip.HdrAccept: tokens, sip.HdrPrivacy: tokens, sip.HdrAcceptEncoding: tokens,
	sip.HdrFrom: address, sip.HdrTo: address, sip.HdrContact: address, sip.HdrPath: address, sip.HdrServiceRoute: address,
	sip.HdrRoute: address, sip.HdrRecordRoute: address, sip.HdrPAssociatedURI: address, sip.HdrPAssertedIdentity: address,
	sip.HdrPPreferredIdentity: address, sip.HdrPCalledPartyID: address, sip.HdrReferTo: address, sip.HdrReferredBy: address,
	sip.HdrHistoryInfo: count, sip.HdrErrorInfo: presence, sip.HdrIdentityInfo: presence,
	sip.HdrSecurityClient: security, sip.HdrSecurityServer: security, sip.HdrSecurityVerify: security,
	sip.HdrAuthorization: auth, sip.HdrWWWAuthenticate: auth, sip.HdrProxyAuthorization: auth, sip.HdrProxyAuthenticate: auth,
	sip.HdrAuthenticationInfo: auth, sip.HdrVia: hops, sip.HdrEvent: params, sip.HdrSubscriptionState: params,
	sip.HdrPAccessNetworkInfo: params, sip.HdrPChargingVector: params, sip.HdrPChargingFunctionAddresses: params,
	sip.HdrContentType: params, sip.HdrReason: params, sip.HdrPVisitedNetworkID: presence, sip.HdrOrganization: presence,
	sip.HdrSubject: presence, sip.HdrWarning: presence, sip.HdrAcceptContact: params, sip.HdrFeatureCaps: params,
}

// volatile are the parameters whose values differ in any two flows.
var volatile = func() map[string]bool {
	m := map[string]bool{}
	for _, n := range strings.Fields(`branch tag received rport nonce nextnonce cnonce response rspauth opaque auts ik ck nc uri
		username realm spi-c spi-s port-c port-s +sip.instance pub-gruu temp-gruu icid-value icid-generated-at orig-ioi term-ioi
		transit-ioi ccf ecf ccf-2 ecf-2 utran-cell-id-3gpp cgi-3gpp utran-sai-3gpp i-wlan-node-id id maddr alias
		received-ip ftag text domain phone-context q`) {
		m[n] = true
	}
	return m
}()

// sipFields gives what a SIP message is compared by, its start line first.
func sipFields(m *sip.Message) []Field {
	var list []Field
	if m.IsRequest {
		list = append(list, Field{Name: "Request-URI", Values: []Value{uriValue(m.RequestURI.In(m.Raw), nil)}})
	} else {
		list = append(list, Field{Name: "Status", Values: []Value{{Main: strings.TrimSpace(string(m.StartLine()[min(len("SIP/2.0 "), len(m.StartLine())):]))}}})
	}
	index := map[string]int{}
	for _, h := range m.Headers {
		name := h.ID.String()
		if h.ID == sip.HdrUnknown {
			name = string(h.Name.In(m.Raw))
		}
		t := treatments[h.ID]
		if t == ignored {
			continue
		}
		key := strings.ToLower(name)
		i, ok := index[key]
		if !ok {
			i = len(list)
			index[key] = i
			list = append(list, Field{Name: name, set: t == tokens || t == security})
		}
		list[i].Values = appendValues(list[i].Values, t, sip.Unfold(nil, h.Value.In(m.Raw)))
	}
	return list
}

// maxValues bounds the values of one field.
const maxValues = 256

// appendValues takes one header field apart.
func appendValues(list []Value, t treatment, v []byte) []Value {
	if len(list) >= maxValues {
		return list
	}
	switch t {
	case presence, count:
		return append(list, Value{Main: "there"})
	case tokens:
		for tok := range bytes.SplitSeq(v, []byte(",")) {
			if tok = bytes.TrimSpace(tok); len(tok) > 0 {
				list = append(list, Value{Main: strings.ToLower(string(tok))})
			}
		}
		return list
	case address:
		return appendAddresses(list, v)
	case auth:
		return append(list, authValue(v))
	case hops:
		return appendVias(list, v)
	case params, security:
		for part := range elements(v) {
			list = append(list, paramValue(part))
		}
		return list
	}
	return append(list, Value{Main: string(v)})
}

// elements yields the elements of a list that has its commas outside of quotes.
func elements(v []byte) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		quoted, from := false, 0
		for i, c := range v {
			switch {
			case c == '"':
				quoted = !quoted
			case c == ',' && !quoted:
				if !yield(bytes.TrimSpace(v[from:i])) {
					return
				}
				from = i + 1
			}
		}
		if rest := bytes.TrimSpace(v[from:]); len(rest) > 0 {
			yield(rest)
		}
	}
}

// paramValue reads a word with parameters. A first parameter without a word in front, as P-Charging-Vector has it, is
// one of them.
func paramValue(v []byte) Value {
	head, rest, _ := bytes.Cut(v, []byte(";"))
	head = bytes.TrimSpace(head)
	var out Value
	if bytes.IndexByte(head, '=') >= 0 {
		rest = v
	} else {
		out.Main = strings.ToLower(string(head))
	}
	out.Params = appendParams(nil, rest)
	return out
}

// appendParams reads parameters.
func appendParams(list []Param, b []byte) []Param {
	for len(b) > 0 && len(list) < maxValues {
		p, rest, ok := sip.NextParam(b)
		if !ok {
			break
		}
		b = rest
		list = append(list, param(string(p.Name), string(p.Value)))
	}
	return list
}

// param gives a parameter as it compares.
func param(name, value string) Param {
	name = strings.ToLower(name)
	if volatile[name] || isAddress(value) {
		value = "…"
	}
	return Param{name, value}
}

// isAddress reports whether a value is an address.
func isAddress(v string) bool {
	_, err := netip.ParseAddr(strings.Trim(v, "[]"))
	return err == nil
}

// appendAddresses reads a list of addresses.
func appendAddresses(list []Value, v []byte) []Value {
	if string(bytes.TrimSpace(v)) == "*" {
		return append(list, Value{Main: "*"})
	}
	for len(list) < maxValues {
		na, rest, ok := sip.NextNameAddr(v)
		if !ok {
			break
		}
		v = rest
		list = append(list, uriValue(na.URI, na.Params))
	}
	return list
}

// uriValue gives a URI by its form: scheme, whether it has a user, and parameters; the URI's own have "uri;" in front.
func uriValue(uri, rest []byte) Value {
	out := Value{Main: string(uri)}
	if u, ok := sip.ParseURI(uri); ok {
		out.Main = strings.ToLower(string(u.Scheme)) + ":"
		switch {
		case strings.EqualFold(string(u.Scheme), "tel"):
			out.Main += "number"
		case len(u.User) > 0:
			out.Main += "user@host"
		default:
			out.Main += "host"
		}
		for _, p := range appendParams(nil, u.Params) {
			out.Params = append(out.Params, Param{"uri;" + p.Name, p.Value})
		}
	}
	out.Params = appendParams(out.Params, rest)
	return out
}

// authValue reads credentials or a challenge.
func authValue(v []byte) Value {
	a, ok := sip.ParseAuth(v)
	if !ok {
		return Value{Main: string(v)}
	}
	out := Value{Main: string(a.Scheme)}
	for part := range elements(a.Params) {
		name, value, _ := bytes.Cut(part, []byte("="))
		if name = bytes.TrimSpace(name); len(name) > 0 {
			out.Params = append(out.Params, param(string(name), strings.Trim(string(value), "\" \t")))
		}
	}
	return out
}

// appendVias reads Via values: transport and parameters of the first, of the others that they are there.
func appendVias(list []Value, v []byte) []Value {
	for len(list) < maxValues {
		via, rest, ok := sip.NextVia(v)
		if !ok {
			break
		}
		v = rest
		if len(list) > 0 {
			list = append(list, Value{Main: "another"})
			continue
		}
		out := Value{Main: strings.ToUpper(string(via.Transport))}
		if via.Comp != nil {
			out.Params = append(out.Params, Param{"comp", string(via.Comp)})
		}
		list = append(list, out)
	}
	return list
}

// String gives a value as it is shown.
func (v Value) String() string {
	var b strings.Builder
	b.WriteString(v.Main)
	for _, p := range v.Params {
		if b.Len() > 0 {
			b.WriteByte(';')
		}
		b.WriteString(p.Name)
		if p.Value != "" {
			b.WriteByte('=')
			b.WriteString(p.Value)
		}
	}
	return b.String()
}

// sorted gives the values as texts in their order.
func sorted(list []Value) []string {
	out := make([]string, 0, len(list))
	for _, v := range list {
		p := slices.Clone(v.Params)
		slices.SortFunc(p, func(a, b Param) int { return strings.Compare(a.Name, b.Name) })
		out = append(out, Value{v.Main, p}.String())
	}
	slices.Sort(out)
	return slices.Compact(out)
}
