package redact

import (
	"bytes"
	"strings"

	"imscope/decode/pseudonym"
)

// action says what the value of a parameter is.
type action uint8

const (
	other    action = iota // not known, about anybody
	search                 // opaque: names that are known from elsewhere
	protocol               // a word or number of the protocol; addresses only
	feature                // protocol in a document that is understood, else a name that a person gave
	number                 // an identifier within a document or message
	name
	device
	host
	secret
	cell
	machine
	text
	dialog // a Call-ID
)

// parameters lists the names of parameters, attributes and SDP fields of which more is known.
var parameters = func() map[string]action {
	m := map[string]action{}
	for a, names := range map[action]string{
		search: `branch tag to-tag from-tag local-tag remote-tag ftag alias keep icid-value related-icid remote u did vst vsf nat`,
		protocol: `transport method ttl lr comp expires q algorithm qop nc stale integrity-protected alg ealg prot mod
			spi-c spi-s port-c port-s cause state event version retry-after duration-registered first-cseq cseq rport
			handling charset type refresher index reg-id xmlns level mediatype encoding standalone kind class
			audio video isfocus methods events schemes mobility network-provided role priority direction
			npdi rn cic cpc oli ob orig term r2 lang reason duration boundary country local-time-zone daylight-saving-time
			ue-local-port purpose user access-type require supported`,
		feature: "name",
		number:  "id",
		name:    "username username* user-name impi impu imsi msisdn sim isub",
		device:  "imei imeisv",
		host: `realm orig-ioi term-ioi transit-ioi icid-generated-at phone-context trunk-context tgrp maddr received host ccf ecf
			ccf-2 ecf-2 ue-ip ue-local-ip-address domain`,
		secret: "nonce nextnonce response rspauth cnonce opaque auts ik ck password passwd pwd key token access_token auth-token",
		cell: `utran-cell-id-3gpp cgi-3gpp utran-sai-3gpp ecgi ncgi eth-location dsl-location fiber-location
			ci-3gpp2 ci-3gpp2-femto gstn-location cell-id`,
		machine: "i-wlan-node-id bssid mac",
		text:    "text display display-name cname description filename",
		dialog:  "callid call-id",
	} {
		for n := range strings.FieldsSeq(names) {
			m[n] = a
		}
	}
	return m
}()

const (
	// maxParameter is the longest name of a parameter.
	maxParameter = 24
	// maxNested is how deep values within values are looked at as such; deeper ones are words.
	maxNested = 3
)

// parameter takes name=value, where eq is the place of "=", and returns the length of what it took: the name alone if the
// value is for the scan.
func (r *Redactor) parameter(b []byte, eq int, c context) int {
	what := other
	if eq <= maxParameter {
		var room [maxParameter]byte
		what = parameters[string(lower(room[:0], b[:eq]))]
	}
	switch {
	case c == opaque:
		what = other
	case what == feature && c == markup:
		what = protocol
	case what == feature:
		what = other
	}
	switch {
	case what == other && c == document: // a schema's
		r.plain(b[:eq], markup)
	case what == other: // it may be anything
		r.plain(b[:eq], c)
	}
	if what == other && c != header && c != markup && !c.isProse() {
		return eq + 1
	}
	from := eq + 1
	for from < len(b) && (b[from] == ' ' || b[from] == '\t') {
		from++
	}
	from, end, next := valueOf(b, from)
	v := b[from:end]
	switch what {
	case other, text:
		r.prose(v)
	case search:
		r.scan(v, opaque)
	case protocol:
		switch {
		case !c.isProse():
			r.scanProtocol(v)
		case len(v) >= minNumber || !allDigits(v): // a name that means something else here
			r.prose(v)
		}
	case number:
		r.id(v)
	case name:
		r.identity(v)
	case device:
		r.imei(v)
	case host:
		r.hosts(v)
	case secret:
		r.Book.SecretText(v)
	case cell:
		r.Book.Cell(v)
	case machine:
		r.Book.Node(v)
	case dialog:
		r.callID(v)
	}
	return next
}

// prose redacts a value that is text for people, or nobody knows what.
func (r *Redactor) prose(v []byte) {
	if r.nested == maxNested {
		r.runs(v, prose)
		return
	}
	r.nested++
	r.scan(v, prose)
	r.nested--
}

