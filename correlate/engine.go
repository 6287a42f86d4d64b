package correlate

import (
	"cmp"
	"slices"
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/finding/rules"
	"imscope/correlate/story"
	"imscope/decode"
	"imscope/decode/capture"
	"imscope/decode/problem"
	"imscope/decode/sip"
)

// Engine joins records to users. It belongs to one goroutine.
type Engine struct {
	facts     *fact.Extractor
	users     users
	exchanges index[fact.Key, *open]
	cx        index[fact.CxKey, *openCx]
	dialogs   index[string, *user] // Call-ID of a reg subscription → whose state it is

	start, end int64
	counts     counts
	touched    func(*user) // called when a user's facts have changed; nil outside a Live
}

// open is an exchange that further hops may belong to.
type open struct {
	x *fact.Exchange
	u *user
}

type openCx struct {
	x *fact.Cx
	u *user
}

// counts are the engine's own statistics.
type counts struct {
	sip, unique, repeats, copies, sipCopies, documents, diameter uint64
	requests                                                     [256]uint64 // by sip.Method
	others                                                       map[string]uint64
	responses                                                    [1000]uint64
	problems                                                     map[string]uint64 // of reginfo documents and Cx messages
}

// maxMethods bounds the unknown methods that are counted by name.
const maxMethods = 64

// Options of an engine.
type Options struct {
	// KeepDuplicates takes a transmission that was captured twice for two.
	KeepDuplicates bool
}

// NewEngine returns an engine without users.
func NewEngine(opt Options) *Engine {
	x := fact.NewExtractor()
	x.KeepCopies = opt.KeepDuplicates
	return &Engine{
		facts: x, users: newUsers(),
		exchanges: newIndex[fact.Key, *open](), cx: newIndex[fact.CxKey, *openCx](), dialogs: newIndex[string, *user](),
		counts: counts{others: map[string]uint64{}, problems: map[string]uint64{}},
	}
}

// Observe takes the next record. It keeps nothing that the record borrows.
func (e *Engine) Observe(rec *decode.Record) {
	if e.start == 0 || rec.Time < e.start {
		e.start = rec.Time
	}
	e.end = max(e.end, rec.Time)
	switch {
	case rec.SIP != nil:
		e.touch(e.sip(rec), rec.Time)
	case rec.Diameter != nil:
		e.touch(e.diameter(rec), rec.Time)
	}
}

// touch notes that a user's facts have changed.
func (e *Engine) touch(u *user, now int64) {
	if u == nil {
		return
	}
	u = u.find()
	u.last = max(u.last, now)
	if e.touched != nil {
		e.touched(u)
	}
}

// sip takes a SIP message and returns the user whom it is about, nil if nobody.
func (e *Engine) sip(rec *decode.Record) *user {
	m := rec.SIP
	e.counts.sip++
	if m.IsRequest {
		e.counts.requests[m.Method]++
		if m.Method == sip.MethodOther {
			e.otherMethod(m.MethodSpan.In(m.Raw))
		}
	} else if m.Status >= 0 && m.Status < len(e.counts.responses) {
		e.counts.responses[m.Status]++
	}
	key, route, method := e.facts.Key(m)
	o, ok := e.exchanges.get(key)
	if !ok {
		o = &open{x: e.facts.New(m, route, method)}
		e.exchanges.put(key, o, rec.Time)
		o.u = e.owner(o.x)
		if o.u != nil {
			e.users.exchange(o.u, o.x, rec.Frame)
			o.u.heard(o.x)
		} else if m.IsRequest {
			e.stray(o.x)
		}
		e.document(o.x)
	}
	if m.IsRequest {
		if !o.x.Request.Seen() {
			e.counts.unique++
			if ok {
				e.late(o, m, route, method, rec.Frame)
			}
		}
		hop, n := e.facts.Request(o.x, rec, route)
		if e.count(n) {
			e.requestRoles(o.x, hop)
		} else if n == fact.Copy {
			e.counts.sipCopies++
		}
		return o.u
	}
	hop, n, first := e.facts.Response(o.x, rec, route)
	if first {
		e.counts.unique++
		e.answered(o, m.Status)
	}
	if e.count(n) {
		e.responseRoles(o.x, hop, first)
	} else if n == fact.Copy {
		e.counts.sipCopies++
	}
	return o.u
}

