package json

import (
	"strconv"

	"imscope/correlate"
)

// sealed writes the security associations that could not be read. What is not known of one is null.
func (e *encoder) sealed(list []correlate.Sealed) {
	e.open('[')
	for i := range list {
		a := &list[i]
		e.open('{')
		e.key("spi")
		e.string("0x" + strconv.FormatUint(uint64(a.SPI), 16))
		e.key("destination")
		e.string(a.Dst.String())
		e.key("packets")
		e.uint(a.Packets)
		e.key("opened")
		e.uint(a.Opened)
		e.key("first_frame")
		e.frame(a.Frame)
		e.key("user")
		e.text(a.User)
		e.key("header")
		e.text(a.Header)
		e.key("mechanisms")
		e.text(a.Offers)
		e.key("agreed_frame")
		e.frame(a.Agreed)
		e.close('}')
	}
	e.close(']')
}
