package text

import (
	"imscope/correlate"
	"imscope/render"
	"imscope/render/style"
	"imscope/render/words"
)

// maxSealed is how many encrypted security associations the summary names.
const maxSealed = 4

// sealed says which security associations could not be read, and whose they are.
func (p *page) sealed(list []correlate.Sealed) {
	for i := range list {
		if i == maxSealed {
			p.wrapped(0, 2, line{say(style.Faint, "encrypted: "+render.Count(uint64(len(list)-i), "more security association"))})
			return
		}
		l := line{say(style.Warn, "encrypted:"), plain(" ")}.add(sentence(words.Sealed(&list[i]))...)
		p.wrapped(0, 2, l)
	}
}
