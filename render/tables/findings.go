package tables

import (
	"imscope/correlate/finding"
	"imscope/correlate/story"
)

// found is a row of findings.
type found struct {
	*finding.Finding
	time int64
}

var findings = define("findings", "something that was wrong", timed,
	column[found]{"severity", Text, "info, warning, error", func(f found) Value { return text(f.Severity.String()) }},
	column[found]{"rule", Text, "code; 'imscope findings CODE' explains it", func(f found) Value { return text(f.Rule) }},
	column[found]{"user", Text, "whom it concerns", func(f found) Value { return text(f.User) }},
	column[found]{"time", Time, "of the frame where to look first", func(f found) Value { return moment(f.time) }},
	column[found]{"frame", Int, "where to look first", func(f found) Value {
		if len(f.Frames) == 0 {
			return Value{Absent: true}
		}
		return some(f.Frames[0])
	}},
	column[found]{"frames", Ints, "that show it, in order of importance", func(f found) Value { return ints(f.Frames) }},
	column[found]{"title", Text, "what is wrong", func(f found) Value { return text(f.Title) }},
	column[found]{"detail", Text, "what is wrong here", func(f found) Value { return text(f.Detail) }},
	column[found]{"clause", Text, "that it breaks", func(f found) Value { return text(f.Clause) }},
	column[found]{"actor", Text, "who can mend it", func(f found) Value { return text(string(f.Actor)) }},
	column[found]{"doubt", Text, "why it may be an artefact of the capture", func(f found) Value { return text(f.Doubt) }},
)

// timed finds the times of a user's findings: those of the hops that their first frames are.
func timed(u *story.User, list []*finding.Finding) []found {
	if len(list) == 0 {
		return nil
	}
	times := map[uint32]int64{}
	for i := range u.Timeline {
		for _, h := range u.Timeline[i].Hops {
			times[h.Frame] = h.Time
		}
	}
	rows := make([]found, 0, len(list))
	for _, f := range list {
		r := found{Finding: f}
		if len(f.Frames) > 0 {
			r.time = times[f.Frames[0]]
		}
		rows = append(rows, r)
	}
	return rows
}
