package cli

import (
	"io"
	"os"
)

// liveOutput is where lines go.
type liveOutput struct {
	w    io.Writer
	path string
	file *os.File
	own  func(*os.File) error
	buf  []byte
}

// reopen opens the file, or opens it anew: somebody may have moved it away. The old one stays if that fails.
func (o *liveOutput) reopen() error {
	if o.path == "" {
		return nil
	}
	f, err := os.OpenFile(o.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o640)
	if err != nil {
		return err
	}
	if err := o.own(f); err != nil {
		f.Close()
		return err
	}
	o.close()
	o.file, o.w = f, f
	return nil
}

// flush writes what has gathered.
func (o *liveOutput) flush() error {
	if len(o.buf) == 0 {
		return nil
	}
	_, err := o.w.Write(o.buf)
	o.buf = o.buf[:0]
	return err
}

func (o *liveOutput) close() {
	if o.file != nil {
		o.file.Close()
		o.file = nil
	}
}
