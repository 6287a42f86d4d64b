package html

import (
	"html/template"
	"strconv"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/report"
	"imscope/render/style"
	"imscope/render/words"
)

// Limits of what is told of one user. A page is read, not searched through; the JSON report is complete.
const (
	maxList          = 12  // identities, contacts, devices in one list
	maxContacts      = 40  // rows of the table of contacts
	maxRegistrations = 60  // rows of the table of registrations
	maxDeregs        = 20  // de-registrations in detail
	maxFailures      = 5   // registrations that did not succeed, with their ladders
	maxFindings      = 60  // findings
	maxIndex         = 10  // findings named at the head
	maxSubs          = 24  // subscriptions
	maxDocuments     = 16  // documents of one subscription
	maxChanges       = 60  // lines of one diff
	maxEvidence      = 12  // pieces of evidence
	maxFrames        = 24  // frames in one list
	maxFilter        = 800 // frames in one filter
	maxMessages      = 600 // messages listed
	maxDisagreements = 20
	ladderPart       = 18  // rows of one drawing: as many as a printed page has room for
	maxFlow          = 300 // hops of the ladder of the whole flow
	maxShortFlow     = 60  // hops up to which the whole flow is unfolded where nothing else tells of it
)

type userView struct {
	ID, Name     string
	Single, Open bool
	Short        []word
	Leads        []lead
	MoreLeads    string
	Facts        []factRow
	Index        []indexRow

	Lanes         template.HTML
	LanesTall     bool
	Legend        []legendRow
	Disagreements []disagreementView
	Agreement     string // who agrees at every moment

	MoreDisagreements string

	Contacts     []contactRow
	MoreContacts string

	Registrations     []registrationRow
	MoreRegistrations string

	Failures     []failureView
	MoreFailures string

	Deregs     []deregView
	MoreDeregs string

	FindingsName string
	Findings     []findingView
	MoreFindings string

	Subs     []subView
	MoreSubs string

	Ladder     []template.HTML
	LadderNote string
	LadderOpen bool
	Full       string // why there is no ladder of the whole flow, or no lanes

	Messages     []msgView
	MessagesNote string
	MoreMessages string

	Filter string

	page    *page
	user    *report.User
	telling words.Telling // the de-registrations that are told
	nodes   *words.Nodes
	anchor  map[msgKey]string // where a hop's message stands
	first   map[uint32]string // where the first message of a frame stands
	notes   map[uint32][]*noteOf
	beside  map[int][]findingView // findings that are told with a de-registration
}

// noteOf is a finding with its place on the page.
type noteOf struct {
	f    *finding.Finding
	link string
}

// msgKey names a message on one hop.
type msgKey struct {
	frame   uint32
	x       *fact.Exchange
	cx      *fact.Cx
	method  string
	status  int
	summary string
}

func keyOf(e *story.Event, h *story.Hop) msgKey {
	k := msgKey{frame: h.Frame, x: e.Exchange, cx: e.Cx, method: e.Method, status: e.Status}
	if e.Exchange == nil && e.Cx == nil {
		k.summary = e.Summary
	}
	return k
}

type indexRow struct {
	Role              style.Role
	Word, Title, Link string
}