// count takes note of a repeated transmission and reports whether it is a new one.
func (e *Engine) count(n fact.Novelty) bool {
	switch n {
	case fact.Retransmission:
		e.counts.repeats++
	case fact.Copy:
		e.counts.copies++
	}
	return n == fact.NewHop
}

// late fills in an exchange whose response was captured before its request.
func (e *Engine) late(o *open, m *sip.Message, route fact.Route, method []byte, frame uint32) {
	x := e.facts.New(m, route, method)
	if x.Register != nil && o.x.Register != nil {
		x.Register.Answer = o.x.Register.Answer
	}
	if x.Subscribe != nil && o.x.Subscribe != nil {
		x.Subscribe.Granted, x.Subscribe.DialogTag = o.x.Subscribe.Granted, o.x.Subscribe.DialogTag
	}
	x.Responses, x.Problems = o.x.Responses, o.x.Problems
	had := o.u != nil
	*o.x = *x
	if !had {
		if o.u = e.owner(o.x); o.u != nil {
			e.users.exchange(o.u, o.x, frame)
		}
	}
	e.document(o.x)
}

// document counts a reginfo document with its problems.
func (e *Engine) document(x *fact.Exchange) {
	if x.Notify == nil || x.Notify.Document == nil {
		return
	}
	e.counts.documents++
	for _, p := range x.Notify.Document.Problems {
		e.counts.problems[p.ID]++
	}
}

func (e *Engine) otherMethod(name []byte) {
	if _, ok := e.counts.others[string(name)]; !ok && len(e.counts.others) >= maxMethods {
		name = []byte("other")
	}
	e.counts.others[string(name)]++
}

// owner finds the user whom an exchange is about, nil for what is no registration business.
func (e *Engine) owner(x *fact.Exchange) *user {
	switch {
	case x.Register != nil:
		if x.Register.ThirdParty {
			return e.users.named(public(x.To))
		}
		u := e.users.named(public(x.To))
		return e.users.private(u, x.Register.IMPI, false)
	case x.Subscribe != nil:
		if !isReg(x.Subscribe.Event) {
			return nil
		}
		if u, ok := e.dialogs.get(x.CallID); ok {
			return u.find()
		}
		u := e.users.named(public(x.To))
		if u == nil {
			u = e.users.named(public(x.From))
		}
		if u != nil {
			e.dialogs.put(x.CallID, u, e.end)
		}
		return u
	case x.Notify != nil:
		return e.notified(x)
	}
	return nil
}

// isReg reports whether an event package is the one for registrations.
func isReg(event string) bool { return event == "reg" || strings.HasPrefix(event, "reg.") }

// notified finds the user of a NOTIFY: by its dialog, else by who notifies about whom, else by the
// document.
func (e *Engine) notified(x *fact.Exchange) *user {
	n := x.Notify
	if !isReg(n.Event) && n.Document == nil {
		return nil
	}
	u, _ := e.dialogs.get(x.CallID)
	if u != nil {
		u = u.find()
	}
	if u == nil && n.Document != nil {
		for _, r := range n.Document.Registrations {
			if u = e.users.known(public(r.AOR)); u != nil {
				break
			}
		}
	}
	if u == nil {
		u = e.users.named(public(x.From))
	}
	if n.Document != nil {
		for _, r := range n.Document.Registrations {
			u = e.users.name(u, public(r.AOR), true)
		}
	}
	if u == nil {
		u = e.users.named(public(x.To))
	}
	if u != nil && x.CallID != "" {
		if _, ok := e.dialogs.get(x.CallID); !ok {
			e.dialogs.put(x.CallID, u, e.end)
		}
	}
	return u
}

// answered draws the conclusions from a response: a registrar that accepts says which names are one
// user's.
func (e *Engine) answered(o *open, status int) {
	r := o.x.Register
	if r == nil || r.ThirdParty || status < 200 || status >= 300 || o.u == nil {
		return
	}
	u := e.users.private(o.u, r.IMPI, true)
	if r.Binds() {
		u.find().gone = false
	}
	for _, a := range r.Answer.Associated {
		u = e.users.name(u, public(a), true)
	}
	o.u = u
}

