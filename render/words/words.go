package words

import (
	"strconv"
	"strings"

	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
	"imscope/render"
	"imscope/render/style"
)

// Word is a piece of text with what it means.
type Word struct {
	Role style.Role
	Text string
}

// Join puts the texts of words together.
func Join(list []Word) string {
	var b strings.Builder
	for _, w := range list {
		b.WriteString(w.Text)
	}
	return b.String()
}

// Frame spells a frame number, "" for none.
func Frame(f uint32) string {
	if f == 0 {
		return ""
	}
	return "#" + strconv.FormatUint(uint64(f), 10)
}

// Initiator words who began a de-registration.
func Initiator(by string) Word {
	switch by {
	case story.ByUser:
		return Word{style.ByUser, "user-initiated"}
	case story.ByNetwork:
		return Word{style.ByNetwork, "network-initiated"}
	case story.ByExpiry:
		return Word{style.ByExpiry, "expired"}
	case story.ByUnknown, "":
		return Word{style.Warn, "initiator unknown"}
	}
	return Word{style.Plain, by}
}

// Outcome words what became of a de-registration, with the time it took.
func Outcome(d *story.Deregistration) Word {
	if d.Idle {
		return Word{style.Warn, "without effect: nothing was bound any more"}
	}
	took := ""
	if d.Started != 0 && d.Ended >= d.Started {
		took = render.Duration(d.Ended - d.Started)
	}
	switch d.Outcome {
	case story.Complete:
		if d.Ended == d.Started {
			return Word{style.Good, "complete"}
		}
		return Word{style.Good, "complete in " + took}
	case story.Incomplete:
		return Word{style.Warn, "incomplete after " + took}
	case story.Rejected:
		return Word{style.Bad, "rejected after " + took}
	case story.Unanswered:
		return Word{style.Bad, "unanswered"}
	}
	return Word{style.Plain, d.Outcome}
}

// Severity words a severity.
func Severity(s problem.Severity) Word {
	switch s {
	case problem.Error:
		return Word{style.Bad, "error"}
	case problem.Warning:
		return Word{style.Warn, "warning"}
	}
	return Word{style.Note, s.String()}
}

// Status gives an answer; only what is not as it should be catches the eye.
func Status(code int) Word {
	switch s := strconv.Itoa(code); {
	case code == 0:
		return Word{style.Warn, "not answered"}
	case code < 300:
		return Word{style.Faint, "(" + s + ")"}
	default:
		return Word{style.Bad, "answered " + s}
	}
}

// State gives the state of a registration, contact or subscription.
func State(s string) Word {
	switch s {
	case "active":
		return Word{style.Good, s}
	case "terminated", "rejected":
		return Word{style.Removed, s}
	}
	return Word{style.Plain, s}
}

// Deregistrations sums up a user's de-registrations: "by network, by user 2×, by user rejected".
func Deregistrations(u *story.User) []Word {
	type kind struct{ by, outcome string }
	var kinds []kind
	n := map[kind]int{}
	for _, d := range u.Deregistrations {
		k := kind{d.Initiator, d.Outcome}
		if n[k] == 0 {
			kinds = append(kinds, k)
		}
		n[k]++
	}
	var l []Word
	for i, k := range kinds {
		if i > 0 {
			l = append(l, Word{Text: ", "})
		}
		role := style.ByUser
		switch k.by {
		case story.ByNetwork:
			role = style.ByNetwork
		case story.ByExpiry:
			role = style.ByExpiry
		case story.ByUnknown:
			role = style.Warn
		}
		by := k.by
		if by == story.ByUser || by == story.ByNetwork || by == story.ByExpiry || by == story.ByUnknown {
			by = "by " + by
		}
		l = append(l, Word{role, by})
		switch k.outcome {
		case story.Rejected, story.Unanswered:
			l = append(l, Word{Text: " "}, Word{style.Bad, k.outcome})
		case story.Incomplete:
			l = append(l, Word{Text: " "}, Word{style.Warn, k.outcome})
		}
		if n[k] > 1 {
			l = append(l, Word{Text: " " + render.Number(n[k]) + "×"})
		}
	}
	return l
}

// Findings sums up findings: "1 error, 2 warnings".
func Findings(list []*finding.Finding) []Word {
	var by [3]int
	for _, f := range list {
		by[min(int(f.Severity), 2)]++
	}
	var l []Word
	part := func(n int, role style.Role, noun string) {
		if n == 0 {
			return
		}
		if len(l) > 0 {
			l = append(l, Word{Text: ", "})
		}
		l = append(l, Word{role, render.Count(n, noun)})
	}
	part(by[problem.Error], style.Bad, "error")
	part(by[problem.Warning], style.Warn, "warning")
	part(by[problem.Info], style.Note, "info|info")
	return l
}

// Frames spells a list of frames, runs of three and more as a range: "#41 #44–47". After limit frames
// or runs it is left at a number.
func Frames(list []uint32, limit int) string {
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
	return b.String()
}