// user makes the view of the i-th user told in detail.
func (p *page) user(i int, single bool) *userView {
	u := p.plan.Detailed[i]
	v := &userView{ID: anchor(i), Name: cut(u.ID), Single: single, Open: single || i < maxOpen, page: p, user: u, nodes: u.Nodes}
	v.Short = v.short()
	if !single {
		v.Leads, v.MoreLeads = p.userLeads(i, u)
	}
	v.telling = told(u)
	v.place()
	v.facts()
	v.sort()
	v.lanes()
	v.contacts()
	v.registrations()
	v.failures()
	for _, j := range v.telling.InTime() {
		v.Deregs = append(v.Deregs, v.dereg(j, u.Deregistrations[j]))
	}
	if v.telling.Rest != "" {
		v.MoreDeregs = "… " + v.telling.Rest + "."
	}
	v.subscriptions()
	v.flow()
	v.messages()
	v.Filter = filter(frames(u.Timeline))
	return v
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

// place gives each message its place on the page, those that matter most first.
func (v *userView) place() {
	v.anchor, v.first = map[msgKey]string{}, map[uint32]string{}
	used := map[uint32]int{}
	for _, stage := range report.Stages {
		for e, h := range v.user.Hops(stage) {
			k := keyOf(e, h)
			if h.Frame == 0 || v.anchor[k] != "" || h.Repeat || h.Copy {
				continue
			}
			if len(v.anchor) == maxMessages {
				return
			}
			id := v.ID + "-m" + strconv.FormatUint(uint64(h.Frame), 10)
			if used[h.Frame]++; used[h.Frame] > 1 {
				id += "-" + strconv.Itoa(used[h.Frame])
			}
			v.anchor[k] = id
			if v.first[h.Frame] == "" {
				v.first[h.Frame] = "#" + id
			}
		}
	}
}

// facts makes the list of who the user is.
func (v *userView) facts() {
	u := v.user
	add := func(label string, w []word) {
		if len(w) > 0 {
			v.Facts = append(v.Facts, factRow{label, w})
		}
	}
	add("identities", list(style.Plain, u.PublicIdentities))
	add("private", list(style.Plain, u.PrivateIdentities))
	add("devices", list(style.Plain, u.Instances))
	add("user agents", list(style.Plain, u.UserAgents))
	var nodes []word
	for i, n := range u.Nodes.Legend() {
		if i > 0 {
			nodes = append(nodes, word{Text: ", "})
		}
		nodes = append(nodes, word{Role: style.Node, Text: cut(n.Short)}, word{Text: " " + cut(n.Address())})
	}
	add("nodes", nodes)
	if u.FirstFrame != 0 {
		add("seen", plain("from "+clock(u.FirstTime, v.page.day)+" to "+clock(u.LastTime, v.page.day)+" UTC"))
	}
	if u.Truncated > 0 {
		add("limits", say(style.Warn, count(u.Truncated, "message")+" of this user went beyond the limits and were forgotten"))
	}
}

// list joins texts with commas.
func list(role style.Role, texts []string) []word {
	var l []word
	for i, s := range texts {
		if i == maxList {
			return append(l, word{Role: style.Faint, Text: " and " + render.Number(len(texts)-i) + " more"})
		}
		if i > 0 {
			l = append(l, word{Text: ", "})
		}
		l = append(l, word{Role: role, Text: cut(s)})
	}
	return l
}

// sort puts each finding where it is told: beside the first de-registration that its frames belong to,
// else among the user's.
func (v *userView) sort() {
	v.notes, v.beside = map[uint32][]*noteOf{}, map[int][]findingView{}
	beside := v.telling.Beside(v.user.Deregistrations, v.user.Findings)
	for i, f := range v.user.Findings {
		if i == maxFindings {
			v.MoreFindings = "… " + count(len(v.user.Findings)-i, "more finding") + "."
			break
		}
		id := v.ID + "-n" + strconv.Itoa(i+1)
		n := &noteOf{f, "#" + id}
		for _, frame := range f.Frames {
			v.notes[frame] = append(v.notes[frame], n)
		}
		s := words.Severity(f.Severity)
		if i < maxIndex {
			v.Index = append(v.Index, indexRow{s.Role, s.Text, cut(v.nodes.In(f.Title)), n.link})
		}
		view := v.page.finding(f, id, v)
		if d := beside[i]; d >= 0 {
			v.beside[d] = append(v.beside[d], view)
			continue
		}
		v.Findings = append(v.Findings, view)
	}
	v.FindingsName = "Findings"
	if len(v.beside) > 0 {
		v.FindingsName = "Other findings"
	}
}
