// Package redact replaces in messages what tells who somebody is: identities, numbers, addresses, hosts, names and
// secrets. Everything else stays, so that the redacted messages tell the same story: methods, codes, times, states,
// versions, tags, branches and the names of header fields.
//
// # Where it stands
//
// Redaction works on messages, after decoding and before anybody interprets them: Redactor.Record turns a
// decode.Record into one whose message, endpoints and all are redacted. What is analyzed is redacted already, so
// no output can hold more than that. Packets are redacted by the same code: package rewrite finds their messages and
// addresses and gives them to the same Redactor.
//
// All replacements keep the length (package pseudonym), so that Content-Length, AVP lengths, fragments and segments
// stay as they are.
//
// # How names are found
//
// By where they stand: URIs, addresses in any spelling, what is before and behind an "@", values of known parameters,
// header fields, XML elements and AVPs. The search does not follow the grammar strictly, since damaged
// messages have names too. Escapes (percent, character references, hexadecimal) are undone for the search and
// done again.
//
// And by what they are: a name, number or host that stood in one of these places once is replaced wherever it stands,
// in a Call-ID or in the text of a Reason. Learn tells of messages that come later, so that it makes no difference
// which of them is first.
//
// What is of a kind that is not understood (bodies that are no text, octets of unknown AVPs) is made unreadable.
package redact
