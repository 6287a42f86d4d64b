// Package archtest holds the rules of the code's structure, as tests: which way imports may point,
// what the top level holds, that every package says what it is and is in the table of ARCHITECTURE.md.
package archtest
