// Package extract tells which packets of a capture belong to users: those that carry their messages on any hop, in any
// encapsulation, in fragments, segments and chunks, sent once or again.
//
// # Which packets
//
// A message belongs to a user if it is part of the user's story (package story), or if it names the user in another
// method. The packets of a message are decode.Record's Frames. Of TCP, retransmissions of these segments
// belong to it too; and
//
//   - a connection that carries nothing but messages of the users is theirs as a whole, with its handshake,
//     acknowledgements, keep-alives and end;
//   - of a connection that others use as well only the segments with the users' messages are taken, and what
//     decoding needs to find the first byte of these: a message of another that ends in the same segment. The
//     handshake is left out, since a reader would wait for what follows it, unless the users' first message is the
//     connection's and its segments are in the wrong order; of a later one like it the message before is taken.
//
// # How it is used
//
// The captures are read several times. Select makes a Selection of stories. A Collector takes all records once; where
// NeedsSegments says so, it takes all packets as well; Frames are then the packets. A Check takes the records of
// these packets alone and says whether every message is still there, byte for byte, and what else is inside. What is
// missing is mended by Collector.Widen, which takes whole connections.
package extract
