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
			s.Finish(nil)
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

// More users than are held at a time: what is kept is bounded, and everything is told once all the same.
func TestStreamForgets(t *testing.T) {
	path, messages, _ := load(t, 9600)
	told := map[uint32]bool{}
	s := NewStream(Options{}, func(m Emission) {
		switch {
		case m.Finding != nil:
			t.Errorf("finding %s", m.Finding.Rule)
		case m.Event != nil && told[m.Event.Frame]:
			t.Errorf("frame %d is told again", m.Event.Frame)
		case m.Event != nil:
			told[m.Event.Frame] = true
		}
	})
	run(t, path, func(r *decode.Record) {
		s.Observe(r)
		if s.held > maxHeld {
			t.Fatalf("%d bytes are held", s.held)
		}
	})
	s.Finish(nil)
	if got, want := int64(len(told)), messages/2; got != want { // on two hops each
		t.Errorf("%d events, want %d", got, want)
	}
	if d := s.Totals().Deregistrations; d != (Deregistrations{User: 3000}) {
		t.Errorf("de-registrations %+v, want 3,000 by the user", d)
	}
	held := 0
	for u := range s.all {
		held += u.weight
	}
	if held != s.held {
		t.Errorf("%d bytes are counted, %d are held", s.held, held)
	}
	if n := s.live.Totals.UsersEvicted; n == 0 || len(s.live.users.byName) > 8*(s.heard.n+s.gone.n) || s.live.exchanges.len() > maxStreamOpen+tidyEvery {
		t.Errorf("%d users had to go; %d names, %d open exchanges", n, len(s.live.users.byName), s.live.exchanges.len())
	}
}

// Silence proves nothing of a time between two captures.
func TestStreamGap(t *testing.T) {
	var deregs []string
	s := NewStream(Options{}, func(m Emission) {
		if m.Deregistration != nil {
			deregs = append(deregs, word(m.Deregistration))
		}
	})
	last := int64(0)
	for _, name := range []string{"user-initiated.pcapng", "real/real-two-phones.pcap"} {
		first := true
		run(t, sample(t, name), func(r *decode.Record) {
			if first && last != 0 {
				s.Gap(last, r.Time)
			}
			first, last = false, r.Time
			c := *r
			c.Frame += uint32(s.messages) // numbered on
			s.Observe(&c)
		})
	}
	s.Finish(nil)
	if len(deregs) != 2 || !strings.HasPrefix(deregs[0], "user") || !strings.HasPrefix(deregs[1], "user") {
		t.Errorf("%q, want 2 by the user", deregs)
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
