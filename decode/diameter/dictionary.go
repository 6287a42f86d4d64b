package diameter

import "strconv"

// AVP codes of the base protocol (RFC 6733 4.5) that matter here.
const (
	AVPUserName                    = 1
	AVPAuthApplicationID           = 258
	AVPVendorSpecificApplicationID = 260
	AVPSessionID                   = 263
	AVPOriginHost                  = 264
	AVPVendorID                    = 266
	AVPResultCode                  = 268
	AVPAuthSessionState            = 277
	AVPDestinationRealm            = 283
	AVPDestinationHost             = 293
	AVPOriginRealm                 = 296
	AVPExperimentalResult          = 297
	AVPExperimentalResultCode      = 298
)

// AVP codes of Cx (TS 29.229 6.3), vendor 3GPP.
const (
	AVPVisitedNetworkIdentifier = 600
	AVPPublicIdentity           = 601
	AVPServerName               = 602
	AVPUserData                 = 606
	AVPSIPNumberAuthItems       = 607
	AVPSIPAuthenticationScheme  = 608
	AVPSIPAuthenticate          = 609
	AVPSIPAuthorization         = 610
	AVPSIPAuthDataItem          = 612
	AVPSIPItemNumber            = 613
	AVPServerAssignmentType     = 614
	AVPDeregistrationReason     = 615
	AVPReasonCode               = 616
	AVPReasonInfo               = 617
	AVPUserAuthorizationType    = 623
	AVPUserDataAlreadyAvailable = 624
	AVPConfidentialityKey       = 625
	AVPIntegrityKey             = 626
	AVPAssociatedIdentities     = 632
	AVPOriginatingRequest       = 633
	AVPWildcardedIMPU           = 636
)

// avpType is the data format of an AVP as far as it can be checked (RFC 6733 4.2, 4.3).
type avpType uint8

const (
	typeUnknown    avpType = iota
	typeOctets             // OctetString, UTF8String, DiameterIdentity and the like
	typeUnsigned32         // Unsigned32, Integer32, Enumerated
	typeGrouped
)

type definition struct {
	name string
	typ  avpType
}

// baseAVPs are AVPs of the base protocol by code.
var baseAVPs = [...]definition{
	1:   {"User-Name", typeOctets},
	257: {"Host-IP-Address", typeOctets},
	258: {"Auth-Application-Id", typeUnsigned32},
	259: {"Acct-Application-Id", typeUnsigned32},
	260: {"Vendor-Specific-Application-Id", typeGrouped},
	263: {"Session-Id", typeOctets},
	264: {"Origin-Host", typeOctets},
	265: {"Supported-Vendor-Id", typeUnsigned32},
	266: {"Vendor-Id", typeUnsigned32},
	267: {"Firmware-Revision", typeUnsigned32},
	268: {"Result-Code", typeUnsigned32},
	269: {"Product-Name", typeOctets},
	273: {"Disconnect-Cause", typeUnsigned32},
	277: {"Auth-Session-State", typeUnsigned32},
	278: {"Origin-State-Id", typeUnsigned32},
	279: {"Failed-AVP", typeGrouped},
	280: {"Proxy-Host", typeOctets},
	281: {"Error-Message", typeOctets},
	282: {"Route-Record", typeOctets},
	283: {"Destination-Realm", typeOctets},
	284: {"Proxy-Info", typeGrouped},
	292: {"Redirect-Host", typeOctets},
	293: {"Destination-Host", typeOctets},
	294: {"Error-Reporting-Host", typeOctets},
	296: {"Origin-Realm", typeOctets},
	297: {"Experimental-Result", typeGrouped},
	298: {"Experimental-Result-Code", typeUnsigned32},
	299: {"Inband-Security-Id", typeUnsigned32},
}

// cxFirst is the code of the first entry of cxAVPs.
const cxFirst = 600

