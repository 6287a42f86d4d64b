package correlate_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"imscope/correlate"
	. "imscope/correlate/internal/scenario"
	"imscope/decode"
)

// histories are long ones, in which what is over is forgotten on the way.
var histories = map[string]func(s *Scenario){
	// With a contact and a subscription of its own for each registration.
	"new contact each time": func(s *Scenario) {
		for i := range 60 {
			contact, watch := fmt.Sprintf("sip:u%d@10.0.0.1:5060", i), fmt.Sprint("sub-", i)
			s.Registered(Register{UE: UE1, Contact: contact, Expires: 3600, CSeq: 1 + 2*i})
			s.Watches(Watch{By: UE1, Contact: contact, CallID: watch})
			s.Tells(Told{By: UE1, CallID: watch, Regs: Both("active", fmt.Sprintf("c%d active registered %s 3600", i, contact))})
			s.Wait(14 * time.Minute)
			s.Removed(Register{UE: UE1, Contact: contact}, 2+2*i)
			s.Tells(Told{By: UE1, CallID: watch, Version: 1, State: "terminated", Regs: Both("terminated", fmt.Sprintf("c%d terminated unregistered %s", i, contact))})
			s.Wait(10 * time.Second)
		}
	},
	// The REGISTER that ran out is far behind what was folded.
	"one expires while another refreshes": func(s *Scenario) {
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		for i := range 400 {
			s.Wait(15 * time.Second)
			s.Registered(Register{UE: UE2, Contact: Tablet, Expires: 7200, CSeq: 1 + i})
		}
	},
	"expires early on": func(s *Scenario) {
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 60, CSeq: 1})
		for i := range 400 {
			s.Wait(20 * time.Second)
			s.Registered(Register{UE: UE2, Contact: Tablet, Expires: 7200, CSeq: 1 + i})
		}
	},
	// Facts are forgotten while a de-registration waits for what may follow.
	"ends after many refreshes": func(s *Scenario) {
		cseq := 0
		for i := range 14 {
			for range 91 + 7*i {
				cseq++
				s.Registered(Register{UE: UE1, Contact: Phone, Expires: 7200, CSeq: cseq})
				s.Wait(5 * time.Second)
			}
			cseq++
			s.Removed(Register{UE: UE1, Contact: Phone}, cseq)
			s.Wait(time.Minute)
		}
	},
	// Each with three findings of a rule at a frame, after more than is held.
	"watchers not told": func(s *Scenario) {
		version := 0
		for round := range 3 {
			for i := range 200 {
				s.Registered(Register{UE: UE1, Contact: Phone, Expires: 7200, CSeq: 1 + 1000*round + i})
				s.Wait(5 * time.Second)
			}
			for _, by := range []string{UE1, PCSCF, AS} {
				id := fmt.Sprint("sub-", round, by)
				s.Watches(Watch{By: by, CallID: id})
				s.Tells(Told{By: by, CallID: id, Version: version, Regs: Both("active", "c active registered "+Phone+" 3600")})
			}
			s.Wait(time.Minute)
			s.RTR(0, 2001)
			s.Wait(5 * time.Minute)
		}
	},
	// Two implicit registration sets of one contact: the HSS ends one, the other runs out.
	"one of two sets ends": func(s *Scenario) {
		bothSets(s, workPhone)
		s.Wait(time.Minute)
		s.RTR(0, 2001, Alice, AliceTel)
		for range 6 {
			s.Wait(5 * time.Minute)
			s.Query(UE2)
		}
	},
	"calls when told to be gone": func(s *Scenario) {
		s.Registered(Register{UE: UE1, Contact: Phone, Expires: 3600, CSeq: 1})
		s.Subscribe(UE1, Phone)
		s.Notify(UE1, 0, "full", Both("active", "c active registered "+Phone+" 300"))
		s.Notify(UE1, 1, "full", Both("terminated", "c terminated deactivated "+Phone+" 0"))
		s.Wait(5 * time.Minute)
		s.Send(UE1, PCSCF, "INVITE sip:bob@home1.net SIP/2.0\n"+Via("i", UE1)+"From: <"+Alice+">;tag=f\nTo: <sip:bob@home1.net>\nCall-ID: inv\nCSeq: 1 INVITE\nContent-Length: 0\n\n")
	},
}

