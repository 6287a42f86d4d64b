// Package expectation checks a report against what a capture should hold: `imscope analyze --expect
// FILE`, for use in the tests of an IMS core.
//
//	users: 2                      # how many users
//	deregistrations:              # how many, by initiator; those not named must be 0
//	  user: 1
//	  network: 1
//	user:
//	  - id: sip:alice@home1.net   # any identity of the user
//	    deregistrations:          # in order
//	      - initiator: user
//	        outcome: complete     # optional, like scope, contact and cause
//	        contact: sip:alice@10.0.0.1:5060
//	    active: [tel:+15550001]   # identities that are still registered at the end; [] for none
//	    subscriptions: 2
//	findings:
//	  allow: [reginfo-first-version]     # these may occur
//	  require: [reginfo-event-expired]   # these must occur
//	  severity: warning                  # others at or above are not expected; default warning
//	counts:
//	  sip_messages: 42
//	  reginfo_documents: 4
//
// What is not said is not checked.
package expectation

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"imscope/correlate"
	"imscope/correlate/identity"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

// Expectation is what a file says. Fields that are nil are not checked.
type Expectation struct {
	Users           *int              `yaml:"users"`
	Deregistrations map[string]int    `yaml:"deregistrations"`
	User            []User            `yaml:"user"`
	Findings        *Findings         `yaml:"findings"`
	Counts          map[string]uint64 `yaml:"counts"`
}

// User is what is expected of one user.
type User struct {
	ID              string           `yaml:"id"`
	Deregistrations []Deregistration `yaml:"deregistrations"`
	Active          []string         `yaml:"active"`
	Subscriptions   *int             `yaml:"subscriptions"`
}

// Deregistration is what is expected of one de-registration; what is empty is not checked.
type Deregistration struct {
	Initiator string `yaml:"initiator"`
	Outcome   string `yaml:"outcome"`
	Scope     string `yaml:"scope"`
	Contact   string `yaml:"contact"`
	Cause     string `yaml:"cause"` // a part of it
}

// Findings is what may and must be found.
type Findings struct {
	Allow    []string `yaml:"allow"`
	Require  []string `yaml:"require"`
	Severity string   `yaml:"severity"`
}

// maxFile bounds an expectation file.
const maxFile = 1 << 20

// Read reads an expectation. Unknown keys are errors, with their line.
func Read(r io.Reader) (*Expectation, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxFile {
		return nil, fmt.Errorf("longer than %d bytes", maxFile)
	}
	var e Expectation
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(&e); err != nil && err != io.EOF {
		if t, ok := errors.AsType[*yaml.TypeError](err); ok {
			return nil, errors.New(strings.Join(t.Errors, "; "))
		}
		return nil, errors.New(strings.TrimPrefix(err.Error(), "yaml: "))
	}
	for i, u := range e.User {
		if u.ID == "" {
			return nil, fmt.Errorf("user %d has no id", i+1)
		}
	}
	for k := range e.Deregistrations {
		if !slices.Contains([]string{story.ByUser, story.ByNetwork, story.ByExpiry, story.ByUnknown}, k) {
			return nil, fmt.Errorf("deregistrations: no initiator %q", k)
		}
	}
	return &e, nil
}

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
			if want := e.Deregistrations[c.initiator]; want != c.n {
				differ("de-registrations by %s: %d, expected %d", c.initiator, c.n, want)
			}
		}
	}
	met := make([]bool, len(e.User))
	if len(e.User) > 0 {
		for u := range r.Users() {
			for i := range e.User {
				if isCalled(u, e.User[i].ID) {
					met[i] = true
					e.User[i].check(u, differ)
				}
			}
		}
	}
	for i, ok := range met {
		if !ok {
			differ("user %s: not in the capture", e.User[i].ID)
		}
	}
	e.Findings.check(r, differ)
	counts := map[string]uint64{"packets": r.Stats.Packets, "sip_messages": r.Stats.SIPMessages, "unique_messages": r.Stats.UniqueMessages,
		"reginfo_documents": r.Stats.ReginfoDocuments, "diameter_messages": r.Stats.DiameterMessages,
		"retransmissions": r.Stats.Retransmissions, "duplicates": r.Stats.Duplicates}
	for _, k := range sorted(e.Counts) {
		switch got, ok := counts[k]; {
		case !ok:
			differ("counts: no count %q; there are %s", k, strings.Join(sorted(counts), ", "))
		case got != e.Counts[k]:
			differ("%s: %d, expected %d", k, got, e.Counts[k])
		}
	}
	return out
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// isCalled reports whether a name is one of the user's.
func isCalled(u *story.User, name string) bool {
	same := func(n string) bool { return n == name || identity.Canonical(n) == identity.Canonical(name) }
	return slices.ContainsFunc(u.PublicIdentities, same) || slices.ContainsFunc(u.PrivateIdentities, same) || slices.ContainsFunc(u.Instances, same)
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
		canon := func(list []string) []string {
			out := make([]string, 0, len(list))
			for _, s := range list {
				out = append(out, identity.Canonical(s))
			}
			slices.Sort(out)
			return out
		}
		if !slices.Equal(canon(active), canon(w.Active)) {
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
		{"initiator", d.Initiator, w.Initiator}, {"outcome", d.Outcome, w.Outcome}, {"scope", d.Scope, w.Scope},
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
		if s.String() == w.Severity {
			least = s
		}
	}
	seen := map[string]bool{}
	for i := range r.Findings {
		f := &r.Findings[i]
		seen[f.Rule] = true
		if f.Severity >= least && !slices.Contains(w.Allow, f.Rule) && !slices.Contains(w.Require, f.Rule) {
			differ("finding %s (%s) is not expected: %s, frames %v", f.Rule, f.Severity, f.Detail, f.Frames)
		}
	}
	for _, code := range w.Require {
		if !seen[code] {
			differ("finding %s is expected and does not occur", code)
		}
	}
}
