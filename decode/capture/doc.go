// Package capture reads captured traffic: file names, directories or streams go in, batches of
// numbered and timed frames come out.
//
// [Open] takes what a user typed (files, directories, "-" for standard input) and gives one [Source]
// that delivers every frame of all of them, interleaved by time. [NewReader] reads a single stream.
// pcap, pcapng and snoop are told apart by content, never by name, as are the compressions around
// them (gzip, zstd, lz4, xz, bzip2).
//
// # Order
//
// Frames of one file keep the file's order even where its clock steps back. Several files are only
// interleaved: the file whose next frame is the earliest goes first.
//
// # Memory
//
// A [Packet] borrows its bytes from its [Batch] and is gone after [Batch.Release]. Nothing is ever
// sized by a number that a file claims; every limit is a named constant of this package.
//
// # Damage
//
// A file that cannot be read at all is an [*Error]. Anything less is a [Warning] in the file's
// [FileInfo]: frames before the damage and, where another record can be found, behind it are delivered.
package capture
