// Package live is the capture.Source of a running network: network interfaces (Linux, without cgo), capture agents that
// send HEP, and capture files that still grow.
//
// Every input has a goroutine that reads it and never waits for the analysis: between them is a queue of bounded size.
// When the queue is half full, media is left out; when it is full, everything is. What is left out is counted, like what
// the kernel dropped, and shown. Files wait instead: they lose nothing by it.
package live
