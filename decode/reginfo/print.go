package reginfo

import "strconv"

// AppendXML appends d as a well-formed document in one canonical form: what was read, without
// unknown elements and attributes, without damage, and without what is absent. Parsing the result
// gives the same registrations, contacts and parameters again.
func (d *Document) AppendXML(dst []byte) []byte {
	dst = append(dst, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"+`<reginfo xmlns="`+namespace+`"`...)
	if d.hasGRUU() {
		dst = append(dst, ` xmlns:gr="urn:ietf:params:xml:ns:gruuinfo"`...)
	}
	dst = appendNumber(dst, "version", d.Version)
	if d.State != StateUnknown {
		dst = appendAttr(dst, "state", d.State.String())
	}
	dst = append(dst, ">\n"...)
	for i := range d.Registrations {
		dst = d.Registrations[i].appendXML(dst)
	}
	return append(dst, "</reginfo>\n"...)
}

func (d *Document) hasGRUU() bool {
	for i := range d.Registrations {
		for j := range d.Registrations[i].Contacts {
			if c := &d.Registrations[i].Contacts[j]; c.PubGRUU != nil || c.TempGRUU != nil {
				return true
			}
		}
	}
	return false
}

func (r *Registration) appendXML(dst []byte) []byte {
	dst = append(dst, "  <registration"...)
	dst = appendBytes(dst, "aor", r.AOR)
	dst = appendBytes(dst, "id", r.ID)
	if r.State != RegUnknown {
		dst = appendAttr(dst, "state", r.State.String())
	}
	dst = append(dst, ">\n"...)
	for i := range r.Contacts {
		dst = r.Contacts[i].appendXML(dst)
	}
	if r.Wildcard != nil {
		dst = append(dst, `    <wildcardedIdentity xmlns="urn:3gpp:ns:extRegExp:1.0">`...)
		dst = appendText(dst, r.Wildcard)
		dst = append(dst, "</wildcardedIdentity>\n"...)
	}
	if r.Actions {
		dst = append(dst, `    <actions xmlns="urn:3gpp:ns:extRegInfo:1.0"/>`+"\n"...)
	}
	return append(dst, "  </registration>\n"...)
}

func (c *Contact) appendXML(dst []byte) []byte {
	dst = append(dst, "    <contact"...)
	dst = appendBytes(dst, "id", c.ID)
	if c.State != ContactUnknown {
		dst = appendAttr(dst, "state", c.State.String())
	}
	if c.Event != EventUnknown {
		dst = appendAttr(dst, "event", c.Event.String())
	}
	dst = appendNumber(dst, "expires", c.Expires)
	dst = appendNumber(dst, "retry-after", c.RetryAfter)
	dst = appendNumber(dst, "duration-registered", c.DurationRegistered)
	dst = appendBytes(dst, "q", c.Q)
	dst = appendBytes(dst, "callid", c.CallID)
	dst = appendNumber(dst, "cseq", c.CSeq)
	dst = appendBytes(dst, "received", c.Received)
	dst = appendBytes(dst, "path", c.Path)
	dst = appendBytes(dst, "user_agent", c.UserAgent)
	dst = append(dst, ">\n"...)
	if c.URI != nil {
		dst = appendElement(dst, "uri", c.URI)
	}
	if c.DisplayName != nil {
		dst = appendElement(dst, "display-name", c.DisplayName)
	}
	for i := range c.Params {
		dst = append(dst, "      <unknown-param"...)
		dst = appendBytes(dst, "name", c.Params[i].Name)
		dst = append(dst, '>')
		dst = appendText(dst, c.Params[i].Value)
		dst = append(dst, "</unknown-param>\n"...)
	}
	if c.PubGRUU != nil {
		dst = append(dst, "      <gr:pub-gruu"...)
		dst = appendBytes(dst, "uri", c.PubGRUU)
		dst = append(dst, "/>\n"...)
	}
	if c.TempGRUU != nil {
		dst = append(dst, "      <gr:temp-gruu"...)
		dst = appendBytes(dst, "uri", c.TempGRUU)
		dst = appendNumber(dst, "first-cseq", c.TempGRUUFirstCSeq)
		dst = append(dst, "/>\n"...)
	}
	return append(dst, "    </contact>\n"...)
}

func appendElement(dst []byte, name string, text []byte) []byte {
	dst = append(dst, "      <"...)
	dst = append(dst, name...)
	dst = append(dst, '>')
	dst = appendText(dst, text)
	dst = append(dst, "</"...)
	dst = append(dst, name...)
	return append(dst, ">\n"...)
}

// appendAttr appends an attribute whose value needs no escaping.
func appendAttr(dst []byte, name, value string) []byte {
	dst = append(dst, ' ')
	dst = append(dst, name...)
	dst = append(dst, `="`...)
	dst = append(dst, value...)
	return append(dst, '"')
}

// appendBytes appends an attribute unless it is absent.
func appendBytes(dst []byte, name string, value []byte) []byte {
	if value == nil {
		return dst
	}
	dst = appendAttr(dst, name, "")
	dst = appendText(dst[:len(dst)-1], value)
	return append(dst, '"')
}

// appendNumber appends an attribute unless it is absent.
func appendNumber(dst []byte, name string, n int64) []byte {
	if n < 0 {
		return dst
	}
	dst = appendAttr(dst, name, "")
	dst = strconv.AppendInt(dst[:len(dst)-1], n, 10)
	return append(dst, '"')
}

// appendText appends text so that it may stand in an element or in quotes. White space other than
// the blank becomes references: an XML reader would turn it into blanks in attributes.
func appendText(dst, text []byte) []byte {
	for _, c := range text {
		switch c {
		case '<':
			dst = append(dst, "&lt;"...)
		case '>':
			dst = append(dst, "&gt;"...)
		case '&':
			dst = append(dst, "&amp;"...)
		case '"':
			dst = append(dst, "&quot;"...)
		case '\t':
			dst = append(dst, "&#9;"...)
		case '\n':
			dst = append(dst, "&#10;"...)
		case '\r':
			dst = append(dst, "&#13;"...)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}