// diameter takes a Diameter message and returns the user whom it is about, nil if nobody.
func (e *Engine) diameter(rec *decode.Record) *user {
	e.counts.diameter++
	m := rec.Diameter
	if !fact.IsCx(m) {
		return nil
	}
	key := e.facts.CxParse(m)
	o, ok := e.cx.get(key)
	if !ok {
		o = &openCx{x: e.facts.CxNew(m)}
		e.cx.put(key, o, rec.Time)
	}
	hop, n := e.facts.CxAdd(o.x, rec)
	if !e.count(n) {
		return o.u
	}
	e.cxRoles(o.x, hop, m.Request)
	had := o.u != nil
	o.u = e.cxOwner(o)
	if !had && o.u != nil {
		e.users.cx(o.u, o.x, rec.Frame)
	}
	return o.u
}

// cxOwner finds the user of a Cx transaction. A location query names a called party, who need not be
// a user of this capture.
func (e *Engine) cxOwner(o *openCx) *user {
	c, u := o.x, o.u
	if u != nil {
		u = u.find()
	}
	trust := c.Answer.Seen() && c.Succeeded()
	if c.Name == "LIR" {
		for _, p := range c.Public {
			if u == nil {
				u = e.users.known(public(p))
			}
		}
		return u
	}
	for _, p := range c.Public {
		u = e.users.name(u, public(p), trust)
	}
	u = e.users.name(u, private(c.UserName), trust)
	for _, p := range c.Profile {
		u = e.users.name(u, public(p), true)
	}
	return u
}

// Close ends the analysis and makes the report. It gives up the tables that only further records
// need: Observe must not be called after it.
func (e *Engine) Close(files []capture.FileInfo, st *decode.Stats) *Report {
	var list []*user
	for _, u := range e.users.all {
		if u.parent == nil && u.first != 0 {
			list = append(list, u)
		}
	}
	slices.SortStableFunc(list, func(a, b *user) int { return cmp.Compare(a.first, b.first) })
	for _, u := range list {
		sortFacts(&u.in)
	}
	for i := range files {
		if _, to, ok := files[i].Span(); ok {
			e.end = max(e.end, to)
		}
		if began := files[i].Began(); began != 0 {
			e.start = min(e.start, began)
		}
	}
	ctx := e.context()
	ctx.Spans = spans(files, e.end)
	e.freeze(ctx)
	e.release()
	r := NewReport(len(list), func(i int) *story.User { return story.Tell(list[i].in, ctx.Until(list[i].last)) })
	r.Captures, r.Decode = files, st
	r.Stats = e.stats(st)
	r.Stats.Users = len(list)
	r.Stats.Sealed = e.sealed(st, list, func(i int) string { return story.Tell(list[i].in, ctx.Until(list[i].last)).ID })
	e.judge(r, list, ctx)
	return r
}

// context is what the capture as a whole knows.
func (e *Engine) context() *story.Context {
	return &story.Context{
		Role: e.facts.Nodes.Role, Forwards: e.facts.Nodes.Forwards, Path: e.facts.Path, Start: e.start, End: e.end,
		Addr: func(id fact.NodeID) string {
			if id == 0 {
				return ""
			}
			return e.facts.Nodes.Addr(id).Addr().Unmap().String()
		},
	}
}

// rotation is how far apart the files of one capture may lie: the next one begins with its first packet.
const rotation = 60 * int64(1e9)

