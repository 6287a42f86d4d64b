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
	case "sip", "sips", "im", "pres", "mailto", "xmpp", "h323":
		return n + 1 + r.sipURI(rest)
	case "tel", "fax", "modem", "sms":
		return n + 1 + r.telURI(rest)
	case "urn":
		return n + 1 + r.urn(rest)
	case "http", "https", "ws", "wss", "aaa", "aaas", "ftp", "ldap", "cid":
		return n + 1 + r.urlAuthority(rest, c)
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
	digits := make([]byte, 0, len(b))
	for _, c := range b {
		if isDigit(c) {
			digits = append(digits, c)
		}
	}
	r.known.number(digits, phone)
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
	digits := make([]byte, 0, 16)
	for _, c := range b {
		if isDigit(c) {
			digits = append(digits, c)
		}
	}
	r.known.number(digits, imei)
	r.Book.IMEI(b)
}

// urlAuthority takes the host of a URL, if it has one.
func (r *Redactor) urlAuthority(b []byte, c context) int {
	if !bytes.HasPrefix(b, []byte("//")) {
		return 0
	}
	seg := b[2:uriEnd(b)]
	end := bytes.IndexAny(seg, "/;?#,")
	if end < 0 {
		end = len(seg)
	}
	from := 0
	if at := bytes.LastIndexByte(seg[:end], '@'); at >= 0 {
		r.user(seg[:at])
		from = at + 1
	}
	r.host(seg[from:end])
	return 2 + end
}

// user replaces the user part of a URI, which may have parameters of its own (RFC 3261 19.1.6).
func (r *Redactor) user(b []byte) {
	if i := bytes.IndexByte(b, ';'); i >= 0 {
		r.scan(b[i:], header)
		b = b[:i]
	}
	if at := bytes.LastIndexByte(b, '@'); at >= 0 {
		r.address(b, at, header)
		return
	}
	r.name(b)
}

// identity replaces a private identity or a digest username.
func (r *Redactor) identity(b []byte) {
	if r.scheme(b, header) > 0 {
		return
	}
	if at := bytes.LastIndexByte(b, '@'); at >= 0 {
		r.address(b, at, header)
		return
	}
	before, fresh := r.fresh(b)
	r.name(b)
	if fresh {
		r.Book.Note(pseudonym.KindIdentity, before, string(b))
	}
}

const (
	imsiLen = 15
	// eapLen is the length of an IMSI behind the digit that says what it is for (TS 23.003 14.2).
	eapLen = 16
)

// name replaces a name: a number, an IMSI, or words with something between them.
func (r *Redactor) name(b []byte) {
	if pseudonym.IsRole(b) {
		return
	}
	switch {
	case isNumber(b):
		r.digits(b)
		return
	case isUUID(b):
		r.uuid(b)
		return
	}
	for i := 0; i < len(b); {
		if !isAlnum(b[i]) && b[i] < 0x80 {
			i++
			continue
		}
		end := i + 1
		for end < len(b) && (isAlnum(b[end]) || b[end] >= 0x80) {
			end++
		}
		w := b[i:end]
		switch {
		case allDigits(w) && len(w) >= minNumber:
			r.digits(w)
		case !pseudonym.IsRole(w):
			r.known.word(w)
			r.Book.Word(w)
		}
		i = end
	}
}

// uuid replaces a UUID that names a device or a contact.
func (r *Redactor) uuid(b []byte) {
	r.known.word(b)
	r.Book.UUID(b)
}

// isUUID reports whether b is a UUID as RFC 9562 4 writes it.
func isUUID(b []byte) bool {
	if len(b) != 36 {
		return false
	}
	for i, c := range b {
		switch i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if unhex(c) < 0 {
				return false
			}
		}
	}
	return true
}

// isNumber reports whether b is a number with or without visual separators (RFC 3966 3).
func isNumber(b []byte) bool {
	digits := false
	for i, c := range b {
		switch {
		case isDigit(c):
			digits = true
		case c == '+' && i == 0, c == '-', c == '.', c == '(', c == ')', c == ' ':
		default:
			return false
		}
	}
	return digits
}

// digits replaces a number where a name stands: one of fifteen digits is an IMSI.
func (r *Redactor) digits(b []byte) {
	plain := make([]byte, 0, 24)
	for _, c := range b {
		if isDigit(c) {
			plain = append(plain, c)
		}
	}
	international := b[0] == '+'
	switch {
	case !international && len(plain) == imsiLen:
		r.known.number(plain, imsi)
		r.Book.IMSI(b)
	case !international && len(plain) == eapLen && len(b) == eapLen && b[0] < '8':
		r.known.number(plain[1:], imsi)
		r.Book.IMSI(b[1:])
	default:
		r.known.number(plain, phone)
		r.Book.Number(b)
	}
}

// words replaces every word of a text that is about somebody: a display name, what a person wrote.
func (r *Redactor) words(b []byte) {
	for i := 0; i < len(b); {
		if !isAlnum(b[i]) && b[i] < 0x80 {
			i++
			continue
		}
		end := i + 1
		for end < len(b) && (isAlnum(b[end]) || b[end] >= 0x80) {
			end++
		}
		w := b[i:end]
		switch {
		case allDigits(w) && len(w) >= minNumber:
			r.digits(w)
		case !pseudonym.IsRole(w):
			r.Book.Word(w)
		}
		i = end
	}
}
