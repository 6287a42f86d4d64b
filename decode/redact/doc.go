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
// By what they are: a name, number, host or device that stood in one of these places once is replaced wherever it
// stands, in a Call-ID or a tag, glued to something else, in base64, hexadecimal or semi-octets. Learn tells of messages
// that come later, so that it makes no difference which of them is first.
//
// And by what they are not. In what is written for people (reasons, warnings, comments), and in what nobody understands
// (header fields, parameters, attributes and elements without a known meaning), every word goes that is not of the
// vocabulary of protocols and servers, and every number that is longer than a cause. What people write to each other
// goes with every word.
//
// Identifiers within documents are replaced by their form alone, so that they stay unique and do not change when somebody
// becomes known.
//
// Bodies are redacted part by part, each by its own type. What is of a kind that is not understood (bodies that are no
// text or are packed, octets of unknown AVPs) is made unreadable.
package redact
