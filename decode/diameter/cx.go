package diameter

import (
	"math"

	"imscope/decode/problem"
)

// Limits on the lists of a Cx view. An implicit registration set has a handful of identities; these
// numbers leave room for a PBX and bound what a hostile message can make a reader keep.
const (
	maxIdentities = 1024
	maxAssociated = 256
)

// Cx is a typed view of a Cx message (TS 29.229 6). It borrows the message it was parsed from.
//
// Byte slices are nil and numbers -1 where the message does not have the AVP; an AVP that is there
// but empty gives an empty slice. Of an AVP that should be there once the first one counts.
type Cx struct {
	// SessionID matches one request with its answer and nothing else: Cx has no sessions.
	SessionID                         []byte
	OriginHost, OriginRealm           []byte
	DestinationHost, DestinationRealm []byte
	// UserName is the private identity.
	UserName []byte
	// PublicIdentities in the order of the message. A RTR or SAR without any means all identities of
	// UserName.
	PublicIdentities [][]byte
	// VisitedNetwork is the Visited-Network-Identifier of a UAR.
	VisitedNetwork []byte
	// ServerName is the SIP URI of the S-CSCF.
	ServerName []byte
	// UserAuthorizationType of a UAR; absent means registration.
	UserAuthorizationType int32
	// ServerAssignmentType of a SAR.
	ServerAssignmentType int32
	// UserDataAvailable is 1 when the S-CSCF has the profile already.
	UserDataAvailable int32
	// OriginatingRequest is 0 in a LIR for an originating request.
	OriginatingRequest int32
	// ReasonCode and ReasonInfo are the Deregistration-Reason of a RTR.
	ReasonCode int32
	ReasonInfo []byte
	// ResultCode is the Result-Code of the base protocol.
	ResultCode int32
	// ExperimentalResult is the Experimental-Result-Code of ExperimentalVendor. Its numbers are a
	// name space of their own.
	ExperimentalResult int32
	ExperimentalVendor int32
	// AuthScheme, Authenticate, ConfidentialityKey and IntegrityKey are of the first
	// SIP-Auth-Data-Item. In a MAA for AKA Authenticate is RAND‖AUTN, what the nonce of the 401 has.
	AuthScheme, Authenticate         []byte
	ConfidentialityKey, IntegrityKey []byte
	// SIPAuthorization tells that the item has SIP-Authorization: the expected response in a MAA,
	// and in a MAR that the phone asks to resynchronise.
	SIPAuthorization bool
	// AssociatedIdentities are the other private identities of the subscription.
	AssociatedIdentities [][]byte
	// WildcardedIdentity is the wildcarded public identity that matched.
	WildcardedIdentity []byte
	// UserData is the profile as it was sent, XML.
	UserData []byte
	// PrivateID is the private identity in UserData.
	PrivateID []byte
	// Identities are the public identities in UserData.
	Identities []Identity
	// Problems of UserData and of missing AVPs; spans point into the message.
	Problems []problem.Problem

	scratch []byte
}

// Parse reads the AVPs of m. It resets c, borrows m.Raw, and allocates nothing once c has grown.
func (c *Cx) Parse(m *Message) {
	*c = Cx{
		UserAuthorizationType: -1, ServerAssignmentType: -1, UserDataAvailable: -1, OriginatingRequest: -1,
		ReasonCode: -1, ResultCode: -1, ExperimentalResult: -1, ExperimentalVendor: -1,
		PublicIdentities:     c.PublicIdentities[:0],
		AssociatedIdentities: c.AssociatedIdentities[:0],
		Identities:           c.Identities[:0],
		Problems:             c.Problems[:0],
		scratch:              c.scratch[:0],
	}
	if len(m.Raw) < HeaderLen {
		return
	}
	w := walker{b: m.Raw[HeaderLen:], base: HeaderLen, cx: m.AppID == AppCx}
	var a AVP
	for w.next(&a) {
		switch a.Vendor {
		case 0:
			c.base(&a)
		case Vendor3GPP:
			c.avp(&a)
		}
	}
	if !m.Request && c.ResultCode < 0 && c.ExperimentalResult < 0 {
		c.report(ProbNoResult, 0, HeaderLen)
	}
}

