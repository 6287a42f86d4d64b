package html

import (
	"slices"

	"imscope/correlate/story"
	"imscope/render/report"
)

// frameRef is a frame with the place of its message on the page.
type frameRef struct {
	N    uint32
	Link string // "" where the page has no message of it
}

type frameList struct {
	List []frameRef
	More int
}

// frame gives a frame with its link; u may be nil.
func (u *userView) frame(f uint32) frameRef {
	if u == nil {
		return frameRef{N: f}
	}
	return frameRef{f, u.first[f]}
}

// frames gives a list of frames; u may be nil.
func (u *userView) frames(list []uint32) frameList {
	var out frameList
	for i, f := range list {
		if i == maxFrames {
			out.More = len(list) - i
			break
		}
		out.List = append(out.List, u.frame(f))
	}
	return out
}

// frames lists the frames of all hops, ascending.
func frames(events []story.Event) []uint32 {
	var out []uint32
	for i := range events {
		out = append(out, events[i].Frames...)
	}
	return out
}

// filter is a display filter for Wireshark, "" where it would be too long to be of use.
func filter(list []uint32) string {
	list = slices.Clone(list)
	slices.Sort(list)
	list = slices.Compact(list)
	if n := len(list); n > 0 && list[0] == 0 {
		list = list[1:]
	}
	if len(list) > maxFilter {
		return ""
	}
	return report.Filter(list)
}
