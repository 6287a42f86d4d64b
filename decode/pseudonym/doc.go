// Package pseudonym replaces names, numbers, addresses and secrets by others of the same form and length, so that
// what refers to the same keeps referring to the same, lengths and offsets stay right, and nobody without the key can
// tell what was replaced.
//
// A pseudonym is a keyed permutation of all texts of the same form: a Feistel network of HMAC-SHA-256 over the letters
// and digits, where a letter stays a letter and a digit a digit (format-preserving encryption). Two names never get
// one pseudonym, and no name is its own. Both follow from the construction: the permutation is a single cycle through
// all texts of the form. Separators, escapes and the case of letters stay where they are, so that +44-123-456 and
// +44123456, Tobias and tobias, keep being the same.
//
// What no one needs to be told apart by form (keys, nonces, digests) becomes the output of HMAC-SHA-256.
//
// The same key gives the same pseudonyms wherever and in whatever order names are met. Whoever knows the key can undo
// them; whoever knows a key to be a short password can guess it.
package pseudonym
