package markdown

import (
	"strconv"
	"strings"

	"imscope/render"
	"imscope/render/ladder"
	"imscope/render/words"

	"imscope/decode/problem"
)

// maxList is how many identities, contacts or devices one list names.
const maxList = 12

// list writes names of the wire, each in a code span.
func list(names []string) string {
	var b strings.Builder
	for i, n := range names {
		if i == maxList {
			b.WriteString(" and " + render.Number(len(names)-i) + " more")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(code(n))
	}
	return b.String()
}

// name names a user.
func name(id string) string {
	if id == "" {
		return "(no name)"
	}
	return code(id)
}

// say writes words as a sentence.
func say(list []words.Word) string { return text(words.Join(list)) }

// severity is a severity with its sign, which tells it in a glance.
func severity(s problem.Severity) string {
	return ladder.Mark(s) + " " + words.Severity(s).Text
}

// frame tells a frame: a number, "" for none.
func frame(f uint32) string {
	if f == 0 {
		return ""
	}
	s := strconv.FormatUint(uint64(f), 10)
	if len(s) > 6 {
		return "`" + s + "`" // what has seven digits may be the hash of a commit
	}
	return s
}

// inFrame is "frame 41", "" for none.
func inFrame(f uint32) string {
	if f == 0 {
		return ""
	}
	return "frame " + frame(f)
}

// maxFrames is how many frames, or runs of frames, are listed.
const maxFrames = 16

// frames lists frames, runs of three and more as a range: "41, 44–47".
func frames(list []uint32) string {
	var b strings.Builder
	for i, groups := 0, 0; i < len(list); groups++ {
		if groups == maxFrames {
			b.WriteString(" and " + render.Number(len(list)-i) + " more")
			break
		}
		j := i + 1
		for j < len(list) && list[j] == list[j-1]+1 {
			j++
		}
		if j-i < 3 {
			j = i + 1
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(frame(list[i]))
		if j-i > 1 {
			b.WriteString("–" + frame(list[j-1]))
		}
		i = j
	}
	return b.String()
}

// inFrames is "frame 41" or "frames 41, 44–47", "" for none.
func inFrames(list []uint32) string {
	switch len(list) {
	case 0:
		return ""
	case 1:
		return inFrame(list[0])
	}
	return "frames " + frames(list)
}

// clock words a moment to the millisecond, "" for an unknown one.
func clock(ns, day int64) string {
	if ns == 0 {
		return ""
	}
	return render.When(ns, day) + render.UTC(ns).Format(".000")
}

// offset words a moment as the time since base.
func offset(ns, base int64) string {
	switch {
	case ns == 0 || base == 0:
		return ""
	case ns < base:
		return render.Duration(ns - base)
	}
	return "+" + render.Duration(ns-base)
}

// count is render.Count of what is counted in ints.
func count(n int, noun string) string { return render.Count(n, noun) }
