package report_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"imscope/correlate"
	"imscope/correlate/story"
	"imscope/decode"
	"imscope/decode/capture"
	"imscope/render/internal/fixture"
	"imscope/render/report"
	"imscope/samples"
)

func TestPlan(t *testing.T) {
	p := report.NewPlan(fixture.Crowd(3000), 5)
	if len(p.Detailed) != 5 || len(p.Rows) != 2995 || p.Left != 0 {
		t.Fatalf("%d in detail, %d rows, %d left", len(p.Detailed), len(p.Rows), p.Left)
	}
	seen := map[string]bool{}
	for _, u := range p.Detailed {
		seen[u.ID] = true
		if len(u.Deregistrations) == 0 {
			t.Errorf("%s is told in detail and has nothing to tell", u.ID)
		}
	}
	for i, r := range p.Rows {
		if seen[r.ID] {
			t.Fatalf("%s twice", r.ID)
		}
		seen[r.ID] = true
		if i > 0 && r.First < p.Rows[i-1].First {
			t.Fatal("rows are not in order")
		}
	}
	if !slices.ContainsFunc(p.Detailed, func(u *report.User) bool { return len(u.Findings) > 0 }) {
		t.Error("no user with a finding is told in detail")
	}
	few := report.NewPlan(fixture.Crowd(3), 0)
	if len(few.Detailed) != 3 || len(few.Rows) != 0 {
		t.Errorf("of 3 users %d in detail, %d rows", len(few.Detailed), len(few.Rows))
	}
	if none := report.NewPlan(fixture.Crowd(3), -1); len(none.Detailed) != 0 || len(none.Rows) != 3 {
		t.Errorf("%d in detail, %d rows", len(none.Detailed), len(none.Rows))
	}
}

func TestWants(t *testing.T) {
	p := report.NewPlan(fixture.SeedUser(), 1)
	for frame, want := range map[uint32]bool{41: true, 44: true, 42: false /* a retransmission */, 1: true, 0: false, 99: false} {
		if p.Wants(frame) != want {
			t.Errorf("frame %d: %v", frame, !want)
		}
	}
	if p.LastFrame() != 61 || p.Cut() || p.Wanted() == 0 {
		t.Errorf("last %d, cut %v, %d", p.LastFrame(), p.Cut(), p.Wanted())
	}
	// Of many users, what ended comes before what began.
	p = report.NewPlan(fixture.Crowd(20_000), 4000)
	if !p.Cut() || p.Wanted() > 5000 {
		t.Errorf("%d frames", p.Wanted())
	}
	for _, u := range p.Detailed {
		for _, d := range u.Deregistrations {
			if !p.Wants(d.TriggerFrame) {
				t.Fatalf("frame %d of a de-registration is left out", d.TriggerFrame)
			}
		}
	}
}

// open decodes a sample and gives fn its records.
func open(t *testing.T, name string, fn func(*decode.Record)) []capture.FileInfo {
	t.Helper()
	data, err := fs.ReadFile(samples.FS, name)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), filepath.Base(name))
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	set, err := capture.Open(t.Context(), []string{path}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	if _, err := decode.Run(context.Background(), set, decode.Options{}, func(r *decode.Record) error { fn(r); return nil }); err != nil {
		t.Fatal(err)
	}
	return set.Files()
}

