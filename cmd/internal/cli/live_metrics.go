package cli

import (
	"maps"
	"time"

	"imscope/cmd/internal/metrics"
	"imscope/correlate"
	"imscope/decode"
)

// maxCauses bounds the causes that de-registrations are counted by; the words of the wire are in some.
const maxCauses = 200

// liveMetrics counts for the metrics what the run does not count itself. It is nil where nobody listens.
type liveMetrics struct {
	server          *metrics.Server
	deregistrations map[metrics.Deregistration]uint64
	findings        map[metrics.Finding]uint64
	clock           *clock
}

// serve opens the socket of the metrics.
func (r *liveRun) serve() error {
	for _, addr := range r.opt.hepSend {
		if err := r.sendTo(addr); err != nil {
			return err
		}
	}
	if r.opt.listen == "" {
		return nil
	}
	s, err := metrics.Listen(r.opt.listen, version())
	if err != nil {
		return err
	}
	r.metrics = &liveMetrics{server: s, deregistrations: map[metrics.Deregistration]uint64{}, findings: map[metrics.Finding]uint64{}, clock: &r.clock}
	r.notice("metrics at http://" + s.Addr() + "/metrics")
	return nil
}

func (r *liveRun) unserve() {
	if r.metrics != nil {
		r.metrics.server.Close()
	}
	if r.sender != nil {
		r.sender.close()
	}
}

// emission counts what was told.
func (m *liveMetrics) emission(e correlate.Emission) {
	switch {
	case m == nil:
	case e.Event != nil:
		m.server.Told(m.clock.now(time.Now()) - e.Event.Time)
	case e.Deregistration != nil && !e.Update:
		d := metrics.Deregistration{Initiator: e.Deregistration.Initiator, Outcome: e.Deregistration.Outcome, Cause: e.Deregistration.Cause}
		if _, ok := m.deregistrations[d]; !ok && len(m.deregistrations) >= maxCauses {
			d.Cause = "other"
		}
		m.deregistrations[d]++
	case e.Finding != nil && !e.Update:
		m.findings[metrics.Finding{Rule: e.Finding.Rule, Severity: e.Finding.Severity.String()}]++
	}
}

// update hands the counters to those who ask for them.
func (m *liveMetrics) update(r *liveRun, st *decode.Stats) {
	if m == nil {
		return
	}
	st.Fill()
	t := &r.live.Totals
	s := &metrics.Snapshot{Inputs: r.source.Counters(), Stats: r.live.Stats(st), Fragments: st.Fragments, Streams: st.Streams,
		Registrations: t.Registrations, Deregistrations: maps.Clone(m.deregistrations), Findings: maps.Clone(m.findings),
		Users: r.live.Users(), UsersDropped: t.UsersDropped, Folded: t.Folded, Clock: float64(r.clock.now(time.Now())) / 1e9}
	s.Queue, s.QueueOf = r.source.Waiting()
	if r.saved != nil {
		c := r.saved.Counters()
		s.Saving, s.SavedPackets, s.SavedBytes, s.SavedFiles, s.SavedNot = true, c.Packets, c.Bytes, c.Files, c.Missed
	}
	if r.sender != nil {
		s.Forwarded, s.ForwardedNot = r.sender.sent, r.sender.unsent
	}
	m.server.Update(s)
}
