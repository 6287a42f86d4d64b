package redact

import (
	"bytes"
	"strings"
)

// xml redacts a document, well-formed or not. strict says that the text of elements that are not known is replaced word
// by word.
func (r *Redactor) xml(b []byte, strict bool) {
	element := ""
	for i := 0; i < len(b); {
		next := bytes.IndexByte(b[i:], '<')
		if next < 0 {
			next = len(b) - i
		}
		r.xmlText(element, b[i:i+next], strict)
		i += next
		if i == len(b) {
			return
		}
		end := tagEnd(b[i:])
		tag := b[i : i+end]
		i += end
		if tag[min(1, len(tag)-1)] == '!' && !bytes.HasPrefix(tag, []byte("<![CDATA[")) {
			r.escaped(tag, free) // a comment
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
		r.escaped(tag[to:], markup)
	}
}

// tagEnd returns the length of the tag, comment or section that b begins with.
func tagEnd(b []byte) int {
	if bytes.HasPrefix(b, []byte("<!--")) {
		if i := bytes.Index(b, []byte("-->")); i >= 0 {
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
func (r *Redactor) xmlText(element string, t []byte, strict bool) {
	t = bytes.TrimSpace(t)
	if len(t) == 0 {
		return
	}
	switch element {
	case "privateid", "publicid", "impi", "impu", "msisdn", "imsi", "username":
		r.inEscaped(t, true, r.identity)
	case "display-name", "displayname", "note":
		r.inEscaped(t, true, r.words)
	case "uri", "contact", "identity", "servername", "pub-gruu", "temp-gruu", "unknown-param", "remote", "local", "target":
		r.escaped(t, markup)
	case "barringindication", "priority", "conditiontypecnf", "conditionnegated", "group", "method", "registrationtype",
		"defaulthandling", "sessioncase", "header", "content", "line", "identitytype", "requesturi", "serviceinfo",
		"basic", "status", "state", "timestamp":
		r.escaped(t, markup)
	default:
		if strict {
			r.inEscaped(t, true, r.words)
		} else {
			r.escaped(t, markup)
		}
	}
}
