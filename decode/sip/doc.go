// Package sip turns the bytes of one SIP message (RFC 3261) into spans over these bytes, and header
// values into typed values on demand.
//
//	var m sip.Message // reuse it: its slices are kept between calls
//	if err := m.Parse(datagram); err != nil {
//		return // not SIP at all
//	}
//	if c, ok := sip.ParseContact(m.First(sip.HdrContact)); ok { … }
//
// # Borrowing
//
// Nothing is copied. A Message, and every value parsed out of it, points into the slice given to
// Parse and is valid only as long as the caller leaves that slice alone.
//
// # Two levels of care
//
// [Message.Parse] is the hot path: start line, header spans, Content-Length and framing. It reports
// what disturbs these as problems and goes on. [Message.Check] is the lint: it reads every header
// that has a grammar here, looks for what a request or response must have, and appends what it
// finds to the same list. A message that breaks RFC 3261 has a problem of severity error after
// Parse and Check together; one that is legal, however odd, has none.
//
// # Tolerance
//
// Header lines keep their order and spelling, unknown methods and headers are kept, and the typed
// parsers repair what the damage leaves readable: a missing closing quote, a missing comma, a
// bracket too few. [Message.AppendTo] gives back the identical bytes.
//
// # Bodies
//
// [Message.Part] gives the body with its type, [Part.Multipart] walks over the parts of one that has
// several. What is wrong inside a body is for its reader to say, with [Message.Report].
//
// # Streams
//
// [Frame] says where one message ends in a byte stream and [Resync] finds the next one behind
// damage. Both are pure functions: the buffer is the caller's.
package sip
