package words

import (
	"slices"
	"strings"
	"testing"

	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

// ended makes de-registrations, a letter each: by user, network, expiry, of the user incomplete, rejected. Number i has
// frame i+1.
func ended(letters string) []*story.Deregistration {
	var list []*story.Deregistration
	for i, c := range letters {
		d := &story.Deregistration{Initiator: story.ByUser, Outcome: story.Complete, Frames: []uint32{uint32(i + 1)}}
		switch c {
		case 'n':
			d.Initiator = story.ByNetwork
		case 'e':
			d.Initiator = story.ByExpiry
		case 'i':
			d.Outcome = story.Incomplete
		case 'r':
			d.Outcome = story.Rejected
		}
		list = append(list, d)
	}
	return list
}

func TestTell(t *testing.T) {
	many := strings.Repeat("u", 30)
	wrong := &finding.Finding{Rule: "x", Severity: problem.Warning, Frames: []uint32{99, 3}}
	note := &finding.Finding{Rule: "y", Severity: problem.Info, Frames: []uint32{3}}
	for _, c := range []struct {
		name, list string
		found      *finding.Finding
		most       int
		brief      bool
		order      []int
		rest       string
	}{
		{"none", "", nil, 6, false, nil, ""},
		{"all fit, in order of time", "nuu", nil, 3, true, []int{0, 1, 2}, ""},
		{"the network's behind thirty routine ones", many + "n", nil, 4, false, []int{30, 29, 28, 27}, "27 more de-registrations, routine: by user 27×"},
		{"one routine one is enough", many + "n", nil, 6, true, []int{30, 29}, "29 more de-registrations, routine: by user 29×"},
		{"the end is the routine one that is told", "n" + many, nil, 6, true, []int{30, 0}, "29 more de-registrations, routine: by user 29×"},
		{"the end is told however dull it is", "nnnnu", nil, 2, false, []int{4, 3}, "3 more de-registrations: by network 3×"},
		{"kinds take turns", "nnnnnirnnu", nil, 4, false, []int{9, 8, 6, 7}, "6 more de-registrations: by network 5×, by user incomplete"},
		{"a warning makes one interesting", many, wrong, 2, true, []int{29, 2}, "28 more de-registrations, routine: by user 28×"},
		{"a note does not", many, note, 2, true, []int{29}, "29 more de-registrations, routine: by user 29×"},
		{"no room", "un", nil, 0, false, nil, "2 more de-registrations: by user, by network"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var found []*finding.Finding
			if c.found != nil {
				found = append(found, c.found)
			}
			tell := Tell
			if c.brief {
				tell = TellBriefly
			}
			got := tell(ended(c.list), found, c.most)
			if !slices.Equal(got.Order, c.order) || got.Rest != c.rest {
				t.Errorf("%v, %q, want %v, %q", got.Order, got.Rest, c.order, c.rest)
			}
			for i := range c.list {
				if got.Tells(i) != slices.Contains(c.order, i) {
					t.Errorf("tells %d: %v", i, got.Tells(i))
				}
			}
			if !slices.IsSorted(got.InTime()) || len(got.InTime()) != len(c.order) {
				t.Errorf("in time %v", got.InTime())
			}
		})
	}
	told := Tell(ended("uun"), nil, 3)
	if told.Tells(-1) || told.Tells(3) {
		t.Error("there are three")
	}
}

// TestBeside: a finding stands with the first of those that are told.
func TestBeside(t *testing.T) {
	list := ended(strings.Repeat("u", 9) + "n")
	list[9].Steps = []story.Event{{Frames: []uint32{40, 41}}}
	told := Tell(list, nil, 2)
	found := []*finding.Finding{{Frames: []uint32{1, 41}}, {Frames: []uint32{10, 9}}, {Frames: []uint32{2}}, {}}
	if got := told.Beside(list, found); !slices.Equal(got, []int{9, 8, -1, -1}) {
		t.Errorf("%v of %v", got, told.Order)
	}
}

// TestTellRegistrations: of many the last one is told, those that failed, and the latest.
func TestTellRegistrations(t *testing.T) {
	all := make([]*story.Registration, 100)
	for i := range all {
		all[i] = &story.Registration{Outcome: story.Succeeded}
	}
	check := func(most int, want ...int) {
		t.Helper()
		got := TellRegistrations(all, most)
		var numbers []int
		for _, r := range got {
			numbers = append(numbers, slices.Index(all, r))
		}
		if !slices.Equal(numbers, want) {
			t.Errorf("%v, want %v", numbers, want)
		}
	}
	all[3].Outcome, all[50].Outcome = story.Rejected, story.Unanswered
	check(5, 3, 50, 97, 98, 99)
	check(2, 50, 99)
	for _, r := range all[:99] {
		r.Outcome = story.Rejected
	}
	check(3, 97, 98, 99)
	if got := TellRegistrations(all, 100); len(got) != 100 {
		t.Errorf("%d of all are told", len(got))
	}
}

// TestTellContacts: of many contacts those that are bound are told.
func TestTellContacts(t *testing.T) {
	all := make([]*Contact, 10)
	for i := range all {
		all[i] = &Contact{}
	}
	all[2].Active = true
	if got := TellContacts(all, 3); len(got) != 3 || got[0] != all[2] || got[1] != all[8] || got[2] != all[9] {
		t.Errorf("%v", got)
	}
}
