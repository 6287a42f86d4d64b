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
	r.Findings = []finding.Finding{{Rule: "reginfo-version-gap", Severity: problem.Warning, Detail: "x", Frames: []uint32{3}}, {Rule: "subscription-active-after-network-end"}}
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
findings: {allow: [reginfo-version-gap]}
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
findings: {require: [reginfo-first-version], severity: info}
counts: {sip_messages: 41}
`, []string{"users: 1, expected 2", "by user: 1, expected 0", "by network: 0, expected 1", "1 de-registrations, expected 2",
			"initiator user, expected network (frame 7)", "outcome complete", "scope identity", "cause", "contacts sip:alice@10.0.0.1:5060, expected sip:bob@h",
			"still registered tel:+1-555, expected nothing", "1 subscriptions, expected 3", "user sip:nobody@home1.net: not in the capture",
			"finding reginfo-version-gap (warning) is not expected", "finding subscription-active-after-network-end (info)", "finding reginfo-first-version is expected", "sip_messages: 42, expected 41"}},
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

// What help shows is understood.
func TestHelpIsAnExample(t *testing.T) {
	_, example, _ := strings.Cut(Help, "\n\n")
	e, err := Read(strings.NewReader(example))
	if err != nil {
		t.Fatal(err)
	}
	if len(e.User) != 1 || len(e.User[0].Deregistrations) != 1 || e.Findings == nil || len(e.Counts) != 2 {
		t.Errorf("%+v", e)
	}
}

// Users are meant as --user means them, where that is one user.
func TestUsers(t *testing.T) {
	users := []*story.User{
		{ID: "sip:1001@a", PublicIdentities: []string{"sip:1001@a", "tel:+15551001"}, Bindings: []story.Binding{{AOR: "sip:1001@a", Active: true}, {AOR: "tel:+15551001", Active: true}}},
		{ID: "sip:1001@b", PublicIdentities: []string{"sip:1001@b"}, Instances: []string{"urn:gsma:imei:35000002-000002-0"}},
	}
	r := correlate.NewReport(len(users), func(i int) *story.User { return users[i] })
	for file, want := range map[string]string{
		`user: [{id: "15551001", active: ["15551001", "1001"]}]`: "",
		`user: [{id: sip:1001@a, active: [tel:+15551001]}]`:      "still registered",
		`user: [{id: "350000020000020", active: []}]`:            "",
		`user: [{id: "1001"}]`:                                   "2 users are called so, sip:1001@a and sip:1001@b",
		`user: [{id: sip:1001@b, active: ["1001"]}]`:             "still registered nothing",
	} {
		e, err := Read(strings.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(e.Check(r), "\n"); (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", file, got, want)
		}
	}
}

func TestReadErrors(t *testing.T) {
	for _, tc := range []struct{ file, want string }{
		{"userz: 1", `line 1: unknown key "userz"`},
		{"users: [", "no YAML: line 1"},
		{"user: [{active: []}]", "no id"},
		{"deregistrations: {alien: 1}", `line 1: no initiator "alien": user, network, expiry, unknown`},
		{"users:\n  - id: x", "line 2: a list where a number belongs"},
		{"deregistrations: 1", `line 1: "1" where a map of keys belongs`},
		{"user:\n  - id: a\n    deregistrations: [{outcome: done}]", `line 3: no outcome "done"`},
		{"findings: {severity: fatal}", `line 1: no severity "fatal": info, warning, error`},
		{"findings:\n  allow: [reginfo-versoin-gap]", `line 2: no rule has the code "reginfo-versoin-gap"`},
		{"counts: {nonsense: 1}", `no count "nonsense": diameter_messages`},
		{"users: 1\n---\nusers: 2", "line 2: a second document"},
		{"users: many", `line 1: "many" where a number belongs`},
		{strings.Repeat("#", maxFile+1), "longer"},
	} {
		_, err := Read(strings.NewReader(tc.file))
		if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "expectation.") {
			t.Errorf("%.40q: %v, want %q", tc.file, err, tc.want)
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
