package sip

// HeaderID names a header field the project knows. HdrUnknown stands for all others: their spelling
// is in [Header.Name].
type HeaderID uint8

// The header fields, with the clause that defines them.
const (
	HdrUnknown                    HeaderID = iota
	HdrVia                                 // RFC 3261 20.42, compact form v
	HdrFrom                                // RFC 3261 20.20, compact form f
	HdrTo                                  // RFC 3261 20.39, compact form t
	HdrCallID                              // RFC 3261 20.8, compact form i
	HdrCSeq                                // RFC 3261 20.16
	HdrMaxForwards                         // RFC 3261 20.22
	HdrContact                             // RFC 3261 20.10, compact form m
	HdrRoute                               // RFC 3261 20.34
	HdrRecordRoute                         // RFC 3261 20.30
	HdrPath                                // RFC 3327 4
	HdrServiceRoute                        // RFC 3608 5
	HdrExpires                             // RFC 3261 20.19
	HdrMinExpires                          // RFC 3261 20.23
	HdrEvent                               // RFC 6665 8.2.1, compact form o
	HdrSubscriptionState                   // RFC 6665 8.2.3
	HdrAllowEvents                         // RFC 6665 8.2.2, compact form u
	HdrAuthorization                       // RFC 3261 20.7
	HdrWWWAuthenticate                     // RFC 3261 20.44
	HdrProxyAuthorization                  // RFC 3261 20.28
	HdrProxyAuthenticate                   // RFC 3261 20.27
	HdrAuthenticationInfo                  // RFC 3261 20.6
	HdrSecurityClient                      // RFC 3329 2.2
	HdrSecurityServer                      // RFC 3329 2.2
	HdrSecurityVerify                      // RFC 3329 2.2
	HdrRequire                             // RFC 3261 20.32
	HdrProxyRequire                        // RFC 3261 20.29
	HdrSupported                           // RFC 3261 20.37, compact form k
	HdrUnsupported                         // RFC 3261 20.40
	HdrPAssociatedURI                      // RFC 7315 4.1
	HdrPAssertedIdentity                   // RFC 3325 9.1
	HdrPPreferredIdentity                  // RFC 3325 9.2
	HdrPCalledPartyID                      // RFC 7315 4.2
	HdrPVisitedNetworkID                   // RFC 7315 4.3
	HdrPAccessNetworkInfo                  // RFC 7315 4.4
	HdrPChargingFunctionAddresses          // RFC 7315 4.5
	HdrPChargingVector                     // RFC 7315 4.6
	HdrContentType                         // RFC 3261 20.15, compact form c
	HdrContentLength                       // RFC 3261 20.14, compact form l
	HdrContentEncoding                     // RFC 3261 20.12, compact form e
	HdrContentDisposition                  // RFC 3261 20.11
	HdrUserAgent                           // RFC 3261 20.41
	HdrServer                              // RFC 3261 20.35
	HdrDate                                // RFC 3261 20.17
	HdrRetryAfter                          // RFC 3261 20.33
	HdrWarning                             // RFC 3261 20.43
	HdrReason                              // RFC 3326 2
	HdrAllow                               // RFC 3261 20.5
	HdrAccept                              // RFC 3261 20.1
	HdrAcceptEncoding                      // RFC 3261 20.2
	HdrAcceptLanguage                      // RFC 3261 20.3
	HdrContentLanguage                     // RFC 3261 20.13
	HdrMIMEVersion                         // RFC 3261 20.24
	HdrSubject                             // RFC 3261 20.36, compact form s
	HdrTimestamp                           // RFC 3261 20.38
	HdrOrganization                        // RFC 3261 20.25
	HdrPriority                            // RFC 3261 20.26
	HdrErrorInfo                           // RFC 3261 20.18
	HdrReferTo                             // RFC 3515 2.1, compact form r
	HdrReferredBy                          // RFC 3892 3, compact form b
	HdrSessionExpires                      // RFC 4028 4, compact form x
	HdrMinSE                               // RFC 4028 5
	HdrAcceptContact                       // RFC 3841 9.2, compact form a
	HdrRejectContact                       // RFC 3841 9.2, compact form j
	HdrRequestDisposition                  // RFC 3841 9.1, compact form d
	HdrIdentity                            // RFC 8224 4, compact form y
	HdrIdentityInfo                        // RFC 4474 9, compact form n
	HdrSIPETag                             // RFC 3903 11.3
	HdrSIPIfMatch                          // RFC 3903 11.3
	HdrRSeq                                // RFC 3262 7.1
	HdrRAck                                // RFC 3262 7.2
	HdrReplaces                            // RFC 3891 6
	HdrJoin                                // RFC 3911 7
	HdrPrivacy                             // RFC 3323 4.2
	HdrHistoryInfo                         // RFC 7044 5
	HdrFlowTimer                           // RFC 5626 11.2
	HdrFeatureCaps                         // RFC 6809 6
	headerIDs                              // how many there are
)