func (c *Cx) base(a *AVP) {
	switch a.Code {
	case AVPSessionID:
		set(&c.SessionID, a)
	case AVPOriginHost:
		set(&c.OriginHost, a)
	case AVPOriginRealm:
		set(&c.OriginRealm, a)
	case AVPDestinationHost:
		set(&c.DestinationHost, a)
	case AVPDestinationRealm:
		set(&c.DestinationRealm, a)
	case AVPUserName:
		set(&c.UserName, a)
	case AVPResultCode:
		setInt(&c.ResultCode, a)
	case AVPExperimentalResult:
		for in := range a.AVPs() {
			switch in.Code {
			case AVPVendorID:
				setInt(&c.ExperimentalVendor, &in)
			case AVPExperimentalResultCode:
				setInt(&c.ExperimentalResult, &in)
			}
		}
	}
}

func (c *Cx) avp(a *AVP) {
	switch a.Code {
	case AVPVisitedNetworkIdentifier:
		set(&c.VisitedNetwork, a)
	case AVPPublicIdentity:
		if len(c.PublicIdentities) < maxIdentities {
			c.PublicIdentities = append(c.PublicIdentities, a.Data)
		} else {
			c.report(ProbLimit, a.Off, a.Len)
		}
	case AVPServerName:
		set(&c.ServerName, a)
	case AVPServerAssignmentType:
		setInt(&c.ServerAssignmentType, a)
	case AVPUserAuthorizationType:
		setInt(&c.UserAuthorizationType, a)
	case AVPUserDataAlreadyAvailable:
		setInt(&c.UserDataAvailable, a)
	case AVPOriginatingRequest:
		setInt(&c.OriginatingRequest, a)
	case AVPWildcardedIMPU:
		set(&c.WildcardedIdentity, a)
	case AVPDeregistrationReason:
		for in := range a.AVPs() {
			switch in.Code {
			case AVPReasonCode:
				setInt(&c.ReasonCode, &in)
			case AVPReasonInfo:
				set(&c.ReasonInfo, &in)
			}
		}
	case AVPSIPAuthDataItem:
		if c.AuthScheme != nil || c.Authenticate != nil {
			return
		}
		for in := range a.AVPs() {
			switch in.Code {
			case AVPSIPAuthenticationScheme:
				set(&c.AuthScheme, &in)
			case AVPSIPAuthenticate:
				set(&c.Authenticate, &in)
			case AVPSIPAuthorization:
				c.SIPAuthorization = true
			case AVPConfidentialityKey:
				set(&c.ConfidentialityKey, &in)
			case AVPIntegrityKey:
				set(&c.IntegrityKey, &in)
			}
		}
	case AVPAssociatedIdentities:
		for in := range a.AVPs() {
			switch {
			case in.Code != AVPUserName:
			case len(c.AssociatedIdentities) < maxAssociated:
				c.AssociatedIdentities = append(c.AssociatedIdentities, in.Data)
			default:
				c.report(ProbLimit, in.Off, in.Len)
			}
		}
	case AVPUserData:
		if c.UserData == nil {
			c.UserData = a.Data
			c.userData(a)
		}
	}
}

func (c *Cx) report(code *problem.Code, off, n int) {
	if len(c.Problems) < maxProblems {
		c.Problems = append(c.Problems, problem.Problem{Code: code, Span: problem.Span{Off: uint32(off), Len: uint32(n)}})
	}
}

func set(field *[]byte, a *AVP) {
	if *field == nil {
		*field = a.Data
	}
}

// setInt sets an enumeration or number. What does not fit an int32 is no value that anybody defined;
// it becomes the largest one, so that it is not taken for absent.
func setInt(field *int32, a *AVP) {
	if v, ok := a.Uint32(); ok && *field < 0 {
		*field = int32(min(v, math.MaxInt32))
	}
}

// Success reports whether an answer with these results grants what was asked: a code of the 2xxx class,
// 3GPP's Experimental-Result if there is one, else the base protocol's (RFC 6733 7.1.2, TS 29.229 6.2.1).
// -1 stands for an absent one.
func Success(result, experimental int32) bool {
	if experimental >= 0 {
		result = experimental
	}
	return result >= 2000 && result < 3000
}
