package expectation

import (
	"strings"
	"testing"

	"imscope/correlate"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

func report() *correlate.Report {
	u := &story.User{ID: "sip:alice@home1.net", PublicIdentities: []string{"sip:alice@home1.net", "tel:+1-555"}, PrivateIdentities: []string{"alice@home1.net"},
		Bindings: []story.Binding{{AOR: "tel:+1-555", Active: true}, {AOR: "sip:alice@home1.net"}},
		Deregistrations: []*story.Deregistration{{Initiator: "user", Outcome: "complete", Scope: "identity", TriggerFrame: 7, Cause: "the phone asked for it",
			Contacts: []string{"sip:alice@10.0.0.1:5060"}}},
		Subscriptions: []*story.Subscription{{}}}
	r := correlate.NewReport(1, func(int) *story.User { return u })
	r.Stats = correlate.Stats{SIPMessages: 42, Deregistrations: correlate.Deregistrations{User: 1}}
	r.Findings = []finding.Finding{{Rule: "some-warning", Severity: problem.Warning, Detail: "x", Frames: []uint32{3}}, {Rule: "some-info"}}
	return r
}

func TestCheck(t *testing.T) {
	for _, tc := range []struct {
		name, file string
		want       []string // parts of the lines, in order
	}{
		{"nothing said, nothing checked", "", nil},
		{"all right", `
users: 1
deregistrations: {user: 1}
user:
  - id: tel:+1555
    deregistrations: [{initiator: user, outcome: complete, scope: identity, cause: phone, contact: "sip:alice@10.0.0.1;transport=tcp"}]
    active: [tel:+1555]
    subscriptions: 1
findings: {allow: [some-warning]}
counts: {sip_messages: 42}
`, nil},
		{"all wrong", `
users: 2
deregistrations: {network: 1}
user:
  - id: alice@home1.net
    deregistrations: [{initiator: network, outcome: rejected, scope: all, cause: RTR, contact: "sip:bob@h"}, {}]
    active: []
    subscriptions: 3
  - id: sip:nobody@home1.net
findings: {require: [never], severity: info}
counts: {sip_messages: 41, nonsense: 1}
`, []string{"users: 1, expected 2", "by user: 1, expected 0", "by network: 0, expected 1", "1 de-registrations, expected 2",
			"initiator user, expected network (frame 7)", "outcome complete", "scope identity", "cause", "contacts sip:alice@10.0.0.1:5060, expected sip:bob@h",
			"still registered tel:+1-555, expected nothing", "1 subscriptions, expected 3", "user sip:nobody@home1.net: not in the capture",
			"finding some-warning (warning) is not expected", "finding some-info (info)", "finding never is expected", `no count "nonsense"`, "sip_messages: 42, expected 41"}},
	} {
		e, err := Read(strings.NewReader(tc.file))
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		got := e.Check(report())
		if len(got) != len(tc.want) {
			t.Errorf("%s: %d differences, want %d:\n%s", tc.name, len(got), len(tc.want), strings.Join(got, "\n"))
			continue
		}
		for i := range got {
			if !strings.Contains(got[i], tc.want[i]) {
				t.Errorf("%s: %q, want %q in it", tc.name, got[i], tc.want[i])
			}
		}
	}
}

func TestReadErrors(t *testing.T) {
	for _, tc := range []struct{ file, want string }{
		{"userz: 1", "line 1"},
		{"users: [", "line 1"},
		{"user: [{active: []}]", "no id"},
		{"deregistrations: {alien: 1}", "alien"},
		{strings.Repeat("#", maxFile+1), "longer"},
	} {
		if _, err := Read(strings.NewReader(tc.file)); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%.20q: %v, want %q", tc.file, err, tc.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("users: 1\nuser: [{id: a}]")
	f.Fuzz(func(t *testing.T, s string) {
		if e, err := Read(strings.NewReader(s)); err == nil {
			e.Check(report())
		}
	})
}
