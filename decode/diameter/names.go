package diameter

import "strconv"

// Vendor3GPP is the Vendor-Id of all Cx AVPs.
const Vendor3GPP = 10415

// Command codes of the base protocol (RFC 6733 3.1), of Cx (TS 29.229 6.1) and of Rx (TS 29.214 5.6).
const (
	cmdCER = 257
	cmdDWR = 280
	cmdDPR = 282

	CmdUAR = 300
	CmdSAR = 301
	CmdLIR = 302
	CmdMAR = 303
	CmdRTR = 304
	CmdPPR = 305

	CmdAAR = 265
	cmdRAR = 258
	cmdASR = 274
	cmdSTR = 275
)

type command struct{ request, answer string }

var (
	capabilitiesExchange = command{"CER", "CEA"}
	deviceWatchdog       = command{"DWR", "DWA"}
	disconnectPeer       = command{"DPR", "DPA"}

	rxCommands = map[uint32]*command{CmdAAR: {"AAR", "AAA"}, cmdRAR: {"RAR", "RAA"}, cmdASR: {"ASR", "ASA"}, cmdSTR: {"STR", "STA"}}
)

var cxCommands = [...]command{
	{"UAR", "UAA"}, {"SAR", "SAA"}, {"LIR", "LIA"}, {"MAR", "MAA"}, {"RTR", "RTA"}, {"PPR", "PPA"},
}

// commandOf returns the names of a command, nil if it has none here.
func commandOf(code, app uint32) *command {
	if code >= CmdUAR && code <= CmdPPR && (app == AppCx || app == appRelay) {
		return &cxCommands[code-CmdUAR]
	}
	if app == appRx {
		return rxCommands[code]
	}
	switch code {
	case cmdCER:
		return &capabilitiesExchange
	case cmdDWR:
		return &deviceWatchdog
	case cmdDPR:
		return &disconnectPeer
	}
	return nil
}

// AppendResult spells the result of an answer: 3GPP's Experimental-Result-Code if there is one, else the Result-Code, each
// with its name. -1 stands for an absent one.
func AppendResult(b []byte, result, experimental int32) []byte {
	code, name := experimental, ExperimentalResultName
	if code < 0 {
		code, name = result, ResultCodeName
	}
	if code < 0 {
		return append(b, "without a result"...)
	}
	return append(append(strconv.AppendInt(b, int64(code), 10), ' '), name(code)...)
}

// Values of User-Authorization-Type (TS 29.229 6.3.24). Absent means registration.
const (
	AuthRegistration             = 0
	AuthDeregistration           = 1
	AuthRegistrationCapabilities = 2
)

// UserAuthorizationTypeName returns the name of a User-Authorization-Type, or its number.
func UserAuthorizationTypeName(v int32) string {
	return name([]string{"REGISTRATION", "DE_REGISTRATION", "REGISTRATION_AND_CAPABILITIES"}, v)
}

// Values of Server-Assignment-Type (TS 29.229 6.3.15).
const (
	AssignNone                         = 0
	AssignRegistration                 = 1
	AssignReRegistration               = 2
	AssignUnregisteredUser             = 3
	AssignTimeoutDeregistration        = 4
	AssignUserDeregistration           = 5
	AssignTimeoutDeregistrationStore   = 6
	AssignUserDeregistrationStore      = 7
	AssignAdministrativeDeregistration = 8
	AssignAuthenticationFailure        = 9
	AssignAuthenticationTimeout        = 10
	AssignDeregistrationTooMuchData    = 11
	AssignAAAUserDataRequest           = 12
	AssignPGWUpdate                    = 13
	AssignRestoration                  = 14
)

var assignmentNames = []string{
	"NO_ASSIGNMENT", "REGISTRATION", "RE_REGISTRATION", "UNREGISTERED_USER", "TIMEOUT_DEREGISTRATION",
	"USER_DEREGISTRATION", "TIMEOUT_DEREGISTRATION_STORE_SERVER_NAME", "USER_DEREGISTRATION_STORE_SERVER_NAME",
	"ADMINISTRATIVE_DEREGISTRATION", "AUTHENTICATION_FAILURE", "AUTHENTICATION_TIMEOUT",
	"DEREGISTRATION_TOO_MUCH_DATA", "AAA_USER_DATA_REQUEST", "PGW_UPDATE", "RESTORATION",
}

// ServerAssignmentTypeName returns the name of a Server-Assignment-Type, or its number.
func ServerAssignmentTypeName(v int32) string { return name(assignmentNames, v) }

// Values of Reason-Code (TS 29.229 6.3.17).
const (
	ReasonPermanentTermination = 0
	ReasonNewServerAssigned    = 1
	ReasonServerChange         = 2
	ReasonRemoveSCSCF          = 3
)

// ReasonCodeName returns the name of a Reason-Code, or its number.
func ReasonCodeName(v int32) string {
	return name([]string{"PERMANENT_TERMINATION", "NEW_SERVER_ASSIGNED", "SERVER_CHANGE", "REMOVE_S-CSCF"}, v)
}

func name(names []string, v int32) string {
	if v >= 0 && int(v) < len(names) {
		return names[v]
	}
	return strconv.Itoa(int(v))
}

