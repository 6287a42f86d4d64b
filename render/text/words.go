package text

import (
	"strconv"
	"strings"

	"imscope/correlate/story"
	"imscope/decode/problem"
	"imscope/render"
	"imscope/render/style"
)

// frame spells a frame number.
func frame(f uint32) span {
	if f == 0 {
		return plain("")
	}
	return say(style.Frame, "#"+strconv.FormatUint(uint64(f), 10))
}

// maxFrames is how many frames, or runs of frames, are listed before it is left at a number.
const maxFrames = 12

// frames spells a list of frames, runs of three and more as a range: "#41 #44–47".
func frames(list []uint32, limit int) span {
	var b strings.Builder
	for i, groups := 0, 0; i < len(list); groups++ {
		if groups == limit {
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
			b.WriteByte(' ')
		}
		b.WriteString("#" + strconv.FormatUint(uint64(list[i]), 10))
		if j-i > 1 {
			b.WriteString("–" + strconv.FormatUint(uint64(list[j-1]), 10))
		}
		i = j
	}
	return say(style.Frame, b.String())
}

// initiator words who began a de-registration.
func initiator(by string) span {
	switch by {
	case story.ByUser:
		return say(style.ByUser, "user-initiated")
	case story.ByNetwork:
		return say(style.ByNetwork, "network-initiated")
	case story.ByExpiry:
		return say(style.ByExpiry, "expired")
	case story.ByUnknown, "":
		return say(style.Warn, "initiator unknown")
	}
	return plain(by)
}

// outcome words what became of a de-registration, with the time it took.
func outcome(d *story.Deregistration) span {
	if d.Idle {
		return say(style.Warn, "without effect: nothing was bound any more")
	}
	took := ""
	if d.Started != 0 && d.Ended >= d.Started {
		took = render.Duration(d.Ended - d.Started)
	}
	switch d.Outcome {
	case story.Complete:
		if d.Ended == d.Started {
			return say(style.Good, "complete")
		}
		return say(style.Good, "complete in "+took)
	case story.Incomplete:
		return say(style.Warn, "incomplete after "+took)
	case story.Rejected:
		return say(style.Bad, "rejected after "+took)
	case story.Unanswered:
		return say(style.Bad, "unanswered")
	}
	return plain(d.Outcome)
}

// severity words a severity in its colour.
func severity(s problem.Severity) span {
	switch s {
	case problem.Error:
		return say(style.Bad, "error")
	case problem.Warning:
		return say(style.Warn, "warning")
	}
	return say(style.Note, s.String())
}

// status gives an answer; only what is not as it should be catches the eye.
func status(code int) span {
	switch s := strconv.Itoa(code); {
	case code == 0:
		return say(style.Warn, "not answered")
	case code < 300:
		return say(style.Faint, "("+s+")")
	default:
		return say(style.Bad, "answered "+s)
	}
}

// state gives the state of a registration or contact in its colour.
func state(s string) span {
	switch s {
	case "active":
		return say(style.Good, s)
	case "terminated", "rejected":
		return say(style.Removed, s)
	}
	return plain(s)
}

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
