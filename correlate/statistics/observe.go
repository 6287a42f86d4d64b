package statistics

import (
	"cmp"
	"slices"
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/story"
)

// Dimension is what users may be grouped by.
type Dimension string

// Dimensions.
const (
	ByAccess  Dimension = "access"  // access type of P-Access-Network-Info
	ByAgent   Dimension = "agent"   // User-Agent
	ByPCSCF   Dimension = "p-cscf"  // address of the P-CSCF
	ByVisited Dimension = "visited" // P-Visited-Network-ID
)

const dimensions = 4

// Dimensions lists all of them.
func Dimensions() []Dimension { return []Dimension{ByAccess, ByAgent, ByPCSCF, ByVisited} }

// Unknown is the group of those that do not say.
const Unknown = "unknown"

// keys are the groups of a registration, in the order of Dimensions.
type keys [dimensions]string

// maxKey bounds the name of a group in bytes; a User-Agent of a real phone has less.
const maxKey = 128

func keysOf(r *story.Registration) keys {
	access, _, _ := strings.Cut(r.Access, ";")
	k := keys{strings.TrimSpace(access), r.Agent, r.PCSCF, r.Visited}
	for i, s := range k {
		if s == "" {
			k[i] = Unknown
		} else if len(s) > maxKey {
			k[i] = strings.ToValidUTF8(s[:maxKey], "")
		}
	}
	return k
}

// Observation is what counts of one user.
type Observation struct {
	registrations []registration
	removals      []removal
	responses     map[hop]traffic
	holds         []hold
	findings      []found
}

type registration struct {
	at      int64
	kind    Kind
	outcome uint8
	keys    keys
	delay   int64 // -1 unless it succeeded
	next    int64 // to the next REGISTER; 0 for none
	late    bool
	away    int64 // of the next registration behind the end of the binding; -1 for none
}

type removal struct {
	at        int64
	initiator uint8
	outcome   uint8
	cause     string
	keys      keys
}

// hop is a response between two nodes.
type hop struct {
	from, to fact.Role
	method   string
	status   int
}

type traffic struct{ messages, repeats uint64 }

// hold is the time that a node took for something.
type hold struct {
	node, step string
	ns         int64
}

type found struct {
	at       int64
	rule     string
	title    string
	severity int
}

// Observe takes what counts out of a user's story and of the findings about the user.
func Observe(u *story.User, findings []finding.Finding) *Observation {
	o := &Observation{}
	list := u.Registrations()
	for i, r := range list {
		o.register(r, list[i+1:])
	}
	for _, d := range u.Deregistrations {
		outcome := d.Outcome
		if d.Idle {
			outcome = Idle
		}
		o.removals = append(o.removals, removal{d.Started, index(initiators[:], d.Initiator), index(deregistration[:], outcome), Cause(d), groupOf(d, list)})
	}
	o.answers(u)
	for i := range findings {
		f := &findings[i]
		o.findings = append(o.findings, found{timeOf(u, f.Frames), f.Rule, f.Title, min(int(f.Severity), 2)})
	}
	return o
}

// maxAhead bounds how far the next registration of a phone is looked for.
const maxAhead = 16

