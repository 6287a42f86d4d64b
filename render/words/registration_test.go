package words_test

import (
	"testing"
	"time"

	"imscope/correlate/fact"
	"imscope/correlate/story"
	"imscope/render/style"
	"imscope/render/words"
)

func TestRegistrationWords(t *testing.T) {
	const sec = int64(time.Second)
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano()
	by := func(who string) *story.Deregistration { return &story.Deregistration{Initiator: who} }
	for _, tt := range []struct {
		r        story.Registration
		interval string
		next     words.Word
		outcome  words.Word
	}{
		{story.Registration{Requested: 600000, Granted: 540000, RefreshedAfter: 1800 * sec, Outcome: story.Succeeded, Status: 200, Reason: "OK"},
			"600,000 → 540,000 s", words.Word{Role: style.Plain, Text: "refreshed after 30 min"}, words.Word{Role: style.Good, Text: "200 OK"}},
		{story.Registration{Requested: 60, Granted: 60, RefreshedAfter: 61 * sec, Outcome: story.Succeeded, Status: 200},
			"60 s", words.Word{Role: style.Warn, Text: "refreshed after 1 min 1 s, too late"}, words.Word{Role: style.Good, Text: "200"}},
		{story.Registration{Requested: fact.Absent, Granted: 60, Ended: day, ActualExpiry: day + 60*sec, EndedBy: by(story.ByExpiry), Outcome: story.Open},
			"60 s", words.Word{Role: style.ByExpiry, Text: "ran out after 1 min"}, words.Word{Role: style.Warn, Text: "open"}},
		{story.Registration{Requested: 60, Granted: fact.Absent, Ended: day, ActualExpiry: day + 60*sec, EndedBy: by(story.ByNetwork), Outcome: story.Unanswered},
			"60 s", words.Word{Role: style.ByNetwork, Text: "ended by the network after 1 min"}, words.Word{Role: style.Bad, Text: "not answered"}},
		{story.Registration{Requested: fact.Absent, Granted: fact.Absent, ActualExpiry: day, Ended: day - sec, Outcome: story.Unanswered, Status: 408, Reason: "Request Timeout"},
			"", words.Word{Role: style.Warn, Text: "ended after 1.00 s"}, words.Word{Role: style.Bad, Text: "408 Request Timeout"}},
		{story.Registration{Requested: 60, Granted: 60, PredictedExpiry: day + 60*sec, Outcome: story.Abandoned, Status: 401, Reason: "Unauthorized"},
			"60 s", words.Word{Role: style.Faint, Text: "runs out 00:01:00"}, words.Word{Role: style.Bad, Text: "401 Unauthorized, given up"}},
		{story.Registration{Requested: 60, Granted: fact.Absent, Outcome: story.Rejected, Status: 403, Reason: "Forbidden"},
			"60 s", words.Word{}, words.Word{Role: style.Bad, Text: "403 Forbidden"}},
	} {
		if got := words.Interval(&tt.r); got != tt.interval {
			t.Errorf("interval %q, want %q", got, tt.interval)
		}
		if got := words.Next(&tt.r, day); got != tt.next {
			t.Errorf("next %q, want %q", got, tt.next)
		}
		if got := words.RegistrationOutcome(&tt.r); got != tt.outcome {
			t.Errorf("outcome %q, want %q", got, tt.outcome)
		}
	}
}

func TestCamps(t *testing.T) {
	d := &story.Disagreement{From: 1e9, To: 61e9, Views: []story.View{{Party: "UE", State: story.BeliefNot}, {Party: "S-CSCF", State: story.BeliefRegistered}, {Party: "AS", State: story.BeliefNot}}}
	camps := words.Camps(d)
	if len(camps) != 2 || camps[0].State != story.BeliefRegistered || len(camps[0].Views) != 1 || len(camps[1].Views) != 2 || camps[1].Views[1].Party != "AS" {
		t.Errorf("%+v", camps)
	}
	if got := words.Span(d, 0); got != "00:00:01 to 00:01:01, 1 min" {
		t.Error(got)
	}
	d.Open = true
	if got := words.Span(d, 0); got != "00:00:01 to the end, 1 min" {
		t.Error(got)
	}
}
