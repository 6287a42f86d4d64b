package html

import (
	"io"
	"unicode/utf8"

	"imscope/render"
)

// harmless passes a page on and makes visible what must not reach a browser as it is: control characters
// apart from line ends and tabs, changes of the direction of writing, bytes that are no UTF-8. No markup of ours
// holds any of these.
type harmless struct {
	w    io.Writer
	rest []byte // the beginning of a character that the next Write completes
	out  []byte
}

func (h *harmless) Write(p []byte) (int, error) {
	in := p
	if len(h.rest) > 0 {
		in = append(h.rest, p...)
		h.rest = nil
	}
	h.out = h.out[:0]
	clean := 0 // in[clean:i] is to be passed on as it is
	i := 0
	for i < len(in) {
		if c := in[i]; c < utf8.RuneSelf {
			if c < 0x20 && c != '\n' && c != '\t' || c == 0x7f {
				h.out = render.AppendEscaped(append(h.out, in[clean:i]...), string(rune(c)))
				clean = i + 1
			}
			i++
			continue
		}
		if !utf8.FullRune(in[i:]) {
			break
		}
		r, n := utf8.DecodeRune(in[i:])
		if r == utf8.RuneError && n == 1 || render.Unsafe(r) {
			h.out = render.AppendEscaped(append(h.out, in[clean:i]...), string(in[i:i+n]))
			clean = i + n
		}
		i += n
	}
	h.out = append(h.out, in[clean:i]...)
	if i < len(in) {
		h.rest = append([]byte(nil), in[i:]...)
	}
	if _, err := h.w.Write(h.out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// end writes what a cut-off character left behind.
func (h *harmless) end() error {
	if len(h.rest) == 0 {
		return nil
	}
	_, err := h.w.Write(render.AppendEscaped(nil, string(h.rest)))
	h.rest = nil
	return err
}
