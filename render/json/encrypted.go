package json

import (
	"strconv"

	"imscope/correlate"
)

// sealed writes a security association that could not be read. What is not known of it is null.
func (e *encoder) sealed(a *correlate.Sealed) {
	e.string(`"spi":`, "0x"+strconv.FormatUint(uint64(a.SPI), 16))
	e.string(`,"destination":`, a.Dst.String())
	e.uint(`,"packets":`, a.Packets)
	e.uint(`,"opened":`, a.Opened)
	e.uint(`,"icv_mismatches":`, a.Denied)
	e.frame(`,"first_frame":`, a.Frame)
	e.text(`,"user":`, a.User)
	e.text(`,"header":`, a.Header)
	e.text(`,"mechanisms":`, a.Offers)
	e.frame(`,"agreed_frame":`, a.Agreed)
}
