package compare

import (
	"strconv"

	"imscope/decode/diameter"
)

// cxIgnored are AVPs that say which nodes talk, or count.
var cxIgnored = map[uint32]bool{
	diameter.AVPSessionID: true, diameter.AVPOriginHost: true, diameter.AVPOriginRealm: true, diameter.AVPDestinationHost: true,
	diameter.AVPDestinationRealm: true, 278: true, 280: true, 282: true, 284: true, 33: true,
	diameter.AVPVendorSpecificApplicationID: true,
}

// cxTexts are AVPs whose text is a word of the protocol.
var cxTexts = map[uint32]bool{diameter.AVPSIPAuthenticationScheme: true, diameter.AVPReasonInfo: true}

// maxAVPs bounds the AVPs of a message that are compared.
const maxAVPs = 512

// cxFields gives what a Diameter message is compared by: numbers by their value, all else by being there.
func cxFields(m *diameter.Message) []Field {
	list := []Field{{Name: "Command", Values: []Value{{Main: m.Name()}}}}
	for a := range m.AVPs() {
		list = appendAVP(list, "", &a, 0)
	}
	return list
}

func appendAVP(list []Field, path string, a *diameter.AVP, depth int) []Field {
	const deepest = 4
	if a.Vendor == 0 && cxIgnored[a.Code] || len(list) >= maxAVPs {
		return list
	}
	name := path + diameter.AVPName(a.Vendor, a.Code)
	if groups[a.Code] && depth < deepest {
		for b := range a.AVPs() {
			list = appendAVP(list, name+" / ", &b, depth+1)
		}
		return list
	}
	value := "there"
	if v, ok := a.Uint32(); ok {
		value = strconv.FormatUint(uint64(v), 10)
	} else if cxTexts[a.Code] {
		value = string(a.Data)
	}
	for i := range list {
		if list[i].Name == name {
			list[i].Values = append(list[i].Values, Value{Main: value})
			return list
		}
	}
	return append(list, Field{Name: name, Values: []Value{{Main: value}}})
}

// groups are the grouped AVPs of Cx that say something.
var groups = map[uint32]bool{
	diameter.AVPExperimentalResult: true, diameter.AVPSIPAuthDataItem: true, diameter.AVPDeregistrationReason: true,
	diameter.AVPAssociatedIdentities: true, 603: true, 618: true, 628: true, 635: true,
}
