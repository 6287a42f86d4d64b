package correlate

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"imscope/correlate/finding"
	"imscope/decode"
	"imscope/samples"
)

// A stream tells each event, de-registration and finding once, and in the end what the report of the whole
// capture says.
func TestStreamTellsTheSame(t *testing.T) {
	for _, c := range samples.List() {
		t.Run(c.Name, func(t *testing.T) {
			whole := NewEngine(Options{})
			deregs := map[string]string{} // the newest word counts
			var order, findings []string
			events := 0
			s := NewStream(Options{}, func(m Emission) {
				switch d := m.Deregistration; {
				case m.Event != nil:
					events++
				case m.Finding != nil:
					findings = append(findings, about(m.Finding))
				case d != nil:
					id := fmt.Sprint(m.User.ID, d.TriggerFrame, d.Started)
					if _, ok := deregs[id]; ok != m.Update {
						t.Errorf("%s: update %v", word(d), m.Update)
					}
					deregs[id] = word(d)
				}
			})
			run(t, sample(t, c.Name), func(r *decode.Record) {
				whole.Observe(r)
				s.Observe(r)
			})
			s.Finish()
			for _, w := range deregs {
				order = append(order, w)
			}
			var wantDeregs, wantFindings []string
			messages := 0
			rep := whole.Close(nil, nil)
			for u := range rep.Users() {
				for _, d := range u.Deregistrations {
					wantDeregs = append(wantDeregs, word(d))
				}
				messages += len(u.Timeline)
			}
			for _, f := range rep.Findings {
				wantFindings = append(wantFindings, about(&f))
			}
			same(t, "de-registrations", order, wantDeregs)
			same(t, "findings", findings, wantFindings)
			if events != messages {
				t.Errorf("%d events in the stream, %d in the report", events, messages)
			}
			if got, want := s.Close(nil, nil).Stats.Deregistrations, rep.Stats.Deregistrations; got != want {
				t.Errorf("counted %+v, want %+v", got, want)
			}
		})
	}
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%s\nin the report:\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// about is what makes a finding one and the same: more frames that show it may come.
func about(f *finding.Finding) string {
	return fmt.Sprint(f.User, " ", f.Rule, " ", f.Severity, " ", f.Frames[:min(len(f.Frames), 1)])
}
