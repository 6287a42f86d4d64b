package report

import (
	"cmp"
	"slices"

	"imscope/correlate"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/words"
)

// Limits of a report. They keep a page of 20,000 users below 30 MB.
const (
	// DefaultUsers is how many users are told in detail unless something else is asked for.
	DefaultUsers = 30
	// maxRows is how many users get a row: a table of more is no reading matter, and --user and the
	// JSON report have the rest.
	maxRows = 50_000
	// maxFrames is how many messages are shown with their text: some 8 MB of page.
	maxFrames = 5000
	// maxFramesPerUser is how many messages of one user are, so that one does not use up the room of all.
	maxFramesPerUser = 400
)

// Plan is what a report tells, picked but not laid out.
type Plan struct {
	*correlate.Report
	Detailed []*User // told in detail, the most interesting one first
	Rows     []Row   // all other users, in order of their first frame
	Left     int     // users beyond what rows there may be
	Start    int64   // first moment of the captures, ns; 0 unknown
	End      int64   // last one

	frames map[uint32]bool
	cut    bool
}

// Title is what the report is called unless somebody says so. name words a user's or a capture's name.
func (p *Plan) Title(name func(string) string) string {
	switch {
	case p.Len() == 1 && len(p.Detailed) == 1:
		return "Registration of " + name(p.Detailed[0].ID)
	case len(p.Captures) == 1:
		return "Registrations in " + name(words.CaptureName(p.Captures[0].Path))
	}
	return "Registrations in " + render.Count(len(p.Captures), "capture")
}

// User is a user who is told in detail.
type User struct {
	*story.User
	Nodes    *words.Nodes
	Findings []*finding.Finding // the severest first
}

// Row is what a table says of a user.
type Row struct {
	ID       string
	Also     []string // other public identities, a few
	More     int      // further ones
	Contacts int
	Active   int // of the contacts
	Deregs   []words.Word
	Findings []words.Word
	First    uint32 // frame
	Last     int64  // when the user was last seen
}

// maxAlso is how many further identities a row names.
const maxAlso = 3

// NewPlan picks the users to tell in detail, at most so many; 0 is DefaultUsers, a negative number none.
func NewPlan(rep *correlate.Report, users int) *Plan {
	if users == 0 {
		users = DefaultUsers
	}
	users = max(users, 0)
	p := &Plan{Report: rep}
	for i := range rep.Captures {
		if f := &rep.Captures[i]; f.HasTime {
			if p.Start == 0 || f.FirstTime < p.Start {
				p.Start = f.FirstTime
			}
			p.End = max(p.End, f.LastTime)
		}
	}
	findings := map[string][]*finding.Finding{}
	for i := range rep.Findings {
		f := &rep.Findings[i]
		findings[f.User] = append(findings[f.User], f)
	}
	for _, list := range findings {
		slices.SortStableFunc(list, func(a, b *finding.Finding) int { return cmp.Compare(b.Severity, a.Severity) })
	}

	// One pass, on all cores: rows of all. Then the best are told.
	type summed struct {
		standing words.Standing
		row      Row
	}
	best := words.NewTop(users)
	var rows []Row
	i := 0
	for some := range correlate.Gather(rep, func() *[]summed { return new([]summed) }, func(to *[]summed, i int, u *story.User) {
		s := summed{standing: words.StandingOf(u, findings[u.ID])}
		if i < maxRows+users {
			s.row = RowOf(u, findings[u.ID])
		}
		*to = append(*to, s)
	}) {
		for _, s := range *some {
			if users > 0 {
				best.Offer(s.standing)
			}
			if i++; i <= maxRows+users {
				rows = append(rows, s.row)
			} else {
				p.Left++
			}
		}
	}
	list := best.Best(rep)
	if rep.Len() <= users {
		slices.SortStableFunc(list, words.ByScore)
	}
	detailed := map[int]bool{}
	for _, b := range list {
		detailed[b.Order] = true
		p.Detailed = append(p.Detailed, &User{User: b.User, Nodes: words.NodesOf(b.User), Findings: findings[b.User.ID]})
	}
	for i := range rows {
		if !detailed[i] {
			p.Rows = append(p.Rows, rows[i])
		}
	}
	if n := len(p.Rows) - maxRows; n > 0 {
		p.Left += n
		p.Rows = p.Rows[:maxRows]
	}
	p.choose()
	return p
}

// RowOf sums up a user.
func RowOf(u *story.User, findings []*finding.Finding) Row {
	contacts := words.Contacts(u.Bindings)
	r := Row{ID: u.ID, Contacts: len(contacts), Active: words.Active(contacts), Deregs: words.Deregistrations(u),
		Findings: words.Findings(findings), First: u.FirstFrame, Last: u.LastTime}
	for _, s := range u.PublicIdentities {
		switch {
		case s == u.ID:
		case len(r.Also) < maxAlso:
			r.Also = append(r.Also, s)
		default:
			r.More++
		}
	}
	return r
}

// choose decides which messages are shown with their text: stage by stage those of all users, until there are enough.
func (p *Plan) choose() {
	p.frames = map[uint32]bool{}
	used := make([]int, len(p.Detailed))
	for _, stage := range Stages {
		for i, u := range p.Detailed {
			for _, h := range u.Hops(stage) {
				if h.Repeat || h.Copy || h.Frame == 0 || p.frames[h.Frame] {
					continue
				}
				if len(p.frames) >= maxFrames || used[i] >= maxFramesPerUser {
					p.cut = true
					break
				}
				p.frames[h.Frame] = true
				used[i]++
			}
		}
	}
}

// Wants reports whether the text of a frame's messages is to be shown.
func (p *Plan) Wants(frame uint32) bool { return p.frames[frame] }

// LastFrame is the last frame whose messages are to be shown.
func (p *Plan) LastFrame() uint32 {
	last := uint32(0)
	for f := range p.frames {
		last = max(last, f)
	}
	return last
}

// Wanted counts the frames whose messages are to be shown.
func (p *Plan) Wanted() int { return len(p.frames) }

// Cut reports whether messages are left out because there are too many.
func (p *Plan) Cut() bool { return p.cut }
