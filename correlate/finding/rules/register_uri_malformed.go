package rules

import (
	"net/netip"
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/finding/internal/few"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "register-uri-malformed",
	Title:    "Request-URI or Contact of a REGISTER is no proper URI",
	Severity: problem.Error,
	Clause:   "RFC 3261 19.1.1",
	Failures: []string{"F76"},
	Actor:    finding.ActorUE,
	Seen:     "A host in square brackets that is no IPv6 address, a port inside the brackets, or two @ in one URI.",
	Means:    "Proxies answer 400 or 502, or route to nowhere: the user cannot register, or cannot be reached at the contact.",
	Next:     "Look at what the device was given: P-CSCF address and domain in its configuration. IPv4 addresses must not stand in brackets.",
	Example:  "REGISTER sip:[172.16.0.101:5060] SIP/2.0",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		var seen few.Map[string, bool]
		for _, r := range c.Rounds() {
			bad := badURI(r.Register, r.RequestURI)
			if bad == "" || seen.Get(bad) {
				continue
			}
			seen.Put(bad, true)
			h := finding.Hit{Frames: []uint32{r.Frame()}, Detail: bad}
			if r.Final != nil && r.Status() >= 400 && !r.Challenged() {
				h.Frames = append(h.Frames, r.Final.Hops[0].Frame)
				h.Detail += ", answered " + statusLine(r.Final)
			} else {
				h.Mild, h.HasMild = problem.Warning, true
			}
			report(h)
		}
	},
})

// badURI returns the Request-URI or the Contact of a REGISTER that is none, "" if all are fine.
func badURI(r *fact.Register, request string) string {
	if badHost(request) {
		return request
	}
	for i := range r.Contacts {
		k := &r.Contacts[i]
		if badHost(k.URI) {
			return k.URI
		}
	}
	return ""
}

func badHost(uri string) bool {
	if strings.IndexByte(uri, '[') < 0 && strings.Count(uri, "@") <= 1 && strings.Count(uri, ":") < 3 {
		return false
	}
	scheme, rest, _ := strings.Cut(uri, ":")
	if !strings.EqualFold(scheme, "sip") && !strings.EqualFold(scheme, "sips") {
		return false
	}
	rest, _, _ = strings.Cut(rest, ";")
	rest, _, _ = strings.Cut(rest, "?")
	if strings.Count(rest, "@") > 1 {
		return true
	}
	host := rest[strings.IndexByte(rest, '@')+1:]
	if !strings.HasPrefix(host, "[") {
		return strings.Count(host, ":") > 1 // an IPv6 address without brackets
	}
	in, _, ok := strings.Cut(host[1:], "]")
	a, err := netip.ParseAddr(in)
	return !ok || err != nil || !a.Is6()
}
