// Package json writes a report as one JSON object (schema imscope/1) or as one object a line.
//
// # The contract
//
// Names are snake_case, keys come in a fixed order and are always there: null stands for what is not
// known, [] and {} for what is empty. Times are RFC 3339 in UTC with nine decimals. Frames are
// 1-based, as Wireshark counts them. The output is valid UTF-8 whatever the capture holds; characters
// that do not print are escaped, so that it may be looked at in a terminal.
//
// # Registrations and beliefs
//
// Of each user, "registrations" tells how every try to register, refresh or de-register by REGISTER went:
// its "rounds" with the delay of each node, the Cx transactions that explain them and the
// retransmissions; what was asked for, granted, predicted and what came of it; "last_seen" where a
// message did not arrive ("blind" where the capture does not show what lies behind that node).
// "lanes" tells what each party believed of each contact ("contact" null: of the identities as such): a
// segment lasts until the next one, the last one until the capture's end; before the first one nothing is
// known. "disagreements" are the spans in which the lanes contradict each other for longer than messages
// are on their way; "to" is null for those that last until the end.
//
// [Statistics] has a schema of its own.
//
// [Renderer] prints users one a line as they are told, so that a report of many users needs the
// memory of one. [Lines] prints events, documents, de-registrations and findings each on a line of
// its own, with its type and its user; the Append functions give the same lines to who has no report
// yet, as a live capture.
package json

// Schema names the contract that the output keeps.
const Schema = "imscope/1"
