package words

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"imscope/correlate/story"
	"imscope/decode/reginfo"
	"imscope/render"
	"imscope/render/style"
)

// Version spells the version of a reginfo document.
func Version(v int64) string {
	if v < 0 {
		return "without version"
	}
	return "v" + strconv.FormatInt(v, 10)
}

// Title words what a document is: "v2 → v3 partial".
func Title(d *story.Document) []Word {
	var l []Word
	if d.Before >= 0 && d.Before != d.Version {
		l = append(l, Word{style.Faint, Version(d.Before) + " → "})
	}
	l = append(l, Word{style.Heading, Version(d.Version)})
	switch d.State {
	case reginfo.StateFull:
		l = append(l, Word{Text: " full"})
	case reginfo.StatePartial:
		l = append(l, Word{Text: " partial"})
	default:
		l = append(l, Word{style.Warn, " full or partial unknown"})
	}
	return l
}

// Flags words what is odd about a document as a whole.
func Flags(d *story.Document) []string {
	var l []string
	flag := func(on bool, text string) {
		if on {
			l = append(l, text)
		}
	}
	flag(d.Gap, "version gap")
	flag(d.Stale, "older than the one before: not applied")
	flag(d.Duplicate, "same as the one before")
	flag(len(d.Problems) > 0, "damaged")
	return l
}

// Damage words what was wrong with a document's text, each kind once.
func Damage(d *story.Document) []string {
	var kinds []string
	times := map[string]int{}
	for _, s := range d.Problems {
		if times[s]++; times[s] == 1 {
			kinds = append(kinds, s)
		}
	}
	for i, k := range kinds {
		if times[k] > 1 {
			kinds[i] = k + " " + render.Number(times[k]) + "×"
		}
	}
	return kinds
}

// Row is one contact of a diff.
type Row struct {
	Role        style.Role
	Mark        string // "+", "−", "~", "·" or a space
	ID, Contact string
	What        string // "active → terminated"
	Detail      string
}

// Group is a number of identities about which a document says the same.
type Group struct {
	AORs   []string
	Before string
	State  string
	Rows   []Row
}

// NoContact stands where a registration changed without a contact being listed.
const NoContact = "(no contact listed)"

// UnmentionedMark is the mark of a contact that a partial document does not speak of.
const UnmentionedMark = "·"

func changeRow(c *story.Change, unmentioned bool) Row {
	r := Row{ID: c.ContactID, Contact: c.Contact, What: c.To}
	if r.Contact == "" {
		r.Contact = NoContact
	}
	switch {
	case c.From != "" && c.To == "":
		r.What = c.From + " → gone"
	case c.From != "" && c.From != c.To:
		r.What = c.From + " → " + c.To
	}
	var details []string
	// A note that the event changed says it already.
	if c.Event != "" && c.Event != "unknown" && !strings.HasSuffix(c.Note, " → "+c.Event) {
		details = append(details, c.Event)
	}
	if c.Expires > 0 && c.To == "active" {
		details = append(details, "expires in "+Seconds(c.Expires))
	}
	if c.Retry >= 0 {
		details = append(details, "retry after "+Seconds(c.Retry))
	}
	if c.Note != "" {
		details = append(details, c.Note)
	}
	switch {
	case unmentioned:
		r.Role, r.Mark = style.Unchanged, UnmentionedMark
		details = []string{"not mentioned"}
	case c.Kind == story.Removed, c.To == "terminated" && c.From != "terminated":
		r.Role, r.Mark = style.Removed, "−"
	case c.Kind == story.Added:
		r.Role, r.Mark = style.Added, "+"
	case c.Kind == story.Unchanged:
		r.Role, r.Mark = style.Unchanged, " "
	default:
		r.Role, r.Mark = style.Changed, "~"
	}
	r.Detail = strings.Join(details, ", ")
	return r
}

// Seconds words a number of seconds of the wire, however large.
func Seconds(s int64) string {
	if s < 60 {
		return render.Number(s) + " s"
	}
	if s > int64(100*365*24*time.Hour/time.Second) {
		return render.Number(s) + " s"
	}
	return render.Duration(s * int64(time.Second))
}

// Groups puts the lines of a document under their identities; identities about which the same is
// said, as of an implicit registration set, share them.
func Groups(d *story.Document) []*Group {
	var all []*Group
	byAOR := map[string]*Group{}
	group := func(aor string) *Group {
		g := byAOR[aor]
		if g == nil {
			g = &Group{AORs: []string{aor}}
			byAOR[aor] = g
			all = append(all, g)
		}
		return g
	}
	for _, s := range d.Identities {
		g := group(s.AOR)
		g.Before, g.State = s.Before, s.State
	}
	for i := range d.Changes {
		g := group(d.Changes[i].AOR)
		g.Rows = append(g.Rows, changeRow(&d.Changes[i], false))
	}
	for i := range d.Unmentioned {
		g := group(d.Unmentioned[i].AOR)
		g.Rows = append(g.Rows, changeRow(&d.Unmentioned[i], true))
	}
	out := all[:0]
	for _, g := range all {
		g.Rows = withoutEcho(g.Rows, g.State)
		if n := len(out); n > 0 && g.same(out[n-1]) {
			out[n-1].AORs = append(out[n-1].AORs, g.AORs...)
			continue
		}
		out = append(out, g)
	}
	return out
}

// withoutEcho drops the line that says of the registration itself what its contacts and its state say.
func withoutEcho(rows []Row, state string) []Row {
	if len(rows) < 2 || state == "" {
		return rows
	}
	return slices.DeleteFunc(rows, func(r Row) bool { return r.Contact == NoContact })
}

func (g *Group) same(o *Group) bool {
	return g.Before == o.Before && g.State == o.State && slices.Equal(g.Rows, o.Rows)
}

// Verdict words what a document makes of an identity: "stays active", "active → terminated".
func (g *Group) Verdict() []Word {
	switch {
	case g.State == "":
		return nil
	case g.Before == "":
		return []Word{State(g.State)}
	case g.Before == g.State:
		return []Word{{style.Faint, "stays "}, State(g.State)}
	}
	return []Word{State(g.Before), {Text: " → "}, State(g.State)}
}

// Changed leaves out what was not mentioned, and identities of which nothing else is left to say.
func Changed(groups []*Group) []*Group {
	var out []*Group
	for _, g := range groups {
		g.Rows = slices.DeleteFunc(g.Rows, func(r Row) bool { return r.Mark == UnmentionedMark })
		if len(g.Rows) > 0 || g.Before != g.State {
			out = append(out, g)
		}
	}
	return out
}

// Signature is the same for two documents that say the same.
func Signature(d *story.Document) string {
	var b strings.Builder
	b.WriteByte(byte(d.State))
	for _, g := range Groups(d) {
		for _, s := range g.AORs {
			b.WriteString(s)
			b.WriteByte(0)
		}
		b.WriteString(g.Before + "\x00" + g.State + "\x01")
		for _, r := range g.Rows {
			b.WriteString(r.Mark + "\x00" + r.ID + "\x00" + r.Contact + "\x00" + r.What + "\x00" + r.Detail + "\x02")
		}
	}
	return b.String()
}
