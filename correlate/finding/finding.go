// Package finding holds what imscope says was wrong: rules over the facts and the story of a user.
package finding

import "imscope/decode/problem"

// Finding is something wrong, with the frames that show it and the clause that it breaks.
type Finding struct {
	Rule     string
	Severity problem.Severity
	User     string // story.User.ID; "" for the capture as a whole
	Title    string
	Detail   string
	Clause   string
	Frames   []uint32
}
