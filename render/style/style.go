// Package style turns meanings into colours. Nothing outside it names a colour.
package style

import "fmt"

// Mode says when to use colours.
type Mode string

// The modes, as the command line spells them.
const (
	Auto   Mode = "auto"
	Always Mode = "always"
	Never  Mode = "never"
)

// Modes lists the modes for help and completion.
func Modes() []string { return []string{string(Auto), string(Always), string(Never)} }

// Choose decides for one output. In auto mode colours need a terminal that is not "dumb", and NO_COLOR
// (https://no-color.org: present and not empty) turns them off; always and never mean it.
func Choose(mode Mode, terminal bool, getenv func(string) string) (Sheet, error) {
	switch mode {
	case Always:
		return Sheet{on: true}, nil
	case Never:
		return Sheet{}, nil
	case Auto, "":
		return Sheet{on: terminal && getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"}, nil
	}
	return Sheet{}, fmt.Errorf("unknown colour mode %q (auto, always, never)", string(mode))
}

// Role is what a piece of text means.
type Role uint8

// The roles.
const (
	Plain     Role = iota
	Heading        // a section's name
	Identity       // the user it is about
	Faint          // there for completeness
	Frame          // a frame number
	Label          // the name of a value that follows
	Node           // who sends or receives
	Added          // of a diff
	Removed        // of a diff
	Changed        // of a diff
	Unchanged      // of a diff
	Good           // as it should be
	Bad            // failed, error
	Warn           // doubtful, warning
	Note           // info
	ByUser         // initiated by the user
	ByNetwork      // initiated by the network
	ByExpiry       // a time ran out
	Diameter       // a message of Diameter among those of SIP
)

// sgr has the parameters of ECMA-48 SGR. Only the eight basic colours: they follow the terminal's theme.
var sgr = [...]string{
	Heading:   "1",
	Identity:  "1;36",
	Faint:     "2",
	Frame:     "2",
	Label:     "2",
	Added:     "32",
	Removed:   "31",
	Changed:   "33",
	Unchanged: "2",
	Good:      "32",
	Bad:       "1;31",
	Warn:      "33",
	Note:      "36",
	ByUser:    "1;34",
	ByNetwork: "1;35",
	ByExpiry:  "1;33",
	Diameter:  "35",
}

// Sheet applies colours, or none. The zero value has none.
type Sheet struct{ on bool }

// On reports whether the sheet colours at all.
func (s Sheet) On() bool { return s.on }

// Append appends text in the look of its role. text must be free of control characters.
func (s Sheet) Append(dst []byte, role Role, text string) []byte {
	if !s.on || text == "" || int(role) >= len(sgr) || sgr[role] == "" {
		return append(dst, text...)
	}
	dst = append(dst, "\x1b["...)
	dst = append(dst, sgr[role]...)
	dst = append(dst, 'm')
	dst = append(dst, text...)
	return append(dst, Reset...)
}

// Reset ends every colour.
const Reset = "\x1b[0m"
