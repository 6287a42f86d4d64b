package sip

// ChargingVector is a P-Charging-Vector value (RFC 7315 5.6). Values are without quotes. The slices borrow
// the value it was parsed from.
type ChargingVector struct {
	ICID        []byte // icid-value
	GeneratedAt []byte // icid-generated-at
	OrigIOI     []byte
	TermIOI     []byte
	TransitIOI  []byte
}

// ParseChargingVector reads a P-Charging-Vector value. ok is false without an icid-value.
func ParseChargingVector(v []byte) (c ChargingVector, ok bool) {
	for {
		name, value, rest, form := cutParam(v)
		if form == noParam {
			return c, len(c.ICID) > 0
		}
		v = rest
		switch {
		case c.ICID == nil && equalFold(name, "icid-value"):
			c.ICID = value
		case c.GeneratedAt == nil && equalFold(name, "icid-generated-at"):
			c.GeneratedAt = value
		case c.OrigIOI == nil && equalFold(name, "orig-ioi"):
			c.OrigIOI = value
		case c.TermIOI == nil && equalFold(name, "term-ioi"):
			c.TermIOI = value
		case c.TransitIOI == nil && equalFold(name, "transit-ioi"):
			c.TransitIOI = value
		}
	}
}
