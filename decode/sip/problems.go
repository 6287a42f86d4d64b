package sip

import "imscope/decode/problem"

// The problems that Parse and Check find. Severity error is kept for what breaks a MUST in a way
// that leaves the meaning open; damage that is read all the same is a warning.
var (
	// Start line.

	ProbBeforeStart       = &problem.Code{ID: "sip-before-start-line", Title: "blanks or zero bytes before the start line", Clause: "RFC 3261 7", Severity: problem.Warning}
	ProbBadMethod         = &problem.Code{ID: "sip-bad-method", Title: "method with a byte that no token may have, read as the method that it resembles", Clause: "RFC 3261 7.1", Severity: problem.Error}
	ProbNoVersion         = &problem.Code{ID: "sip-no-version", Title: "request line without a SIP version", Clause: "RFC 3261 7.1", Severity: problem.Error}
	ProbBadVersion        = &problem.Code{ID: "sip-bad-version", Title: "SIP version is not SIP/2.0", Clause: "RFC 3261 7.1", Severity: problem.Warning}
	ProbStartLineSpaces   = &problem.Code{ID: "sip-start-line-spaces", Title: "more than one space between the parts of the start line", Clause: "RFC 3261 7.1", Severity: problem.Warning}
	ProbStartLineTrailing = &problem.Code{ID: "sip-start-line-trailing-space", Title: "white space behind the SIP version", Clause: "RFC 3261 7.1", Severity: problem.Error}
	ProbURIWhitespace     = &problem.Code{ID: "sip-request-uri-space", Title: "white space inside the Request-URI", Clause: "RFC 3261 7.1", Severity: problem.Error}
	ProbURIBrackets       = &problem.Code{ID: "sip-request-uri-brackets", Title: "Request-URI in angle brackets", Clause: "RFC 3261 7.1", Severity: problem.Error}
	ProbBadStatus         = &problem.Code{ID: "sip-bad-status", Title: "status code is not three digits from 100 to 699", Clause: "RFC 3261 7.2", Severity: problem.Warning}
	ProbNoReasonSpace     = &problem.Code{ID: "sip-no-reason-space", Title: "no space behind the status code", Clause: "RFC 3261 7.2", Severity: problem.Info}

	// Lines and framing.

	ProbBareLF                = &problem.Code{ID: "sip-bare-lf", Title: "line ends in LF without CR", Clause: "RFC 3261 7", Severity: problem.Info}
	ProbBareCR                = &problem.Code{ID: "sip-bare-cr", Title: "CR that is not part of a line end", Clause: "RFC 3261 7", Severity: problem.Warning}
	ProbFoldedFirstLine       = &problem.Code{ID: "sip-folded-first-line", Title: "continuation line without a header field before it", Clause: "RFC 3261 7.3.1", Severity: problem.Error}
	ProbNoColon               = &problem.Code{ID: "sip-no-colon", Title: "header line without a colon", Clause: "RFC 3261 7.3.1", Severity: problem.Error}
	ProbBadHeaderName         = &problem.Code{ID: "sip-bad-header-name", Title: "header field name is not a token", Clause: "RFC 3261 7.3.1", Severity: problem.Warning}
	ProbTooManyHeaders        = &problem.Code{ID: "sip-too-many-headers", Title: "more header lines than are kept", Clause: "RFC 3261 7.3", Severity: problem.Error}
	ProbNoHeaderEnd           = &problem.Code{ID: "sip-no-header-end", Title: "message ends before the empty line behind the header fields", Clause: "RFC 3261 7", Severity: problem.Warning}
	ProbHeadersAfterBlankLine = &problem.Code{ID: "sip-headers-after-blank-line", Title: "header lines found behind the empty line that ends the header fields", Clause: "RFC 3261 7", Severity: problem.Warning}
	ProbBytesAfterBody        = &problem.Code{ID: "sip-bytes-after-body", Title: "bytes behind the body that Content-Length announces", Clause: "RFC 3261 18.3", Severity: problem.Info}
	ProbSecondMessage         = &problem.Code{ID: "sip-second-message", Title: "another start line behind the end of the message", Clause: "RFC 3261 18.3", Severity: problem.Warning}
	ProbBadContentLength      = &problem.Code{ID: "sip-bad-content-length", Title: "Content-Length is not a number", Clause: "RFC 3261 20.14", Severity: problem.Error}
	ProbContentLengthConflict = &problem.Code{ID: "sip-content-length-conflict", Title: "two Content-Length values that differ", Clause: "RFC 3261 20.14", Severity: problem.Error}
	ProbContentLengthTwice    = &problem.Code{ID: "sip-content-length-twice", Title: "Content-Length given twice with one value", Clause: "RFC 3261 7.3.1", Severity: problem.Warning}
	ProbNoContentLength       = &problem.Code{ID: "sip-no-content-length", Title: "no Content-Length on a stream transport", Clause: "RFC 3261 18.3", Severity: problem.Error}
	ProbBodyShort             = &problem.Code{ID: "sip-body-short", Title: "body is shorter than Content-Length says", Clause: "RFC 3261 18.3", Severity: problem.Error}
	ProbContentEncoding       = &problem.Code{ID: "sip-content-encoding", Title: "body, or a part of it, has a content coding and is not read", Clause: "RFC 3261 20.12", Severity: problem.Warning}
	ProbMoreProblems          = &problem.Code{ID: "sip-more-problems", Title: "further problems of this message are not listed", Clause: "", Severity: problem.Info}

	// What a message must have.

	ProbMissingVia               = &problem.Code{ID: "sip-missing-via", Title: "no Via", Clause: "RFC 3261 8.1.1.7", Severity: problem.Error}
	ProbMissingFrom              = &problem.Code{ID: "sip-missing-from", Title: "no From", Clause: "RFC 3261 8.1.1.3", Severity: problem.Error}
	ProbMissingTo                = &problem.Code{ID: "sip-missing-to", Title: "no To", Clause: "RFC 3261 8.1.1.2", Severity: problem.Error}
	ProbMissingCallID            = &problem.Code{ID: "sip-missing-call-id", Title: "no Call-ID", Clause: "RFC 3261 8.1.1.4", Severity: problem.Error}
	ProbMissingCSeq              = &problem.Code{ID: "sip-missing-cseq", Title: "no CSeq", Clause: "RFC 3261 8.1.1.5", Severity: problem.Error}
	ProbMissingMaxForwards       = &problem.Code{ID: "sip-missing-max-forwards", Title: "request without Max-Forwards", Clause: "RFC 3261 8.1.1.6", Severity: problem.Warning}
	ProbMissingContact           = &problem.Code{ID: "sip-missing-contact", Title: "request that makes or refreshes a dialog without Contact", Clause: "RFC 3261 8.1.1.8", Severity: problem.Error}
	ProbMissingEvent             = &problem.Code{ID: "sip-missing-event", Title: "SUBSCRIBE or NOTIFY without Event", Clause: "RFC 6665 8.2.1", Severity: problem.Error}
	ProbMissingSubscriptionState = &problem.Code{ID: "sip-missing-subscription-state", Title: "NOTIFY without Subscription-State", Clause: "RFC 6665 4.2.2", Severity: problem.Error}
	ProbMissingContentType       = &problem.Code{ID: "sip-missing-content-type", Title: "body without Content-Type", Clause: "RFC 3261 20.15", Severity: problem.Warning}
	ProbRepeatedHeader           = &problem.Code{ID: "sip-repeated-header", Title: "second value of a header field that has only one", Clause: "RFC 3261 7.3.1", Severity: problem.Error}

	// Values of any header field.

	ProbControlCharacter = &problem.Code{ID: "sip-control-character", Title: "control character in a header value", Clause: "RFC 3261 25.1", Severity: problem.Warning}
	ProbNotUTF8          = &problem.Code{ID: "sip-not-utf8", Title: "header value is not UTF-8", Clause: "RFC 3261 7.3.1", Severity: problem.Warning}
	ProbEmptyParam       = &problem.Code{ID: "sip-empty-param", Title: "empty parameter, as in ;;", Clause: "RFC 3261 7.3.1", Severity: problem.Warning}
	ProbEmptyElement     = &problem.Code{ID: "sip-empty-element", Title: "empty element in a comma list", Clause: "RFC 3261 7.3.1", Severity: problem.Warning}
	ProbBadNameAddr      = &problem.Code{ID: "sip-bad-name-addr", Title: "display name or address does not follow the grammar", Clause: "RFC 3261 20.10", Severity: problem.Error}
	ProbDisplayName      = &problem.Code{ID: "sip-display-name", Title: "unquoted display name with bytes that no token may have", Clause: "RFC 3261 25.1", Severity: problem.Warning}
	ProbUnbalancedQuote  = &problem.Code{ID: "sip-unbalanced-quote", Title: "quoted string without its closing quote", Clause: "RFC 3261 25.1", Severity: problem.Error}
	ProbURINeedsBrackets = &problem.Code{ID: "sip-uri-needs-brackets", Title: "URI with a question mark or comma outside angle brackets", Clause: "RFC 3261 20.10", Severity: problem.Error}

	// URIs.

	ProbBadURI          = &problem.Code{ID: "sip-bad-uri", Title: "not a URI", Clause: "RFC 3261 19.1.1", Severity: problem.Error}
	ProbBadIPv6         = &problem.Code{ID: "sip-bad-ipv6", Title: "host in square brackets is not an IPv6 address", Clause: "RFC 3261 25.1", Severity: problem.Warning}
	ProbURIHeaders      = &problem.Code{ID: "sip-request-uri-headers", Title: "Request-URI carries header fields", Clause: "RFC 3261 19.1.1", Severity: problem.Warning}
	ProbRegisterURIUser = &problem.Code{ID: "sip-register-uri-user", Title: "Request-URI of a REGISTER has a user part", Clause: "RFC 3261 10.2", Severity: problem.Warning}
	ProbURISpace        = &problem.Code{ID: "sip-uri-space", Title: "white space beside or inside a URI", Clause: "RFC 3261 25.1", Severity: problem.Error}
	ProbURICharacter    = &problem.Code{ID: "sip-uri-character", Title: "byte that must be escaped in a URI", Clause: "RFC 3261 19.1.2", Severity: problem.Warning}

	// Via, CSeq and other core header fields.

	ProbBadVia          = &problem.Code{ID: "sip-bad-via", Title: "Via does not follow the grammar", Clause: "RFC 3261 20.42", Severity: problem.Error}
	ProbBadViaVersion   = &problem.Code{ID: "sip-bad-via-version", Title: "protocol in Via is not SIP/2.0", Clause: "RFC 3261 20.42", Severity: problem.Warning}
	ProbNoBranch        = &problem.Code{ID: "sip-no-branch", Title: "Via without branch", Clause: "RFC 3261 8.1.1.7", Severity: problem.Warning}
	ProbNoMagicCookie   = &problem.Code{ID: "sip-no-magic-cookie", Title: "branch does not begin with z9hG4bK", Clause: "RFC 3261 8.1.1.7", Severity: problem.Warning}
	ProbEmptyBranch     = &problem.Code{ID: "sip-empty-branch", Title: "branch is nothing but the magic cookie", Clause: "RFC 3261 8.1.1.7", Severity: problem.Warning}
	ProbBadCSeq         = &problem.Code{ID: "sip-bad-cseq", Title: "CSeq is not a number and a method", Clause: "RFC 3261 20.16", Severity: problem.Error}
	ProbCSeqOverflow    = &problem.Code{ID: "sip-cseq-overflow", Title: "CSeq number does not fit below 2^31", Clause: "RFC 3261 8.1.1.5", Severity: problem.Warning}
	ProbCSeqMismatch    = &problem.Code{ID: "sip-cseq-method-mismatch", Title: "method in CSeq differs from the request line", Clause: "RFC 3261 8.1.1.5", Severity: problem.Warning}
	ProbBadCallID       = &problem.Code{ID: "sip-bad-call-id", Title: "Call-ID is empty or has white space", Clause: "RFC 3261 20.8", Severity: problem.Error}
	ProbNoFromTag       = &problem.Code{ID: "sip-no-from-tag", Title: "From without tag", Clause: "RFC 3261 8.1.1.3", Severity: problem.Error}
	ProbNoToTag         = &problem.Code{ID: "sip-no-to-tag", Title: "response above 100 without To tag", Clause: "RFC 3261 8.2.6.2", Severity: problem.Warning}
	ProbToTagInRegister = &problem.Code{ID: "sip-to-tag-in-register", Title: "REGISTER with a To tag", Clause: "RFC 3261 10.2", Severity: problem.Warning}
	ProbBadMaxForwards  = &problem.Code{ID: "sip-bad-max-forwards", Title: "Max-Forwards is not a number from 0 to 255", Clause: "RFC 3261 20.22", Severity: problem.Warning}
	ProbBadDate         = &problem.Code{ID: "sip-bad-date", Title: "Date is not a date in GMT", Clause: "RFC 3261 20.17", Severity: problem.Warning}
	ProbBadSeconds      = &problem.Code{ID: "sip-bad-seconds", Title: "not a number of seconds", Clause: "RFC 3261 20.19", Severity: problem.Warning}
	ProbSecondsOverflow = &problem.Code{ID: "sip-seconds-overflow", Title: "number of seconds does not fit in 32 bits", Clause: "RFC 3261 20.19", Severity: problem.Warning}
	ProbBadWarning      = &problem.Code{ID: "sip-bad-warning", Title: "Warning does not begin with a three-digit code", Clause: "RFC 3261 20.43", Severity: problem.Warning}

	// Registration and routing.

	ProbStarContact          = &problem.Code{ID: "sip-star-contact", Title: "Contact: * beside other contacts or without Expires: 0", Clause: "RFC 3261 10.2.2", Severity: problem.Error}
	ProbExpiresInURI         = &problem.Code{ID: "sip-expires-in-uri", Title: "expires is inside the angle brackets, so it belongs to the URI", Clause: "RFC 3261 20.10", Severity: problem.Warning}
	ProbBadQ                 = &problem.Code{ID: "sip-bad-q", Title: "q is not a number from 0 to 1", Clause: "RFC 3261 20.10", Severity: problem.Warning}
	ProbRouteNoBrackets      = &problem.Code{ID: "sip-no-brackets", Title: "route or path without angle brackets: its parameters do not belong to the URI", Clause: "RFC 3261 20.34", Severity: problem.Warning}
	ProbRouteToSelf          = &problem.Code{ID: "sip-route-to-self", Title: "topmost Route names the host that sends the request", Clause: "RFC 3261 8.1.2", Severity: problem.Info}
	ProbSecurityPortMismatch = &problem.Code{ID: "sip-security-port-mismatch", Title: "port of the topmost Route is not port-s of Security-Verify", Clause: "3GPP TS 24.229 5.1.1.5.1", Severity: problem.Warning}

	// Events.

	ProbBadEvent             = &problem.Code{ID: "sip-bad-event", Title: "Event is not an event package", Clause: "RFC 6665 8.2.1", Severity: problem.Error}
	ProbBadSubscriptionState = &problem.Code{ID: "sip-bad-subscription-state", Title: "Subscription-State does not begin with a token", Clause: "RFC 6665 8.2.3", Severity: problem.Error}
	ProbNoTerminationReason  = &problem.Code{ID: "sip-no-termination-reason", Title: "Subscription-State: terminated without reason", Clause: "RFC 6665 4.1.3", Severity: problem.Info}

	// Credentials and security mechanisms.

	ProbBadAuth            = &problem.Code{ID: "sip-bad-auth", Title: "credentials without scheme or parameters", Clause: "RFC 3261 25.1", Severity: problem.Error}
	ProbUnterminatedQuote  = &problem.Code{ID: "sip-unterminated-quote", Title: "quoted value without its closing quote, taken to end at the next comma", Clause: "RFC 3261 25.1", Severity: problem.Warning}
	ProbMissingComma       = &problem.Code{ID: "sip-missing-comma", Title: "no comma between two parameters", Clause: "RFC 3261 25.1", Severity: problem.Warning}
	ProbTrailingComma      = &problem.Code{ID: "sip-trailing-comma", Title: "empty parameter between commas or behind the last one", Clause: "RFC 3261 25.1", Severity: problem.Info}
	ProbDuplicateParam     = &problem.Code{ID: "sip-duplicate-param", Title: "parameter given twice, the first one counts", Clause: "RFC 3261 7.3.1", Severity: problem.Warning}
	ProbBadParam           = &problem.Code{ID: "sip-bad-param", Title: "parameter that is no name=value", Clause: "RFC 3261 25.1", Severity: problem.Warning}
	ProbAKASpelling        = &problem.Code{ID: "sip-aka-algorithm-spelling", Title: "AKA algorithm in another case than AKAv1-MD5", Clause: "RFC 3310 3.1", Severity: problem.Info}
	ProbAKANonceShort      = &problem.Code{ID: "sip-aka-nonce-short", Title: "AKA nonce is not base64 of at least 32 bytes", Clause: "RFC 3310 3.2", Severity: problem.Info}
	ProbBadSecurity        = &problem.Code{ID: "sip-bad-security", Title: "security mechanism does not begin with a token", Clause: "RFC 3329 2.2", Severity: problem.Error}
	ProbSecurityIncomplete = &problem.Code{ID: "sip-security-incomplete", Title: "ipsec-3gpp without alg, SPIs or ports", Clause: "3GPP TS 33.203 Annex H", Severity: problem.Warning}
	ProbSecurityNumber     = &problem.Code{ID: "sip-security-number", Title: "SPI or port out of range", Clause: "3GPP TS 33.203 Annex H", Severity: problem.Warning}
	ProbBadChargingVector  = &problem.Code{ID: "sip-bad-charging-vector", Title: "P-Charging-Vector does not begin with icid-value", Clause: "RFC 7315 5.6", Severity: problem.Warning}
)

