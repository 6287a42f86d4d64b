package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
)

// spooled is standard input kept in a file, for commands that read their input several times.
type spooled struct {
	file *os.File
	size int64
}

// spool makes the inputs readable several times: standard input is kept in a temporary file, which has no name and goes
// with the process. A named pipe is refused. Each result is for one pass.
func (in *input) spool(ctx context.Context, s *Streams, paths []string) (*Streams, error) {
	if !again(slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return p == "-" })) {
		return nil, errors.New("this needs to read its input twice, which a pipe does not allow: write it to a file first, or give - for standard input")
	}
	if !slices.Contains(paths, "-") {
		return s, nil
	}
	if s.InTerminal {
		return nil, errTerminal
	}
	if in.stdin == nil {
		f, err := os.CreateTemp("", "imscope-*")
		if err != nil {
			return nil, err
		}
		os.Remove(f.Name())
		n, err := io.Copy(f, interruptibleReader{ctx, s.In})
		if err != nil {
			f.Close()
			return nil, err
		}
		in.stdin = &spooled{f, n}
	}
	once := *s
	once.In = io.NewSectionReader(in.stdin.file, 0, in.stdin.size)
	return &once, nil
}
