package capture

import (
	"cmp"
	"fmt"
	"slices"

	"imscope/decode/problem"
)

// maxWarnings is how many warnings of one code are kept per file: enough to see a pattern, few enough
// to print. The rest are only counted.
const maxWarnings = 20

// FileInfo describes one input and what was found in it. It is complete once Next returned io.EOF.
type FileInfo struct {
	Path        string // as given or found; "-" is standard input
	Format      string // "pcap", "pcap-ns", "pcap-modified", "pcapng", "snoop"; of a live run "interface", "hep"; empty where unknown
	Compression string // "gzip", "zstd", "lz4", "xz", "bzip2"; empty for none
	Packets     uint64 // frames delivered
	Bytes       uint64 // captured bytes delivered, without record headers
	FirstTime   int64  // earliest time, ns since the Unix epoch; valid iff HasTime
	LastTime    int64  // latest time; valid iff HasTime
	HasTime     bool   // at least one frame had a time
	covers      []Cover
	Truncated   bool  // the input ends inside a record, or could not be read to its end
	Err         error // where the input, or its rest, could not be read: an *Error, or ErrNoCaptures with the directory
	Warnings    []Warning
	Counts      []WarningCount // how often each code occurred, also where Warnings was capped
	Skipped     Skipped
	// Interfaces are where the packets were captured; Packet.Iface counts them.
	Interfaces []Interface
}

// IsFile reports whether the input is a file, or came as one, and no part of a running network.
func (fi *FileInfo) IsFile() bool { return fi.Format != "interface" && fi.Format != "hep" }

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

// Cover is a time in which packets were captured, if there were any; nanoseconds since the Unix epoch.
type Cover struct{ From, To int64 }

// maxCovers bounds the times that one file says it covers.
const maxCovers = 4096

// said gives the times that the file says it covers (pcapng interface statistics), as far as they can be true.
func (fi *FileInfo) said() []Cover {
	if !fi.HasTime {
		return nil
	}
	first, last := fi.FirstTime-int64(plausibleGap), fi.LastTime+int64(plausibleGap)
	return slices.DeleteFunc(slices.Clone(fi.covers), func(c Cover) bool { return c.From < first || c.To > last || c.From > c.To })
}

// Began gives when capturing began, as the file says it; 0 where it does not.
func (fi *FileInfo) Began() int64 {
	began := int64(0)
	for _, c := range fi.said() {
		if began == 0 || c.From < began {
			began = c.From
		}
	}
	return began
}

// Covers gives the times that the file covers, in order: that of its frames, and what it says of the time before and
// after them in which there were none. They are several if the file says that capturing paused; none if no frame has a
// time.
func (fi *FileInfo) Covers() []Cover {
	list := fi.said()
	switch {
	case !fi.HasTime:
		return nil
	case len(list) == 0:
		return []Cover{{fi.FirstTime, fi.LastTime}}
	}
	slices.SortFunc(list, func(a, b Cover) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	n := 0
	for _, c := range list {
		if n > 0 && c.From <= list[n-1].To {
			list[n-1].To = max(list[n-1].To, c.To)
			continue
		}
		list[n] = c
		n++
	}
	// All frames were captured at some time.
	list[0].From, list[n-1].To = min(list[0].From, fi.FirstTime), max(list[n-1].To, fi.LastTime)
	return list[:n]
}

// Span gives the time from the beginning of the first of Covers to the end of the last. ok is false where no frame has a
// time.
func (fi *FileInfo) Span() (from, to int64, ok bool) {
	list := fi.Covers()
	if len(list) == 0 {
		return 0, 0, false
	}
	return list[0].From, list[len(list)-1].To, true
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
