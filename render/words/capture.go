package words

import (
	"path/filepath"
	"strings"

	"imscope/decode/capture"
	"imscope/render"
)

// CaptureName is the name of an input without its folders, which are nobody's business.
func CaptureName(path string) string {
	if path == "-" {
		return "standard input"
	}
	return filepath.Base(path)
}

// maxWarnings is how many warnings of one capture are told.
const maxWarnings = 5

// CaptureWarnings words what was wrong with an input, each made harmless by clean.
func CaptureWarnings(f *capture.FileInfo, clean func(string) string) []string {
	var out []string
	if f.Truncated {
		out = append(out, "cut at its end")
	}
	if f.Skipped.Packets > 0 {
		out = append(out, render.Count(f.Skipped.Packets, "packet")+" unreadable")
	}
	if f.Err != nil {
		out = append(out, clean(strings.ReplaceAll(f.Err.Error(), f.Path, CaptureName(f.Path))))
	}
	for i, w := range f.Warnings {
		if i == maxWarnings {
			out = append(out, "… "+render.Count(len(f.Warnings)-i, "more warning"))
			break
		}
		out = append(out, clean(w.String()))
	}
	return out
}
