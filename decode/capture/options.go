package capture

import "io"

// Options of Open. The zero value is fine, except that "-" needs Stdin.
type Options struct {
	// Stdin is what "-" stands for. It is not closed.
	Stdin io.Reader
	// MaxRecord is the longest packet believed, in bytes; 0 is 256 KiB. A longer snap length in the file
	// raises it, 1 MiB is the most.
	MaxRecord int
	// Growing inputs may be continued: at the end Next returns io.EOF without judging an incomplete
	// record, and may be called again later. For a single uncompressed input.
	Growing bool

	maxOpen int // files open at once, for tests; 0 is maxOpenFiles
}