// headerNames has the long form of each header field, in its usual spelling.
var headerNames = [headerIDs]string{
	HdrVia:                        "Via",
	HdrFrom:                       "From",
	HdrTo:                         "To",
	HdrCallID:                     "Call-ID",
	HdrCSeq:                       "CSeq",
	HdrMaxForwards:                "Max-Forwards",
	HdrContact:                    "Contact",
	HdrRoute:                      "Route",
	HdrRecordRoute:                "Record-Route",
	HdrPath:                       "Path",
	HdrServiceRoute:               "Service-Route",
	HdrExpires:                    "Expires",
	HdrMinExpires:                 "Min-Expires",
	HdrEvent:                      "Event",
	HdrSubscriptionState:          "Subscription-State",
	HdrAllowEvents:                "Allow-Events",
	HdrAuthorization:              "Authorization",
	HdrWWWAuthenticate:            "WWW-Authenticate",
	HdrProxyAuthorization:         "Proxy-Authorization",
	HdrProxyAuthenticate:          "Proxy-Authenticate",
	HdrAuthenticationInfo:         "Authentication-Info",
	HdrSecurityClient:             "Security-Client",
	HdrSecurityServer:             "Security-Server",
	HdrSecurityVerify:             "Security-Verify",
	HdrRequire:                    "Require",
	HdrProxyRequire:               "Proxy-Require",
	HdrSupported:                  "Supported",
	HdrUnsupported:                "Unsupported",
	HdrPAssociatedURI:             "P-Associated-URI",
	HdrPAssertedIdentity:          "P-Asserted-Identity",
	HdrPPreferredIdentity:         "P-Preferred-Identity",
	HdrPCalledPartyID:             "P-Called-Party-ID",
	HdrPVisitedNetworkID:          "P-Visited-Network-ID",
	HdrPAccessNetworkInfo:         "P-Access-Network-Info",
	HdrPChargingFunctionAddresses: "P-Charging-Function-Addresses",
	HdrPChargingVector:            "P-Charging-Vector",
	HdrContentType:                "Content-Type",
	HdrContentLength:              "Content-Length",
	HdrContentEncoding:            "Content-Encoding",
	HdrContentDisposition:         "Content-Disposition",
	HdrUserAgent:                  "User-Agent",
	HdrServer:                     "Server",
	HdrDate:                       "Date",
	HdrRetryAfter:                 "Retry-After",
	HdrWarning:                    "Warning",
	HdrReason:                     "Reason",
	HdrAllow:                      "Allow",
	HdrAccept:                     "Accept",
	HdrAcceptEncoding:             "Accept-Encoding",
	HdrAcceptLanguage:             "Accept-Language",
	HdrContentLanguage:            "Content-Language",
	HdrMIMEVersion:                "MIME-Version",
	HdrSubject:                    "Subject",
	HdrTimestamp:                  "Timestamp",
	HdrOrganization:               "Organization",
	HdrPriority:                   "Priority",
	HdrErrorInfo:                  "Error-Info",
	HdrReferTo:                    "Refer-To",
	HdrReferredBy:                 "Referred-By",
	HdrSessionExpires:             "Session-Expires",
	HdrMinSE:                      "Min-SE",
	HdrAcceptContact:              "Accept-Contact",
	HdrRejectContact:              "Reject-Contact",
	HdrRequestDisposition:         "Request-Disposition",
	HdrIdentity:                   "Identity",
	HdrIdentityInfo:               "Identity-Info",
	HdrSIPETag:                    "SIP-ETag",
	HdrSIPIfMatch:                 "SIP-If-Match",
	HdrRSeq:                       "RSeq",
	HdrRAck:                       "RAck",
	HdrReplaces:                   "Replaces",
	HdrJoin:                       "Join",
	HdrPrivacy:                    "Privacy",
	HdrHistoryInfo:                "History-Info",
	HdrFlowTimer:                  "Flow-Timer",
	HdrFeatureCaps:                "Feature-Caps",
}

// String gives the long form in its usual spelling, "unknown" for HdrUnknown.
func (id HeaderID) String() string {
	if id == HdrUnknown || id >= headerIDs {
		return "unknown"
	}
	return headerNames[id]
}
