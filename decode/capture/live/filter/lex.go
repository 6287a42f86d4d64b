package filter

import (
	"fmt"
	"strings"
)

// token is a word or an operator of an expression.
type token struct {
	text string
	at   int // byte offset, for errors
	op   bool
}

// maxExpression bounds an expression; the kernel's limit on programs comes first.
const maxExpression = 64 << 10

// lex cuts an expression into tokens. Inside brackets a colon parts offset and size, outside it is part of an address.
func lex(s string) ([]token, error) {
	if len(s) > maxExpression {
		return nil, fmt.Errorf("the filter has more than %d bytes", maxExpression)
	}
	var list []token
	depth := 0
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case isWord(c, depth > 0):
			from := i
			for i < len(s) && (isWord(s[i], depth > 0) || s[i] == '-' && depth == 0) {
				i++
			}
			list = append(list, token{text: s[from:i], at: from})
		default:
			n := 1
			if i+2 <= len(s) {
				switch s[i : i+2] {
				case "&&", "||", "==", "!=", "<=", ">=", "<<", ">>":
					n = 2
				}
			}
			if !strings.ContainsRune("()[]:!&|=<>+-*/^", rune(c)) {
				return nil, fmt.Errorf("unexpected %q at position %d", c, i+1)
			}
			switch c {
			case '[':
				depth++
			case ']':
				depth--
			}
			list = append(list, token{text: s[i : i+n], at: i, op: true})
			i += n
		}
	}
	return list, nil
}

// isWord reports whether a character can be part of a keyword, number or address.
func isWord(c byte, brackets bool) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_', c == '.':
		return true
	}
	return !brackets && (c == ':' || c == '%')
}
