package sip

// ContentType is a Content-Type value (RFC 3261 20.15). The slices borrow the value it was parsed from.
type ContentType struct {
	Media  []byte // type and subtype as spelled: "application/reginfo+xml"
	Params []byte
}

// ParseContentType reads a Content-Type value. ok is false when it does not begin with type/subtype.
func ParseContentType(v []byte) (ContentType, bool) {
	head, params := cutParams(trim(v))
	c := ContentType{Media: trimRight(head), Params: params}
	kind, sub := cutAt(c.Media, '/')
	return c, allToken(trimRight(kind)) && allToken(trimLeft(sub))
}

// Is compares type and subtype without case.
func (c ContentType) Is(media string) bool { return equalFold(c.Media, media) }
