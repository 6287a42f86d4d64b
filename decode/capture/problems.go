package capture

import "imscope/decode/problem"

// What can be wrong with a capture file that is readable all the same.
var (
	ProbTruncated = &problem.Code{ID: "capture-truncated", Severity: problem.Warning,
		Title: "capture ends inside a record"}
	ProbRecord = &problem.Code{ID: "capture-bad-record", Severity: problem.Warning,
		Title: "record header is damaged, skipped to the next readable record"}
	ProbBlock = &problem.Code{ID: "capture-bad-block", Severity: problem.Warning,
		Title: "pcapng block is damaged"}
	ProbInterface = &problem.Code{ID: "capture-unknown-interface", Severity: problem.Warning,
		Title: "pcapng packet names an interface that is not described"}
	ProbTooLong = &problem.Code{ID: "capture-record-too-long", Severity: problem.Warning,
		Title: "packet is longer than any real one"}
	ProbLost = &problem.Code{ID: "capture-lost", Severity: problem.Error,
		Title: "no readable record behind the damage, rest of the file not read"}
	ProbCompression = &problem.Code{ID: "capture-bad-compression", Severity: problem.Warning,
		Title: "compressed data is damaged or cut, rest of the file not read"}
	ProbRead = &problem.Code{ID: "capture-read-failed", Severity: problem.Error,
		Title: "reading failed, rest of the file not read"}
	ProbLength = &problem.Code{ID: "capture-length-odd", Severity: problem.Info,
		Title: "more bytes captured than the packet is said to have had"}
	ProbTime = &problem.Code{ID: "capture-bad-time", Severity: problem.Warning,
		Title: "time stamp cannot be expressed, packet has no time"}
	ProbSecrets = &problem.Code{ID: "capture-secrets-dropped", Severity: problem.Info,
		Title: "too many decryption secrets in the capture, rest not kept"}
	ProbLate = &problem.Code{ID: "capture-merged-late", Severity: problem.Warning,
		Title: "too many captures overlap in time, this one was merged late"}
)

// Codes lists every problem code of this package.
var Codes = []*problem.Code{ProbTruncated, ProbRecord, ProbBlock, ProbInterface, ProbTooLong, ProbLost,
	ProbCompression, ProbRead, ProbLength, ProbTime, ProbSecrets, ProbLate}
