package statistics_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"imscope/correlate/finding"
	. "imscope/correlate/internal/scenario"
	"imscope/correlate/statistics"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

const lte = "P-Access-Network-Info: 3GPP-E-UTRAN-FDD; utran-cell-id-3gpp=0010100010000001\nUser-Agent: phone/1\n"

var asked = Register{UE: UE1, Contact: Phone, Expires: 600, CSeq: 1, Unchallenged: true, Header: lte, Mw: "P-Visited-Network-ID: \"visited1.net\"\n"}

// day plays one phone's day: refused, registered, refreshed too late, thrown out, registered again, gone.
func day(t *testing.T) *story.User {
	s := New(t)
	s.AskOver(asked, UE1, PCSCF, ICSCF)
	s.UAR(Cx{Experimental: 5004})
	s.AnswerOver(asked, 403, "", ICSCF, PCSCF, UE1)
	s.Wait(time.Minute)

	r := asked
	r.CSeq = 2
	s.Ask(r)
	s.Wait(8 * time.Millisecond)
	s.Answer(r, 401, Challenge("n1"))
	r.CSeq, r.Nonce, r.Unchallenged = 3, "n1", false
	s.Ask(r)
	s.Answer(r, 200, Associated+"Contact: <"+Phone+">;expires=600\n")
	s.Wait(11 * time.Minute)
	r.CSeq = 4
	s.Registered(r)
	s.Wait(time.Minute)
	s.RTR(0, 2001)
	s.Wait(2 * time.Minute)
	r.CSeq, r.Unchallenged, r.CallID = 5, true, "again"
	s.Registered(r)
	s.Wait(time.Minute)
	r.CSeq, r.Expires, r.Unchallenged = 6, 0, false
	s.Ask(r)
	s.Answer(r, 200, "")
	s.Wait(time.Hour)
	r.CSeq, r.Expires = 7, 600
	s.Ask(r) // and the capture ends
	return s.Close()
}

func TestCollect(t *testing.T) {
	u := day(t)
	c := statistics.New(statistics.Options{Bucket: 10 * time.Minute})
	c.Add(statistics.Observe(u, []finding.Finding{
		{Rule: "a", Title: "first", Severity: problem.Warning, Frames: []uint32{1}},
		{Rule: "a", Title: "second", Severity: problem.Error, Frames: []uint32{40}},
		{Rule: "b", Title: "other", Severity: problem.Info},
	}))
	s := c.Result()
	n := &s.Total
	for _, tt := range []struct {
		what      string
		got, want any
	}{
		{"users", s.Users, 1},
		{"initial", n.Attempts(statistics.Initial), uint64(4)},
		{"initial, succeeded", n.Outcome(statistics.Initial, story.Succeeded), uint64(2)},
		{"initial, rejected", n.Outcome(statistics.Initial, story.Rejected), uint64(1)},
		{"initial, open", n.Outcome(statistics.Initial, story.Open), uint64(1)},
		{"refreshes", n.Outcome(statistics.Refresh, story.Succeeded), uint64(1)},
		{"removals", n.Outcome(statistics.Removal, story.Succeeded), uint64(1)},
		{"network", n.Deregistered(story.ByNetwork), uint64(1)},
		{"user", n.Deregistered(story.ByUser), uint64(1)},
		{"expiry", n.Deregistered(story.ByExpiry), uint64(0)},
		{"initial delays", n.Delay[statistics.Initial].Count, uint64(2)},
		{"longest", n.Delay[statistics.Initial].Max, int64(15 * time.Millisecond)},
		{"shortest", n.Delay[statistics.Initial].Min, int64(3 * time.Millisecond)},
		{"refreshed", n.Refreshed.Count, uint64(1)},
		{"late", n.Late, uint64(1)},
		{"away", n.Away.Count, uint64(1)},
		{"away for", time.Duration(n.Away.Max).Round(time.Second), 2 * time.Minute},
		{"errors", n.Findings(2), uint64(1)},
		{"rules", len(s.Findings), 3},
		{"severest", s.Findings[0], statistics.FindingCount{Rule: "a", Title: "second", Severity: 2, Count: 1, Users: 1}},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %v, want %v", tt.what, tt.got, tt.want)
		}
	}
	if share, ok := n.Success(statistics.Initial); !ok || share < 0.666 || share > 0.667 {
		t.Errorf("success %v", share)
	}
	if _, ok := n.Success(statistics.Other); ok {
		t.Error("success without attempts")
	}

	var causes []string
	for _, c := range s.Causes {
		causes = append(causes, fmt.Sprint(c.Initiator, ": ", c.Cause, " ", c.All()))
	}
	if got := strings.Join(causes, "\n"); got != "user: REGISTER with expires 0 1\nnetwork: HSS RTR, reason PERMANENT_TERMINATION 1" {
		t.Errorf("causes:\n%s", got)
	}

	var responses []string
	for _, r := range s.Responses {
		responses = append(responses, fmt.Sprintf("%s %d %s>%s %d", r.Method, r.Status, r.From, r.To, r.Messages))
	}
	want := "REGISTER 200 P-CSCF>UE 4\nREGISTER 200 S-CSCF>P-CSCF 4\nREGISTER 401 P-CSCF>UE 1\nREGISTER 401 S-CSCF>P-CSCF 1\n" +
		"REGISTER 403 P-CSCF>UE 1\nREGISTER 403 I-CSCF>P-CSCF 1"
	if got := strings.Join(responses, "\n"); got != want {
		t.Errorf("responses:\n%s", got)
	}

	holds := map[string]int64{}
	for _, h := range s.Holds {
		holds[h.Node+" "+h.Step] = h.Time.Max
	}
	if holds["S-CSCF answer"] != int64(9*time.Millisecond) || holds["HSS UAA"] != int64(time.Millisecond) || holds["I-CSCF answer"] != int64(2*time.Millisecond) {
		t.Errorf("holds %v", holds)
	}

	groups := map[statistics.Dimension]string{}
	for _, g := range s.Groupings {
		var names []string
		for _, n := range g.Groups {
			names = append(names, fmt.Sprint(n.Name, " ", n.Attempts(statistics.Initial), " ", n.Deregistered(story.ByNetwork)))
		}
		groups[g.By] = strings.Join(names, ", ")
	}
	for by, want := range map[statistics.Dimension]string{statistics.ByAccess: "3GPP-E-UTRAN-FDD 4 1", statistics.ByAgent: "phone/1 4 1",
		statistics.ByPCSCF: "10.9.0.1 4 1", statistics.ByVisited: "visited1.net 4 1"} {
		if groups[by] != want {
			t.Errorf("%s: %s, want %s", by, groups[by], want)
		}
	}

	var buckets []string
	for _, b := range s.Buckets {
		buckets = append(buckets, fmt.Sprint(time.Duration(b.Start-s.Buckets[0].Start), " ", b.Attempts(statistics.Initial), b.Attempts(statistics.Refresh), b.Deregistered(story.ByNetwork)))
	}
	if got := strings.Join(buckets, ", "); got != "0s 2 0 0, 10m0s 1 1 1, 1h10m0s 1 0 0" {
		t.Errorf("buckets: %s", got)
	}
}

