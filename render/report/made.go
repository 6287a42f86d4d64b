package report

// Made says what a report was made from, so that whoever gets it can tell whether two are of the same
// capture and what may be missing.
type Made struct {
	Version string
	Options []string          // of the command line, as typed
	Sums    map[string]string // SHA-256 of each input by capture.FileInfo.Path, lower-case hex; none of a pipe
	// NoSums says why no input has a checksum, "" if they have.
	NoSums string
	// NoTexts says why the report shows no messages, "" if it does.
	NoTexts string
	Skipped []string // files that were passed over, and why
}
