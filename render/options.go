package render

import (
	"io"

	"imscope/correlate"
	"imscope/render/style"
)

// DefaultWidth is how many columns a line has where no terminal says: the output of a pipe ends up
// in a pager, a ticket or a mail, and SIP URIs of real networks do not fit into 80.
const DefaultWidth = 120

// MinWidth is the narrowest layout. Below it lines get longer than the terminal rather than senseless.
const MinWidth = 60

// Options say how output is to look. A format ignores what does not concern it.
type Options struct {
	Width   int         // columns of a line; 0 for DefaultWidth, never less than MinWidth
	Style   style.Sheet // colours; the zero value has none
	All     bool        // everything in detail: every user, every step
	View    string      // what text shows; "" for the story
	Table   string      // which table a format of rows writes; "" for the first
	Version string      // of the program, for formats that say who wrote them
}

// Columns gives the width to lay out for.
func (o Options) Columns() int {
	switch {
	case o.Width == 0:
		return DefaultWidth
	case o.Width < MinWidth:
		return MinWidth
	}
	return o.Width
}

// Renderer writes a whole report in one format.
type Renderer interface {
	Render(w io.Writer, r *correlate.Report) error
}
