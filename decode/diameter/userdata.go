package diameter

import (
	"bytes"

	"imscope/decode/internal/xmlscan"
)

// Identity is one public identity of a user profile (TS 29.228 annex B). It borrows the message, or
// the Cx view's scratch where entities had to be decoded.
type Identity struct {
	URI []byte
	// Barred identities cannot be used in signalling other than registration; the user is not told
	// about them.
	Barred bool
	// Profile counts the ServiceProfile elements: identities with the same number share it.
	Profile int
}

// userData reads the identities out of a profile. It wants no well-formed document: it looks for the
// few elements that matter and takes their text.
func (c *Cx) userData(a *AVP) {
	var s xmlscan.Scanner
	base := a.Off + a.Len - len(a.Data)
	s.Reset(a.Data, 0)
	var id Identity
	open, damaged, profile := false, false, -1
	flush := func() {
		if !open {
			return
		}
		open = false
		switch {
		case len(id.URI) == 0:
			damaged = true
		case len(c.Identities) < maxIdentities:
			c.Identities = append(c.Identities, id)
		default:
			c.report(ProbLimit, base+s.Off, 0)
		}
	}
	for s.Next() {
		if s.Damage != 0 {
			damaged = true
		}
		if s.Kind != xmlscan.Start && s.Kind != xmlscan.End {
			damaged = damaged || s.Kind == xmlscan.Directive
			continue
		}
		if s.Kind == xmlscan.End {
			if string(a.Data[s.Local:s.NameEnd]) == "PublicIdentity" {
				flush()
			}
			continue
		}
		var at xmlscan.Attr
		for s.Attr(&at) {
		}
		damaged = damaged || s.Damage != 0
		switch string(a.Data[s.Local:s.NameEnd]) {
		case "PrivateID":
			if c.PrivateID == nil {
				c.PrivateID = c.xmlText(a.Data[s.TextOff:s.TextEnd])
			}
		case "ServiceProfile":
			flush()
			profile++
		case "PublicIdentity":
			flush()
			open, id = true, Identity{Profile: max(profile, 0)}
		case "BarringIndication":
			t := c.xmlText(a.Data[s.TextOff:s.TextEnd])
			id.Barred = string(t) == "1" || string(t) == "true"
		case "Identity":
			if open && id.URI == nil {
				id.URI = c.xmlText(a.Data[s.TextOff:s.TextEnd])
			}
		}
	}
	flush()
	if damaged || len(c.Identities) == 0 {
		c.report(ProbUserData, base, len(a.Data))
	}
}

// xmlText returns text without surrounding white space and with entities decoded.
func (c *Cx) xmlText(text []byte) []byte {
	text = bytes.TrimSpace(text)
	if bytes.IndexByte(text, '&') < 0 {
		return text[:len(text):len(text)]
	}
	n := len(c.scratch)
	c.scratch, _ = xmlscan.AppendUnescaped(c.scratch, text)
	return c.scratch[n:len(c.scratch):len(c.scratch)]
}
