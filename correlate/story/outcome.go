package story

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"imscope/correlate/fact"
)

// outcome decides whether it happened, and what is missing.
func (t *Teller) outcome(d *dereg) {
	p := d.pub
	t.missing = t.missing[:0]
	untold, mute := 0, 0
	for i := range p.Told {
		switch {
		case p.Told[i].Frame == 0:
			untold++
		case (p.Told[i].Silent || p.Told[i].Answer >= 300) && (d.initiator == ByNetwork || p.Told[i].Watcher != WatcherUE):
			mute++ // a phone that is switched off need not answer
		}
	}
	switch {
	case d.attempt != nil:
		t.attemptOutcome(d)
	case d.termination != nil:
		c := d.termination.cx
		p.Cause = d.termination.String()
		t.evidence(d, c.FirstFrame(), p.Cause)
		switch {
		case d.termination.failed && len(d.rows) > 0:
			t.misses(c.Name, " refused by the S-CSCF: ", resultText(c))
		case d.termination.failed:
			p.Outcome = Rejected
			p.Cause = t.words(p.Cause, ", refused by the S-CSCF: ", resultText(c))
		case !c.Answer.Seen() && len(d.rows) == 0:
			p.Outcome = Unanswered
		case !c.Answer.Seen():
			t.misses(c.Name, " not answered")
		case d.termination.idle != "" && len(d.rows) == 0:
			p.Idle = true
			p.Cause = t.words(p.Cause, ": ", d.termination.idle)
		case len(d.told) == 0 && len(p.Told) == 0:
			t.misses("no NOTIFY seen")
		}
	case d.farewell != nil:
		p.Cause = d.why
		if len(p.Told) == 0 {
			t.misses("no REGISTER and no NOTIFY seen")
		}
	case d.assignment != nil:
		p.Cause = d.why
		t.evidence(d, d.frame, d.why)
		if len(p.Told) == 0 {
			t.misses("no NOTIFY seen")
		}
	case d.initiator == ByNetwork:
		p.Cause = t.words("S-CSCF: ", d.why)
	case d.initiator == ByExpiry && d.silent:
		p.Cause = d.why
		if d.short == 0 {
			t.evidence(d, d.frame, "last refresh; the granted time ended ", clock(d.time, t.ctx.Start), " into the capture")
		}
		if len(p.Told) == 0 {
			t.misses("no NOTIFY seen")
		}
	default:
		p.Cause = d.why
	}
	if d.initiator == ByNetwork && d.attempt == nil && d.termination == nil {
		t.evidence(d, 0, "no REGISTER of the phone asks for it")
	}
	if p.Outcome == "" && !p.Idle { // nobody is to be told of what did not happen
		if mute > 0 {
			t.missing = slices.Insert(t.missing, 0, t.words(t.number(int64(mute)), " of ", t.number(int64(len(p.Told))), " watchers did not take the NOTIFY"))
		}
		if untold > 0 {
			t.missing = slices.Insert(t.missing, 0, t.words(t.number(int64(untold)), " of ", t.number(int64(len(p.Told))), " watchers not told"))
		}
	}
	p.Missing = t.joined(t.missing, ", ")
	if p.Outcome == "" {
		p.Outcome = Complete
		if len(t.missing) > 0 {
			p.Outcome = Incomplete
		}
	}
}

// misses says what a de-registration misses.
func (t *Teller) misses(parts ...string) { t.missing = append(t.missing, t.words(parts...)) }

// clock spells a moment as seconds since the capture's start.
func clock(at, start int64) string {
	return strconv.FormatFloat(float64(at-start)/1e9, 'f', 3, 64) + " s"
}

// attemptOutcome is outcome for a REGISTER.
func (t *Teller) attemptOutcome(d *dereg) {
	p, a := d.pub, d.attempt
	who := "the phone"
	if a.initiator == ByNetwork {
		who = "the P-CSCF"
	}
	first := a.exchanges[0]
	asked := "REGISTER with expires=0"
	if a.star {
		asked = "REGISTER with Contact: * and Expires: 0"
	}
	t.evidence(d, first.FirstFrame(), asked, " from ", who)
	last := a.last()
	final := last.Final()
	switch {
	case a.ignored:
		p.Outcome = Rejected
		p.Cause = t.words(who, " asked for it; the registrar answered ", t.number(int64(a.answer.Status)), " and kept the bindings")
	case a.accepted != nil:
		p.Cause = t.words(who, " asked for it")
		if p.Idle = len(d.rows) == 0; p.Idle {
			p.Cause = t.words(p.Cause, ", but nothing was bound any more")
		}
		t.evidence(d, a.answer.First().Frame, t.number(int64(a.answer.Status)), " to it")
		if a.accepted.Request.Seen() {
			want, got := outermost(&a.accepted.Request).Src, outermost(a.answer)
			if got.Vias > 1 && t.ctx.Addr(want) != t.ctx.Addr(got.Dst) { // with one Via it is for who sent the request, seen or not
				t.misses("the ", t.number(int64(a.answer.Status)), " was last seen on its way to ", t.label.of(got.Dst))
			}
		}
	case final == nil && len(d.rows) > 0:
		p.Cause = t.words(who, " asked for it")
		t.misses("REGISTER not answered")
	case final == nil && t.ctx.End-last.FirstTime() < timerF:
		p.Outcome, d.undecided = Unanswered, true
		p.Cause = t.words(who, " asked for it; the capture ends ", t.short(max(t.ctx.End-last.FirstTime(), 0)), " later, before an answer")
	case final == nil:
		p.Outcome = Unanswered
		p.Cause = t.words(who, " asked for it and got no answer; last seen at ", t.label.of(last.Request.Last().Dst))
	case final.Status == 408 && len(d.rows) == 0:
		p.Outcome = Unanswered
		p.Cause = t.words(who, " asked for it; ", t.status(final))
	case len(d.rows) > 0:
		p.Cause = t.words(who, " asked for it")
		t.misses("REGISTER answered ", t.status(final))
	case (final.Status == 401 || final.Status == 407) && t.ctx.End-final.First().Time < promptly:
		p.Outcome, d.undecided = Rejected, true
		p.Cause = t.words(who, " asked for it and was challenged with ", t.number(int64(final.Status)),
			"; the capture ends ", t.short(max(t.ctx.End-final.First().Time, 0)), " later, before the next REGISTER")
	default:
		p.Outcome = Rejected
		p.Cause = t.words(who, " asked for it; answered ", t.status(final))
		if final.Status == 401 || final.Status == 407 {
			p.Cause = t.words(who, " asked for it, was challenged with ", t.number(int64(final.Status)), " and gave up")
		}
	}
}

// outermost gives the hop of a message that is closest to who began the transaction: that with the fewest Vias, whatever
// the order in which the hops were captured.
func outermost(m *fact.Message) fact.Hop {
	out := m.Hops[0]
	for _, h := range m.Hops {
		if h.Vias < out.Vias {
			out = h
		}
	}
	return out
}

// statusText spells a response's status and reason phrase.
func statusText(m *fact.Message) string { return string(appendStatus(nil, m)) }

func (t *wording) status(m *fact.Message) string {
	t.text = appendStatus(t.text[:0], m)
	return t.phrases.of(t.text)
}

func appendStatus(b []byte, m *fact.Message) []byte {
	b = strconv.AppendInt(b, int64(m.Status), 10)
	if reason := strings.TrimRightFunc(m.Reason, unicode.IsSpace); reason != "" {
		b = append(append(b, ' '), reason...)
	}
	return b
}
