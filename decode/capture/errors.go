package capture

import (
	"errors"
	"fmt"
)

// Classes of errors; an *Error wraps one of them where it is not the operating system's.
var (
	// ErrNotCapture: the bytes are no capture file of any kind known here.
	ErrNotCapture = errors.New("not a capture file")
	// ErrUnsupported: a capture file, but of a format that must be converted first.
	ErrUnsupported = errors.New("unsupported capture format")
	// ErrEmpty: there is not a single byte.
	ErrEmpty = errors.New("empty file")
	// ErrHeaderCut: the input ends inside the file header.
	ErrHeaderCut = errors.New("cut inside the file header")
	// ErrNoCaptures: a directory without any capture file.
	ErrNoCaptures = errors.New("no capture files")
)

// Error says why an input cannot be read, and where. Frame counts within the file, not across a Set.
type Error struct {
	Path   string
	Offset int64  // in the uncompressed stream; printed iff > 0
	Frame  uint32 // the frame concerned; printed iff > 0
	Err    error
}

func (e *Error) Error() string { return e.Path + ": " + place(e.Frame, e.Offset) + e.Err.Error() }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// place words a position, empty or ending in ": ".
func place(frame uint32, off int64) string {
	switch {
	case frame > 0 && off > 0:
		return fmt.Sprintf("frame %d at offset %d: ", frame, off)
	case frame > 0:
		return fmt.Sprintf("frame %d: ", frame)
	case off > 0:
		return fmt.Sprintf("offset %d: ", off)
	}
	return ""
}
