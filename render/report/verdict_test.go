package report_test

import (
	"slices"
	"strings"
	"testing"

	"imscope/render/internal/fixture"
	"imscope/render/report"
)

func verdicts(u *report.User, most int) (numbers []int, rest string) {
	list, rest := u.Verdicts(most)
	for _, v := range list {
		switch {
		case v.Deregistration != nil:
			numbers = append(numbers, v.Number)
		case v.Registration != nil:
			numbers = append(numbers, -1)
		default:
			numbers = append(numbers, -2)
		}
	}
	return numbers, rest
}

// TestVerdicts: there is always one on how it ended.
func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		name  string
		user  *report.User
		most  int
		want  []int
		first int // what stands for the user, as in want
	}{
		{"all fit", report.NewPlan(fixture.Cycles(3), 0).Detailed[0], 6, []int{0, 1, 2, 3}, 3},
		{"the network's last one, and one of the routine ones", report.NewPlan(fixture.Cycles(30), 0).Detailed[0], 6, []int{30, 29}, 30},
		{"the last registration failed", report.NewPlan(fixture.Anatomy(), 0).Detailed[0], 6, []int{0, 1, -1}, -1},
		{"it failed, and there is no room for all", report.NewPlan(fixture.Anatomy(), 0).Detailed[0], 2, []int{-1, 1}, -1},
		{"nothing ended", report.NewPlan(fixture.Crowd(1), 0).Detailed[0], 6, []int{-2}, -2},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, rest := verdicts(c.user, c.most)
			if !slices.Equal(got, c.want) || (rest == "") != (len(c.user.Deregistrations) <= len(slices.DeleteFunc(slices.Clone(got), func(i int) bool { return i < 0 }))) {
				t.Errorf("%v, %q", got, rest)
			}
			v := c.user.Foremost()
			if (v.Registration != nil) != (c.first == -1) || (v.Deregistration != nil) != (c.first >= 0) || c.first >= 0 && v.Number != c.first {
				t.Errorf("it stands for itself with %+v", v)
			}
		})
	}
	list, _ := report.NewPlan(fixture.Anatomy(), 0).Detailed[0].Verdicts(6)
	if s := list[2].Sentence; !strings.HasPrefix(s, "The last registration did not succeed: I-CSCF answered 403") {
		t.Error(s)
	}
}

// TestEndings: the messages of how it ended come first, however late they are.
func TestEndings(t *testing.T) {
	p := report.NewPlan(fixture.Cycles(200), 0)
	for _, frame := range []uint32{2005, 2008, 1995, 1998} {
		if !p.Wants(frame) {
			t.Errorf("frame %d is left out", frame)
		}
	}
	if p.Wants(1) || !p.Cut() {
		t.Error("there is room for everything")
	}
	// A registration that failed is how it ended, where it is the last one.
	u := report.NewPlan(fixture.Anatomy(), 0).Detailed[0]
	list := u.Registrations()
	for e := range u.Hops(report.Endings) {
		if !slices.Contains(list[len(list)-1].Frames, e.Frame) {
			t.Errorf("frame %d is first", e.Frame)
		}
		break
	}
	all := 0
	for range u.Hops(report.Others) {
		all++
	}
	for _, s := range []report.Stage{report.Endings, report.Proofs} {
		n := 0
		for range u.Hops(s) {
			n++
		}
		if n == 0 || n >= all {
			t.Errorf("stage %d has %d of %d hops", s, n, all)
		}
	}
}
