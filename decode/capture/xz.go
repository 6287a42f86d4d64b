package capture

import (
	"io"

	"github.com/ulikunitz/xz"
)

const xzMagic = "\xfd7zXZ\x00"

func openXZ(r io.Reader) (io.ReadCloser, error) {
	x, err := xz.NewReader(r)
	return io.NopCloser(x), err
}