func (o *Observation) register(r *story.Registration, later []*story.Registration) {
	g := registration{at: r.Started, kind: kindOf(r.Kind), outcome: index(outcomes[:], r.Outcome), keys: keysOf(r), delay: -1, away: -1}
	if r.Outcome == story.Succeeded && r.Rounds[0].Exchange.Request.Seen() {
		g.delay = r.Ended - r.Started
	}
	g.next = r.RefreshedAfter
	g.late = r.RefreshedAfter != 0 && r.Granted > 0 && r.RefreshedAfter > r.Granted*finding.Second
	if r.ActualExpiry != 0 {
		for _, n := range later[:min(len(later), maxAhead)] {
			if n.Kind == story.RegistrationInitial && n.Outcome == story.Succeeded && n.Ended > r.ActualExpiry &&
				(n.Origin == r.Origin || slices.ContainsFunc(n.Contacts, func(c string) bool { return slices.Contains(r.Contacts, c) })) {
				g.away = n.Ended - r.ActualExpiry
				break
			}
		}
	}
	o.registrations = append(o.registrations, g)
	for i := range r.Rounds {
		for _, d := range r.Rounds[i].Delays {
			node, _, _ := strings.Cut(d.Node, " ")
			if !isRole(node) {
				continue
			}
			o.holds = append(o.holds, hold{node, d.Step, d.Took - d.HSS})
		}
		for _, c := range r.Rounds[i].Cx {
			if c.Took > 0 {
				o.holds = append(o.holds, hold{"HSS", c.Name, c.Took})
			}
		}
	}
}

func isRole(s string) bool {
	for r := fact.RoleUE; r <= fact.RoleAS; r++ {
		if r.String() == s {
			return true
		}
	}
	return false
}

// groupOf gives the groups of a de-registration: those of the last REGISTER of one of its contacts.
func groupOf(d *story.Deregistration, list []*story.Registration) keys {
	var last *story.Registration
	for _, r := range list {
		if r.Started > d.Started && last != nil {
			break
		}
		if last == nil || slices.ContainsFunc(r.Contacts, func(c string) bool { return slices.Contains(d.Contacts, c) }) {
			last = r
		}
	}
	if last == nil {
		return keys{Unknown, Unknown, Unknown, Unknown}
	}
	return keysOf(last)
}

// Cause names why a de-registration happened without what is one user's alone.
func Cause(d *story.Deregistration) string {
	switch {
	case d.Trigger != nil && d.Trigger.Name == "RTR":
		cause, _, _ := strings.Cut(d.Cause, " (")
		cause, _, _ = strings.Cut(cause, ", refused")
		return cause
	case len(d.Requests) > 0 && d.Initiator == story.ByUser:
		return "REGISTER with expires 0"
	case len(d.Requests) > 0:
		return "REGISTER of the P-CSCF with expires 0"
	case strings.Contains(d.Cause, "replaced by "):
		return "S-CSCF: replaced by another contact of the same instance"
	}
	return cmp.Or(d.Cause, Unknown)
}

// answers counts the responses to the user's requests, hop by hop.
func (o *Observation) answers(u *story.User) {
	role := func(fact.NodeID) fact.Role { return fact.RoleUnknown }
	if u.Context != nil && u.Context.Role != nil {
		role = u.Context.Role
	}
	for i := range u.Timeline {
		e := &u.Timeline[i]
		if e.Exchange == nil || e.Status == 0 {
			continue
		}
		x := e.Exchange
		method := e.Method
		if x.Register != nil && x.Register.ThirdParty {
			method += " to AS"
		}
		for j := range x.Responses {
			m := &x.Responses[j]
			if m.Status != e.Status {
				continue
			}
			if o.responses == nil {
				o.responses = make(map[hop]traffic, 8)
			}
			for _, h := range m.Hops {
				if h.Copy {
					continue
				}
				k := hop{role(h.Src), role(h.Dst), method, m.Status}
				t := o.responses[k]
				if h.Repeat {
					t.repeats++
				} else {
					t.messages++
				}
				o.responses[k] = t
			}
		}
	}
}

// timeOf gives the time of the first of some frames, the user's first if it is none of the user's.
func timeOf(u *story.User, frames []uint32) int64 {
	if len(frames) == 0 {
		return u.FirstTime
	}
	i, ok := slices.BinarySearchFunc(u.Timeline, frames[0], func(e story.Event, f uint32) int { return cmp.Compare(e.Frame, f) })
	if !ok {
		i-- // the event that one of whose hops it may be
	}
	if i < 0 || i >= len(u.Timeline) {
		return u.FirstTime
	}
	return u.Timeline[i].Time
}
