package redact

import (
	"bytes"
	"strings"
)

// dialect says how a document is read: one of registrations or a user's profile is understood, others are not.
func dialect(b []byte) context {
	for _, known := range [...]string{"<reginfo", ":reginfo", "<registration ", "<IMSSubscription"} {
		if bytes.Contains(b, []byte(known)) {
			return markup
		}
	}
	return document
}

// xml redacts a document, well-formed or not, of one dialect.
func (r *Redactor) xml(b []byte, c context) {
	element := ""
	for i := 0; i < len(b); {
		next := bytes.IndexByte(b[i:], '<')
		if next < 0 {
			next = len(b) - i
		}
		r.xmlText(element, b[i:i+next], c)
		i += next
		if i == len(b) {
			return
		}
		end := tagEnd(b[i:])
		tag := b[i : i+end]
		i += end
		if text, ok := bytes.CutPrefix(tag, []byte(cdata)); ok {
			r.xmlText(element, bytes.TrimSuffix(text, []byte("]]>")), c)
			continue
		}
		if len(tag) > 1 && tag[1] == '!' {
			r.escaped(tag[2:], prose) // a comment
			continue
		}
		from, to := tagName(tag)
		name := tag[from:to]
		element = strings.ToLower(string(name))
		if c := strings.IndexByte(element, ':'); c >= 0 {
			element = element[c+1:]
		}
		if len(tag) > 1 && tag[1] == '/' {
			element = ""
		}
		if element == "xml" {
			r.escaped(tag[to:], markup) // the declaration is of no dialect
			continue
		}
		r.escaped(tag[to:], c)
	}
}

const cdata = "<![CDATA["

// tagEnd returns the length of the tag, comment or section that b begins with.
func tagEnd(b []byte) int {
	if bytes.HasPrefix(b, []byte("<!--")) {
		if i := bytes.Index(b, []byte("-->")); i >= 0 {
			return i + 3
		}
		return len(b)
	}
	if bytes.HasPrefix(b, []byte(cdata)) {
		if i := bytes.Index(b, []byte("]]>")); i >= 0 {
			return i + 3
		}
		return len(b)
	}
	quote := byte(0)
	for i, c := range b {
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\'') && bytes.IndexByte(b[i+1:], c) >= 0:
			quote = c
		case c == '>' && (quote == 0 || lostQuote(b[i:], quote)):
			return i + 1
		case c == '<' && i > 0 && quote == 0:
			return i // a tag that lost its end
		}
	}
	return len(b)
}

// lostQuote reports whether the quote that is open is one that lost its other half: the next one opens a value.
func lostQuote(b []byte, quote byte) bool {
	i := bytes.IndexByte(b, quote)
	return i < 0 || i > 0 && b[i-1] == '='
}

// tagName gives the place of the name of a tag's element.
func tagName(tag []byte) (from, to int) {
	b := bytes.TrimLeft(tag, "</?")
	n := 0
	for n < len(b) && (isAlnum(b[n]) || b[n] == ':' || b[n] == '-' || b[n] == '_' || b[n] == '.') {
		n++
	}
	return len(tag) - len(b), len(tag) - len(b) + n
}

// xmlText redacts the text behind a tag.
func (r *Redactor) xmlText(element string, t []byte, c context) {
	t = bytes.TrimSpace(t)
	if len(t) == 0 {
		return
	}
	switch element {
	case "privateid", "publicid", "impi", "impu", "msisdn", "imsi", "username":
		r.inEscaped(t, true, r.identity)
	case "display-name", "displayname":
		r.inEscaped(t, true, r.called)
	case "uri", "contact", "identity", "servername", "pub-gruu", "temp-gruu", "remote", "local", "target",
		"barringindication", "priority", "conditiontypecnf", "conditionnegated", "group", "method", "registrationtype",
		"defaulthandling", "sessioncase", "header", "content", "line", "identitytype", "requesturi",
		"basic", "status", "state", "timestamp":
		r.escaped(t, c)
	default:
		switch n := bytes.Trim(t, `"`); {
		case c != markup, element == "note":
			r.inEscaped(t, true, r.words)
		case len(n) < minNumber && allDigits(n): // <unknown-param name="expires">
		default:
			r.escaped(t, document)
		}
	}
}
