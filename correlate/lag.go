package correlate

import "imscope/decode"

// lag is how far the times of a user's messages are behind the capture's clock, where capture agents tell them late or
// by a clock that is wrong: what is missing at the user's time may yet be on its way.
type lag struct {
	by int64 // ns, negative where an agent's clock is fast
	at int64 // when it was seen, by the capture's clock; 0 never
}

// see takes the lag of a message. The largest counts, until another one has come long after it.
func (g *lag) see(rec *decode.Record) {
	if at := rec.Time + rec.Lag; g.at == 0 || rec.Lag >= g.by || at-g.at > settled {
		*g = lag{rec.Lag, at}
	}
}

// join takes what was seen of another user.
func (g *lag) join(o lag) {
	if g.at == 0 || o.at != 0 && o.by > g.by {
		*g = o
	}
}
