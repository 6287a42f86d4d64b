package redact

import (
	"bytes"
	"strings"
)

// action says what the value of a parameter is.
type action uint8

const (
	search   action = iota // anything: names that are known from elsewhere
	protocol               // a word or number of the protocol; addresses only
	name
	host
	secret
	cell
	machine
	text
	dialog // a Call-ID
)

// parameters lists the names of parameters, attributes and SDP fields whose values are not to be searched for names like
// any text.
var parameters = func() map[string]action {
	m := map[string]action{}
	for a, names := range map[action]string{
		protocol: `transport method ttl lr comp expires q algorithm qop nc stale integrity-protected alg ealg prot mod
			spi-c spi-s port-c port-s cause state event version retry-after duration-registered first-cseq cseq rport
			handling charset type refresher index reg-id id xmlns level mediatype encoding standalone kind class
			audio video isfocus methods events schemes mobility description network-provided role priority direction
			npdi rn cic cpc oli isub npdi ob orig term r2 lang`,
		name:   "username username* user-name impi impu imsi msisdn sim",
		host:   "realm orig-ioi term-ioi transit-ioi icid-generated-at phone-context maddr received host ccf ecf ccf-2 ecf-2 ue-ip domain",
		secret: "nonce nextnonce response rspauth cnonce opaque auts ik ck password passwd pwd key token access_token auth-token",
		cell: `utran-cell-id-3gpp cgi-3gpp utran-sai-3gpp ecgi ncgi eth-location dsl-location fiber-location
			ci-3gpp2 ci-3gpp2-femto gstn-location cell-id`,
		machine: "i-wlan-node-id bssid mac",
		text:    "text display display-name cname",
		dialog:  "callid call-id",
	} {
		for n := range strings.FieldsSeq(names) {
			m[n] = a
		}
	}
	return m
}()

// maxParameter is the longest name of a parameter.
const maxParameter = 24

// parameter takes name=value, where eq is the place of "=", and returns the length of what it took: the name alone if the
// value is for the scan.
func (r *Redactor) parameter(b []byte, eq int, c context) int {
	what := search
	if eq <= maxParameter {
		what = parameters[strings.ToLower(string(b[:eq]))]
	}
	from := eq + 1
	for from < len(b) && (b[from] == ' ' || b[from] == '\t') {
		from++
	}
	from, end, next := valueOf(b, from)
	v := b[from:end]
	switch what {
	case search:
		r.plain(b[:eq], c) // it may be anything
		return eq + 1
	case protocol:
		r.scanProtocol(v)
	case name:
		r.identity(v)
	case host:
		r.hosts(v)
	case secret:
		r.Book.SecretText(v)
	case cell:
		r.Book.Cell(v)
	case machine:
		r.Book.Node(v)
	case text:
		r.scan(v, free)
	case dialog:
		r.callID(v)
	}
	return next
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