// again are rules that join what they see to one finding. What comes again once all earlier sightings are forgotten is told
// again.
var again = []string{"path-missing", "reginfo-expiry-short", "contact-not-announced"}

// told is what a run told of a history.
type told struct {
	events           int
	deregs, findings []string
	counted          correlate.Deregistrations
}

func (g *told) take(e correlate.Emission) {
	switch {
	case e.Event != nil:
		g.events++
	case e.Finding != nil:
		g.findings = append(g.findings, e.Finding.Rule)
	case e.Deregistration != nil && !e.Update:
		g.deregs = append(g.deregs, fmt.Sprint(e.Deregistration.Initiator, " ", e.Deregistration.Contacts))
	}
}

func (g *told) same(t *testing.T, what string, want *told) {
	t.Helper()
	for _, list := range [][]string{g.deregs, g.findings, want.deregs, want.findings} {
		slices.Sort(list)
	}
	findings, wanted := once(g.findings), once(want.findings)
	if g.events != want.events {
		t.Errorf("%s: %d events, in the report %d", what, g.events, want.events)
	}
	if !slices.Equal(g.deregs, want.deregs) || g.counted != want.counted {
		t.Errorf("%s: %d de-registrations, in the report %d\n%q\n%q\ncounted %v and %v", what, len(g.deregs), len(want.deregs), g.deregs, want.deregs, g.counted, want.counted)
	}
	if !slices.Equal(findings, wanted) {
		t.Errorf("%s: findings %q\nin the report %q", what, findings, wanted)
	}
}

// once leaves the first of what may be told again.
func once(sorted []string) (out []string) {
	for i, f := range sorted {
		if i == 0 || f != sorted[i-1] || !slices.Contains(again, f) {
			out = append(out, f)
		}
	}
	return out
}

// A Live, one whose frames are renumbered, and a Stream tell of a long history each thing once, and what the report of the
// whole capture says.
func TestLongHistories(t *testing.T) {
	for name, play := range histories {
		t.Run(name, func(t *testing.T) {
			s := New(t)
			var plain, renumbered, streamed, want told
			live, rebased := correlate.NewLive(correlate.Options{}), correlate.NewLive(correlate.Options{})
			stream := correlate.NewStream(correlate.Options{}, streamed.take)
			const every = 500
			base := uint32(0)
			last := int64(0)
			s.Also = func(rec *decode.Record) {
				if rec.Time-last > int64(time.Second) { // else it may be too early to judge
					live.Advance(rec.Time, 0, plain.take)
					rebased.Advance(rec.Time, 0, renumbered.take)
				}
				last = rec.Time
				live.Observe(rec)
				stream.Observe(rec)
				if rec.Frame-base > every {
					rebased.Rebase(every / 2)
					base += every / 2
				}
				down := *rec
				down.Frame, down.Frames = rec.Frame-base, []uint32{rec.Frame - base}
				rebased.Observe(&down)
			}
			play(s)
			for range 20 { // all that others wait for is over
				s.Wait(20 * time.Minute)
				s.Registered(Register{UE: "10.0.0.7:5060", AOR: "sip:bob@home1.net", IMPI: "bob@home1.net", Contact: "sip:bob@10.0.0.7", Expires: 7200, CSeq: int(s.Now / 1e9)})
			}
			live.Finish(s.Now, plain.take)
			rebased.Finish(s.Now, renumbered.take)
			stream.Finish(nil)
			r := s.Engine.Close(nil, nil)
			for u := range r.Users() {
				want.events += len(u.Timeline)
				for _, d := range u.Deregistrations {
					want.deregs = append(want.deregs, fmt.Sprint(d.Initiator, " ", d.Contacts))
				}
			}
			for _, f := range r.Findings {
				want.findings = append(want.findings, f.Rule)
			}
			want.counted = r.Stats.Deregistrations
			plain.counted, renumbered.counted, streamed.counted = live.Totals.Deregistrations, rebased.Totals.Deregistrations, stream.Totals().Deregistrations
			plain.same(t, "live", &want)
			renumbered.same(t, "renumbered", &want)
			streamed.same(t, "stream", &want)
		})
	}
}
