package identity

import "strings"

// SameIMPI reports whether two private identities may be one: an unknown one, "", may be any.
func SameIMPI(a, b string) bool { return a == "" || b == "" || strings.EqualFold(a, b) }
