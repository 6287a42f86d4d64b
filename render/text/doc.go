// Package text writes a report for people: in colour on a terminal, plain in a pipe, never wider than
// asked for.
//
// A capture of a few users is told in full: identities, bindings, each de-registration with its steps
// and its reginfo documents as differences, findings, subscriptions, timeline. A capture of many
// begins with a summary and tells the most interesting users only.
//
// Every piece of text becomes a span, and making a span escapes it: no control character of the
// capture reaches the terminal. Widths are counted in columns, not in bytes or characters.
package text
