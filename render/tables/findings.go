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

var findings = func() *Table {
	columns := []column[found]{
		{"severity", Text, "info, warning, error", func(f found) Value { return text(f.Severity.String()) }},
		{"rule", Text, "code; 'imscope findings CODE' explains it", func(f found) Value { return text(f.Rule) }},
		{"user", Text, "whom it concerns; empty for the capture as a whole", func(f found) Value { return text(f.User) }},
		{"time", Time, "of the frame where to look first", func(f found) Value { return moment(f.time) }},
		{"frame", Int, "where to look first", func(f found) Value {
			if len(f.Frames) == 0 {
				return Value{Absent: true}
			}
			return some(f.Frames[0])
		}},
		{"frames", Ints, "that show it, in order of importance", func(f found) Value { return ints(f.Frames) }},
		{"title", Text, "what is wrong", func(f found) Value { return text(f.Title) }},
		{"detail", Text, "what is wrong here", func(f found) Value { return text(f.Detail) }},
		{"clause", Text, "that it breaks", func(f found) Value { return text(f.Clause) }},
		{"actor", Text, "who can mend it", func(f found) Value { return text(string(f.Actor)) }},
		{"doubt", Text, "why it may be an artefact of the capture", func(f found) Value { return text(f.Doubt) }},
	}
	t := define("findings", "something that was wrong", timed, columns...)
	t.general = func(f []*finding.Finding) []Value {
		rows := make([]found, 0, len(f))
		for _, x := range f {
			rows = append(rows, found{x, 0})
		}
		return cells(rows, columns)
	}
	return t
}()

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