// TestCells: of one dimension each group is counted over time.
func TestCells(t *testing.T) {
	u := day(t)
	c := statistics.New(statistics.Options{Bucket: time.Hour, By: []statistics.Dimension{statistics.ByAgent}})
	c.Add(statistics.Observe(u, nil))
	s := c.Result()
	if len(s.Groupings) != 1 || len(s.Groupings[0].Groups) != 1 {
		t.Fatalf("%+v", s.Groupings)
	}
	cells := s.Groupings[0].Groups[0].Cells
	if len(cells) != 2 || cells[0].Attempts(statistics.Initial) != 3 || cells[1].Attempts(statistics.Initial) != 1 || cells[1].Start-cells[0].Start != int64(time.Hour) {
		t.Errorf("%+v", cells)
	}
}

// TestBounds: more groups, buckets and causes than there is room for.
func TestBounds(t *testing.T) {
	c := statistics.New(statistics.Options{Bucket: time.Second, By: []statistics.Dimension{statistics.ByAgent}})
	const users = 1500
	for i := range users {
		r := asked
		r.Header = fmt.Sprintf("User-Agent: phone/%d\n", i)
		s := New(t)
		s.Wait(time.Duration(i) * 3 * time.Second)
		s.Registered(r)
		c.Add(statistics.Observe(s.Close(), nil))
	}
	s := c.Result()
	g := s.Groupings[0]
	rest := g.Groups[len(g.Groups)-1]
	if len(g.Groups) != 257 || !g.Full || rest.Name != statistics.Rest || rest.Attempts(statistics.Initial) != users-256 {
		t.Errorf("%d groups, the last one is %s with %d", len(g.Groups), rest.Name, rest.Attempts(statistics.Initial))
	}
	if !s.Widened || s.Bucket != int64(8*time.Second) || len(s.Buckets) > 1000 {
		t.Errorf("%d buckets of %v", len(s.Buckets), time.Duration(s.Bucket))
	}
	sum, delays, cells := uint64(0), uint64(0), uint64(0)
	for i, b := range s.Buckets {
		sum += b.Attempts(statistics.Initial)
		delays += b.Delay[statistics.Initial].Count
		if b.Start%s.Bucket != 0 || i > 0 && b.Start <= s.Buckets[i-1].Start {
			t.Fatalf("bucket %d begins at %d", i, b.Start)
		}
	}
	for _, n := range g.Groups {
		for _, x := range n.Cells {
			cells += x.Attempts(statistics.Initial)
		}
	}
	if sum != users || delays != users || cells != users || s.Total.Attempts(statistics.Initial) != users {
		t.Errorf("%d in buckets, %d delays, %d in cells", sum, delays, cells)
	}
}

func TestCause(t *testing.T) {
	for want, d := range map[string]*story.Deregistration{
		"S-CSCF: replaced by another contact of the same instance": {Initiator: story.ByNetwork, Cause: "S-CSCF: replaced by sip:a@10.0.0.9 of the same instance"},
		"the granted time ran out":                                 {Initiator: story.ByExpiry, Cause: "the granted time ran out"},
		statistics.Unknown:                                         {},
	} {
		if got := statistics.Cause(d); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
