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
	var p Parameter
	for {
		rest, more := p.next(v)
		if !more {
			return c, len(c.ICID) > 0
		}
		v = rest
		switch {
		case c.ICID == nil && equalFold(p.Name, "icid-value"):
			c.ICID = p.Value
		case c.GeneratedAt == nil && equalFold(p.Name, "icid-generated-at"):
			c.GeneratedAt = p.Value
		case c.OrigIOI == nil && equalFold(p.Name, "orig-ioi"):
			c.OrigIOI = p.Value
		case c.TermIOI == nil && equalFold(p.Name, "term-ioi"):
			c.TermIOI = p.Value
		case c.TransitIOI == nil && equalFold(p.Name, "transit-ioi"):
			c.TransitIOI = p.Value
		}
	}
}
