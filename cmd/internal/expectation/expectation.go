// Package expectation checks a report against what a capture should hold: `imscope analyze --expect FILE`, for use in the
// tests of an IMS core. Help tells the format.
package expectation

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"imscope/cmd/internal/who"
	"imscope/correlate"
	"imscope/correlate/identity"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

// Check compares a report with the expectation and returns a line for each difference.
func (e *Expectation) Check(r *correlate.Report) []string {
	var out []string
	differ := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if e.Users != nil && *e.Users != r.Len() {
		differ("users: %d, expected %d", r.Len(), *e.Users)
	}
	if e.Deregistrations != nil {
		got := r.Stats.Deregistrations
		for _, c := range []struct {
			initiator string
			n         int
		}{{story.ByUser, got.User}, {story.ByNetwork, got.Network}, {story.ByExpiry, got.Expiry}, {story.ByUnknown, got.Unknown}} {
			if want := e.Deregistrations[initiator(c.initiator)]; want != c.n {
				differ("de-registrations by %s: %d, expected %d", c.initiator, c.n, want)
			}
		}
	}
	e.users(r, differ)
	e.Findings.check(r, differ)
	for _, k := range slices.Sorted(maps.Keys(e.Counts)) {
		if got := counts[string(k)](&r.Stats); got != e.Counts[k] {
			differ("%s: %d, expected %d", k, got, e.Counts[k])
		}
	}
	return out
}

// counts are those that can be expected, by name.
var counts = map[string]func(*correlate.Stats) uint64{
	"packets":           func(s *correlate.Stats) uint64 { return s.Packets },
	"sip_messages":      func(s *correlate.Stats) uint64 { return s.SIPMessages },
	"unique_messages":   func(s *correlate.Stats) uint64 { return s.UniqueMessages },
	"reginfo_documents": func(s *correlate.Stats) uint64 { return s.ReginfoDocuments },
	"diameter_messages": func(s *correlate.Stats) uint64 { return s.DiameterMessages },
	"retransmissions":   func(s *correlate.Stats) uint64 { return s.Retransmissions },
	"duplicates":        func(s *correlate.Stats) uint64 { return s.Duplicates },
}

// users finds each user that something is expected of: by its identities first, else as --user does.
func (e *Expectation) users(r *correlate.Report, differ func(string, ...any)) {
	if len(e.User) == 0 {
		return
	}
	exact, loose := make([][]*story.User, len(e.User)), make([][]*story.User, len(e.User))
	for u := range r.Users() {
		for i := range e.User {
			if called, meant := isCalled(u, e.User[i].ID); called {
				exact[i] = append(exact[i], u)
			} else if meant {
				loose[i] = append(loose[i], u)
			}
		}
	}
	for i := range e.User {
		found := exact[i]
		if len(found) == 0 {
			found = loose[i]
		}
		switch w := &e.User[i]; len(found) {
		case 0:
			differ("user %s: not in the capture", w.ID)
		case 1:
			w.check(found[0], differ)
		default:
			differ("user %s: %d users are called so, %s and %s among them", w.ID, len(found), found[0].ID, found[1].ID)
		}
	}
}

// isCalled reports whether a name is one of the user's, and whether a person who types it may mean the user.
func isCalled(u *story.User, name string) (called, meant bool) {
	q, canonical := who.Parse(name), identity.Canonical(name)
	for _, n := range slices.Concat([]string{u.ID}, u.PublicIdentities, u.PrivateIdentities, u.Instances) {
		called = called || n == name || identity.Canonical(n) == canonical
		meant = meant || q.Matches(n)
	}
	return called, meant
}

// same reports whether lists name the same identities.
func same(got, want []string) bool {
	meant := func(q who.Query, list []string) bool { return slices.ContainsFunc(list, q.Matches) }
	for _, w := range want {
		if !meant(who.Parse(w), got) {
			return false
		}
	}
	return !slices.ContainsFunc(got, func(g string) bool {
		return !slices.ContainsFunc(want, func(w string) bool { return meant(who.Parse(w), []string{g}) })
	})
}

func (w *User) check(u *story.User, differ func(string, ...any)) {
	if w.Deregistrations != nil {
		if len(w.Deregistrations) != len(u.Deregistrations) {
			differ("user %s: %d de-registrations, expected %d", w.ID, len(u.Deregistrations), len(w.Deregistrations))
		}
		for i := range min(len(w.Deregistrations), len(u.Deregistrations)) {
			w.Deregistrations[i].check(fmt.Sprintf("user %s: de-registration %d", w.ID, i+1), u.Deregistrations[i], differ)
		}
	}
	if w.Active != nil {
		var active []string
		for _, b := range u.Bindings {
			if b.Active && !slices.Contains(active, b.AOR) {
				active = append(active, b.AOR)
			}
		}
		if !same(active, w.Active) {
			differ("user %s: still registered %s, expected %s", w.ID, words(active), words(w.Active))
		}
	}
	if w.Subscriptions != nil && *w.Subscriptions != len(u.Subscriptions) {
		differ("user %s: %d subscriptions, expected %d", w.ID, len(u.Subscriptions), *w.Subscriptions)
	}
}

func words(list []string) string {
	if len(list) == 0 {
		return "nothing"
	}
	return strings.Join(list, ", ")
}

func (w *Deregistration) check(where string, d *story.Deregistration, differ func(string, ...any)) {
	for _, c := range []struct{ name, got, want string }{
		{"initiator", d.Initiator, string(w.Initiator)}, {"outcome", d.Outcome, string(w.Outcome)}, {"scope", d.Scope, string(w.Scope)},
	} {
		if c.want != "" && c.got != c.want {
			differ("%s: %s %s, expected %s (frame %d)", where, c.name, c.got, c.want, d.TriggerFrame)
		}
	}
	if w.Cause != "" && !strings.Contains(d.Cause, w.Cause) {
		differ("%s: cause %q, expected to contain %q (frame %d)", where, d.Cause, w.Cause, d.TriggerFrame)
	}
	if w.Contact != "" && !slices.ContainsFunc(d.Contacts, func(c string) bool { return identity.Contact(c) == identity.Contact(w.Contact) }) {
		differ("%s: contacts %s, expected %s (frame %d)", where, words(d.Contacts), w.Contact, d.TriggerFrame)
	}
}

func (w *Findings) check(r *correlate.Report, differ func(string, ...any)) {
	if w == nil {
		return
	}
	least := problem.Warning
	for s := problem.Info; s <= problem.Error; s++ {
		if s.String() == string(w.Severity) {
			least = s
		}
	}
	seen := map[string]bool{}
	for i := range r.Findings {
		f := &r.Findings[i]
		seen[f.Rule] = true
		if f.Severity >= least && !slices.Contains(w.Allow, code(f.Rule)) && !slices.Contains(w.Require, code(f.Rule)) {
			differ("finding %s (%s) is not expected: %s, frames %v", f.Rule, f.Severity, f.Detail, f.Frames)
		}
	}
	for _, c := range w.Require {
		if !seen[string(c)] {
			differ("finding %s is expected and does not occur", c)
		}
	}
}