// spans gives the times that a set of files covers. Files that lie apart leave a time of which nothing
// is known. The last one reaches to the end of what was observed.
func spans(files []capture.FileInfo, end int64) []story.Span {
	var list []story.Span
	for i := range files {
		for _, c := range files[i].Covers() {
			list = append(list, story.Span(c))
		}
	}
	slices.SortFunc(list, func(a, b story.Span) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	n := 0
	for _, s := range list {
		if n > 0 && s.From-list[n-1].To <= rotation {
			list[n-1].To = max(list[n-1].To, s.To)
			continue
		}
		list[n] = s
		n++
	}
	if n > 0 {
		list[n-1].To = max(list[n-1].To, end)
	}
	return list[:n]
}

// freeze replaces the look-ups of a context by tables, now that nothing more comes. They may then be
// used by several goroutines.
func (e *Engine) freeze(ctx *story.Context) {
	n := e.facts.Nodes.Len() + 1
	roles, addrs := make([]fact.Role, n), make([]string, n)
	for id := 1; id < n; id++ {
		roles[id], addrs[id] = ctx.Role(fact.NodeID(id)), ctx.Addr(fact.NodeID(id))
	}
	ctx.Role = func(id fact.NodeID) fact.Role { return roles[id] }
	ctx.Addr = func(id fact.NodeID) string { return addrs[id] }
	ctx.Reuse()
}

// release gives up the tables that only further records need, so that the stories have room in their place.
func (e *Engine) release() {
	e.exchanges.m, e.exchanges.queue = nil, nil
	e.cx.m, e.cx.queue = nil, nil
	e.dialogs.m, e.dialogs.queue = nil, nil
	e.users.byName = nil
	e.facts.Release()
}

// caseOf makes the case of a user for the rules.
func (e *Engine) caseOf(u *story.User, in *story.Input, ctx *story.Context) *finding.Case {
	return &finding.Case{User: u, Exchanges: in.Exchanges, Cx: in.Cx, Strays: in.Strays, View: view(in, ctx), Role: ctx.Role,
		Label: u.Label, Addr: ctx.Addr, Path: ctx.Path, Start: ctx.Start, End: ctx.End}
}

const (
	// maxFindings bounds the findings of a report, maxUserFindings those of one user. The worst are kept.
	maxFindings     = 100000
	maxUserFindings = 200
	// maxOfARule bounds the findings of one rule that are only for information: a core does what it does
	// for everybody, and some hundred examples are enough to see it. They must not crowd out an error.
	maxOfARule = 500
)

// judge counts de-registrations and lets the rules look at every user.
func (e *Engine) judge(r *Report, list []*user, ctx *story.Context) {
	catalogue := rules.Catalogue()
	ofRule := map[string]int{}
	type verdict struct {
		deregs   Deregistrations
		findings []finding.Finding
		dropped  uint64
	}
	st := r.Decode
	damaged := st != nil && (st.Fragments.Incomplete > 0 || st.Streams.Gaps > 0 || st.Streams.Evicted > 0 || st.SCTP.Incomplete > 0 || st.SCTP.Evicted > 0)
	for _, v := range Map(r, func(i int, u *story.User) (v verdict) {
		for _, d := range u.Deregistrations {
			v.deregs.count(d)
		}
		c := e.caseOf(u, &list[i].in, ctx.Until(list[i].last))
		c.View.Damaged = damaged || u.Truncated > 0
		finding.Run(catalogue, c, func(f finding.Finding) {
			if len(v.findings) >= 10*maxUserFindings {
				v.dropped++
				return
			}
			v.findings = append(v.findings, f)
		})
		if n := len(v.findings); n > maxUserFindings {
			slices.SortStableFunc(v.findings, func(a, b finding.Finding) int { return cmp.Compare(b.Severity, a.Severity) })
			v.findings = v.findings[:maxUserFindings]
			v.dropped += uint64(n - maxUserFindings)
		}
		return v
	}) {
		r.Stats.Deregistrations.add(v.deregs)
		for _, f := range v.findings {
			if f.Severity == problem.Info {
				if ofRule[f.Rule]++; ofRule[f.Rule] > maxOfARule {
					v.dropped++
					continue
				}
			}
			if len(r.Findings) >= maxFindings {
				v.dropped++
				continue
			}
			r.Findings = append(r.Findings, f)
		}
		if v.dropped > 0 {
			r.Stats.Dropped["findings"] += v.dropped
		}
	}
}

// view tells which links the capture shows of a user.
func view(in *story.Input, ctx *story.Context) finding.View {
	v := finding.View{Cx: len(in.Cx) > 0}
	for _, x := range in.Exchanges {
		for _, h := range x.Request.Hops {
			a, b := ctx.Role(h.Src), ctx.Role(h.Dst)
			switch {
			case a == fact.RoleUE || b == fact.RoleUE:
				v.Gm = true
			case a == fact.RoleAS || b == fact.RoleAS:
				v.ISC = true
			case a != fact.RoleUnknown && b != fact.RoleUnknown:
				v.Mw = true
			}
		}
	}
	return v
}

func (d *Deregistrations) add(o Deregistrations) {
	d.User += o.User
	d.Network += o.Network
	d.Expiry += o.Expiry
	d.Unknown += o.Unknown
}

func (d *Deregistrations) count(x *story.Deregistration) {
	if !x.Successful() {
		return
	}
	switch x.Initiator {
	case story.ByUser:
		d.User++
	case story.ByNetwork:
		d.Network++
	case story.ByExpiry:
		d.Expiry++
	default:
		d.Unknown++
	}
}
