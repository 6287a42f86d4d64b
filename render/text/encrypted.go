package text

import (
	"fmt"

	"imscope/correlate"
	"imscope/render"
	"imscope/render/style"
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
		a := &list[i]
		l := line{say(style.Warn, "encrypted:"), say(style.Faint, fmt.Sprintf(" ESP with SPI 0x%x to %s, %s, first in frame %d",
			a.SPI, a.Dst, render.Count(a.Packets, "packet"), a.Frame))}
		switch a.User {
		case "":
			l = l.add(say(style.Faint, "; no security agreement in the capture names it"))
		default:
			l = l.add(say(style.Faint, "; agreed on in frame "), say(style.Frame, fmt.Sprintf("#%d", a.Agreed)), say(style.Faint, " by "), say(style.Identity, a.User),
				say(style.Faint, fmt.Sprintf(" (%s: %s)", a.Header, a.Offers)))
		}
		p.wrapped(0, 2, l)
	}
}
