package cli

import (
	"io"
	"os"

	"github.com/mattn/go-isatty"
	"golang.org/x/term"
)

// Streams is what a command talks to.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	// OutTerminal and ErrTerminal say that a person may be looking, InTerminal that one would have to type.
	InTerminal, OutTerminal, ErrTerminal bool
	// InPipe says that another program writes into In.
	InPipe bool
	// Width gives the columns of the terminal that Out is; 0 where it is none or does not say.
	Width func() int
	// Getenv looks up an environment variable.
	Getenv func(string) string
}

// System gives the streams of the process.
func System() *Streams {
	terminal := func(f *os.File) bool { return isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()) }
	piped := false
	if info, err := os.Stdin.Stat(); err == nil {
		piped = info.Mode()&(os.ModeNamedPipe|os.ModeSocket) != 0
	}
	return &Streams{
		In: os.Stdin, InPipe: piped, Out: os.Stdout, Err: os.Stderr,
		InTerminal: terminal(os.Stdin), OutTerminal: terminal(os.Stdout), ErrTerminal: terminal(os.Stderr),
		Width: func() int {
			w, _, err := term.GetSize(int(os.Stdout.Fd()))
			if err != nil {
				return 0
			}
			return w
		},
		Getenv: os.Getenv,
	}
}
