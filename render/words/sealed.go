package words

import (
	"fmt"

	"imscope/correlate"
	"imscope/render"
	"imscope/render/style"
)

// Sealed words an encrypted security association that could not be read: where it goes to and who agreed
// on it.
func Sealed(a *correlate.Sealed) []Word {
	l := []Word{{style.Faint, fmt.Sprintf("ESP with SPI 0x%x to %s, %s, first in frame %d", a.SPI, a.Dst, render.Count(a.Packets, "packet"), a.Frame)}}
	if a.User == "" {
		return append(l, Word{style.Faint, "; no security agreement in the capture names it"})
	}
	l = append(l, Word{style.Faint, "; agreed on in frame "}, Word{style.Frame, Frame(a.Agreed)}, Word{style.Faint, " by "}, Word{style.Identity, a.User},
		Word{style.Faint, fmt.Sprintf(" (%s: %s)", a.Header, a.Offers)})
	switch {
	case a.Denied > 0:
		return append(l, Word{style.Faint, fmt.Sprintf("; the keys in the capture do not fit (ICV of %s)", render.Count(a.Denied, "packet"))})
	case a.Keyed:
		return append(l, Word{style.Faint, "; the capture has its keys, but not how they are used"})
	}
	return append(l, Word{style.Faint, "; the capture has no keys for it (the 401 to the P-CSCF has, or the MAA)"})
}