// id replaces an identifier by another one of its form, whether it holds a name or not: so no two become one, and it
// is the same before and after somebody is known. Counters and pointers (0x7f01a2b3c4d5) stay.
func (r *Redactor) id(b []byte) {
	const shortest = 3 // letters
	if isPointer(b) || r.scheme(b, header) > 0 {
		return
	}
	if at := bytes.LastIndexByte(b, '@'); at >= 0 {
		r.address(b, at, header)
		return
	}
	if isUUID(b) {
		r.Book.UUID(b)
		return
	}
	for i := 0; i < len(b); {
		letters, end := 0, i
		for end < len(b) && isWordByte(b[end]) {
			if !isDigit(b[end]) {
				letters++
			}
			end++
		}
		switch w := b[i:end]; {
		case letters == 0 && len(w) >= minNumber:
			r.digits(w)
		case (letters >= shortest || len(w) >= minNumber) && !pseudonym.IsRole(w):
			r.Book.Word(w)
		}
		i = end + 1
	}
}

func isPointer(b []byte) bool {
	digits, ok := bytes.CutPrefix(b, []byte("0x"))
	for _, c := range digits {
		ok = ok && unhex(c) >= 0
	}
	return ok && len(digits) <= 16
}

// valueOf returns the bounds of the value at from without its quotes, and where the text goes on behind it. A value that
// lost its closing quote ends before the next name=, else with the line.
func valueOf(b []byte, from int) (start, end, next int) {
	if from < len(b) && (b[from] == '"' || b[from] == '\'') {
		quote := b[from]
		start = from + 1
		for end = start; end < len(b); end++ {
			switch b[end] {
			case quote:
				if n := openEnd(b[start:end]); n >= 0 {
					return start, start + n, start + n
				}
				return start, end, end + 1
			case '\\':
				end++
			case '\r', '\n', '>':
				if bytes.IndexByte(b[end:], quote) < 0 || b[end] != '>' {
					end = start + beforeName(b[start:end])
					return start, end, end
				}
			}
		}
		end = start + beforeName(b[start:min(end, len(b))])
		return start, end, end
	}
	end = from
	for end < len(b) && strings.IndexByte(" \t\r\n;,>\"'&?<", b[end]) < 0 {
		end++
	}
	return from, end, end
}

// openEnd returns where a value ends that seems to go on to a quote which in truth opens another value, -1 for a sound
// one: name="value, other="value (as sip.ParseAuth decides it).
func openEnd(v []byte) int {
	if t := bytes.TrimRight(v, " \t\r\n"); len(t) == 0 || t[len(t)-1] != '=' {
		return -1
	}
	if n := beforeName(v); n < len(v) {
		return n
	}
	return -1
}

// beforeName returns the length of what stands before the first name= in v that has a comma or white space in front.
func beforeName(v []byte) int {
	for i, c := range v {
		if c != ',' && c != '\n' && c != ' ' {
			continue
		}
		rest := bytes.TrimLeft(v[i+1:], " \t\r\n")
		n := 0
		for n < len(rest) && (isAlnum(rest[n]) || rest[n] == '-' || rest[n] == '_') {
			n++
		}
		if n > 0 && bytes.HasPrefix(bytes.TrimLeft(rest[n:], " \t"), []byte("=")) {
			return i
		}
	}
	return len(v)
}

// scanProtocol looks for addresses in a value that has a meaning of its own.
func (r *Redactor) scanProtocol(b []byte) {
	if bytes.IndexByte(b, ':') >= 0 || bytes.IndexByte(b, '@') >= 0 || bytes.IndexByte(b, '.') >= 0 {
		r.scan(b, agent)
	}
}

// hosts replaces a host, or several with commas between them, or a URI.
func (r *Redactor) hosts(b []byte) {
	for part := range bytes.SplitSeq(b, []byte(",")) {
		part = bytes.TrimSpace(part)
		switch {
		case len(part) == 0:
		case part[0] == '+' && allDigits(part[1:]): // a global number as phone-context
			r.tel(part)
		case r.scheme(part, header) > 0:
		default:
			r.host(part)
		}
	}
}

// callID replaces a Call-ID: its host, and whatever else names somebody.
func (r *Redactor) callID(b []byte) {
	if at := bytes.LastIndexByte(b, '@'); at >= 0 {
		from := at
		for from > 0 && isLocal(b[from-1]) { // what a search in text will come upon
			from--
		}
		r.known.callID(b[from : at+1+hostLen(b[at+1:])])
		r.scan(b[:at], callID)
		r.host(b[at+1:])
		return
	}
	r.scan(b, callID)
}
