package capture

import (
	"fmt"

	"imscope/decode/problem"
)

// maxWarnings is how many warnings of one code are kept per file: enough to see a pattern, few enough
// to print. The rest are only counted.
const maxWarnings = 20

// FileInfo describes one input and what was found in it. It is complete once Next returned io.EOF.
type FileInfo struct {
	Path        string // as given or found; "-" is standard input
	Format      string // "pcap", "pcap-ns", "pcap-modified", "pcapng", "snoop"; empty where unknown
	Compression string // "gzip", "zstd", "lz4", "xz", "bzip2"; empty for none
	Packets     uint64 // frames delivered
	Bytes       uint64 // captured bytes delivered, without record headers
	FirstTime   int64  // earliest time, ns since the Unix epoch; valid iff HasTime
	LastTime    int64  // latest time; valid iff HasTime
	HasTime     bool   // at least one frame had a time
	Began       int64  // when capturing began, where the file says so (pcapng interface statistics); else 0
	Ended       int64  // when it ended; else 0
	Truncated   bool   // the input ends inside a record, or could not be read to its end
	Err         error  // where the input, or its rest, could not be read: an *Error, or ErrNoCaptures with the directory
	Warnings    []Warning
	Counts      []WarningCount // how often each code occurred, also where Warnings was capped
	Skipped     Skipped
	// Interfaces are where the packets were captured; Packet.Iface counts them.
	Interfaces []Interface
}

// Interface is one place that packets of a file were captured at. Files of another format than pcapng have
// one without a name. It is owned, not borrowed.
type Interface struct {
	Name        string // as the file has it: of another party, any bytes
	Description string // the same
	Link        LinkType
	SnapLen     uint32 // longest packet kept; 0 where there is no limit
	// Resolution is the unit of times as pcapng says it: n for 10^-n s, with the top bit set 2^-n s.
	Resolution uint8
}

// Span gives the time that the file covers: that of its frames, and what it says of the time before and after them in
// which there were none. ok is false where no frame has a time.
func (fi *FileInfo) Span() (from, to int64, ok bool) {
	from, to = fi.FirstTime, fi.LastTime
	if fi.Began != 0 && fi.Began < from && from-fi.Began <= int64(plausibleGap) {
		from = fi.Began
	}
	if fi.Ended > to && fi.Ended-to <= int64(plausibleGap) {
		to = fi.Ended
	}
	return from, to, fi.HasTime
}

// describe adds an interface and gives its number.
func (fi *FileInfo) describe(f Interface) uint32 {
	if len(fi.Interfaces) < maxInterfaces {
		fi.Interfaces = append(fi.Interfaces, f)
	}
	return uint32(len(fi.Interfaces) - 1)
}

// Warning is damage in one place of a file that reading went on after.
type Warning struct {
	Code   *problem.Code
	Offset int64  // in the uncompressed stream
	Frame  uint32 // frame of this file that it concerns or that follows it; 0 where none
	Text   string // one line without the place
}

// String words the warning with its place, without the file: "frame 12 at offset 3456: record claims …".
func (w Warning) String() string { return place(w.Frame, w.Offset) + w.Text }

// WarningCount is how often one code occurred in a file.
type WarningCount struct {
	Code *problem.Code
	N    uint64
}

// Skipped counts what was not delivered.
type Skipped struct {
	Packets uint64 // packet records that could not be used
	Bytes   uint64 // bytes passed over in search of the next record, or cut off at the end
	Blocks  uint64 // pcapng blocks of a kind that is not read (unknown, custom)
}

// warn records one occurrence of code. The text is made only if it is kept.
func (fi *FileInfo) warn(code *problem.Code, frame uint32, off int64, format string, args ...any) {
	i := 0
	for i < len(fi.Counts) && fi.Counts[i].Code != code {
		i++
	}
	if i == len(fi.Counts) {
		fi.Counts = append(fi.Counts, WarningCount{Code: code})
	}
	fi.Counts[i].N++
	if fi.Counts[i].N <= maxWarnings {
		fi.Warnings = append(fi.Warnings, Warning{Code: code, Offset: off, Frame: frame,
			Text: fmt.Sprintf(format, args...)})
	}
}

// count tells how often code occurred.
func (fi *FileInfo) count(code *problem.Code) uint64 {
	for _, c := range fi.Counts {
		if c.Code == code {
			return c.N
		}
	}
	return 0
}