// ResultCodeName returns the name of a Result-Code (RFC 6733 7.1), or its number. The numbers of an
// Experimental-Result-Code mean something else: 2001 is success here and a first registration there.
func ResultCodeName(code int32) string {
	switch code {
	case 1001:
		return "DIAMETER_MULTI_ROUND_AUTH"
	case 2001:
		return "DIAMETER_SUCCESS"
	case 2002:
		return "DIAMETER_LIMITED_SUCCESS"
	case 3001:
		return "DIAMETER_COMMAND_UNSUPPORTED"
	case 3002:
		return "DIAMETER_UNABLE_TO_DELIVER"
	case 3003:
		return "DIAMETER_REALM_NOT_SERVED"
	case 3004:
		return "DIAMETER_TOO_BUSY"
	case 3005:
		return "DIAMETER_LOOP_DETECTED"
	case 3006:
		return "DIAMETER_REDIRECT_INDICATION"
	case 3007:
		return "DIAMETER_APPLICATION_UNSUPPORTED"
	case 3008:
		return "DIAMETER_INVALID_HDR_BITS"
	case 3009:
		return "DIAMETER_INVALID_AVP_BITS"
	case 3010:
		return "DIAMETER_UNKNOWN_PEER"
	case 4001:
		return "DIAMETER_AUTHENTICATION_REJECTED"
	case 4002:
		return "DIAMETER_OUT_OF_SPACE"
	case 4003:
		return "ELECTION_LOST"
	case 4181:
		return "DIAMETER_AUTHENTICATION_DATA_UNAVAILABLE"
	case 5001:
		return "DIAMETER_AVP_UNSUPPORTED"
	case 5002:
		return "DIAMETER_UNKNOWN_SESSION_ID"
	case 5003:
		return "DIAMETER_AUTHORIZATION_REJECTED"
	case 5004:
		return "DIAMETER_INVALID_AVP_VALUE"
	case 5005:
		return "DIAMETER_MISSING_AVP"
	case 5006:
		return "DIAMETER_RESOURCES_EXCEEDED"
	case 5007:
		return "DIAMETER_CONTRADICTING_AVPS"
	case 5008:
		return "DIAMETER_AVP_NOT_ALLOWED"
	case 5009:
		return "DIAMETER_AVP_OCCURS_TOO_MANY_TIMES"
	case 5010:
		return "DIAMETER_NO_COMMON_APPLICATION"
	case 5011:
		return "DIAMETER_UNSUPPORTED_VERSION"
	case 5012:
		return "DIAMETER_UNABLE_TO_COMPLY"
	case 5013:
		return "DIAMETER_INVALID_BIT_IN_HEADER"
	case 5014:
		return "DIAMETER_INVALID_AVP_LENGTH"
	case 5015:
		return "DIAMETER_INVALID_MESSAGE_LENGTH"
	case 5016:
		return "DIAMETER_INVALID_AVP_BIT_COMBO"
	case 5017:
		return "DIAMETER_NO_COMMON_SECURITY"
	}
	return strconv.Itoa(int(code))
}

// ExperimentalResultName returns the name of 3GPP's Experimental-Result-Code (TS 29.229 6.2, of Rx TS 29.214 5.5), or
// its number.
func ExperimentalResultName(code int32) string {
	switch code {
	case 2001:
		return "DIAMETER_FIRST_REGISTRATION"
	case 2002:
		return "DIAMETER_SUBSEQUENT_REGISTRATION"
	case 2003:
		return "DIAMETER_UNREGISTERED_SERVICE"
	case 2004:
		return "DIAMETER_SUCCESS_SERVER_NAME_NOT_STORED"
	case 4181:
		return "DIAMETER_AUTHENTICATION_DATA_UNAVAILABLE"
	case 5001:
		return "DIAMETER_ERROR_USER_UNKNOWN"
	case 5002:
		return "DIAMETER_ERROR_IDENTITIES_DONT_MATCH"
	case 5003:
		return "DIAMETER_ERROR_IDENTITY_NOT_REGISTERED"
	case 5004:
		return "DIAMETER_ERROR_ROAMING_NOT_ALLOWED"
	case 5005:
		return "DIAMETER_ERROR_IDENTITY_ALREADY_REGISTERED"
	case 5006:
		return "DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED"
	case 5007:
		return "DIAMETER_ERROR_IN_ASSIGNMENT_TYPE"
	case 5008:
		return "DIAMETER_ERROR_TOO_MUCH_DATA"
	case 5009:
		return "DIAMETER_ERROR_NOT_SUPPORTED_USER_DATA"
	case 5011:
		return "DIAMETER_ERROR_FEATURE_UNSUPPORTED"
	case 5012:
		return "DIAMETER_ERROR_SERVING_NODE_FEATURE_UNSUPPORTED"
	case 5061:
		return "INVALID_SERVICE_INFORMATION"
	case 5062:
		return "FILTER_RESTRICTIONS"
	case 5063:
		return "REQUESTED_SERVICE_NOT_AUTHORIZED"
	case 5064:
		return "DUPLICATED_AF_SESSION"
	case 5065:
		return "IP-CAN_SESSION_NOT_AVAILABLE"
	case 5066:
		return "UNAUTHORIZED_NON_EMERGENCY_SESSION"
	}
	return strconv.Itoa(int(code))
}
