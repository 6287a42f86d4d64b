// Package rewrite changes what packets say without changing what they are: an Editor replaces messages, addresses and
// text by others of the same length, and the packets keep their number, size, order, encapsulation, fragments and
// segments, with checksums that are right again.
//
// # How it works
//
// A Rewriter keeps the packets it is given. It takes each one apart with the walker that decoding uses and notes
// where its headers are (network.Walker.Seen). Fragments are put together in a buffer that remembers where its
// bytes came from; a message over TCP is remembered with the sequence number that it starts at, and goes
// back into every segment that holds the same bytes there, retransmissions included; SCTP fragments likewise
// by their TSN. Finish writes the new bytes back and mends addresses and checksums from the inside out.
//
// What is in a packet and is not understood (the rest of another message, an encrypted payload, a compressed one) is
// made unreadable. So a rewritten packet holds nothing that the Editor has not seen.
//
// What cannot be right again: the integrity check value of IPsec, which needs a key, and the checksum of a packet
// that the capture cut short, which is changed by the difference. Both are as good or bad as they were.
package rewrite
