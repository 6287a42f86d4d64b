package redact

import (
	"bytes"
	"strings"

	"imscope/decode/pseudonym"
)

// scheme takes a URI at the beginning of b and returns the length of what it took, 0 if there is none. Parameters are
// left for the scan.
func (r *Redactor) scheme(b []byte, c context) int {
	const longest = 8
	n := 0
	for n < len(b) && n < longest && (isAlnum(b[n]) || b[n] == '-' || b[n] == '+') {
		n++
	}
	if n < 2 || n >= len(b) || b[n] != ':' {
		return 0
	}
	rest := b[n+1:]
	switch strings.ToLower(string(b[:n])) {
	case "sip", "sips", "im", "pres", "mailto", "xmpp", "h323", "stun", "stuns", "turn", "turns":
		return n + 1 + r.sipURI(rest)
	case "tel", "fax", "modem", "sms":
		return n + 1 + r.telURI(rest)
	case "urn":
		return n + 1 + r.urn(rest)
	case "geo": // RFC 5870 3.3
		end := bytes.IndexAny(rest[:uriEnd(rest)], ";?")
		if end < 0 {
			end = uriEnd(rest)
		}
		r.Book.Word(rest[:end])
		return n + 1 + end
	}
	if bytes.HasPrefix(rest, []byte("//")) {
		return n + 1 + r.url(rest, c)
	}
	return 0
}

// isScheme reports whether a name before a colon is that of a URI with a user.
func isScheme(name []byte) bool {
	switch strings.ToLower(string(name)) {
	case "sip", "sips", "tel", "urn", "mailto", "im", "pres":
		return true
	}
	return false
}

// uriEnd returns where a URI ends that stands in text, in angle brackets or in quotes.
func uriEnd(b []byte) int {
	for i, c := range b {
		switch {
		case c <= ' ', c == '<', c == '>', c == '"', c == 0x7f:
			return i
		}
	}
	return len(b)
}

// sipURI takes what follows "sip:", up to the parameters.
func (r *Redactor) sipURI(b []byte) int {
	seg := b[:uriEnd(b)]
	at := -1
	for i, c := range seg {
		if c == '@' {
			at = i
		}
		if at >= 0 && (c == '?' || c == ';' || c == ',') && hostLen(seg[at+1:]) > 0 {
			break
		}
	}
	host := seg
	if at >= 0 {
		host = seg[at+1:]
	}
	end := hostLen(host)
	port := end
	if port < len(host) && host[port] == ':' {
		for port++; port < len(host) && isDigit(host[port]); port++ {
		}
	}
	if end == 0 && at < 0 {
		return 0
	}
	whole := seg[:at+1+end]
	before, fresh := r.fresh(whole)
	if at >= 0 {
		user := seg[:at]
		if i := bytes.IndexByte(user, ':'); i >= 0 {
			r.Book.SecretText(user[i+1:]) // a password
			user = user[:i]
		}
		r.user(user)
	}
	if at < 0 && bytes.IndexByte(host[:end], '.') < 0 && allNumber(host[:end]) {
		r.user(host[:end]) // a number where the "@" and the host are missing
	} else {
		r.host(host[:end])
	}
	if fresh && at >= 0 {
		r.Book.Note(pseudonym.KindIdentity, before, string(whole))
	}
	return at + 1 + port
}

func allNumber(b []byte) bool {
	return allDigits(bytes.TrimPrefix(b, []byte("+")))
}

// telURI takes what follows "tel:", up to the parameters.
func (r *Redactor) telURI(b []byte) int {
	n := 0
	for n < len(b) && strings.IndexByte("0123456789+-.()abcdefABCDEF*#", b[n]) >= 0 {
		n++
	}
	before, fresh := r.fresh(b[:n])
	r.tel(b[:n])
	if fresh {
		r.Book.Note(pseudonym.KindIdentity, before, string(b[:n]))
	}
	return n
}

// tel replaces a number with its visual separators.
func (r *Redactor) tel(b []byte) {
	r.known.number(digitsOf(b), phone)
	r.Book.Number(b)
}

// urn takes what follows "urn:". Only identities of devices name somebody.
func (r *Redactor) urn(b []byte) int {
	seg := b[:uriEnd(b)]
	low := strings.ToLower(string(seg[:min(len(seg), 32)]))
	for _, prefix := range []string{"gsma:imei:", "gsma:imeisv:", "imei:", "imeisv:", "3gpp:imei:"} {
		if strings.HasPrefix(low, prefix) {
			n := len(prefix)
			end := n
			for end < len(seg) && (isDigit(seg[end]) || seg[end] == '-') {
				end++
			}
			r.imei(seg[n:end])
			return end
		}
	}
	if strings.HasPrefix(low, "uuid:") {
		n := len("uuid:")
		end := n
		for end < len(seg) && (unhex(seg[end]) >= 0 || seg[end] == '-') {
			end++
		}
		r.uuid(seg[n:end])
		return end
	}
	end := 0
	for end < len(seg) && seg[end] != ';' && seg[end] != ',' && seg[end] != '?' {
		end++
	}
	return end
}

func (r *Redactor) imei(b []byte) {
	r.known.number(digitsOf(b), imei)
	r.Book.IMEI(b)
}

// url takes what follows the scheme of a URL, up to parameters: its host, and a path that may say more.
func (r *Redactor) url(b []byte, c context) int {
	seg := b[:2+uriEnd(b[2:])]
	end := len(seg)
	if i := bytes.IndexAny(seg, ";,"); i >= 0 {
		end = i
	}
	host := seg[2:end]
	if i := bytes.IndexAny(host, "/?#"); i >= 0 {
		host = host[:i]
	}
	path := seg[2+len(host) : end]
	if at := bytes.LastIndexByte(host, '@'); at >= 0 {
		r.user(host[:at])
		host = host[at+1:]
	}
	if name, _, _ := bytes.Cut(host, []byte(":")); pseudonym.IsPublicHost(name) {
		return end
	}
	r.host(host)
	if c == free || c == agent {
		return end - len(path)
	}
	r.prose(path)
	return end
}
