package samples

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"imscope/correlate"
	"imscope/decode"
)

var frameNumber = regexp.MustCompile(`#[0-9]+(–[0-9]+)?`)

// told is what the analysis says of a capture, but for the numbers of its frames.
type told struct {
	lines []string
	rep   *correlate.Report
	stats *decode.Stats
}

// analyse takes a capture all the way.
func analyse(t *testing.T, src *packetSource) told {
	t.Helper()
	engine := correlate.NewEngine(correlate.Options{})
	st, err := decode.Run(t.Context(), src, decode.Options{}, func(rec *decode.Record) error {
		engine.Observe(rec)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	out := told{rep: engine.Close(nil, st), stats: st}
	say := func(format string, args ...any) {
		out.lines = append(out.lines, frameNumber.ReplaceAllString(fmt.Sprintf(format, args...), "#"))
	}
	for u := range out.rep.Users() {
		say("user %s %q %q", u.ID, u.PublicIdentities, u.PrivateIdentities)
		for _, b := range u.Bindings {
			say("binding %s %s active %v, %d to %d", b.AOR, b.Contact, b.Active, b.Registered, b.Ended)
		}
		for _, d := range u.Deregistrations {
			say("de-registration by %s, %s, %s: %s; %s", d.Initiator, d.Outcome, d.Scope, d.Cause, d.Verdict)
		}
		for _, e := range u.Timeline {
			say("%d %s → %s %s: %s", e.Time, e.From, e.To, e.Kind, e.Summary)
		}
	}
	sum := st.Signalling
	for _, n := range st.Other {
		sum += n
	}
	for _, u := range st.Undecodable {
		sum += u.Packets
	}
	if sum != st.Packets || int(st.Packets) != len(src.packets) {
		t.Errorf("%d packets accounted for of %d", sum, len(src.packets))
	}
	return out
}

// stated reports whether the statistics say that something is missing.
func (o told) stated() bool {
	st := o.stats
	return len(st.Undecodable) > 0 || st.Streams.Gaps > 0 || st.Streams.Incomplete > 0 || st.Fragments.Incomplete > 0 || st.SCTP.Incomplete > 0 || st.Problems["net-incomplete"] > 0
}

// difference shows the first lines that are not the same.
func (o told) difference(want []string) string {
	for i := range max(len(o.lines), len(want)) {
		g, w := "nothing", "nothing"
		if i < len(o.lines) {
			g = o.lines[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			return fmt.Sprintf("%d lines of %d; line %d\ngot  %s\nwant %s\n%+v", len(o.lines), len(want), i+1, g, w, *o.stats)
		}
	}
	return ""
}

// A registration and its end are told alike, whatever carries them, in whatever pieces, in whatever order and however
// often; where a piece is missing that is said.
func TestMatrix(t *testing.T) {
	messages := conversation(t, "real/real-user-initiated-cooked.pcap")
	plain := build(messages, transports()[0], links()[0], 0, 0)
	first := analyse(t, source(plain, links()[0].kind, 0))
	want := first.lines
	if text := strings.Join(want, "\n"); len(want) < 10 || !strings.Contains(text, "de-registration by user, complete") {
		t.Fatalf("the plain capture says\n%s", text)
	}
	r := rand.New(rand.NewPCG(1, 1))
	for i, l := range links() {
		if testing.Short() && i%4 != 0 {
			continue
		}
		for _, tr := range transports() {
			for _, pieces := range []struct {
				name         string
				inner, outer int
			}{{"whole", 0, 0}, {"fragments", 400, 0}, {"fragments outside", 0, 480}, {"both", 256, 200}} {
				if pieces.outer > 0 && len(l.wrap(newState(), make([]byte, 1000), 480)) == 1 {
					continue // this link has no packets of its own that could be cut
				}
				t.Run(strings.Join([]string{l.name, tr.name, pieces.name}, "/"), func(t *testing.T) {
					pack := func() []piece { return build(messages, tr, l, pieces.inner, pieces.outer) }
					got := analyse(t, source(pack(), l.kind, 0))
					if d := got.difference(want); d != "" {
						t.Error("as it is:", d)
					}
					if got.stated() || got.stats.SIPMessages != first.stats.SIPMessages || got.rep.Stats.Duplicates != 0 {
						t.Errorf("as it is: %+v", *got.stats)
					}
					if got := analyse(t, source(shuffle(pack(), r), l.kind, 0)); got.difference(want) != "" || got.stated() {
						t.Error("in disorder:", got.difference(want), got.stats.Undecodable)
					}
					got = analyse(t, source(twice(pack()), l.kind, 0))
					if d := got.difference(want); d != "" || got.stated() {
						t.Error("captured twice:", d, got.stats.Undecodable)
					}
					if s := got.rep.Stats; s.UniqueMessages != first.stats.SIPMessages || s.Retransmissions != 0 {
						t.Errorf("captured twice: %d transmissions of %d, %d retransmissions", s.UniqueMessages, first.stats.SIPMessages, s.Retransmissions)
					}
					lost := 0
					for k := range messages {
						cut := without(pack(), k)
						if cut == nil {
							continue
						}
						lost++
						if got := analyse(t, source(cut, l.kind, 0)); got.difference(want) != "" && !got.stated() {
							t.Errorf("a piece of message %d is missing, and nothing says so: %s", k+1, got.difference(want))
						}
					}
					if lost == 0 && (pieces.inner > 0 || pieces.outer > 0 || tr.name == "tcp") {
						t.Error("nothing was in pieces")
					}
					if got := analyse(t, source(pack(), l.kind, 180)); !got.stated() || got.stats.SIPMessages > first.stats.SIPMessages {
						t.Errorf("cut by the capture, and nothing says so: %+v", *got.stats)
					}
				})
			}
		}
	}
}

// The first lines of a plain capture stay as they are read here: what the others are compared with must not be empty.
func TestMatrixTellsDifferences(t *testing.T) {
	messages := conversation(t, "real/real-user-initiated-cooked.pcap")
	l, tr := links()[0], transports()[0]
	want := analyse(t, source(build(messages, tr, l, 0, 0), l.kind, 0)).lines
	missing := 0
	for i := range messages {
		some := slices.Delete(slices.Clone(messages), i, i+1)
		if analyse(t, source(build(some, tr, l, 0, 0), l.kind, 0)).difference(want) != "" {
			missing++
		}
	}
	if missing < len(messages)/2 {
		t.Errorf("only %d of %d messages make a difference", missing, len(messages))
	}
}
