package html

import (
	"iter"
	"strings"

	"imscope/correlate/finding"
	"imscope/correlate/finding/rules"
	"imscope/render"
	"imscope/render/report"
	"imscope/render/style"
	"imscope/render/words"
)

// Limits of a page. What is beyond is counted and said.
const (
	maxLeads    = 6   // verdicts at the top
	maxCaptures = 200 // rows of the table of captures
	chunkRows   = 250 // rows of one table of users: a browser lays out only the tables in sight
	maxOpen     = 3   // users whose details are unfolded at first
	maxKinds    = 12  // kinds of one count
	maxSealed   = 8   // encrypted security associations
)

// maxBulk is how many bytes drawings and texts of messages may take together: with the largest table of
// users it makes a page that a mail carries and a browser opens. No capture of one user comes near it.
const maxBulk = 18 << 20

// full is what stands in the place of what there is no room for.
const full = "Left out: the page is full. A report of this user alone has it."

// page makes what the templates show.
type page struct {
	plan *report.Plan
	msgs *report.Messages
	made report.Made
	opt  Options

	room int   // bytes that drawings and messages may still take
	day  int64 // the day that need not be said
}

// word is words.Word; templates reach its methods.
type word = words.Word

func plain(s string) []word { return []word{{Text: cut(s)}} }

func say(role style.Role, s string) []word { return []word{{Role: role, Text: cut(s)}} }

// cutAll bounds each word.
func cutAll(list []word) []word {
	out := make([]word, len(list))
	for i, w := range list {
		out[i] = word{Role: w.Role, Text: cut(w.Text)}
	}
	return out
}

type userTable struct {
	Caption string
	Rows    []userRow
}

type userRow struct {
	Link, ID, Also, Contacts string
	Deregs, Findings         []word
	First                    uint32
	Last                     string
}

// parts yields the parts of the page.
func (p *page) parts() iter.Seq[part] {
	return func(yield func(part) bool) {
		p.day, p.room = p.plan.Start, maxBulk
		detailed := p.plan.Detailed
		if p.day == 0 && len(detailed) > 0 {
			p.day = detailed[0].FirstTime
		}
		several := len(detailed)+len(p.plan.Rows) > 1
		h := p.head(several)
		if !yield(part{"head", h}) {
			return
		}
		if several && !p.rest(yield) {
			return
		}
		if several && !yield(part{"users-close", nil}) {
			return
		}
		if len(detailed) > 0 && !yield(part{"tools", nil}) {
			return
		}
		for i := range detailed {
			u := p.user(i, !several)
			if !yield(part{"user", u}) {
				return
			}
		}
		yield(part{"tail", p.tail()})
	}
}

// rest yields the tables of the users who are not told in detail.
func (p *page) rest(yield func(part) bool) bool {
	rows := p.plan.Rows
	if len(rows) == 0 {
		return true
	}
	if !yield(part{"rest-open", "All other users (" + render.Number(len(rows)) + ")"}) {
		return false
	}
	for start := 0; start < len(rows); start += chunkRows {
		end := min(start+chunkRows, len(rows))
		t := &userTable{Caption: "Users " + render.Number(start+1) + " to " + render.Number(end) + ", by their first frame", Rows: make([]userRow, 0, end-start)}
		for i := start; i < end; i++ {
			t.Rows = append(t.Rows, p.row(&rows[i]))
		}
		if !yield(part{"chunk", t}) {
			return false
		}
	}
	note := ""
	if p.plan.Left > 0 {
		note = "… " + count(p.plan.Left, "more user") + " that a page has no room for."
	}
	return yield(part{"rest-close", note})
}

func (p *page) row(r *report.Row) userRow {
	out := userRow{ID: cut(r.ID), Contacts: contactsText(r.Active, r.Contacts), Deregs: cutAll(r.Deregs), Findings: r.Findings,
		First: r.First, Last: render.When(r.Last, p.day)}
	var also []string
	for _, a := range r.Also {
		also = append(also, cut(a))
	}
	out.Also = strings.Join(also, ", ")
	if r.More > 0 {
		out.Also += " and " + render.Number(r.More) + " more"
	}
	return out
}

func contactsText(active, all int) string {
	s := render.Number(active) + " active"
	if n := all - active; n > 0 {
		s += ", " + render.Number(n) + " ended"
	}
	return s
}

// findingView is what a finding shows.
type findingView struct {
	ID, Title, Detail, Doubt, Rule, Clause string
	Actor, Means, Next                     string
	Severity                               word
	Frames                                 frameList
}

// finding makes the view of a finding; u resolves its frames, nil for none.
func (p *page) finding(f *finding.Finding, id string, u *userView) findingView {
	v := findingView{ID: id, Title: cut(f.Title), Detail: cut(f.Detail), Doubt: cut(f.Doubt), Rule: cut(f.Rule), Clause: cut(f.Clause),
		Actor: cut(string(f.Actor)), Severity: words.Severity(f.Severity), Frames: u.frames(f.Frames)}
	if r := rules.Find(f.Rule); r != nil {
		v.Means, v.Next = r.Means, r.Next
	}
	if u != nil {
		v.Title, v.Detail = cut(u.nodes.In(f.Title)), cut(u.nodes.In(f.Detail))
	}
	return v
}
