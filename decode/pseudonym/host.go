package pseudonym

import (
	"bytes"
	"strings"
)

// Host replaces the labels of a host name. The last label of several, labels that every operator has (pcscf2,
// ims, 3gppnetwork) and those of standards bodies stay; mnc and mcc labels follow Options.HidePLMN.
func (b *Book) Host(name []byte) {
	if !b.opt.KeepHosts {
		b.cached(KindHost, name, b.host)
	}
}

func (b *Book) host(name []byte) {
	if IsPublicHost(name) {
		return
	}
	var labels [][]byte
	for rest := name; ; {
		l, r, more := bytes.Cut(rest, []byte("."))
		labels = append(labels, l)
		if !more {
			break
		}
		rest = r
	}
	last := len(labels) - 1
	if last > 0 && len(labels[last]) == 0 {
		last-- // a dot at the end
	}
	mcc := mccOf(labels)
	for i, l := range labels {
		switch {
		case i == last && i > 0 && !allDigits(l), IsRole(l):
		case isCode(l, "mcc"):
			b.plmn(l[len("mcc"):])
		case isCode(l, "mnc"):
			b.mncLabel(l[len("mnc"):], mcc)
		default:
			b.cached(KindName, l, b.word)
		}
	}
}

// mccOf finds the country code beside a network code.
func mccOf(labels [][]byte) string {
	for _, l := range labels {
		if isCode(l, "mcc") {
			return string(l[len("mcc"):])
		}
	}
	return ""
}

// mncLabel replaces the network code of a host name, which has a zero in front if it has two digits (TS 23.003 13.2).
func (b *Book) mncLabel(d []byte, mcc string) {
	if !b.opt.HidePLMN || mcc == "" {
		return
	}
	if plmnLen([]byte(mcc)) == 5 && d[0] == '0' {
		d = d[1:]
	}
	b.all("mnc"+mcc, d)
}

// isCode reports whether a label is a prefix and three digits.
func isCode(l []byte, prefix string) bool {
	return len(l) == len(prefix)+3 && strings.EqualFold(string(l[:len(prefix)]), prefix) && allDigits(l[len(prefix):])
}

func allDigits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(b) > 0
}

// publicHosts are named in documents, not in networks.
var publicHosts = []string{
	"w3.org", "ietf.org", "3gpp.org", "etsi.org", "gsma.com", "openmobilealliance.org", "xml.org", "oasis-open.org",
}

// IsPublicHost reports whether a host is one of a body that writes standards: it names nobody's network.
func IsPublicHost(name []byte) bool {
	low := strings.ToLower(string(name))
	for _, h := range publicHosts {
		if low == h || strings.HasSuffix(low, "."+h) {
			return true
		}
	}
	return false
}

// roles are what operators and vendors call machines and functions, with or without a number, and placeholders. They
// tell nobody from anybody else.
var roles = map[string]bool{
	"pcscf": true, "icscf": true, "scscf": true, "ecscf": true, "cscf": true, "hss": true, "as": true, "tas": true,
	"mmtel": true, "sbc": true, "ibcf": true, "bgcf": true, "mgcf": true, "mgw": true, "mrf": true, "slf": true,
	"dra": true, "pcrf": true, "pcf": true, "ims": true, "epc": true, "pub": true, "nai": true, "gw": true, "sip": true,
	"proxy": true, "registrar": true, "edge": true, "core": true, "node": true, "ue": true, "ps": true, "isc": true,
	"xdms": true, "presence": true, "term": true, "orig": true, "mo": true, "mt": true, "iscmark": true,
	"conference": true, "anonymous": true, "unavailable": true, "restricted": true, "invalid": true, "localhost": true,
	"local": true, "localdomain": true, "lan": true, "intern": true, "internal": true, "private": true, "public": true,
	"test": true, "lab": true, "org": true, "net": true, "com": true, "www": true, "3gppnetwork": true, "sos": true,
	"emergency": true, "wlan": true, "ping": true, "healthcheck": true, "watcher": true, "notifier": true,
}

// IsRole reports whether a label or name says what something is, not whose: "pcscf", "scscf-02", "anonymous".
func IsRole(l []byte) bool {
	if roles[strings.ToLower(string(l))] {
		return true
	}
	name := strings.ToLower(strings.TrimRight(string(l), "0123456789"))
	return len(l)-len(name) <= 3 && roles[strings.TrimRight(name, "-_")]
}
