package capture

import "os"

// NewGrowing reads a capture file that somebody still writes. Where the file ends Next returns io.EOF, and may be called
// again later; an incomplete record at the end is not judged. Close closes f.
func NewGrowing(f *os.File) *Reader {
	return newReader(plainInput{f, f}, false, f.Name(), Options{Growing: true}, newPool(bufferSize))
}
