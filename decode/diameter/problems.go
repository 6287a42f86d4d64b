package diameter

import "imscope/decode/problem"

// What can be wrong with a message that could be read all the same.
var (
	ProbTruncated = &problem.Code{ID: "diameter-truncated", Severity: problem.Warning, Clause: "RFC 6733 3",
		Title: "message is shorter than its length says"}
	ProbTrailing = &problem.Code{ID: "diameter-trailing", Severity: problem.Warning, Clause: "RFC 6733 3",
		Title: "bytes behind the end of the message"}
	ProbReserved = &problem.Code{ID: "diameter-reserved-flags", Severity: problem.Info, Clause: "RFC 6733 3",
		Title: "reserved command flags are set"}
	ProbErrorRequest = &problem.Code{ID: "diameter-error-request", Severity: problem.Error, Clause: "RFC 6733 3",
		Title: "request with the error flag set"}
	ProbAVPLength = &problem.Code{ID: "diameter-avp-length", Severity: problem.Error, Clause: "RFC 6733 4.1",
		Title: "AVP is shorter than its header or longer than what holds it, the rest was skipped"}
	ProbPadding = &problem.Code{ID: "diameter-padding", Severity: problem.Warning, Clause: "RFC 6733 4",
		Title: "AVP is not padded to a multiple of four bytes"}
	ProbAVPType = &problem.Code{ID: "diameter-avp-type", Severity: problem.Warning, Clause: "RFC 6733 4.2",
		Title: "AVP has the wrong length for its type"}
	ProbNoVendor = &problem.Code{ID: "diameter-no-vendor", Severity: problem.Error, Clause: "TS 29.229 6.3",
		Title: "AVP of 3GPP without its vendor, read all the same"}
	ProbLimit = &problem.Code{ID: "diameter-limit", Severity: problem.Error, Clause: "RFC 6733 4.4",
		Title: "message exceeds a limit, the rest was not looked at"}
	ProbUserData = &problem.Code{ID: "diameter-user-data", Severity: problem.Warning, Clause: "TS 29.228 B.2",
		Title: "user profile is damaged or has no public identity"}
	ProbNoResult = &problem.Code{ID: "diameter-no-result", Severity: problem.Error, Clause: "RFC 6733 7.1",
		Title: "answer without result"}
)

// Codes are all problems of this package.
var Codes = []*problem.Code{
	ProbTruncated, ProbTrailing, ProbReserved, ProbErrorRequest, ProbAVPLength, ProbPadding, ProbAVPType,
	ProbNoVendor, ProbLimit, ProbUserData, ProbNoResult,
}