// TestFind: every hop of every user finds its own message, also where a segment completed two.
func TestFind(t *testing.T) {
	for _, s := range samples.List() {
		engine := correlate.NewEngine(correlate.Options{})
		var stats *decode.Stats
		files := open(t, s.Name, engine.Observe)
		plan := report.NewPlan(engine.Close(files, stats), 0)
		msgs := &report.Messages{}
		open(t, s.Name, func(r *decode.Record) {
			if plan.Wants(r.Frame) {
				msgs.Add(r)
			}
		})
		n := 0
		for _, u := range plan.Detailed {
			for i := range u.Timeline {
				e := &u.Timeline[i]
				for j := range e.Hops {
					h := &e.Hops[j]
					m := msgs.Find(e, h)
					if h.Repeat || h.Copy {
						continue
					}
					if m == nil {
						t.Errorf("%s: no message of frame %d, %s", s.Name, h.Frame, e.Summary)
						continue
					}
					n++
					line := m.Lines()[0]
					method := e.Method
					if e.Status != 0 {
						method = "SIP/2.0 "
					}
					if line.Kind != report.Start || !strings.HasPrefix(line.Value, method) {
						t.Errorf("%s: frame %d is %s and shows %q", s.Name, h.Frame, e.Summary, line.Value)
					}
				}
			}
		}
		if n == 0 {
			t.Errorf("%s: no messages", s.Name)
		}
	}
}

func TestLines(t *testing.T) {
	value := func(lines []report.Line, name string) (string, bool) {
		for _, l := range lines {
			if strings.EqualFold(l.Name, name) {
				return l.Value, l.Important
			}
		}
		return "", false
	}
	frames := map[uint32]*report.Messages{}
	var events []story.Event
	engine := correlate.NewEngine(correlate.Options{})
	files := open(t, "user-initiated.pcapng", engine.Observe)
	rep := engine.Close(files, nil)
	for u := range rep.Users() {
		events = u.Timeline
	}
	open(t, "user-initiated.pcapng", func(r *decode.Record) {
		if frames[r.Frame] == nil {
			frames[r.Frame] = &report.Messages{}
		}
		frames[r.Frame].Add(r)
	})
	find := func(frame uint32) []report.Line {
		t.Helper()
		for i := range events {
			for j := range events[i].Hops {
				if h := &events[i].Hops[j]; h.Frame == frame {
					if m := frames[frame].Find(&events[i], h); m != nil {
						return m.Lines()
					}
				}
			}
		}
		t.Fatalf("no message of frame %d", frame)
		return nil
	}
	if v, important := value(find(173), "Contact"); v != "<sip:[5555::1:2:3:4]:1357;comp=sigcomp>;expires=0" || !important {
		t.Errorf("Contact of the REGISTER: %q, %v", v, important)
	}
	if v, important := value(find(173), "Via"); !strings.HasPrefix(v, "SIP/2.0/UDP [5555::1:2:3:4]") || important {
		t.Errorf("Via of the REGISTER: %q, %v", v, important)
	}
	if v, _ := value(find(178), "Server-Assignment-Type"); v != "5 USER_DEREGISTRATION" {
		t.Errorf("Server-Assignment-Type of the SAR: %q", v)
	}
	if v, _ := value(find(19), "Confidentiality-Key"); v != "(16 bytes, left out)" {
		t.Errorf("Confidentiality-Key of the MAA: %q", v)
	}
	// The challenge on Mw carries ck and ik; on its way nothing else is lost.
	v, _ := value(find(20), "WWW-Authenticate")
	if !strings.Contains(v, `ck="(left out)"`) || !strings.Contains(v, `ik="(left out)"`) || !strings.Contains(v, "nonce=") {
		t.Errorf("WWW-Authenticate between the CSCFs: %q", v)
	}
	notify := find(184)
	gap := slices.IndexFunc(notify, func(l report.Line) bool { return l.Kind == report.Gap })
	if gap < 0 || notify[gap+1].Kind != report.Body || !strings.HasPrefix(notify[gap+1].Value, "<?xml") {
		t.Errorf("the body of the NOTIFY: %+v", notify)
	}
	depth := 0
	for _, l := range find(175) {
		depth = max(depth, l.Depth)
	}
	if depth == 0 {
		t.Error("grouped AVPs are flat")
	}
}

func TestFilter(t *testing.T) {
	if got := report.Filter([]uint32{41, 45}); got != "frame.number==41||frame.number==45" {
		t.Error(got)
	}
	if got := report.Filter(nil); got != "" {
		t.Error(got)
	}
}
