package cli

import (
	"slices"
	"testing"

	"imscope/correlate"
	"imscope/correlate/finding"
	"imscope/correlate/story"
)

func people() *correlate.Report {
	users := []*story.User{
		{ID: "sip:tobias@home1.fr", PublicIdentities: []string{"sip:tobias@home1.fr", "tel:+44-123-456-789"}, PrivateIdentities: []string{"user1_private@home1.fr"}},
		{ID: "sip:001010000000002@ims.mnc001.mcc001.3gppnetwork.org",
			PublicIdentities:  []string{"sip:001010000000002@ims.mnc001.mcc001.3gppnetwork.org", "sip:+15550000002@ims.mnc001.mcc001.3gppnetwork.org"},
			PrivateIdentities: []string{"001010000000002@ims.mnc001.mcc001.3gppnetwork.org"},
			Instances:         []string{"urn:gsma:imei:35000002-000002-0", "urn:uuid:F81D4FAE-7dec-11d0-a765-00a0c91e6bf6"}},
		{ID: "sip:anna@home2.se", PublicIdentities: []string{"sip:anna@home2.se"}},
	}
	r := correlate.NewReport(len(users), func(i int) *story.User { return users[i] })
	r.Stats.Users = len(users)
	r.Findings = []finding.Finding{{Rule: "a", User: users[0].ID}, {Rule: "b", User: users[2].ID}, {Rule: "c"}}
	return r
}

func TestSelectUsers(t *testing.T) {
	const tobias, second = "sip:tobias@home1.fr", "sip:001010000000002@ims.mnc001.mcc001.3gppnetwork.org"
	for _, c := range []struct {
		typed string
		want  []string
	}{
		{"tobias", []string{tobias}},
		{"TOBIAS", []string{tobias}},
		{"tobias@home1.fr", []string{tobias}},
		{"sip:tobias@home1.fr", []string{tobias}},
		{"sip:tobias@HOME1.FR;user=phone", []string{tobias}},
		{"sip:tobias@home2.fr", nil},
		{"sips:tobias@home1.fr", nil},
		{"tel:+44123456789", []string{tobias}},
		{"+44 (123) 456-789", []string{tobias}},
		{"44123456789", []string{tobias}},
		{"4123456789", nil},
		{"user1_private", []string{tobias}},
		{"user1_private@home1.fr", []string{tobias}},
		{"001010000000002", []string{second}},
		{"+1 555 000 0002", []string{second}},
		{"tel:+15550000002", []string{second}},
		{"urn:gsma:imei:35000002-000002-0", []string{second}},
		{"35000002-000002-0", []string{second}},
		{"350000020000020", []string{second}},
		{"f81d4fae-7dec-11d0-a765-00a0c91e6bf6", []string{second}},
		{"tob", nil},
		{"home1.fr", nil},
	} {
		qs, err := parseQueries([]string{c.typed})
		if err != nil {
			t.Fatal(err)
		}
		sel := selectUsers(people(), qs)
		var got []string
		for u := range sel.Users() {
			got = append(got, u.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q selects %q, want %q", c.typed, got, c.want)
		}
		if (len(sel.missing) == 0) != (len(c.want) > 0) {
			t.Errorf("%q: missing %v", c.typed, sel.missing)
		}
	}
	qs, _ := parseQueries([]string{"anna", "tobias", "nobody"})
	sel := selectUsers(people(), qs)
	if sel.Len() != 2 || len(sel.Findings) != 2 || sel.Stats.Users != 3 {
		t.Errorf("%d users, findings %v", sel.Len(), sel.Findings)
	}
}

func TestNear(t *testing.T) {
	for typed, want := range map[string][]string{
		"tobi":       {"sip:tobias@home1.fr"},
		"tobais":     {"sip:tobias@home1.fr"},
		"anne":       {"sip:anna@home2.se"},
		"0000000002": {"sip:001010000000002@ims.mnc001.mcc001.3gppnetwork.org", "001010000000002@ims.mnc001.mcc001.3gppnetwork.org"},
		"zzzz":       nil,
	} {
		qs, err := parseQueries([]string{typed})
		if err != nil {
			t.Fatal(err)
		}
		if got := selectUsers(people(), qs).near[typed]; !slices.Equal(got, want) {
			t.Errorf("%q may mean %q, want %q", typed, got, want)
		}
	}
	if _, err := parseQueries([]string{" "}); err == nil {
		t.Error("an empty --user is taken")
	}
}