// Codes lists every problem of this package.
var Codes = []*problem.Code{
	ProbBeforeStart,
	ProbBadMethod,
	ProbNoVersion,
	ProbBadVersion,
	ProbStartLineSpaces,
	ProbStartLineTrailing,
	ProbURIWhitespace,
	ProbURIBrackets,
	ProbBadStatus,
	ProbNoReasonSpace,
	ProbBareLF,
	ProbBareCR,
	ProbFoldedFirstLine,
	ProbNoColon,
	ProbBadHeaderName,
	ProbTooManyHeaders,
	ProbNoHeaderEnd,
	ProbHeadersAfterBlankLine,
	ProbBytesAfterBody,
	ProbSecondMessage,
	ProbBadContentLength,
	ProbContentLengthConflict,
	ProbContentLengthTwice,
	ProbNoContentLength,
	ProbBodyShort,
	ProbContentEncoding,
	ProbMoreProblems,
	ProbMissingVia,
	ProbMissingFrom,
	ProbMissingTo,
	ProbMissingCallID,
	ProbMissingCSeq,
	ProbMissingMaxForwards,
	ProbMissingContact,
	ProbMissingEvent,
	ProbMissingSubscriptionState,
	ProbMissingContentType,
	ProbRepeatedHeader,
	ProbControlCharacter,
	ProbNotUTF8,
	ProbEmptyParam,
	ProbEmptyElement,
	ProbBadNameAddr,
	ProbDisplayName,
	ProbUnbalancedQuote,
	ProbURINeedsBrackets,
	ProbBadURI,
	ProbBadIPv6,
	ProbURIHeaders,
	ProbRegisterURIUser,
	ProbURISpace,
	ProbURICharacter,
	ProbBadVia,
	ProbBadViaVersion,
	ProbNoBranch,
	ProbNoMagicCookie,
	ProbEmptyBranch,
	ProbBadCSeq,
	ProbCSeqOverflow,
	ProbCSeqMismatch,
	ProbBadCallID,
	ProbNoFromTag,
	ProbNoToTag,
	ProbToTagInRegister,
	ProbBadMaxForwards,
	ProbBadDate,
	ProbBadSeconds,
	ProbSecondsOverflow,
	ProbBadWarning,
	ProbStarContact,
	ProbExpiresInURI,
	ProbBadQ,
	ProbRouteNoBrackets,
	ProbRouteToSelf,
	ProbSecurityPortMismatch,
	ProbBadEvent,
	ProbBadSubscriptionState,
	ProbNoTerminationReason,
	ProbBadAuth,
	ProbUnterminatedQuote,
	ProbMissingComma,
	ProbTrailingComma,
	ProbDuplicateParam,
	ProbBadParam,
	ProbAKASpelling,
	ProbAKANonceShort,
	ProbBadSecurity,
	ProbSecurityIncomplete,
	ProbSecurityNumber,
	ProbBadChargingVector,
}
