// Package network turns captured frames into transport payloads: link headers, VLAN tags, tunnels,
// IPv4 and IPv6 go in; UDP datagrams, TCP bytes in order and SCTP messages with their endpoints come out.
//
// Walker is the hot path: it keeps no state between packets, allocates nothing and reads the common headers by
// hand, because most packets of a capture are media that must be recognised and dropped in some tens of
// nanoseconds. The decoders of gopacket are not used, because they allocate or trust the lengths on the wire, as the
// files here say. What needs memory between packets stands beside it: Defragmenter (IP fragments), Streams (TCP), Associations (SCTP) and Security (ESP). Each of these is used
// by one goroutine, runs on the capture's clock, and has named limits and counters.
//
// There is one file per header, tunnel or concern.
package network
