// Package problem names what is wrong with bytes that were readable all the same.
//
// A parser keeps what it could read and attaches a Problem for the rest; a Go error is left for
// "nothing usable". Each parser declares its codes next to the code that finds them.
package problem

// Severity says how much a problem hurts.
type Severity uint8

const (
	// Info is an oddity that changes nothing.
	Info Severity = iota
	// Warning is damage that was repaired or could be worked around.
	Warning
	// Error breaks a MUST of the named clause in a way that may change the meaning.
	Error
)

func (s Severity) String() string {
	switch s {
	case Info:
		return "info"
	case Warning:
		return "warning"
	case Error:
		return "error"
	}
	return "unknown"
}

// MarshalText gives the severity as the JSON contract spells it.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Span is a piece of a message's raw bytes: Len bytes from Off.
type Span struct{ Off, Len uint32 }

// In returns the bytes of the span within raw, or nil where the span does not fit.
func (s Span) In(raw []byte) []byte {
	end := uint64(s.Off) + uint64(s.Len)
	if end > uint64(len(raw)) {
		return nil
	}
	return raw[s.Off:end:end]
}

// End returns the offset just behind the span.
func (s Span) End() uint32 { return s.Off + s.Len }

// Code describes one kind of problem. Codes are declared once as package-level variables and
// compared by address.
type Code struct {
	ID       string // stable, kebab-case, for example "sip-no-magic-cookie"
	Title    string // one line, lower case, no full stop
	Clause   string // for example "RFC 3261 8.1.1.7"
	Severity Severity
}

// Problem is one occurrence of a code. Span points into the raw bytes of the message it was found in.
type Problem struct {
	Code *Code
	Span Span
}
