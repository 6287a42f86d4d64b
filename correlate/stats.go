package correlate

import (
	"imscope/decode"
	"imscope/decode/sip"
)

// stats puts the engine's counts together with the decoder's.
func (e *Engine) stats(st *decode.Stats) Stats {
	c := &e.counts
	s := Stats{
		SIPMessages: c.sip, UniqueMessages: c.sip - c.sipCopies, Duplicates: c.copies, Messages: c.unique, Retransmissions: c.repeats, ReginfoDocuments: c.documents,
		DiameterMessages: c.diameter, SIPRequests: map[string]uint64{}, SIPResponses: map[int]uint64{},
		Problems: map[string]uint64{}, Dropped: map[string]uint64{},
	}
	if st != nil {
		s.Packets, s.Signalling, s.Other = st.Packets, st.Signalling, st.Other
		s.TLS = st.TLS
		s.Damage = damage(st)
		s.Undecodable = make(map[string]uint64, len(st.Undecodable))
		for reason, u := range st.Undecodable {
			s.Undecodable[reason] = u.Packets
		}
		for code, n := range st.Problems {
			s.Problems[code] += n
		}
	}
	for code, n := range c.problems {
		s.Problems[code] += n
	}
	for m, n := range c.requests {
		if n > 0 && sip.Method(m) != sip.MethodOther {
			s.SIPRequests[sip.Method(m).String()] = n
		}
	}
	for name, n := range c.others {
		s.SIPRequests[name] += n
	}
	for status, n := range c.responses {
		if n > 0 {
			s.SIPResponses[status] = n
		}
	}
	var evictions struct{ fragments, tcp, sctp, esp uint64 }
	if st != nil {
		evictions.fragments, evictions.tcp, evictions.sctp, evictions.esp = st.Fragments.Evicted, st.Streams.Evicted, st.SCTP.Evicted, st.EncryptedEvicted
	}
	_, unnamed := e.facts.Paths()
	for what, n := range map[string]uint64{"encapsulations": unnamed, "users-and-facts": e.users.dropped, "open-exchanges": e.exchanges.evicted,
		"packed-facts": e.full(), "open-cx": e.cx.evicted, "dialogs": e.dialogs.evicted, "fragments": evictions.fragments, "tcp-directions": evictions.tcp,
		"sctp-directions": evictions.sctp, "security-associations": evictions.esp} {
		if n > 0 {
			s.Dropped[what] = n
		}
	}
	return s
}

// full tells how many facts found no room.
func (e *Engine) full() uint64 {
	if e.log == nil {
		return 0
	}
	return e.log.Full() + e.exchanges.passing.Full() + e.cx.passing.Full()
}

// damage says what is missing in datagrams, connections and associations, and where they contradict themselves.
func damage(st *decode.Stats) map[string]uint64 {
	out := map[string]uint64{}
	for what, n := range map[string]uint64{
		"ip-incomplete-datagrams": st.Fragments.Incomplete, "ip-overlaps": st.Fragments.Overlaps,
		"tcp-gaps": st.Streams.Gaps, "tcp-gap-bytes": st.Streams.GapBytes, "tcp-cut-messages": st.Streams.Incomplete,
		"tcp-contradictions": st.Streams.Contradictions, "tcp-resyncs": st.Streams.Resyncs, "tcp-skipped-bytes": st.Streams.SkippedBytes,
		"sctp-incomplete": st.SCTP.Incomplete, "sctp-damaged-packets": st.SCTP.Damaged,
	} {
		if n > 0 {
			out[what] = n
		}
	}
	return out
}
