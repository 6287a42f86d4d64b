package reginfo

import "imscope/decode/problem"

// What can be wrong with a document that could be read all the same.
var (
	ProbEncoding = &problem.Code{ID: "reginfo-encoding", Severity: problem.Warning, Clause: "RFC 3680 5",
		Title: "document is not in UTF-8"}
	ProbBOM = &problem.Code{ID: "reginfo-bom", Severity: problem.Info, Clause: "XML 1.0 4.3.3",
		Title: "document begins with a byte order mark"}
	ProbLeadingText = &problem.Code{ID: "reginfo-leading-text", Severity: problem.Warning, Clause: "XML 1.0 2.8",
		Title: "something stands before the document"}
	ProbTrailing = &problem.Code{ID: "reginfo-trailing", Severity: problem.Warning, Clause: "XML 1.0 2.1",
		Title: "something follows the end of the document"}
	ProbDTD = &problem.Code{ID: "reginfo-dtd", Severity: problem.Warning, Clause: "RFC 3680 5.4",
		Title: "document type or entity declaration, skipped and never expanded"}
	ProbEntity = &problem.Code{ID: "reginfo-entity", Severity: problem.Warning, Clause: "XML 1.0 4.1",
		Title: "ampersand that starts no known entity, kept as text"}
	ProbNamespace = &problem.Code{ID: "reginfo-namespace", Severity: problem.Warning, Clause: "RFC 3680 5",
		Title: "namespace of the document missing or wrong"}
	ProbNoRoot = &problem.Code{ID: "reginfo-no-root", Severity: problem.Error, Clause: "RFC 3680 5.1",
		Title: "registration outside a reginfo element"}
	ProbNesting = &problem.Code{ID: "reginfo-nesting", Severity: problem.Warning, Clause: "RFC 3680 5.4",
		Title: "element where it does not belong"}
	ProbTag = &problem.Code{ID: "reginfo-truncated-tag", Severity: problem.Warning, Clause: "XML 1.0 3.1",
		Title: "tag without its end"}
	ProbUnclosed = &problem.Code{ID: "reginfo-unclosed", Severity: problem.Warning, Clause: "XML 1.0 3.1",
		Title: "element without end tag"}
	ProbStrayEnd = &problem.Code{ID: "reginfo-stray-end-tag", Severity: problem.Warning, Clause: "XML 1.0 3.1",
		Title: "end tag without start tag, skipped"}
	ProbText = &problem.Code{ID: "reginfo-stray-text", Severity: problem.Warning, Clause: "RFC 3680 5.4",
		Title: "text where only elements belong, skipped"}
	ProbMarkup = &problem.Code{ID: "reginfo-unescaped", Severity: problem.Warning, Clause: "XML 1.0 2.4",
		Title: "angle brackets inside text are not escaped"}
	ProbAttr = &problem.Code{ID: "reginfo-attribute", Severity: problem.Warning, Clause: "XML 1.0 3.1",
		Title: "attribute without value, quote or separating space"}
	ProbAttrTwice = &problem.Code{ID: "reginfo-attribute-twice", Severity: problem.Warning, Clause: "XML 1.0 3.1",
		Title: "attribute given twice, the first one counts"}
	ProbVersion = &problem.Code{ID: "reginfo-version", Severity: problem.Error, Clause: "RFC 3680 5.1",
		Title: "version missing or not a number of 32 bits"}
	ProbState = &problem.Code{ID: "reginfo-state", Severity: problem.Error, Clause: "RFC 3680 5.1",
		Title: "state missing or unknown"}
	ProbEvent = &problem.Code{ID: "reginfo-event", Severity: problem.Error, Clause: "RFC 3680 5.1",
		Title: "event missing or unknown"}
	ProbEnumCropped = &problem.Code{ID: "reginfo-cropped-value", Severity: problem.Warning, Clause: "RFC 3680 5.4",
		Title: "state or event is cut off, completed"}
	ProbEnumSpelling = &problem.Code{ID: "reginfo-value-spelling", Severity: problem.Warning, Clause: "RFC 3680 5.4",
		Title: "state or event is misspelt or in the wrong case"}
	ProbNumber = &problem.Code{ID: "reginfo-number", Severity: problem.Warning, Clause: "RFC 3680 5.4",
		Title: "attribute is not a number"}
	ProbNoAOR = &problem.Code{ID: "reginfo-no-aor", Severity: problem.Error, Clause: "RFC 3680 5.1",
		Title: "registration without address-of-record"}
	ProbAORName = &problem.Code{ID: "reginfo-aor-name", Severity: problem.Warning, Clause: "RFC 3680 5.1",
		Title: "address-of-record in an attribute with another name"}
	ProbAORTwice = &problem.Code{ID: "reginfo-aor-twice", Severity: problem.Error, Clause: "RFC 3680 5.1",
		Title: "two registrations for the same address-of-record"}
	ProbNoID = &problem.Code{ID: "reginfo-no-id", Severity: problem.Warning, Clause: "RFC 3680 5.1",
		Title: "registration or contact without id"}
	ProbContactIDShared = &problem.Code{ID: "reginfo-contact-id-shared", Severity: problem.Info, Clause: "RFC 3680 5.1",
		Title: "several registrations use the same contact id"}
	ProbContactIDTwice = &problem.Code{ID: "reginfo-contact-id-twice", Severity: problem.Error, Clause: "RFC 3680 5.1",
		Title: "two contacts of one registration have the same id"}
	ProbNoURI = &problem.Code{ID: "reginfo-no-uri", Severity: problem.Error, Clause: "RFC 3680 5.1",
		Title: "contact without address"}
	ProbURIText = &problem.Code{ID: "reginfo-uri-text", Severity: problem.Warning, Clause: "RFC 3680 5.1",
		Title: "address is text of the contact and not in a uri element"}
	ProbURISpace = &problem.Code{ID: "reginfo-uri-space", Severity: problem.Info, Clause: "RFC 3680 5.4",
		Title: "white space or brackets around the address"}
	ProbChildTwice = &problem.Code{ID: "reginfo-child-twice", Severity: problem.Warning, Clause: "RFC 3680 5.4",
		Title: "element given twice, the first one counts"}
	ProbParamName = &problem.Code{ID: "reginfo-param-name", Severity: problem.Warning, Clause: "RFC 3680 5.1",
		Title: "unknown-param without a name"}
	ProbGRUU = &problem.Code{ID: "reginfo-gruu", Severity: problem.Warning, Clause: "RFC 5628 5",
		Title: "GRUU element without its uri or first-cseq"}
	ProbUnreadable = &problem.Code{ID: "reginfo-unreadable", Severity: problem.Error, Clause: "RFC 3680 5",
		Title: "body that should be registration information, of which nothing could be read"}
	ProbLimit = &problem.Code{ID: "reginfo-limit", Severity: problem.Error, Clause: "",
		Title: "document exceeds a limit, the rest was not kept"}
)

// Codes are all problems of this package.
var Codes = []*problem.Code{
	ProbEncoding, ProbBOM, ProbLeadingText, ProbTrailing, ProbDTD, ProbEntity, ProbNamespace, ProbNoRoot,
	ProbNesting, ProbTag, ProbUnclosed, ProbStrayEnd, ProbText, ProbMarkup, ProbAttr, ProbAttrTwice,
	ProbVersion, ProbState, ProbEvent, ProbEnumCropped, ProbEnumSpelling, ProbNumber, ProbNoAOR, ProbAORName,
	ProbAORTwice, ProbNoID, ProbContactIDShared, ProbContactIDTwice, ProbNoURI, ProbURIText, ProbURISpace,
	ProbChildTwice, ProbParamName, ProbGRUU, ProbUnreadable, ProbLimit,
}
