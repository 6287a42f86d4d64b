package gen

import "imscope/decode/diameter"

// avpKind is how an AVP's value is written in a script and on the wire.
type avpKind uint8

const (
	kindText     avpKind = iota // the value as it stands; 0x… in hexadecimal
	kindUnsigned                // a number or one of the names
	kindAddress                 // an IP address
	kindGrouped                 // the AVPs indented below
	kindLines                   // the lines indented below
)

// avpDef describes an AVP that scripts may name. Vendor-specific ones are all of 3GPP.
type avpDef struct {
	code     uint32
	vendor   bool
	kind     avpKind
	optional bool               // M flag clear
	names    func(int32) string // name of each value, or nil
}

// avpDefs holds the AVPs of RFC 6733, RFC 4740 and TS 29.229 that the samples use.
var avpDefs = map[string]avpDef{
	"User-Name":                      {code: 1},
	"Digest-Realm":                   {code: 104},
	"Digest-QoP":                     {code: 110},
	"Digest-Algorithm":               {code: 111},
	"Digest-HA1":                     {code: 121},
	"Host-IP-Address":                {code: 257, kind: kindAddress},
	"Auth-Application-Id":            {code: 258, kind: kindUnsigned},
	"Vendor-Specific-Application-Id": {code: 260, kind: kindGrouped},
	"Session-Id":                     {code: 263},
	"Origin-Host":                    {code: 264},
	"Supported-Vendor-Id":            {code: 265, kind: kindUnsigned},
	"Vendor-Id":                      {code: 266, kind: kindUnsigned},
	"Result-Code":                    {code: 268, kind: kindUnsigned, names: diameter.ResultCodeName},
	"Product-Name":                   {code: 269, optional: true},
	"Auth-Session-State":             {code: 277, kind: kindUnsigned, names: sessionStateName},
	"Destination-Realm":              {code: 283},
	"Destination-Host":               {code: 293},
	"Origin-Realm":                   {code: 296},
	"Experimental-Result":            {code: 297, kind: kindGrouped},
	"Experimental-Result-Code":       {code: 298, kind: kindUnsigned, names: diameter.ExperimentalResultName},
	"Visited-Network-Identifier":     {code: 600, vendor: true},
	"Public-Identity":                {code: 601, vendor: true},
	"Server-Name":                    {code: 602, vendor: true},
	"Server-Capabilities":            {code: 603, vendor: true, kind: kindGrouped},
	"Mandatory-Capability":           {code: 604, vendor: true, kind: kindUnsigned},
	"User-Data":                      {code: 606, vendor: true, kind: kindLines},
	"SIP-Number-Auth-Items":          {code: 607, vendor: true, kind: kindUnsigned},
	"SIP-Authentication-Scheme":      {code: 608, vendor: true},
	"SIP-Authenticate":               {code: 609, vendor: true},
	"SIP-Authorization":              {code: 610, vendor: true},
	"SIP-Auth-Data-Item":             {code: 612, vendor: true, kind: kindGrouped},
	"SIP-Item-Number":                {code: 613, vendor: true, kind: kindUnsigned},
	"Server-Assignment-Type":         {code: 614, vendor: true, kind: kindUnsigned, names: diameter.ServerAssignmentTypeName},
	"Deregistration-Reason":          {code: 615, vendor: true, kind: kindGrouped},
	"Reason-Code":                    {code: 616, vendor: true, kind: kindUnsigned, names: diameter.ReasonCodeName},
	"Reason-Info":                    {code: 617, vendor: true},
	"User-Authorization-Type":        {code: 623, vendor: true, kind: kindUnsigned, names: diameter.UserAuthorizationTypeName},
	"User-Data-Already-Available":    {code: 624, vendor: true, kind: kindUnsigned, names: userDataName},
	"Confidentiality-Key":            {code: 625, vendor: true},
	"Integrity-Key":                  {code: 626, vendor: true},
	"Associated-Identities":          {code: 632, vendor: true, kind: kindGrouped, optional: true},
	"SIP-Digest-Authenticate":        {code: 635, vendor: true, kind: kindGrouped, optional: true},
}

// commands holds the code of every Diameter command by the first two letters of its short name;
// the third is R for the request, A for the answer.
var commands = map[string]struct {
	code uint32
	app  uint32
}{
	"CE": {257, 0},
	"DW": {280, 0},
	"UA": {300, diameter.AppCx},
	"SA": {301, diameter.AppCx},
	"LI": {302, diameter.AppCx},
	"MA": {303, diameter.AppCx},
	"RT": {304, diameter.AppCx},
	"PP": {305, diameter.AppCx},
}

// maxNamedValue is the largest enumeration value or result code with a name.
const maxNamedValue = 5999

// value returns the number that def calls name.
func (def avpDef) value(name string) (uint32, bool) {
	if def.names == nil {
		return 0, false
	}
	for v := int32(0); v <= maxNamedValue; v++ {
		if def.names(v) == name {
			return uint32(v), true
		}
	}
	return 0, false
}

func sessionStateName(v int32) string {
	if v == 1 {
		return "NO_STATE_MAINTAINED"
	}
	return ""
}

func userDataName(v int32) string {
	switch v {
	case 0:
		return "USER_DATA_NOT_AVAILABLE"
	case 1:
		return "USER_DATA_ALREADY_AVAILABLE"
	}
	return ""
}
