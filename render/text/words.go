package text

import (
	"imscope/correlate/story"
	"imscope/decode/problem"
	"imscope/render"
	"imscope/render/style"
	"imscope/render/words"
)

// told makes a span of a word.
func told(w words.Word) span { return say(w.Role, w.Text) }

// sentence makes a line of words.
func sentence(list []words.Word) line {
	var l line
	for _, w := range list {
		l = append(l, told(w))
	}
	return l
}

// frame spells a frame number.
func frame(f uint32) span { return say(style.Frame, words.Frame(f)) }

// maxFrames is how many frames, or runs of frames, are listed before it is left at a number.
const maxFrames = 12

// frames spells a list of frames, runs of three and more as a range: "#41 #44–47".
func frames(list []uint32, limit int) span { return say(style.Frame, words.Frames(list, limit)) }

func initiator(by string) span             { return told(words.Initiator(by)) }
func outcome(d *story.Deregistration) span { return told(words.Outcome(d)) }
func severity(s problem.Severity) span     { return told(words.Severity(s)) }
func status(code int) span                 { return told(words.Status(code)) }
func state(s string) span                  { return told(words.State(s)) }

// list joins texts with commas, in one look.
func list(role style.Role, texts []string) line {
	var l line
	for i, t := range texts {
		if i > 0 {
			l = append(l, plain(", "))
		}
		l = append(l, say(role, t))
	}
	return l
}

// maxList is how many identities or contacts one list names.
const maxList = 8

// names is list with a limit.
func names(role style.Role, texts []string, all bool) line {
	if all || len(texts) <= maxList {
		return list(role, texts)
	}
	return append(list(role, texts[:maxList]), say(style.Faint, " and "+render.Number(len(texts)-maxList)+" more"))
}
