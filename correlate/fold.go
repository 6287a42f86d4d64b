package correlate

import (
	"cmp"
	"slices"
	"time"

	"imscope/correlate/fact"
	"imscope/correlate/story"
)

const (
	// foldAfter is how many facts a user may gather before what is over is forgotten.
	foldAfter = 96
	// horizon is how long facts are kept at any rate: longer than any transaction and its
	// consequences last.
	horizon = 10 * 60 * int64(time.Second)
)

// crowded reports whether it is time to fold a user: not each time where much must be kept.
func crowded(u *user) bool {
	return len(u.in.Exchanges)+len(u.in.Cx) > max(foldAfter, min(u.kept+u.kept/2, maxFacts*3/4))
}

// fold forgets the facts of a user that are over and that nothing to come depends on, given the story that was just told.
// It gives the story that what stays tells: the same present, of a shorter past. What that story says is known, so that
// nothing of it is told for news.
func (l *Live) fold(u *user, s *story.User, now int64) *story.User {
	needed := l.needed(u, s, now)
	before := len(u.in.Exchanges) + len(u.in.Cx)
	i := 0
	u.in.Exchanges = slices.DeleteFunc(u.in.Exchanges, func(*fact.Exchange) bool { i++; return !needed[i-1] })
	u.in.Cx = slices.DeleteFunc(u.in.Cx, func(c *fact.Cx) bool { return now-c.FirstTime() > horizon })
	u.in.Strays = slices.DeleteFunc(u.in.Strays, func(x *fact.Exchange) bool { return now-x.FirstTime() > horizon })
	u.kept = len(u.in.Exchanges) + len(u.in.Cx)
	if u.kept == before {
		return s
	}
	l.Totals.Folded += uint64(before - u.kept)
	s, ctx := l.story(u, now)
	l.silent = true
	l.tellNews(u, s, ctx, now, nil)
	l.silent = false
	u.told.keep(l.pass)
	return s
}

// sortFacts brings facts into the order of their first frames.
func sortFacts(in *story.Input) {
	byFrame := func(a, b *fact.Exchange) int { return cmp.Compare(a.FirstFrame(), b.FirstFrame()) }
	if !slices.IsSortedFunc(in.Exchanges, byFrame) {
		slices.SortStableFunc(in.Exchanges, byFrame)
	}
	if !slices.IsSortedFunc(in.Strays, byFrame) {
		slices.SortStableFunc(in.Strays, byFrame)
	}
	byFrameCx := func(a, b *fact.Cx) int { return cmp.Compare(a.FirstFrame(), b.FirstFrame()) }
	if !slices.IsSortedFunc(in.Cx, byFrameCx) {
		slices.SortStableFunc(in.Cx, byFrameCx)
	}
}