// cxAVPs in the order of their codes; names as TS 29.229 has them.
var cxAVPs = [...]definition{
	{"Visited-Network-Identifier", typeOctets},
	{"Public-Identity", typeOctets},
	{"Server-Name", typeOctets},
	{"Server-Capabilities", typeGrouped},
	{"Mandatory-Capability", typeUnsigned32},
	{"Optional-Capability", typeUnsigned32},
	{"User-Data", typeOctets},
	{"SIP-Number-Auth-Items", typeUnsigned32},
	{"SIP-Authentication-Scheme", typeOctets},
	{"SIP-Authenticate", typeOctets},
	{"SIP-Authorization", typeOctets},
	{"SIP-Authentication-Context", typeOctets},
	{"SIP-Auth-Data-Item", typeGrouped},
	{"SIP-Item-Number", typeUnsigned32},
	{"Server-Assignment-Type", typeUnsigned32},
	{"Deregistration-Reason", typeGrouped},
	{"Reason-Code", typeUnsigned32},
	{"Reason-Info", typeOctets},
	{"Charging-Information", typeGrouped},
	{"Primary-Event-Charging-Function-Name", typeOctets},
	{"Secondary-Event-Charging-Function-Name", typeOctets},
	{"Primary-Charging-Collection-Function-Name", typeOctets},
	{"Secondary-Charging-Collection-Function-Name", typeOctets},
	{"User-Authorization-Type", typeUnsigned32},
	{"User-Data-Already-Available", typeUnsigned32},
	{"Confidentiality-Key", typeOctets},
	{"Integrity-Key", typeOctets},
	{"User-Data-Request-Type", typeUnsigned32},
	{"Supported-Features", typeGrouped},
	{"Feature-List-ID", typeUnsigned32},
	{"Feature-List", typeUnsigned32},
	{"Supported-Applications", typeGrouped},
	{"Associated-Identities", typeGrouped},
	{"Originating-Request", typeUnsigned32},
	{"Wildcarded-Public-Identity", typeOctets}, // 634: Wildcarded-PSI since Rel-8
	{"SIP-Digest-Authenticate", typeGrouped},
	{"Wildcarded-IMPU", typeOctets},
	{"UAR-Flags", typeUnsigned32},
	{"Loose-Route-Indication", typeUnsigned32},
	{"SCSCF-Restoration-Info", typeGrouped},
	{"Path", typeOctets},
	{"Contact", typeOctets},
	{"Subscription-Info", typeGrouped},
	{"Call-ID-SIP-Header", typeOctets},
	{"From-SIP-Header", typeOctets},
	{"To-SIP-Header", typeOctets},
	{"Record-Route", typeOctets},
	{"Associated-Registered-Identities", typeGrouped},
	{"Multiple-Registration-Indication", typeUnsigned32},
	{"Restoration-Info", typeGrouped},
	{"Session-Priority", typeUnsigned32},
	{"Identity-with-Emergency-Registration", typeGrouped},
	{"Priviledged-Sender-Indication", typeUnsigned32},
	{"LIA-Flags", typeUnsigned32},
	{"Initial-CSeq-Sequence-Number", typeUnsigned32},
	{"SAR-Flags", typeUnsigned32},
	{"Allowed-WAF-WWSF-Identities", typeGrouped},
	{"WebRTC-Authentication-Function-Name", typeOctets},
	{"WebRTC-Web-Server-Function-Name", typeOctets},
}

func lookup(vendor, code uint32) definition {
	switch {
	case vendor == 0 && code < uint32(len(baseAVPs)):
		return baseAVPs[code]
	case vendor == Vendor3GPP && code >= cxFirst && code-cxFirst < uint32(len(cxAVPs)):
		return cxAVPs[code-cxFirst]
	}
	return definition{}
}

func typeOf(vendor, code uint32) avpType { return lookup(vendor, code).typ }

// Grouped reports whether the AVP is known to hold further AVPs.
func (a *AVP) Grouped() bool { return typeOf(a.Vendor, a.Code) == typeGrouped }

// Number reports whether the AVP is known to be an Unsigned32, Integer32 or Enumerated.
func (a *AVP) Number() bool { return typeOf(a.Vendor, a.Code) == typeUnsigned32 }

// AVPName returns the name of an AVP, or "AVP 123" or "AVP 123 (vendor 456)" for those not listed.
func AVPName(vendor, code uint32) string {
	if d := lookup(vendor, code); d.name != "" {
		return d.name
	}
	s := "AVP " + strconv.FormatUint(uint64(code), 10)
	if vendor != 0 {
		s += " (vendor " + strconv.FormatUint(uint64(vendor), 10) + ")"
	}
	return s
}
