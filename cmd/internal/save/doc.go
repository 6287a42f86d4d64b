// Package save writes the packets that carried signalling as pcapng, while a live run sees them, so that what was seen
// can be analyzed again with the same result.
//
// A packet is written when a message that it carried is complete: fragments and segments wait in a store of bounded
// size. So messages stand in the file in the order in which they became complete, and everything that is no signalling
// stays out. What is written is whole blocks at any time: a full disk or a killed process leaves a readable file.
package save
