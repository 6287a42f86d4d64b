package rules

import (
	"iter"
	"strconv"
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
)

// What the rules about reg subscriptions and their documents share.

// timerN is how long a NOTIFY that answers a SUBSCRIBE may take (RFC 6665 4.1.2.4), and Timer F how long
// a core node waits for a final response (RFC 3261 17.1.2.2): both 64*T1 with T1 of 500 ms.
const timerN = 32 * finding.Second

// told is a document as one watcher got it.
type told struct {
	sub *story.Subscription
	doc *story.Document
	was *story.Document // the watcher's document before, nil if there is none
	reg *fact.Document  // what it says
	gap uint32          // frame of the watcher's newest document, up to this, that followed on missing ones; 0 for none
}

func (t told) frame() uint32 { return t.doc.Frame }

// documents yields what a user's watchers were told, one subscription after the other.
func documents(c *finding.Case) iter.Seq[told] {
	return func(yield func(told) bool) {
		for _, s := range c.User.Subscriptions {
			var was *story.Document
			gap := uint32(0)
			for _, d := range s.Documents {
				if d.Gap {
					gap = d.Frame
				}
				if !yield(told{s, d, was, d.Exchange.Notify.Document, gap}) {
					return
				}
				was = d
			}
		}
	}
}

// contacts yields the contact elements of a document with their registrations.
func (t told) contacts() iter.Seq2[*fact.Registration, *fact.Contact] {
	return func(yield func(*fact.Registration, *fact.Contact) bool) {
		for i := range t.reg.Registrations {
			r := &t.reg.Registrations[i]
			for j := range r.Contacts {
				if !yield(r, &r.Contacts[j]) {
					return
				}
			}
		}
	}
}

// full reports whether the document replaces all that the watcher knew.
func (t told) full() bool { return t.reg.State == reginfo.StateFull }

// broken are the problems of a document that was cut or rubbed on its way here: what is missing or odd
// in such a document need not be the notifier's doing.
var broken = []*problem.Code{
	reginfo.ProbTag, reginfo.ProbUnclosed, reginfo.ProbStrayEnd, reginfo.ProbAttr, reginfo.ProbEnumCropped,
	reginfo.ProbNoRoot, reginfo.ProbLeadingText, reginfo.ProbLimit, reginfo.ProbAORName,
}

// doubt says why what a document says may be an artefact, "" for no reason.
func (t told) doubt() string {
	for _, p := range t.reg.Problems {
		for _, b := range broken {
			if p == b {
				return "the document is damaged: " + p.Title
			}
		}
	}
	return ""
}

// doubtSince is doubt for what changed since an earlier document of the same watcher.
func (t told) doubtSince(frame uint32) string {
	if d := t.doubt(); d != "" || t.gap <= frame {
		return d
	}
	return "documents in between are missing"
}

// watcherName spells whose subscription it is: "UE 10.0.0.7", "P-CSCF", "watcher 10.0.0.9".
func watcherName(s *story.Subscription) string { return nameOf(s.Watcher, s.WatcherNode) }

// nameOf puts a watcher's role and the label of its node together.
func nameOf(w story.Watcher, node string) string {
	switch label := w.Label(); {
	case node == "" || node == "?":
		return label
	case strings.HasPrefix(node, label):
		return node
	default:
		return label + " " + node
	}
}

// finalStatus gives the final response's code, 0 if none was seen.
func finalStatus(x *fact.Exchange) int {
	if f := x.Final(); f != nil {
		return f.Status
	}
	return 0
}

// success gives the 2xx of an exchange, nil if there is none.
func success(x *fact.Exchange) *fact.Message {
	if f := x.Final(); f != nil && f.Status >= 200 && f.Status < 300 {
		return f
	}
	return nil
}

// inIMS reports whether the user is served by an IMS core and not by a plain registrar, to which the
// clauses of TS 24.229 do not apply.
func inIMS(c *finding.Case) bool {
	if len(c.Cx) > 0 {
		return true
	}
	for _, x := range c.Exchanges {
		if r := x.Register; r != nil && (r.ThirdParty || len(r.Path) > 0 || r.Integrity != "" || r.Visited != "" || len(r.Answer.Associated) > 0) {
			return true
		}
		if x.Notify != nil && x.Notify.ICID != "" || x.Subscribe != nil && x.Subscribe.ICID != "" {
			return true
		}
	}
	for _, s := range c.User.Subscriptions {
		if s.Watcher == story.WatcherPCSCF || s.Watcher == story.WatcherAS {
			return true
		}
	}
	return false
}

// answerText spells the final response to a request.
func answerText(x *fact.Exchange) string {
	if n := finalStatus(x); n != 0 {
		return strconv.Itoa(n)
	}
	return "nothing"
}
