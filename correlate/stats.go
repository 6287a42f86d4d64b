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
	for what, n := range map[string]uint64{"users-and-facts": e.users.dropped, "open-exchanges": e.exchanges.evicted,
		"open-cx": e.cx.evicted, "dialogs": e.dialogs.evicted} {
		if n > 0 {
			s.Dropped[what] = n
		}
	}
	return s
}
