// Package fact holds what correlate keeps of a capture: owned, compact facts about SIP exchanges and
// Cx transactions, with every hop on which they were seen.
//
// Records of package decode borrow the capture's bytes; Extractor is the only place where what lives
// on is copied (and interned). Everything behind it is owned and may be kept.
package fact
