// Package render holds what all output formats share: their options, the escaping of wire text for
// terminals, and the words for times and durations.
//
// A report model (package correlate) flows in, bytes flow out. The formats are packages of their own
// below this one; package formats knows them all.
package render
